"""The ministry's outcome from a file: shown row by row, applied once, never more than the file says."""

import pytest
from django.utils import timezone

from bansos.actions import hasil_penetapan
from bansos.models import Penetapan
from core.workflow import GateClosed, NotAllowed
from dtks.actions.impor import inti
from dtks.models import BarisImpor
from tests.bantu.alur import keluarga_uji, orang

pytestmark = pytest.mark.django_db
JUDUL = "NIK USULAN,PROGRAM BANSOS,HASIL PENETAPAN,ALASAN,NOMOR SK,TANGGAL SK"


def unggah(*baris: str, by: str = "pusdatin"):
    isi = "\n".join([JUDUL, *baris]).encode("utf-8-sig")
    return inti.unggah(by=orang(by), jenis=hasil_penetapan.JENIS, isi=isi, nama="hasil.csv")


def nik(n: int, anggota: int = 0) -> str:
    return keluarga_uji(n).told[anggota].nik


def test_hasil_pusat_menjadi_satu_sk_dan_hanya_sekali(sampai):
    p = [sampai("dikirim", nomor=n) for n in range(3)]
    hari = f"{timezone.localdate():%d/%m/%Y}"
    baris = [
        f"{nik(0)},PKH,DITETAPKAN,,21/HUK/2026,{hari}",
        f"{nik(1)},PKH,DAFTAR TUNGGU,KUOTA_PENUH,21/HUK/2026,{hari}",
        f"{nik(2)},PKH,TIDAK DITETAPKAN,Rekening tidak aktif menurut bank,21/HUK/2026,{hari}",
    ]
    impor = unggah(*baris)
    assert impor.hitung == {"baru": 3} and not Penetapan.objects.exists()
    impor = inti.terapkan(impor, by=orang("pusdatin"))
    sk = Penetapan.objects.get()
    assert (impor.status, sk.nomor, sk.jenis) == ("diterapkan", "21/HUK/2026", "KEPMENSOS")
    assert [x.segar().status for x in p] == ["ditetapkan", "daftar_tunggu", "tidak_ditetapkan"]
    assert "Rekening tidak aktif menurut bank" in p[2].usulan.riwayat.last().catatan
    lagi = unggah(*baris, "")
    assert lagi.hitung == {"sama": 3}
    with pytest.raises(GateClosed, match="TIDAK_ADA_PERUBAHAN"):
        inti.terapkan(lagi, by=orang("pusdatin"))
    batal = inti.batalkan(impor, by=orang("pusdatin"))
    assert (
        batal.status == "diterapkan"
        and "Ganti atau cabut" not in batal.sebab
        and "menjadi 1 SK" in batal.sebab
    )


def test_tiap_baris_yang_salah_disebut_sebabnya_dan_yang_lain_tetap_jalan(sampai):
    sampai("dikirim", nomor=0)
    sampai("disahkan", nomor=1)
    hari = "05/01/2026"
    impor = unggah(
        f"{nik(0)},PKH,DITETAPKAN,,21/HUK/2026,{hari}",
        f"{nik(1)},PKH,DITETAPKAN,,21/HUK/2026,{hari}",
        f"{nik(2)},PKH,DITETAPKAN,,21/HUK/2026,{hari}",
        f"{nik(0)},APBD-LANSIA,DITETAPKAN,,21/HUK/2026,{hari}",
        f"{nik(0)},PKH,TIDAK DITETAPKAN,,21/HUK/2026,{hari}",
        f"{nik(0)},PKH,DAFTAR TUNGGU,KUOTA_PENUH,21/HUK/2026,{hari}",
        f"{nik(0)},PKH,DITETAPKAN,,,kemarin",
    )
    kode = {b.nomor: [g["kode"] for g in b.galat] for b in BarisImpor.objects.filter(impor=impor)}
    assert list(kode.values()) == [
        [], ["TIDAK_MENUNGGU"], ["USULAN_TIDAK_ADA"], ["APBD"], ["ALASAN_WAJIB"], ["BERTENTANGAN"], ["NOMOR_SK", "TANGGAL_SK"],
    ]  # fmt: skip


def test_yang_berpindah_sesudah_diperiksa_menjadi_konflik_bukan_sk_kedua(sampai):
    p = sampai("dikirim")
    hari = f"{timezone.localdate():%d/%m/%Y}"
    satu = unggah(f"{nik(0)},PKH,DITETAPKAN,,21/HUK/2026,{hari}")
    dua = unggah(f"{nik(0)},PKH,DITETAPKAN,,22/HUK/2026,{hari}")
    inti.terapkan(satu, by=orang("pusdatin"))
    dua = inti.terapkan(dua, by=orang("pusdatin"))
    assert dua.hitung == {"konflik": 1} and Penetapan.objects.count() == 1
    assert p.segar().status == "ditetapkan"


def test_hanya_pusdatin(sampai):
    for username in ("kadis", "supervisor", "operator"):
        with pytest.raises(NotAllowed):
            unggah("x,PKH,DITETAPKAN,,1,01/01/2026", by=username)
