"""Desil per quarter from BPS: stored as delivered, never edited (Perban BPS 6/2025). A few queries for any size."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from core import audit, pause
from core.privacy.keys import blind_index
from dtks.models import Desil, Keluarga

_TRIWULAN = re.compile(r"(20[0-9]{2})-([1-4])", re.ASCII)
_BATCH = 5000


class Konflik(ValueError):
    """The file contradicts what BPS delivered before, or itself. `nomor`: rows of the file."""

    def __init__(self, kalimat: str, nomor: list[int]):
        self.nomor = nomor
        super().__init__(kalimat)


@dataclass(frozen=True)
class Baris:
    """One row of the file; `nomor` is its line (the header is line 1)."""

    nomor: int
    no_kk: str
    desil: int
    triwulan: str


@dataclass
class Hasil:
    """`tidak_dikenal`: line numbers whose KK is in no active family; such rows are left out."""

    baru: int = 0
    tetap: int = 0
    tidak_dikenal: list[int] = field(default_factory=list)


def kuartal(teks: str) -> tuple[int, int]:
    """'2026-4' -> (2026, 4). ValueError with an Indonesian sentence."""
    cocok = _TRIWULAN.fullmatch(teks.strip())
    if cocok is None:
        raise ValueError("Triwulan ditulis TAHUN-TRIWULAN, misalnya 2026-4.")
    return int(cocok[1]), int(cocok[2])


@transaction.atomic
def simpan(baris: Iterable[Baris], *, triwulan: str, sumber: str, by: Any) -> Hasil:
    """Store the rows of one quarter. The same rows again change nothing. Raises Konflik, having written nothing."""
    pause.not_while_changing_keys()
    tahun, nomor_triwulan = kuartal(triwulan)
    semua = list(baris)
    salah = [b.nomor for b in semua if b.triwulan != triwulan]
    if salah:
        raise Konflik(f"Ada baris yang bukan triwulan {triwulan}.", salah)
    indeks = {b.nomor: blind_index(b.no_kk, "kk") for b in semua}
    keluarga = _keluarga(set(indeks.values()))
    lama = dict(
        Desil.objects.filter(
            keluarga_id__in=keluarga.values(), tahun=tahun, triwulan=nomor_triwulan
        ).values_list("keluarga_id", "desil")
    )
    hasil, konflik, baru = Hasil(), [], []
    for b in semua:
        pk = keluarga.get(indeks[b.nomor])
        if pk is None:
            hasil.tidak_dikenal.append(b.nomor)
        elif pk not in lama:
            lama[pk] = b.desil
            baru.append(
                Desil(
                    keluarga_id=pk, tahun=tahun, triwulan=nomor_triwulan, desil=b.desil, sumber=sumber[:200]
                )
            )
        elif lama[pk] != b.desil:
            konflik.append(b.nomor)
        else:
            hasil.tetap += 1
    if konflik:
        raise Konflik(
            f"Desil triwulan {triwulan} sudah ada dengan nilai lain. Desil tidak boleh diubah; minta koreksi ke BPS.",
            konflik,
        )
    if baru:
        Desil.objects.bulk_create(baru, batch_size=_BATCH)
        audit.catat(
            aksi="impor_desil",
            jenis="dtks.Desil",
            objek_id=triwulan,
            by=by,
            rincian={"triwulan": triwulan, "sumber": sumber[:200], "baru": len(baru)},
        )
    hasil.baru = len(baru)
    return hasil


def _keluarga(indeks: set[bytes]) -> dict[bytes, Any]:
    """Keys of the active families by blind index of their KK."""
    rows = Keluarga.objects.exclude(status="nonaktif").filter(no_kk_indeks__in=list(indeks))
    return {bytes(i): pk for i, pk in rows.values_list("no_kk_indeks", "pk")}
