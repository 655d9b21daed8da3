"""Every page that opens without a case of its own, at 320 px, the narrowest phone, as the person whose page it is."""

import pytest
from django.utils import timezone

from bansos.actions import keberatan, pengesahan
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
    "supervisor": (
        "/verifikasi/?antrean=terverifikasi",
        "/penetapan/?daftar=sk",
        "/penetapan/?daftar=batch",
        "/templat-surat/",
        "/templat-surat/tulis/SK_BUPATI/",
        "/pekerjaan/",
    ),
    "admin": ("/dasbor/", "/pengguna/", "/pengguna/baru/", "/akun/dua-langkah/"),
    "inspektorat": ("/dasbor/", "/jejak/"),
}


def _milik_supervisor() -> list[str]:
    """A batch to check, an objection to decide, a list that was sent."""
    usulan = alur.sampai("ditolak", nomor=7).usulan
    keluhan = keberatan.ajukan(
        usulan, by=alur.orang("operator"), pemohon="Warga", alasan="Rumah kami bocor.", diterima=timezone.localdate()
    )  # fmt: skip
    batch = pengesahan.susun([alur.sampai("terverifikasi", nomor=8).usulan.pk], by=alur.orang("verifikator"))
    surat = alur.sampai("dikirim", nomor=9).pengesahan
    return [
        f"/keberatan/{keluhan.pk}/",
        f"/keberatan/{keluhan.pk}/putus/",
        f"/penetapan/batch/{batch.pk}/",
        f"/penetapan/batch/{batch.pk}/teruskan/",
        f"/penetapan/pengesahan/{surat.pk}/",
        f"/penetapan/pengesahan/{surat.pk}/kembalikan/",
    ]


@pytest.mark.timeout(240)
def test_setiap_halaman_di_layar_terkecil(portal, layar):
    alur.sampai("diases", nomor=6)
    kasus = {"supervisor": _milik_supervisor()}
    umum = layar(portal, lebar=320)
    for alamat in UMUM:
        umum.buka(alamat)
        umum.lihat()
    for nama, halaman in PETUGAS.items():
        orang = layar(portal, nama, lebar=320)
        for alamat in (*halaman, *kasus.get(nama, ())):
            orang.buka(alamat)
            assert orang.hal.url.removeprefix(portal.alamat) == alamat, f"{nama} does not reach {alamat}"
            orang.lihat()
        orang.tutup_jendela()
