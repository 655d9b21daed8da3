"""What leaves the Dinas in quantity needs two people: a long download, and data for another office."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import IzinUnduh
from bansos.models import PermintaanData, SerahData
from core.models import Ketentuan
from tests.bantu.alur import PDF, Perjalanan
from tests.bantu.daftar import daftar_sah, keluarga_banyak
from tests.bantu.pemain import DESA2

pytestmark = pytest.mark.timeout(300)


def test_daftar_panjang_diunduh_sesudah_kepala_dinas_setuju(portal, layar):
    nilai = {"baris": 1, "berlaku_jam": 24, "tumbuh_persen": 5}
    semula = Ketentuan.objects.get(kunci="ekspor.persetujuan").nilai
    Ketentuan.objects.filter(kunci="ekspor.persetujuan").update(nilai=nilai)
    try:
        Perjalanan(nomor=0).diajukan()
        Perjalanan(nomor=1, desa=DESA2, pengusul="operator2", operator="operator2", lurah="lurah2").diajukan()
        supervisor = layar(portal, "supervisor", lebar=1280)
        supervisor.buka("/usulan/unduh/")
        supervisor.lihat()
        supervisor.tekan("Unduh")
        supervisor.ketik(tujuan="Bahan rapat koordinasi kecamatan tanggal 3.")
        supervisor.lihat("unduh-izin-1-minta")
        supervisor.tekan("Kirim permintaan")
        supervisor.lihat()
        kadis = layar(portal, "kadis")
        kadis.ikuti("permintaan unduhan besar menunggu")
        kadis.lihat()
        kadis.ikuti("Usulan")
        kadis.buka(f"/unduhan/izin/{IzinUnduh.objects.get().pk}/")
        kadis.lihat("unduh-izin-2-putus")
        kadis.tekan("Setujui")
        kadis.lihat()
        supervisor.buka("/unduhan/")
        supervisor.lihat("unduh-izin-3-disetujui")
        supervisor.ikuti("Unduh, satu kali")
        assert supervisor.unduh("Unduh")[:2] == b"PK"
        supervisor.buka("/unduhan/")
        assert "Sudah diunduh" in supervisor.teks
        ponsel = layar(portal, "supervisor")
        ponsel.buka("/unduhan/")
        ponsel.lihat()
    finally:
        Ketentuan.objects.filter(kunci="ekspor.persetujuan").update(nilai=semula)


def test_data_diserahkan_ke_instansi_lain_dengan_bast(portal, layar):
    rumah = keluarga_banyak(3)
    daftar_sah("APBD-RTLH", "2026-3", rumah, layak=2)
    supervisor = layar(portal, "supervisor", lebar=1280)
    supervisor.ikuti("Serah data")
    supervisor.lihat()
    supervisor.buka("/serah/baru/")
    akhir = (timezone.localdate() + timedelta(days=90)).isoformat()
    supervisor.ketik(
        program="APBD-RTLH", instansi="Dinas Perumahan", penerima="Siti Aminah, Kepala Bidang", tujuan="Mencocokkan daftar perbaikan rumah.",
        perjanjian_nomor="PKS/12/2026", berlaku_hingga=akhir,
    )  # fmt: skip
    supervisor.unggah("perjanjian", "perjanjian.pdf", "application/pdf", PDF)
    supervisor.lihat("serah-1-minta")
    supervisor.tekan("Catat permintaan")
    kadis = layar(portal, "kadis")
    kadis.ikuti("permintaan data instansi lain menunggu")
    kadis.buka(f"/serah/{PermintaanData.objects.get().pk}/")
    kadis.lihat("serah-2-putus")
    kadis.tekan("Setujui")
    supervisor.buka(f"/serah/{PermintaanData.objects.get().pk}/")
    supervisor.hal.locator('main select[name="daftar"]').select_option(index=1)
    supervisor.tekan("Buat berkas dan BAST")
    supervisor.lihat("serah-3-bast")
    assert b"Kepala 0000" in supervisor.unduh("Ambil berkas")
    supervisor.buka(f"/serah/{PermintaanData.objects.get().pk}/")
    assert "Diambil" in supervisor.teks and SerahData.objects.get().jumlah == 2
