"""Time zones of areas: WIB, WITA or WIT by province (source: data/zona_waktu.json). Nothing here touches the database."""

import json
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from django.utils import timezone

_DATA = json.loads((Path(__file__).resolve().parent / "data" / "zona_waktu.json").read_text(encoding="utf-8"))
_ZONA = {
    provinsi: (singkatan, ZoneInfo(isi["tz"]))
    for singkatan, isi in _DATA["zona"].items()
    for provinsi in isi["provinsi"]
}
SUMBER: str = _DATA["sumber"]
_PUSAT = ("WIB", ZoneInfo("Asia/Jakarta"))  # the whole of Indonesia, and a code of no known province


def zona(kode: str) -> ZoneInfo:
    """Time zone of the province in which the area `kode` lies."""
    return _ZONA.get(kode[:2], _PUSAT)[1]


def singkatan(kode: str) -> str:
    """'WIB', 'WITA' or 'WIT'."""
    return _ZONA.get(kode[:2], _PUSAT)[0]


def waktu_wilayah(kode: str, saat: datetime | None = None) -> datetime:
    """The moment `saat` (default: now) as the clock on the wall of the area shows it."""
    return (saat or timezone.now()).astimezone(zona(kode))


def hari_wilayah(kode: str, saat: datetime | None = None) -> date:
    """The calendar day in the area."""
    return waktu_wilayah(kode, saat).date()


def jam_wilayah(kode: str, saat: datetime) -> str:
    """'09.30 WITA': that moment on the clock of the area, for papers."""
    return f"{waktu_wilayah(kode, saat):%H.%M} {singkatan(kode)}"
