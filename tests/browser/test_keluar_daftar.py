"""Who is said to have no right: a hit of a list is contested with proof, a family that stands on its own feet graduates with two people."""

import pytest

from bansos.models import Graduasi, SanggahButir
from tests.bansos.test_graduasi import terima
from tests.bansos.test_pengecualian import masukkan, nik
from tests.bantu import alur, layanan
from tests.bantu.alur import PDF

pytestmark = pytest.mark.timeout(300)


def test_kena_daftar_pengecualian_disanggah_dengan_bukti_lalu_digugurkan(portal, layar):
    p = alur.sampai("diajukan", nomor=1)
    masukkan(f"{nik(1)},ASN,01/10/2026,BKPSDM Garut,,")
    kepala = p.usulan.keluarga.anggota.get(hubungan="1")
    operator = layar(portal, "operator")
    operator.ikuti("Pengecualian")
    operator.lihat("pengecualian-1-kena")
    operator.ikuti("Catat sanggah")
    operator.ketik(alasan="Bukan ASN, buruh tani. NIK tertukar.")
    operator.unggah("berkas", "bukti.pdf", "application/pdf", PDF)
    operator.lihat("pengecualian-2-sanggah")
    operator.tekan("Catat sanggah")
    operator.lihat()
    satu = SanggahButir.objects.get()
    supervisor = layar(portal, "supervisor", lebar=1280)
    supervisor.ikuti("sanggah data pengecualian belum diputus")
    supervisor.ikuti(kepala.nama)
    supervisor.ikuti("Putus sanggah")
    supervisor.ketik(putusan="gugurkan", alasan="Surat BKPSDM: NIK tertukar.")
    supervisor.lihat("pengecualian-3-putus")
    supervisor.tekan("Simpan putusan")
    supervisor.lihat()
    satu.butir.refresh_from_db()
    assert satu.butir.status == "gugur"


def test_keluarga_rentan_lulus_sesudah_orang_kedua_setuju(portal, layar):
    baris = terima(alur.sampai, rentan=True)
    operator = layar(portal, "operator")
    operator.buka(f"/graduasi/ajukan/{baris.pk}/")
    operator.ketik(sebab="tanpa_komponen", alasan="Anak bungsu sudah lulus SMA.")
    operator.lihat("graduasi-1-ajukan")
    operator.tekan("Simpan graduasi")
    operator.lihat()
    satu = Graduasi.objects.get()
    assert satu.status == "menunggu"
    supervisor = layar(portal, "supervisor", lebar=1280)
    supervisor.ikuti("graduasi menunggu persetujuan orang kedua")
    supervisor.lihat()
    supervisor.buka(f"/graduasi/{satu.pk}/")
    supervisor.ketik(putusan="setujui", alasan="Sudah dilihat ke rumahnya.")
    supervisor.lihat("graduasi-2-putus")
    supervisor.tekan("Simpan putusan")
    operator.buka(f"/graduasi/{satu.pk}/")
    operator.tekan("Buat usulan penghapusan")
    operator.lihat()
    satu.refresh_from_db()
    assert satu.usulan.jalur == "PENGHAPUSAN"


def test_keraguan_tentang_penerima_dijawab_desa_di_halaman_tinjauan(portal, layar):
    satu = layanan.tinjauan(1)
    supervisor = layar(portal, "supervisor", lebar=1280)
    supervisor.buka("/tinjauan/")
    supervisor.lihat("tinjauan-1-daftar")
    supervisor.ikuti(satu.keluarga.nama_kepala)
    supervisor.lihat("tinjauan-2-bukti")
    operator = layar(portal, "operator")
    operator.buka(f"/tinjauan/{satu.pk}/")
    operator.lihat()
