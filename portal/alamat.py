"""Addresses of the pages that people are led to: address, name, one sentence.

Written as paths because the pages belong to other apps. A page that does not answer is not offered (`ada`): a link
to nowhere is a defect, and a front page must come up even while one of the services is switched off.
"""

from functools import cache

from django.urls import Resolver404, resolve

from accounts.models import Pengguna

LACAK = "/lacak/"
PERIKSA = "/v/"

LAYANAN = (
    (
        LACAK,
        "Lacak usulan",
        "Masukkan nomor dan PIN dari tanda terima untuk melihat sudah sampai mana.",
    ),
    (
        PERIKSA,
        "Periksa keaslian surat",
        "Masukkan kode di bawah QR untuk memastikan SK atau surat itu asli dan masih berlaku.",
    ),
    (
        "/wilayah/pilih/",
        "Daftar wilayah",
        "Kode dan nama provinsi sampai desa menurut Kementerian Dalam Negeri.",
    ),
)

TAUTAN_BAWAH = (
    (LACAK, "Lacak usulan"),
    (PERIKSA, "Periksa surat"),
    ("/wilayah/pilih/", "Daftar wilayah"),
)

# Label, address, powers (any of them), widest level of area that the page is useful for.
_MENU = (
    ("Dasbor", "/dasbor/", (), 6),
    ("Usulan", "/usulan/", ("usulan.lihat", "usulan.buat"), 6),
    ("Keluarga", "/keluarga/", ("keluarga.lihat",), 6),
    ("Musyawarah", "/musyawarah/", ("musyawarah.lihat",), 6),
    ("Asesmen", "/asesmen/", ("usulan.ases",), 6),
    ("Padan NIK", "/padan/", ("padan.lihat",), 6),
    ("Verifikasi", "/verifikasi/", ("usulan.tugaskan", "usulan.verifikasi", "usulan.sahkan"), 6),
    ("Penetapan", "/penetapan/", ("penetapan.lihat",), 2),
    ("Program", "/program/", ("acuan.lihat", "kelayakan.lihat"), 6),
    ("Jejak audit", "/jejak/", ("jejak.lihat",), 6),
    ("Pengguna", "/pengguna/", ("pengguna.kelola",), 6),
    ("Pekerjaan", "/pekerjaan/", ("pekerjaan.lihat",), 6),
)


@cache
def ada(path: str) -> bool:
    """Does the portal answer at this address? Addresses do not change while it runs."""
    try:
        resolve(path)
    except Resolver404:
        return False
    return True


def menu(user: Pengguna, kini: str) -> list[tuple[str, str, bool]]:
    """(label, url, active) for the header. `kini` is the path of the request. Decrees cover a whole kabupaten, so the
    page of decrees is offered only to people whose area is that wide (32.05 has five characters).
    """
    isi = []
    for label, url, kuasa, tingkat in _MENU:
        luas = [kode for k in kuasa for kode in user.cakupan(k)]
        if kuasa and not any(kode.count(".") < tingkat for kode in luas):
            continue
        if ada(url):
            isi.append((label, url, kini.startswith(url)))
    return isi
