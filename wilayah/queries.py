"""Words of reading areas. The rules are pure and live in `wilayah.kode`; this is the name others import."""

from wilayah.kode import (
    bakukan,
    bentuk_sah,
    dalam,
    induk_dari,
    kabupaten_dari,
    leluhur,
    mencakup,
    rentang,
    ringkas,
    tingkat_dari,
)
from wilayah.models import WilayahQuerySet

__all__ = [
    "WilayahQuerySet",
    "bakukan",
    "bentuk_sah",
    "dalam",
    "induk_dari",
    "kabupaten_dari",
    "leluhur",
    "mencakup",
    "rentang",
    "ringkas",
    "tingkat_dari",
]
