"""Looking up by ticket and PIN what a citizen brought. Guessing is slow: attempts are counted in PostgreSQL.

A wrong ticket and a wrong PIN cost the same query and give the same answer, so nobody learns which tickets exist.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db.models import F

from core import limits, rules
from core.models import Pembatas
from core.privacy.keys import blind_index
from dtks.actions.usulan import pin_index
from dtks.models import Usulan


class TooMany(Exception):
    """The limit of the rule 'lacak.batas' is spent. `menit`: how long until it counts anew, at most."""

    def __init__(self, menit: int):
        self.menit = menit
        super().__init__(menit)


Pencari = Callable[[str, bytes], Any | None]
_PENCARI: dict[str, list[Pencari]] = {}


def daftarkan(awalan: str, cari: Pencari) -> None:
    """`cari(ticket, index of the PIN)` finds the row of one kind of ticket, or None. Two kinds may share a prefix
    (ADU: complaints and emergencies): all of them are asked, always, so that the answer takes the same for each."""
    _PENCARI.setdefault(awalan, []).append(cari)


def _usulan(tiket: str, pin_indeks: bytes) -> Usulan | None:
    return Usulan.objects.select_related("keluarga").filter(tiket=tiket, pin_indeks=pin_indeks).first()


daftarkan("USL", _usulan)


def lacak(*, tiket: str, pin: str, alamat: str) -> Any | None:
    """The row that the ticket names (its kind is in the prefix), or None for any wrong pair. `alamat` is the client's address. Raises TooMany.

    Only failures stay counted: a family that looks often, or a village office that helps ten of them, is no attack.
    """
    batas = rules.value("lacak.batas")
    window = timedelta(minutes=batas["menit"])
    kunci = [_kunci("tiket", tiket), _kunci("alamat", limits.network(alamat))]
    # Both are counted before the look-up, so that parallel guesses cannot slip past the limit. A whole village may share an address.
    paling = (batas["percobaan"], batas["jaringan"])
    lolos = [limits.hit(k, limit=n, window=window) for k, n in zip(kunci, paling, strict=True)]
    if not all(lolos):
        raise TooMany(batas["menit"])
    pencari = _PENCARI.get(tiket.split("-", maxsplit=1)[0], [_usulan])  # an unknown kind costs the same query
    ketemu = [cari(tiket, pin_index(tiket, pin)) for cari in pencari]
    row = next((satu for satu in ketemu if satu is not None), None)
    if row is not None:
        Pembatas.objects.filter(kunci__in=kunci, jumlah__gt=0).update(jumlah=F("jumlah") - 1)
    return row


def _kunci(jenis: str, nilai: str) -> str:
    """Counters carry neither ticket nor address in the clear."""
    return f"lacak:{jenis}:{blind_index(nilai, 'lacak').hex()}"
