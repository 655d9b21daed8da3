"""Eligibility lists of the demo: computed by the supervisor for this quarter, one of them signed by the head of the Dinas."""

from collections.abc import Callable

from django.utils import timezone

from accounts.models import Pengguna
from bansos.actions import daftar, hitung
from bansos.queries.penetapan import triwulan
from wilayah.kode import kabupaten_dari

PROGRAM = ("PKH", "BPNT", "PBI", "APBD-LANSIA")
SAH = "APBD-LANSIA"


def mainkan(akun: dict[str, Pengguna], desa: str, segel: Callable[[], None]) -> int:
    """Returns how many lists were made. The same register gives the same lists."""
    periode = triwulan(timezone.localdate())[0]
    semua = hitung.hitung_semua(
        program=PROGRAM, periode=periode, wilayah=kabupaten_dari(desa), by=akun["supervisor"]
    )
    segel()
    for hasil in semua:
        if hasil.program == SAH and hasil.daftar is not None:
            daftar.tandatangani(hasil.daftar, by=akun["kadis"])
            segel()
    return len(semua)
