"""The audit trail of a person's areas."""

from django.db.models import QuerySet

from accounts.models import Pengguna
from core.models import Jejak
from wilayah.kode import dalam


def jejak_terlihat(user: Pengguna) -> QuerySet[Jejak]:
    """Acts on objects inside the areas of `jejak.lihat`; nothing without that power."""
    return Jejak.objects.filter(dalam("wilayah", user.cakupan("jejak.lihat")))
