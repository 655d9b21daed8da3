"""A woman asks at the counter what the portal knows of her; another wants her family forgotten."""

import pytest

from dtks.models import Keluarga
from portal.queries.hak_tabel import DIHAPUS
from tests.bantu import hak as bantu
from tests.bantu.layanan import nik

pytestmark = pytest.mark.timeout(300)


def test_dari_loket_sampai_salinan_dan_berita_acara_penghapusan(portal, layar):
    bantu.keluarga(0)
    ditolak = bantu.keluarga(1, "ditolak")
    operator = layar(portal, "operator", lebar=360)
    operator.buka("/hak/catat/")
    operator.lihat("hak-1-catat")
    operator.ketik(nik=nik(0), jenis="AKSES", pemohon="Ibu Aminah", hubungan="DIRI", bukti="KTP")
    operator.tekan("Catat permintaan")
    assert (
        operator.hal.get_by_text("Unduh surat")
        .or_(operator.hal.get_by_text("sedang menyusun"))
        .first.is_visible()
    )
    for _ in range(20):
        if operator.hal.get_by_text("Unduh surat").count():
            break
        operator.hal.wait_for_timeout(500)
        operator.hal.reload()
    operator.lihat("hak-2-salinan")
    operator.buka("/hak/catat/")
    operator.ketik(
        nik=nik(1),
        jenis="HAPUS",
        lingkup="semua",
        pemohon="Ibu Aminah",
        hubungan="DIRI",
        bukti="KTP",
        paham="on",
    )
    operator.tekan("Catat permintaan")
    alamat = operator.hal.url
    pdp = layar(portal, "pdp", lebar=1280)
    pdp.buka(alamat)
    pdp.lihat("hak-3-menilai")
    pdp.ikuti("Setujui penghapusan")
    pdp.tekan("Setujui penghapusan")
    kadis = layar(portal, "kadis", lebar=1280)
    kadis.buka(alamat)
    kadis.ikuti("Putuskan penghapusan")
    kadis.lihat("hak-4-putuskan")
    kadis.tekan("Putuskan penghapusan")
    for _ in range(30):
        operator.buka(alamat)
        if operator.hal.get_by_text("Ditemukan lagi sesudahnya: 0").count():
            break
        operator.hal.wait_for_timeout(500)
    operator.lihat("hak-5-bukti")
    assert Keluarga.objects.get(pk=ditolak.pk).nama_kepala == DIHAPUS
    pdp.buka("/hak/tahan/")
    pdp.lihat("hak-6-tahan")
    for alamat in ("/hak/", "/hak/tahan/pasang/"):
        pdp.buka(alamat)
        pdp.lihat()
    _bekukan_lalu_membuka_keluarganya(operator, pdp)


def _bekukan_lalu_membuka_keluarganya(operator, pdp):
    operator.buka("/hak/catat/")
    operator.ketik(nik=nik(0), jenis="BEKU", pemohon="Ibu Aminah", hubungan="DIRI", bukti="KTP", paham="on")
    operator.tekan("Catat permintaan")
    operator.lihat("hak-7-beku")
    keluarga = Keluarga.objects.get(dibekukan_at__isnull=False)
    operator.buka(f"/keluarga/{keluarga.pk}/")
    operator.lihat("hak-8-dibekukan")
    assert "Data dibekukan" in operator.teks and keluarga.nama_kepala not in operator.teks
    for lain in ("/hak/", "/unduhan/izin/"):
        operator.buka(lain)
        operator.lihat()
    pdp.buka("/unduhan/izin/")
    pdp.lihat()
