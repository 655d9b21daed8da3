"""The ministry's list of deactivated members comes as a file: shown, stored once, linked to the register, taken back."""

import time

import pytest
from django.utils import timezone

from bansos.actions import impor_pbi, pbi, pbi_wajib
from bansos.models import PbiNonaktif
from core.workflow import GateClosed, NotAllowed
from dtks.actions.impor import inti
from dtks.models import BarisImpor
from tests.bantu.alur import orang, sampai
from tests.bantu.layanan import nik

pytestmark = pytest.mark.django_db
JUDUL = "NIK,NAMA,TANGGAL NONAKTIF,SEBAB"
HARI = "01/11/2026"


def unggah(*baris: str, by: str = "supervisor", langsung: bool = True):
    isi = "\n".join([JUDUL, *baris]).encode("utf-8-sig")
    return inti.unggah(by=orang(by), jenis=impor_pbi.JENIS, isi=isi, nama="pbi.csv", langsung=langsung)


def test_daftar_masuk_sekali_dan_terhubung_ke_register():
    sampai("draf", nomor=0, pengusul="operator")
    baris = (f"{nik(0)},SITI AMINAH,{HARI},Desil 6", f"{nik(1)},UJANG,{HARI},")
    impor = unggah(*baris)
    assert impor.hitung == {"baru": 2} and not PbiNonaktif.objects.exists()
    impor = inti.terapkan(impor, by=orang("supervisor"))
    satu, dua = PbiNonaktif.objects.order_by("nama")
    assert (satu.nik.open(), satu.individu.nik.open(), satu.sebab) == (nik(0), nik(0), "Desil 6")
    assert (dua.individu, dua.wilayah_id, dua.sebab) == (None, "32.05", impor_pbi.TANPA_SEBAB)
    assert PbiNonaktif.objects.visible_to(orang("operator")).get() == satu
    assert not PbiNonaktif.objects.visible_to(orang("supervisor.lain")).exists()
    lagi = unggah(*baris, "")
    assert lagi.hitung == {"sama": 2}
    with pytest.raises(GateClosed, match="TIDAK_ADA_PERUBAHAN"):
        inti.terapkan(lagi, by=orang("supervisor"))


def test_tiap_baris_yang_salah_disebut_sebabnya_tanpa_mengulang_nik():
    impor = unggah(
        f"{nik(0)},SITI,{HARI},x", f"{nik(0)},SITI,{HARI},x", f"123,SITI,{HARI},", f"{nik(1)},,{HARI},", f"{nik(2)},SITI,31/02/2026,",
        f"{nik(3)},SITI,01/01/2099,",
    )  # fmt: skip
    rows = BarisImpor.objects.filter(impor=impor).order_by("nomor")
    assert [[g["kode"] for g in b.galat] for b in rows] == [
        [], ["BARIS_GANDA"], ["NIK_TIDAK_SAH"], ["NAMA_TIDAK_SAH"], ["TANGGAL_TIDAK_SAH"], ["TANGGAL_TIDAK_SAH"],
    ]  # fmt: skip
    assert all(nik(n) not in str(list(rows.values_list("galat", flat=True))) for n in range(4))


def test_dibatalkan_utuh_kecuali_sudah_dipakai():
    sampai("draf", nomor=0, pengusul="operator")
    impor = inti.terapkan(
        unggah(f"{nik(0)},SITI,{HARI},x", f"{nik(1)},UJANG,{HARI},x"), by=orang("supervisor")
    )
    p = pbi.mulai(by=orang("operator"), nik=nik(0))
    assert p.nonaktif.asal == "berkas"
    batal = inti.batalkan(impor, by=orang("supervisor"))
    assert batal.status == "diterapkan" and p.nomor in batal.sebab and PbiNonaktif.objects.count() == 2
    dua = inti.terapkan(unggah(f"{nik(2)},IIS,{HARI},x"), by=orang("supervisor"))
    dua = inti.batalkan(dua, by=orang("supervisor"))
    assert dua.status == "dibatalkan" and PbiNonaktif.objects.count() == 2


def test_orang_yang_kemudian_dicatat_ditautkan_malam_harinya():
    inti.terapkan(unggah(f"{nik(0)},SITI,{HARI},x"), by=orang("supervisor"))
    assert pbi_wajib.tautkan() == 0
    sampai("draf", nomor=0, pengusul="operator")
    assert pbi_wajib.tautkan() == 1 and pbi_wajib.tautkan() == 0
    assert PbiNonaktif.objects.visible_to(orang("operator")).exists()


def test_hanya_supervisor():
    for siapa in ("operator", "verifikator", "kadis", "pusdatin"):
        with pytest.raises(NotAllowed):
            unggah(f"{nik(0)},SITI,{HARI},x", by=siapa)


@pytest.mark.load
def test_62_000_baris_dalam_hitungan_menit():
    """domain.md §8.3: 62,000 rows in at most five minutes, all told."""
    baris = [f"3205{n % 42 + 1:02d}{n % 28 + 1:02d}{n % 12 + 1:02d}{n // 9000 + 60:02d}{n % 9000 + 1:04d},WARGA {n},{HARI},Desil 6" for n in range(62_000)]  # fmt: skip
    mulai = time.monotonic()
    impor = unggah(*baris)
    periksa = time.monotonic() - mulai
    inti.terapkan(impor, by=orang("supervisor"), langsung=True)
    lama = time.monotonic() - mulai
    print(f"62.000 baris: periksa {periksa:.1f} s, semua {lama:.1f} s, {timezone.now():%H:%M}")
    assert PbiNonaktif.objects.count() == 62_000 and lama < 300
