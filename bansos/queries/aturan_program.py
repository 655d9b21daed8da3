"""Which rule of a programme is in force, and its limit of the decile in one place."""

from collections import defaultdict
from datetime import date
from typing import Any

from django.db.models import Q

from bansos.models import AturanProgram, Program
from core import rules
from core.models import Ketentuan
from wilayah.models import Tingkat, Wilayah


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
    batas = _batas(satu.isi)
    return None if batas is None else (batas, satu)


def _batas(isi: dict[str, Any]) -> int | None:
    """The limit of the decile that a rule names as a condition of its own; None where it has none."""
    for p in isi["syarat"]:
        if p.get("ukuran") == "desil" and p.get("op") in ("<=", "="):
            return int(p["nilai"])
    return None


TANPA_BATAS = 10  # no family lies above the tenth decile


def semua_batas_desil(hari: date) -> list[tuple[str, str, int]]:
    """(kabupaten or '' for everywhere else, programme, highest decile): `batas_desil` for the whole country in a few queries.

    A kabupaten is named where its own or its province's rule says something of its own; without limit it is `TANPA_BATAS`.
    """
    daerah: dict[str, dict[str, AturanProgram]] = defaultdict(dict)
    berjalan = AturanProgram.objects.filter(
        Q(berlaku_hingga__isnull=True) | Q(berlaku_hingga__gte=hari),
        status=AturanProgram.Status.BERLAKU,
        berlaku_sejak__lte=hari,
    )
    for satu in berjalan.order_by("berlaku_sejak"):  # the newest of one area stays
        daerah[satu.program_id][satu.wilayah_id or ""] = satu
    kabupaten = list(
        Wilayah.objects.filter(tingkat=Tingkat.KABUPATEN).order_by("pk").values_list("pk", flat=True)
    )
    hasil = []
    for program in Program.objects.order_by("pk").values_list("pk", flat=True):
        aturan = daerah[program]
        umum = _umum(program, aturan.get(""), kabupaten, hari)
        for kab in kabupaten:
            if (sempit := aturan.get(kab) or aturan.get(kab[:2])) is not None:
                umum[kab] = _batas(sempit.isi) or TANPA_BATAS
        hasil += [(w, program, n) for w, n in umum.items() if w == "" or n != umum.get("")]
    return hasil


def _umum(program: str, aturan: AturanProgram | None, kabupaten: list[str], hari: date) -> dict[str, int]:
    """By area, '' for everywhere: what the rule of the whole country says, else the Ketentuan."""
    if aturan is not None:
        return {"": _batas(aturan.isi) or TANPA_BATAS}
    try:
        return {w: int(n) for w, n in rules.values(f"desil.maks.{program}", ["", *kabupaten], hari).items()}
    except rules.RuleMissing:
        return {}
