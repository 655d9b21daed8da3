"""Effective-dated rules: look one up by key, area and day."""

from datetime import date
from typing import Any

from django.db.models import Q
from django.utils import timezone

from core.models import Ketentuan


class RuleMissing(LookupError):
    """No rule is in force for this key, area and day: the Dinas has to enter one with its legal basis."""


def in_force(kunci: str, wilayah: str = "", pada: date | None = None) -> Ketentuan:
    """The rule for the narrowest area that contains `wilayah`, newest first. Raises RuleMissing."""
    hari = pada or timezone.localdate()
    parts = wilayah.split(".") if wilayah else []
    areas = ["", *(".".join(parts[: i + 1]) for i in range(len(parts)))]
    rows = (
        Ketentuan.objects.filter(kunci=kunci, wilayah__in=areas, berlaku_sejak__lte=hari)
        .filter(Q(berlaku_hingga__isnull=True) | Q(berlaku_hingga__gte=hari))
        .order_by("-berlaku_sejak")
    )
    best = max(rows, key=lambda r: (len(r.wilayah), r.berlaku_sejak), default=None)
    if best is None:
        raise RuleMissing(f"{kunci} {wilayah} {hari}")
    return best


def value(kunci: str, wilayah: str = "", pada: date | None = None) -> Any:
    return in_force(kunci, wilayah, pada).nilai
