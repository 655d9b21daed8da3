"""Who stands where: users by role or by power over an area."""

from uuid import UUID

from django.db.models import Q, QuerySet

from accounts.models import PENGGANTI, Pengguna, Penugasan
from wilayah.kode import leluhur

MAX_RECIPIENTS = 50


def _tugas(wilayah: str) -> QuerySet[Penugasan]:
    area = Q(wilayah__isnull=True) | Q(wilayah_id__in=[*leluhur(wilayah), wilayah])
    return Penugasan.objects.berlaku().filter(area, pengguna__is_active=True)


def _orang(tugas: QuerySet[Penugasan]) -> list[UUID]:
    ids = tugas.order_by("pengguna_id").values_list("pengguna_id", flat=True)
    return list(ids.distinct()[:MAX_RECIPIENTS])


def berperan(peran: str, wilayah: str) -> list[UUID]:
    """Active users with this role (or who stand in for it) over the area."""
    return _orang(_tugas(wilayah).filter(peran_id__in=[peran, *PENGGANTI.get(peran, ())]))


def berkuasa(kuasa: str, wilayah: str) -> list[UUID]:
    """Active users who hold this power over the area."""
    return _orang(_tugas(wilayah).filter(peran__kuasa__contains=[kuasa]))


def calon_petugas(kuasa: str, wilayah: str) -> QuerySet[Pengguna]:
    """The same as rows, for a choice on a form."""
    ids = _tugas(wilayah).filter(peran__kuasa__contains=[kuasa]).values("pengguna_id")
    return Pengguna.objects.filter(pk__in=ids).order_by("nama", "pk")


def meja(kuasa: str, wilayah: str) -> list[tuple[str, str]]:
    """(code, name) of the roles that hold this power over the area and have somebody in them."""
    tugas = _tugas(wilayah).filter(peran__kuasa__contains=[kuasa])
    return list(tugas.order_by("peran_id").values_list("peran_id", "peran__nama").distinct())
