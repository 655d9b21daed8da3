"""The draft that a form offers to its owner."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts.models import Pengguna
from core.privacy.keys import SealBroken
from dtks.models import DrafIsian

# Of the page, not of the person's answers: a form that is opened again brings its own.
MESIN = frozenset({"csrfmiddlewaretoken", "kunci_kirim"})


@dataclass(frozen=True)
class Draf:
    """`isi`: every answer as a list; `awal`: the same for `initial=` of the form, one value or several."""

    kunci: str
    isi: dict[str, list[str]]
    pada: datetime

    def awal(self, banyak: frozenset[str] = frozenset()) -> dict[str, Any]:
        return {n: v if n in banyak else (v[-1] if v else "") for n, v in self.isi.items() if n not in MESIN}


def ambil(user: Pengguna, kunci: str) -> Draf | None:
    baris = DrafIsian.objects.visible_to(user).filter(kunci=kunci).first()
    if baris is None:
        return None
    try:
        return Draf(kunci, baris.buka(), baris.updated_at)
    except SealBroken:  # the key it was sealed with is gone: there is nothing to offer
        return None
