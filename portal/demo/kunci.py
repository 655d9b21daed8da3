"""API keys of the demo: one that waits for the Kepala Dinas, one that the admin may take. No secret is made."""

from collections.abc import Callable

from accounts.actions import kunci
from accounts.models import Pengguna
from wilayah.models import Wilayah

_KUNCI = (
    ("Aplikasi Puskesos", "Rujukan warga ke program daerah; penanggung jawab Bidang Pemberdayaan; PKS 12/2026", ["register", "usulan", "tulis"], False),
    ("Dasbor Bappeda", "Perencanaan anggaran perlindungan sosial; PKS 07/2026", ["kelayakan", "usulan"], True),
)  # fmt: skip


def mainkan(akun: dict[str, Pengguna], kabupaten: str, segel: Callable[[], None]) -> int:
    """Returns how many keys were asked for."""
    wilayah = [Wilayah.objects.get(pk=kabupaten)]
    for nama, tujuan, cakupan, disetujui in _KUNCI:
        isi = kunci.Isi(nama=nama, tujuan=tujuan, wilayah=wilayah, cakupan=cakupan)
        satu = kunci.minta(by=akun["admin"], isi=isi)
        if disetujui:
            kunci.setujui(satu, by=akun["kadis"])
        segel()
    return len(_KUNCI)
