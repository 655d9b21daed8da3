"""The flags of this floor and of the one above: aid that excludes another, an open sanggah. Raised when a proposal reaches the
Dinas, and every night."""

from collections.abc import Iterable
from uuid import UUID

from bansos.queries.bendera import KODE, sebab
from dtks.actions import bendera
from dtks.models import Usulan
from dtks.queries.bendera import Hasil, Pencari

JOB = bendera.JOB_ATAS
_PENCARI: list[Pencari] = [sebab]
_KODE: list[str] = [KODE]


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
