"""The result file of SIKS-NG: every bad row named, answers beside the proposal, nothing decided, and back again."""

import pytest
from django.db import DatabaseError, transaction

from core.workflow import GateClosed, NotAllowed
from dtks.actions.impor import hasil_siks as kabar
from dtks.actions.impor import inti
from dtks.models import BarisImpor, HasilSiks, Impor, Individu, TiketPadan
from tests.bantu.alur import Perjalanan, keluarga_uji, orang
from tests.bantu.pemain import DESA2

pytestmark = pytest.mark.django_db
JUDUL = "kecamatan,desa,NIK usulan,program bansos,hasil,padan,nama lengkap (Dukcapil),keterangan validasi"


@pytest.fixture(autouse=True)
def tanpa_dua_langkah(settings):
    settings.DEMO = True


def csv(*baris: str, pemisah: str = ",") -> bytes:
    teks = "\n".join([JUDUL, *baris])
    return teks.replace(",", pemisah).encode("utf-8-sig")


def unggah(isi: bytes, by: str = "operator") -> Impor:
    return inti.unggah(by=orang(by), jenis=kabar.JENIS, isi=isi, nama="hasil.csv")


def nik(n: int, anggota: int = 0) -> str:
    return keluarga_uji(n).told[anggota].nik


@pytest.fixture
def dikirim():
    p = Perjalanan(nomor=0)
    p.disepakati()
    return p


def test_jawaban_tampil_di_halaman_usulan_dan_tidak_menetapkan_apa_pun(masuk, dikirim):
    isi = csv(f"GARUT KOTA,KOTA KULON,{nik(0)},PKH,BERHASIL,YA,{keluarga_uji(0).told[0].nama},")
    impor = unggah(isi)
    assert (impor.status, impor.hitung) == ("siap", {"baru": 1})
    assert not HasilSiks.objects.exists(), "nothing before the operator confirms"
    impor = inti.terapkan(impor, by=orang("operator"))
    assert impor.status == "diterapkan"
    teks = masuk("operator").get(f"/usulan/{dikirim.usulan.pk}/").content.decode()
    assert "Hasil dari SIKS-NG" in teks and "Ini belum penetapan" in teks
    assert dikirim.segar().status == "disepakati"
    assert not TiketPadan.objects.filter(status="buka").exists()
    sama = unggah(isi)
    assert sama.hitung == {"sama": 1}
    with pytest.raises(GateClosed):
        inti.terapkan(sama, by=orang("operator"))
    assert HasilSiks.objects.count() == 1


def test_tidak_padan_membuka_temuan_sekali_saja(dikirim):
    isi = csv(f"GARUT KOTA,KOTA KULON,{nik(0)},PKH,GAGAL,TIDAK,,NIK tidak ditemukan di Dukcapil", pemisah=";")
    inti.terapkan(unggah(isi), by=orang("operator"))
    tiket = TiketPadan.objects.get(individu__keluarga=dikirim.usulan.keluarga, status="buka")
    assert tiket.kategori == "TIDAK_DITEMUKAN"
    orangnya = Individu.objects.get(pk=tiket.individu_id)
    assert orangnya.padan != "TIDAK_DITEMUKAN", "the verdict of Dukcapil is not overwritten"
    lagi = csv(f"GARUT KOTA,KOTA KULON,{nik(0)},PKH,GAGAL,TIDAK,,Meninggal dunia")
    impor = unggah(lagi)
    assert impor.hitung == {"berubah": 1}
    inti.terapkan(impor, by=orang("operator"))
    assert TiketPadan.objects.filter(individu=orangnya, status="buka").count() == 1
    assert HasilSiks.objects.count() == 2, "append-only: the older answer stays"


def test_setiap_baris_salah_disebut_dengan_sebabnya(dikirim):
    lain = Perjalanan(
        nomor=2, desa=DESA2, program="BPNT", pengusul="operator2", operator="operator2", lurah="lurah2"
    )
    lain.disepakati()
    baik = nik(0)
    impor = unggah(
        csv(
            f"GARUT KOTA,KOTA KULON,{baik},PKH,BERHASIL,YA,,",
            "GARUT KOTA,KOTA KULON,123,PKH,BERHASIL,YA,,",
            f"GARUT KOTA,KOTA KULON,{baik},XYZ,BERHASIL,YA,,",
            f"GARUT KOTA,KOTA KULON,{baik},PBI,BERHASIL,YA,,",
            f"GARUT KOTA,KOTA KULON,{baik},PKH,,YA,,",
            f"GARUT KOTA,KOTA KULON,{baik},BPNT,BERHASIL,MUNGKIN,,",
            f"GARUT KOTA,KOTA KULON,{baik},PKH,BERHASIL,YA,,",
            f"GARUT KOTA,PAKUWON,{nik(2)},BPNT,BERHASIL,YA,,",
            "GARUT KOTA,KOTA KULON,3.20501E+15,PKH,BERHASIL,YA,,",
        )
    )
    kode = {b.nomor: [g["kode"] for g in b.galat] for b in BarisImpor.objects.filter(impor=impor)}
    assert kode[2] == [] and kode[3] == ["NIK_TIDAK_SAH"] and kode[4] == ["PROGRAM_TIDAK_DIKENAL"]
    assert kode[5] == ["USULAN_TIDAK_ADA"] and "KOSONG" in kode[6] and kode[7] == ["PADAN_TIDAK_DIKENAL"]
    assert kode[8] == ["BARIS_GANDA"]
    assert kode[9] == kode[5], "another village's proposal: the same answer as none"
    assert kode[10] == ["NIK_TIDAK_SAH"]
    isi, _ = inti.berkas_galat(impor)
    assert isi[:2] == b"PK"
    inti.terapkan(impor, by=orang("operator"))
    assert HasilSiks.objects.count() == 1


def test_batal_membuat_jawaban_tidak_berlaku_dan_menutup_temuan(masuk, dikirim):
    impor = unggah(csv(f"GARUT KOTA,KOTA KULON,{nik(0)},PKH,GAGAL,TIDAK,,NIK tidak ditemukan"))
    impor = inti.terapkan(impor, by=orang("operator"))
    impor = inti.batalkan(impor, by=orang("operator"))
    assert impor.status == "dibatalkan", impor.sebab
    assert not HasilSiks.objects.berlaku().exists() and HasilSiks.objects.count() == 1
    assert not TiketPadan.objects.filter(status="buka").exists()
    assert "Hasil dari SIKS-NG" not in masuk("operator").get(f"/usulan/{dikirim.usulan.pk}/").content.decode()


def test_jawaban_tidak_bisa_diubah_atau_dihapus(dikirim):
    inti.terapkan(unggah(csv(f",,{nik(0)},PKH,BERHASIL,YA,,")), by=orang("operator"))
    for ubah in (
        lambda: HasilSiks.objects.update(hasil="x"),
        lambda: HasilSiks.objects.all()._raw_delete("default"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            ubah()


def test_yang_tidak_berwenang_tidak_bisa_mengirim(masuk):
    with pytest.raises(NotAllowed):
        unggah(csv(",,1,PKH,BERHASIL,YA,,"), by="lurah")
    teks = masuk("operator").get("/impor/").content.decode()
    assert "Hasil dari SIKS-NG" in teks and "Desil dari BPS" not in teks
    assert "Desil dari BPS" in masuk("supervisor").get("/impor/").content.decode()
