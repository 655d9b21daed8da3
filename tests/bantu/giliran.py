"""Which part of an exhaustive matrix a default run asks: what the test says is always asked, and a share that moves on each day.

`DTKS_GILIRAN` is the number of the day, printed at the head of the run; `./test --fuzz` sets it to `semua` and asks every cell.
After `dari` days each cell had its turn exactly once.
"""

import os
import zlib
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")
SEMUA = "semua"


def hari() -> int | None:
    """Number of the day; None: every cell."""
    nilai = os.environ.get("DTKS_GILIRAN", SEMUA)
    return None if nilai == SEMUA else int(nilai)


def kena(*sel: str, dari: int) -> bool:
    """Is it this cell's day?"""
    kini = hari()
    return kini is None or (zlib.crc32("\0".join(sel).encode()) + kini) % dari == 0


def satu(calon: Sequence[T]) -> list[T]:
    """One of them, another one each day; [] of nothing."""
    if not calon:
        return []
    return [calon[(hari() or 0) % len(calon)]]


def sebagian(calon: Sequence[str], *sel: str, selalu: Sequence[str] = (), dari: int) -> list[str]:
    """Those of `selalu`, and those whose day it is for this cell, in their order."""
    return [c for c in calon if c in selalu or kena(*sel, c, dari=dari)]
