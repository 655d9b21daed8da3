"""One programme a month: the rule, and the proposals that it counts. One place for the desk and for files.

Per family, as the SOP says it ("satu orang/KK hanya satu program tiap bulan"). Programmes that are asked for per person
(rule 'usulan.program_per_orang': PBI, and NONBANSOS, which is data only) neither count nor are counted: the template
itself puts the mother into the BPNT file and her child into the PBI or NONBANSOS file.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from accounts.models import Pengguna
from core import rules
from core.terbilang import periode_kata
from dtks.models import BarisImpor, Impor, Individu, Usulan
from dtks.queries.periode import nama_program
from dtks.workflow import USULAN

JALUR = (Usulan.Jalur.REGULER, Usulan.Jalur.MANDIRI)  # a correction or a removal asks for no programme
GUGUR = ("ditarik", "ditolak")


@dataclass(frozen=True)
class SatuProgram:
    berlaku: bool
    per_orang: frozenset[str]

    def dihitung(self, program: str) -> bool:
        return self.berlaku and program not in self.per_orang

    def bentrok(self, program: str, periode: str, *, lain: str, periode_lain: str) -> bool:
        """May `program` not be asked for because the family asks for `lain`?"""
        return program != lain and periode == periode_lain and self.dihitung(program) and self.dihitung(lain)


def aturan(wilayah: str) -> SatuProgram:
    """The rule as it stands in this area today."""
    return SatuProgram(
        bool(rules.value("usulan.satu_program_per_bulan", wilayah)),
        frozenset(rules.value("usulan.program_per_orang", wilayah)),
    )


def terhitung(keluarga: Iterable[UUID]) -> QuerySet[Usulan]:
    """Proposals of these families that count, of any month and programme, oldest first."""
    rows = Usulan.objects.filter(keluarga__in=list(keluarga), jalur__in=JALUR)
    return rows.exclude(status__in=GUGUR).order_by("created_at", "pk")


def yang_lain(usulan: Usulan) -> list[Usulan]:
    """What else the family is proposed for in the month of `usulan` (saved or not), against the rule; oldest first."""
    satu = aturan(usulan.wilayah_id)
    if usulan.jalur not in JALUR or not satu.dihitung(usulan.program):
        return []
    return [
        u
        for u in terhitung([usulan.keluarga_id])
        if u.pk != usulan.pk
        and satu.bentrok(usulan.program, usulan.periode, lain=u.program, periode_lain=u.periode)
    ]


def kalimat_bertemu(usulan: Usulan, user: Pengguna) -> str:
    """Moving on can bring two programmes of one family into one month: said on both pages, nothing is stopped."""
    if USULAN.state(usulan.status).akhir or not (lain := yang_lain(usulan)):
        return ""
    terlihat = (
        Usulan.objects.visible_to(user).filter(pk__in=[u.pk for u in lain]).order_by("created_at", "pk")
    )
    nama = nama_program()
    if not (daftar := ", ".join(f"{nama.get(u.program, u.program)} ({u.tiket})" for u in terlihat)):
        return ""
    return (
        f"Di periode {periode_kata(usulan.periode)} keluarga ini juga diusulkan untuk {daftar}. Aturannya satu keluarga "
        "satu program tiap bulan. Keduanya tetap berjalan; bila satu tidak perlu, tarik usulan itu."
    )


def orang_kedua(impor: Impor) -> dict[int, str]:
    """Row number -> what to look at again: the family is proposed for this programme already, for another member.

    Inside one file such a row is refused (rule 'impor.program_per_kk'); across files the first proposal stands, the row's
    person is recorded beside it, and whoever confirms the file is told first. A proposal typed at the desk names nobody:
    there only the head and the spouse pass without a remark, as in the BNBA file.
    """
    lain = BarisImpor.objects.filter(usulan=OuterRef("usulan"), impor__status=Impor.Status.DITERAPKAN)
    orang = Individu.objects.filter(pk=OuterRef("individu"))
    rows: Any = (
        BarisImpor.objects.filter(
            impor=impor,
            program__in=rules.value("impor.program_per_kk", impor.wilayah_id),
            usulan__isnull=False,
        )
        .exclude(dibuat__contains=["usulan"])
        .annotate(
            dari_berkas=Exists(lain),
            sama=Exists(lain.filter(individu=OuterRef("individu"))),
            pengurus=Exists(orang.filter(hubungan__in=("1", "2"))),
            pertama=Subquery(lain.order_by("impor__applied_at", "nomor").values("individu")[:1]),
            tiket=Subquery(Usulan.objects.filter(pk=OuterRef("usulan")).values("tiket")[:1]),
        )
        .filter(Q(dari_berkas=True, sama=False) | Q(dari_berkas=False, pengurus=False), tiket__isnull=False)
        .order_by("nomor")
        .values_list("nomor", "program", "tiket", "pertama")
    )
    rows = list(rows)
    nama = dict(Individu.objects.filter(pk__in=[r[3] for r in rows if r[3]]).values_list("pk", "nama"))
    return {
        nomor: f"Keluarga ini sudah diusulkan untuk {program}{' atas nama ' + nama[pk] if pk in nama else ''} (tiket {tiket}). "
        f"{program} hanya untuk satu orang tiap KK. Usulan itu tetap; bila keliru, ubah programnya menjadi NONBANSOS."
        for nomor, program, tiket, pk in rows
    }
