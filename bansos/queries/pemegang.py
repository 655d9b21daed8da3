"""Who holds a power in an area now."""

from uuid import UUID

from django.db.models import Q

from accounts.models import Penugasan
from wilayah.kode import leluhur

PALING_BANYAK = 50


def pemegang(kuasa: str, wilayah: str) -> list[UUID]:
    """Ids of active users with the power there, at most PALING_BANYAK."""
    area = Q(wilayah__isnull=True) | Q(wilayah_id__in=[*leluhur(wilayah), wilayah])
    rows = Penugasan.objects.berlaku().filter(area, peran__kuasa__contains=[kuasa], pengguna__is_active=True)
    return list(rows.order_by("pengguna_id").values_list("pengguna_id", flat=True).distinct()[:PALING_BANYAK])
