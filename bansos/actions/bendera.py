"""The flags of this floor and of the one above: aid that excludes another, a hit of an exclusion list, an open sanggah.

Raised when a proposal reaches the Dinas, when a hit is decided, and every night.
"""

from collections.abc import Iterable
from uuid import UUID

from bansos.queries.bendera import KODE, KODE_KECUALI, sebab, sebab_kecuali
from dtks.actions import bendera
from dtks.models import Usulan
from dtks.queries.bendera import Hasil, Pencari

JOB = bendera.JOB_ATAS
_PENCARI: list[Pencari] = [sebab, sebab_kecuali]
_KODE: list[str] = [KODE, KODE_KECUALI]


def daftarkan(cari: Pencari, *kode: str) -> None:
    """Causes that only a higher floor knows. Called at import of its actions, in every process."""
    _PENCARI.append(cari)
    _KODE.extend(kode)


def _semua(usulan: list[Usulan]) -> Hasil:
    hasil: Hasil = {}
    for cari in _PENCARI:
        for pk, daftar in cari(usulan).items():
            hasil.setdefault(pk, []).extend(daftar)
    return hasil


def selaraskan(usulan: Iterable[UUID]) -> tuple[int, int]:
    return bendera.selaraskan(usulan, cari=_semua, kode=tuple(_KODE))
