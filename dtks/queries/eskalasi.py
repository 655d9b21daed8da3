"""What was raised and still runs, for one person's area."""

from django.db.models import F, Q, QuerySet

from accounts.models import Pengguna
from core import rules
from dtks.models import Eskalasi, Usulan
from dtks.workflow import USULAN_TERBUKA


def ambang(user: Pengguna) -> list[int]:
    """Thresholds in force in the area of the user, the highest first."""
    luas = next((p.wilayah_id for p in user.penugasan_aktif if p.wilayah_id), "")
    return sorted({a["persen"] for a in rules.value("eskalasi", luas)["ambang"]}, reverse=True)


def naik(user: Pengguna, persen: int) -> QuerySet[Usulan]:
    """Open proposals that this user sees and whose present clock has reached the threshold.

    What was raised for another deadline (the calendar changed since) says nothing about this one.
    """
    kini = Q(mulai=F("usulan__tenggat_mulai")) | Q(usulan__tenggat_mulai__isnull=True)
    ids = Eskalasi.objects.filter(
        kini, ambang=persen, status=F("usulan__status"), tenggat=F("usulan__tenggat")
    ).values("usulan_id")
    return Usulan.objects.visible_to(user).filter(pk__in=ids, status__in=USULAN_TERBUKA)
