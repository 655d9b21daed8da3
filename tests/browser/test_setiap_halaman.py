"""Every page that opens without a case of its own, at 320 px, the narrowest phone, as the person whose page it is."""

import pytest

from tests.bantu import alur

UMUM = (
    "/",
    "/masuk/",
    "/masuk/kode/",
    "/lacak/",
    "/v/",
    "/v/ABCDEFGHJK22/",
    "/wilayah/pilih/",
    "/tidak-ada/",
)
PETUGAS = {
    "rtrw": ("/dasbor/", "/usulan/", "/usulan/baru/", "/keluarga/", "/pemberitahuan/"),
    "operator": ("/dasbor/", "/usulan/", "/musyawarah/", "/musyawarah/baru/", "/padan/", "/profil/"),
    "tksk": ("/dasbor/", "/asesmen/"),
    "verifikator": ("/dasbor/", "/verifikasi/", "/padan/batch/", "/penetapan/", "/program/"),
    "supervisor": ("/verifikasi/?antrean=terverifikasi", "/penetapan/?daftar=sk", "/pekerjaan/"),
    "admin": ("/dasbor/", "/pengguna/", "/pengguna/baru/", "/akun/dua-langkah/"),
    "inspektorat": ("/dasbor/", "/jejak/"),
}


@pytest.mark.timeout(180)
def test_setiap_halaman_di_layar_terkecil(portal, layar):
    alur.sampai("diases", nomor=6)
    umum = layar(portal, lebar=320)
    for alamat in UMUM:
        umum.buka(alamat)
        umum.lihat()
    for nama, halaman in PETUGAS.items():
        orang = layar(portal, nama, lebar=320)
        for alamat in halaman:
            orang.buka(alamat)
            assert orang.hal.url.removeprefix(portal.alamat) == alamat, f"{nama} does not reach {alamat}"
            orang.lihat()
        orang.tutup_jendela()
