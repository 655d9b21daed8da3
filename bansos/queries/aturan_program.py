"""Which rule of a programme is in force, and its limit of the decile in one place."""

from datetime import date

from django.db.models import Q

from bansos.models import AturanProgram
from core import rules
from core.models import Ketentuan


class TanpaAturan(LookupError):
    """No rule of this programme is in force there on that day."""


def berlaku(program: str, wilayah: str, hari: date) -> AturanProgram:
    """The rule for the narrowest area that contains `wilayah`. Raises TanpaAturan."""
    rows = AturanProgram.objects.filter(
        Q(wilayah__isnull=True) | Q(wilayah__in=rules.areas_of(wilayah)[1:]),
        Q(berlaku_hingga__isnull=True) | Q(berlaku_hingga__gte=hari),
        program=program,
        status=AturanProgram.Status.BERLAKU,
        berlaku_sejak__lte=hari,
    )
    satu = max(rows, key=lambda a: (len(a.wilayah_id or ""), a.berlaku_sejak), default=None)
    if satu is None:
        raise TanpaAturan(f"Program {program} belum punya aturan yang berlaku.")
    return satu


def awal(periode: str) -> date:
    """First day of a quarter '2026-4'. ValueError with an Indonesian sentence."""
    tahun, _, nomor = periode.partition("-")
    if not (len(tahun) == 4 and tahun.isascii() and tahun.isdigit() and nomor in ("1", "2", "3", "4")):
        raise ValueError("Triwulan ditulis TAHUN-TRIWULAN, misalnya 2026-4.")
    if not 2000 <= int(tahun) <= 2100:
        raise ValueError("Tahun triwulan di luar 2000 sampai 2100.")
    return date(int(tahun), int(nomor) * 3 - 2, 1)


def batas_desil(program: str, wilayah: str, hari: date) -> tuple[int, AturanProgram | Ketentuan] | None:
    """Highest decile and what says so: the rule of the programme, else the Ketentuan; None where there is no limit."""
    try:
        satu = berlaku(program, wilayah, hari)
    except TanpaAturan:
        try:
            umum = rules.in_force(f"desil.maks.{program}", wilayah, hari)
        except rules.RuleMissing:
            return None
        return int(umum.nilai), umum
    for p in satu.isi["syarat"]:
        if p.get("ukuran") == "desil" and p.get("op") in ("<=", "="):
            return int(p["nilai"]), satu
    return None
