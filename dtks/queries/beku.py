"""Open proposals of frozen families: what a page says of a number that is smaller than what was handed in (docs/adr/0042)."""

from collections import Counter
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from dtks.models import Keluarga, Usulan
from dtks.models.usulan import UsulanQuerySet
from dtks.workflow import USULAN_TERBUKA
from wilayah.kode import dalam, ringkas


def terbuka(luas: Iterable[str], **saring: Any) -> UsulanQuerySet:
    """Of these areas; the index of frozen families makes it nothing where nobody is frozen. `saring`: empty values are no filter."""
    rows: UsulanQuerySet = Usulan.objects.filter(
        dalam("wilayah_id", ringkas(luas)), keluarga__dibekukan_at__isnull=False, status__in=USULAN_TERBUKA
    )
    return rows.filter(**{k: v for k, v in saring.items() if v}).order_by("pk")


def per_status(luas: Iterable[str], **saring: Any) -> Counter[str]:
    return Counter(terbuka(luas, **saring).values_list("status", flat=True))


def kunci(luas: Iterable[str]) -> list[UUID]:
    """As a list: a question inside an aggregate would be asked again for each of its rows."""
    return list(terbuka(luas).values_list("pk", flat=True))


def ada(luas: Iterable[str]) -> bool:
    """Is any family of these areas frozen? Numbers count it, lists of names do not."""
    return Keluarga.objects.filter(dalam("wilayah_id", ringkas(luas)), dibekukan_at__isnull=False).exists()
