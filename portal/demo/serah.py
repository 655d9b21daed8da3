"""Data for other offices in the demo: one request that waits for the Kepala Dinas, one that is approved."""

from collections.abc import Callable
from datetime import timedelta

from django.utils import timezone

from accounts.models import Pengguna
from bansos.actions import serah
from bansos.models import Program
from portal.demo.layanan import PDF
from wilayah.models import Wilayah

_PERMINTAAN = (
    ("Dinas Kesehatan", "Kepala Bidang Pelayanan", "Mencocokkan peserta jaminan kesehatan daerah", "PKS 31/2026", True),
    ("Bappeda", "Kepala Bidang Sosial Budaya", "Menyusun rencana penanggulangan kemiskinan", "PKS 18/2026", False),
)  # fmt: skip


def mainkan(akun: dict[str, Pengguna], kabupaten: str, segel: Callable[[], None]) -> int:
    """Returns how many requests were written down."""
    program, wilayah = Program.objects.get(pk="APBD-LANSIA"), Wilayah.objects.get(pk=kabupaten)
    hingga = timezone.localdate() + timedelta(days=365)
    for instansi, penerima, tujuan, nomor, disetujui in _PERMINTAAN:
        isi = serah.IsiPermintaan(instansi, penerima, tujuan, nomor, PDF, hingga)
        satu = serah.minta(by=akun["supervisor"], program=program, wilayah=wilayah, isi=isi)
        if disetujui:
            serah.putus(satu, by=akun["kadis"], setuju=True)
        segel()
    return len(_PERMINTAAN)
