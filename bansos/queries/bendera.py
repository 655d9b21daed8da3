"""Why a proposal should carry a flag that only this floor knows: aid that excludes the programme it asks for."""

from collections import defaultdict
from uuid import UUID

from bansos.models import BarisPenetapan, Penetapan
from core import rules
from dtks.models import Individu, Usulan
from dtks.queries.bendera import DI_DINAS, Sebab
from dtks.queries.satu_program import JALUR

KODE = "BANTUAN_LAIN"


def sebab(usulan: list[Usulan]) -> dict[UUID, list[Sebab]]:
    """The family, or somebody of it on another card, receives a programme that the rule 'bantuan.tidak_bersama' excludes."""
    rows = [u for u in usulan if u.status in DI_DINAS and u.jalur in JALUR]
    if not rows:
        return {}
    aturan = rules.values("bantuan.tidak_bersama", {u.wilayah_id for u in rows})
    rows = [u for u in rows if aturan[u.wilayah_id].get(u.program)]
    kartu = _kartu(rows)
    terima: dict[UUID, set[str]] = defaultdict(set)
    # The newest decision in force of a family and programme tells; a removal ends the aid.
    for keluarga, program, jalur in (
        BarisPenetapan.objects.filter(
            usulan__keluarga__in={k for satu in kartu.values() for k in satu},
            penetapan__status=Penetapan.Status.BERLAKU,
            hasil="ditetapkan",
        )
        .order_by("usulan__keluarga_id", "penetapan__program_id", "-penetapan__created_at", "-pk")
        .distinct("usulan__keluarga_id", "penetapan__program_id")
        .values_list("usulan__keluarga_id", "penetapan__program_id", "usulan__jalur")
    ):
        if jalur != Usulan.Jalur.PENGHAPUSAN:
            terima[keluarga].add(program)
    hasil: dict[UUID, list[Sebab]] = {}
    for u in rows:
        sudah = {p for k in kartu[u.keluarga_id] for p in terima[k]}
        if kena := sorted(sudah & set(aturan[u.wilayah_id][u.program])):
            kalimat = f"Keluarga ini sudah menerima {', '.join(kena)}, yang tidak boleh bersama {u.program}."
            hasil[u.pk] = [Sebab(KODE, "bantuan", kalimat)]
    return hasil


def _kartu(rows: list[Usulan]) -> dict[UUID, set[UUID]]:
    """family -> every card on which somebody of it is or was."""
    milik = {u.keluarga_id: {u.keluarga_id} for u in rows}
    nik: dict[bytes, UUID] = {
        bytes(n): k
        for n, k in Individu.objects.aktif()
        .filter(keluarga__in=milik, nik_indeks__isnull=False)
        .order_by("pk")
        .values_list("nik_indeks", "keluarga_id")
    }
    for n, k in (
        Individu.objects.filter(nik_indeks__in=list(nik))
        .order_by("pk")
        .values_list("nik_indeks", "keluarga_id")
    ):
        milik[nik[bytes(n)]].add(k)
    return milik
