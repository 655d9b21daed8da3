"""Pure rules of Kemendagri codes: '32', '32.05', '32.05.01', '32.05.01.2001', then RW and RT as '.005' each.

Containment is a range over text compared byte by byte (column collation "C"): everything in X is
`X <= kode < X + "/"`, because "/" is the character right after ".". '32.050' can never fall into '32.05'.
Nothing here touches the database.
"""

import re
from collections.abc import Iterable

from django.db.models import Q

LENGTHS = (2, 5, 8, 13, 17, 21)  # of a dotted code, by level 1..6
FORMS = (
    r"^[0-9]{2}$",
    r"^[0-9]{2}\.[0-9]{2}$",
    r"^[0-9]{2}\.[0-9]{2}\.[0-9]{2}$",
    r"^[0-9]{2}\.[0-9]{2}\.[0-9]{2}\.[0-9]{4}$",
    r"^[0-9]{2}\.[0-9]{2}\.[0-9]{2}\.[0-9]{4}\.[0-9]{3}$",
    r"^[0-9]{2}\.[0-9]{2}\.[0-9]{2}\.[0-9]{4}\.[0-9]{3}\.[0-9]{3}$",
)
_CODE = re.compile(r"[0-9]{2}(\.[0-9]{2}(\.[0-9]{2}(\.[0-9]{4}(\.[0-9]{3}(\.[0-9]{3})?)?)?)?)?", re.ASCII)
_GROUPS = (2, 2, 2, 4, 3, 3)


def bentuk_sah(kode: str) -> bool:
    """True when `kode` is a canonical dotted code of some level (it need not exist)."""
    return bool(_CODE.fullmatch(kode))


def tingkat_dari(kode: str) -> int:
    """Level 1..6 of a canonical code. ValueError when the form is wrong."""
    if not bentuk_sah(kode):
        raise ValueError(f"bukan kode wilayah: {kode!r}")
    return LENGTHS.index(len(kode)) + 1


def bakukan(teks: str) -> str | None:
    """'3205012001', '32 05 01 2001', '32.05.01.2001.' -> '32.05.01.2001'; None when it is no area code."""
    teks = teks.strip()
    if not teks or not re.fullmatch(r"[0-9.\s\-/]+", teks, re.ASCII):
        return None
    digits = re.sub(r"[^0-9]", "", teks)
    parts, start = [], 0
    for width in _GROUPS:
        if start == len(digits):
            break
        parts.append(digits[start : start + width])
        start += width
    if start != len(digits):
        return None
    return ".".join(parts)


def rentang(kode: str) -> tuple[str, str]:
    """Half-open range (`>=` first, `<` second) of an area and everything below it.

    ValueError on anything but a canonical code: an empty string must not quietly become "all of Indonesia".
    """
    tingkat_dari(kode)
    return kode, kode + "/"


def mencakup(luas: str, kode: str) -> bool:
    """Is `kode` the area `luas` itself or inside it?"""
    awal, akhir = rentang(luas)
    return awal <= kode < akhir


def induk_dari(kode: str) -> str | None:
    """Code one level up; None for a province."""
    tingkat_dari(kode)
    return kode.rpartition(".")[0] or None


def leluhur(kode: str) -> list[str]:
    """Codes above, province first, without the code itself."""
    return [kode[:length] for length in LENGTHS[: tingkat_dari(kode) - 1]]


def kabupaten_dari(kode: str) -> str:
    """'32.05.01.2001' -> '32.05'; a province stays as it is."""
    return kode[: LENGTHS[1]]


def ringkas(kode_list: Iterable[str]) -> list[str]:
    """Sorted codes without those that already lie inside another one."""
    hasil: list[str] = []
    for kode in sorted(set(kode_list)):
        if not hasil or not mencakup(hasil[-1], kode):
            rentang(kode)
            hasil.append(kode)
    return hasil


def persempit(luas: Iterable[str], diminta: str | None) -> list[str]:
    """The part of the areas `luas` that lies in `diminta` (all of them for None), without overlaps."""
    semua = ringkas(luas)
    if diminta is None:
        return semua
    if any(mencakup(kode, diminta) for kode in semua):
        return [diminta]
    return [kode for kode in semua if mencakup(diminta, kode)]


def dalam(field: str, kode_list: Iterable[str]) -> Q:
    """Condition that `field` (a code column or a foreign key to Wilayah, '__' allowed) lies in any area.

    No areas, no rows: an empty list matches nothing.
    """
    kondisi = Q(pk__in=[])
    for nomor, kode in enumerate(ringkas(kode_list)):
        awal, akhir = rentang(kode)
        satu = Q(**{f"{field}__gte": awal, f"{field}__lt": akhir})
        kondisi = satu if nomor == 0 else kondisi | satu
    return kondisi
