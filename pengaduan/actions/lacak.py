"""Looking up a proposal by ticket and PIN. Guessing is slow: attempts are counted in PostgreSQL.

A wrong ticket and a wrong PIN cost the same query and give the same answer, so nobody learns which tickets exist.
"""

import ipaddress
from datetime import timedelta

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


def lacak(*, tiket: str, pin: str, alamat: str) -> Usulan | None:
    """The proposal, or None for any wrong pair. `alamat` is the client's address. Raises TooMany.

    Only failures stay counted: a family that looks often, or a village office that helps ten of them, is no attack.
    """
    batas = rules.value("lacak.batas")
    window = timedelta(minutes=batas["menit"])
    kunci = [_kunci("tiket", tiket), _kunci("alamat", _jaringan(alamat))]
    # Both are counted before the look-up, so that parallel guesses cannot slip past the limit.
    lolos = [limits.hit(k, limit=batas["percobaan"], window=window) for k in kunci]
    if not all(lolos):
        raise TooMany(batas["menit"])
    usulan = (
        Usulan.objects.select_related("keluarga")
        .filter(tiket=tiket, pin_indeks=pin_index(tiket, pin))
        .first()
    )
    if usulan is not None:
        Pembatas.objects.filter(kunci__in=kunci, jumlah__gt=0).update(jumlah=F("jumlah") - 1)
    return usulan


def _kunci(jenis: str, nilai: str) -> str:
    """Counters carry neither ticket nor address in the clear."""
    return f"lacak:{jenis}:{blind_index(nilai, 'lacak').hex()}"


def _jaringan(alamat: str) -> str:
    """One IPv6 subscriber owns a whole /64; counting single addresses would count nothing."""
    try:
        ip = ipaddress.ip_address(alamat)
    except ValueError:
        return "-"
    if ip.version == 6 and ip.ipv4_mapped is None:
        return str(ipaddress.ip_network((ip, 64), strict=False))
    return str(getattr(ip, "ipv4_mapped", None) or ip)
