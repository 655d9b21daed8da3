"""How many proposals stand where: read from the maintained counts, never from the proposals."""

from collections.abc import Iterable
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from dtks.models import HitunganUsulan
from dtks.workflow import USULAN
from wilayah.kode import dalam, rentang, ringkas

_SEMUA = tuple(k.kode for k in USULAN.keadaan)
_SARING = ("program", "jalur", "periode")
# Written out: every page of the desk asks it, and building it cost more than running it.
_JUMLAH = "select status, sum(n) from dtks_hitunganusulan where {} group by status order by status"


def baris(luas: Iterable[str], **saring: Any) -> QuerySet[HitunganUsulan]:
    """The counts of these areas (village or wider). `saring`: a value, or a list of values, for each of
    status, program, jalur, periode; None or '' is no filter. Sum `n`: one place may have several rows."""
    status = saring.pop("status", None) or _SEMUA
    rows = HitunganUsulan.objects.filter(
        dalam("wilayah", luas), status__in=[status] if isinstance(status, str) else list(status)
    )
    for kolom, nilai in saring.items():
        if kolom not in _SARING:
            raise TypeError(f"per_status() has no filter {kolom}")
        if isinstance(nilai, list | tuple | set | frozenset):
            rows = rows.filter(**{f"{kolom}__in": list(nilai)})
        elif nilai:
            rows = rows.filter(**{kolom: nilai})
    return rows


def per_status(luas: Iterable[str], **saring: Any) -> dict[str, int]:
    """Number of proposals per state in these areas; every asked state is there, 0 too.

    `saring` as in `baris`; name the states (`status=[…]`) where only some are shown: fewer rows are read. Costs by
    the number of villages, programmes and periods, not of proposals.
    """
    status = saring.pop("status", None) or _SEMUA
    diminta = [status] if isinstance(status, str) else list(status)
    hasil = dict.fromkeys(diminta, 0)
    if not (areas := ringkas(luas)):
        return hasil
    syarat = ["(" + " or ".join(["wilayah >= %s and wilayah < %s"] * len(areas)) + ")", "status = any(%s)"]
    nilai: list[Any] = [*(batas for kode in areas for batas in rentang(kode)), diminta]
    for kolom, isi in saring.items():
        if kolom not in _SARING:
            raise TypeError(f"per_status() has no filter {kolom}")
        if isi:
            syarat.append(f"{kolom} = any(%s)")
            nilai.append([isi] if isinstance(isi, str) else list(isi))
    with connection.cursor() as cursor:
        cursor.execute(_JUMLAH.format(" and ".join(syarat)), nilai)
        return hasil | dict(cursor.fetchall())
