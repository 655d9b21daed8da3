"""The code lists of the form (`KodeAcuan`), read once in ten minutes by each process: they change with a release only (dtks.acuan)."""

import time
from collections import defaultdict
from functools import lru_cache

from dtks.models import VERSI_KODE, KodeAcuan

SEGAR = 600  # seconds


def daftar_kode(nama: str) -> list[tuple[str, str]]:
    """Answers (code, words) of a code list in the version in use, in the order of the form; [] for a list that is not there."""
    return list(_semua(int(time.monotonic() // SEGAR)).get(nama, ()))


@lru_cache(maxsize=1)
def _semua(giliran: int) -> dict[str, list[tuple[str, str]]]:
    isi: dict[str, list[tuple[str, str]]] = defaultdict(list)
    rows = KodeAcuan.objects.filter(versi=VERSI_KODE).order_by("daftar", "urut")
    for nama, kode, label in rows.values_list("daftar", "kode", "label"):
        isi[nama].append((kode, label))
    return dict(isi)
