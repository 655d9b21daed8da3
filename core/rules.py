"""Effective-dated rules: look one up by key, area and day."""

import json
from collections.abc import Iterable
from datetime import date
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils import timezone

from core.models import Ketentuan


class RuleMissing(LookupError):
    """No rule is in force for this key, area and day: the Dinas has to enter one with its legal basis."""


def in_force(kunci: str, wilayah: str = "", pada: date | None = None) -> Ketentuan:
    """The rule for the narrowest area that contains `wilayah`, newest first. Raises RuleMissing."""
    hari = pada or timezone.localdate()
    return _narrowest(_read(kunci, areas_of(wilayah), hari), kunci, wilayah, hari)


def values(kunci: str, wilayah: Iterable[str], pada: date | None = None) -> dict[str, Any]:
    """The rule of each of these areas, by code, in one query."""
    hari, areas = pada or timezone.localdate(), {w: areas_of(w) for w in wilayah}
    rows = list(_rows(kunci, sorted({a for satu in areas.values() for a in satu}), hari))
    return {
        w: _narrowest([r for r in rows if r.wilayah in satu], kunci, w, hari).nilai
        for w, satu in areas.items()
    }


def areas_of(wilayah: str) -> list[str]:
    """The area itself and every one above it; '' is the whole country."""
    parts = wilayah.split(".") if wilayah else []
    return ["", *(".".join(parts[: i + 1]) for i in range(len(parts)))]


@cache
def _sql() -> tuple[str, list[str]]:
    """`_rows` as one statement, and its columns. Written out: almost every request asks, and building the query cost ten times
    what running it does."""
    kolom = [str(f.column) for f in Ketentuan._meta.concrete_fields]
    return (
        f"select {', '.join(kolom)} from core_ketentuan where kunci = %s and wilayah = any(%s) and berlaku_sejak <= %s"  # noqa: S608
        " and (berlaku_hingga is null or berlaku_hingga >= %s) order by berlaku_sejak desc",
        kolom,
    )


def _read(kunci: str, areas: list[str], hari: date) -> list[Ketentuan]:
    teks, kolom = _sql()
    with connection.cursor() as cursor:
        cursor.execute(teks, [kunci, areas, hari, hari])
        return [_baris(kolom, isi) for isi in cursor.fetchall()]


def _baris(kolom: list[str], isi: tuple[Any, ...]) -> Ketentuan:
    letak = kolom.index("nilai")
    nilai = json.loads(isi[letak])  # Django has jsonb come as text
    return Ketentuan.from_db(connection.alias, kolom, (*isi[:letak], nilai, *isi[letak + 1 :]))


def _rows(kunci: str, areas: list[str], hari: date) -> QuerySet[Ketentuan]:
    return (
        Ketentuan.objects.filter(kunci=kunci, wilayah__in=areas, berlaku_sejak__lte=hari)
        .filter(Q(berlaku_hingga__isnull=True) | Q(berlaku_hingga__gte=hari))
        .order_by("-berlaku_sejak")
    )


def _narrowest(rows: Iterable[Ketentuan], kunci: str, wilayah: str, hari: date) -> Ketentuan:
    best = max(rows, key=lambda r: (len(r.wilayah), r.berlaku_sejak), default=None)
    if best is None:
        raise RuleMissing(f"{kunci} {wilayah} {hari}")
    return best


def value(kunci: str, wilayah: str = "", pada: date | None = None) -> Any:
    return in_force(kunci, wilayah, pada).nilai
