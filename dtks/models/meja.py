"""A case on somebody's desk: who has it open, and who read which version of it."""

import uuid
from datetime import datetime

from django.db import models
from django.db.models.functions import Now
from django.utils import timezone

from accounts.models import Pengguna
from dtks.models.usulan import Usulan


class PegangKasusQuerySet(models.QuerySet["PegangKasus"]):
    def berlaku(self, saat: datetime | None = None) -> "PegangKasusQuerySet":
        """Claims that have not lapsed, of accounts that are still in use."""
        return self.filter(hingga__gt=saat or timezone.now(), pengguna__is_active=True)


class PegangKasus(models.Model):
    """Who has the case open. One row at most; it lapses by itself and is machinery, not evidence."""

    usulan = models.OneToOneField(Usulan, on_delete=models.CASCADE, primary_key=True, related_name="pegang")
    pengguna = models.ForeignKey(Pengguna, on_delete=models.CASCADE, related_name="+")
    sejak = models.DateTimeField()
    hingga = models.DateTimeField()

    objects = PegangKasusQuerySet.as_manager()

    KLASIFIKASI = {"usulan": "teknis", "pengguna": "umum", "sejak": "umum", "hingga": "teknis"}

    class Meta:
        verbose_name = verbose_name_plural = "kasus yang sedang dibuka"


class BukaKasus(models.Model):
    """One person had one version of a case open. `detik` grows while it is on the screen; the act itself is in the trail."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    usulan = models.ForeignKey(Usulan, on_delete=models.PROTECT, related_name="dibuka")
    pengguna = models.ForeignKey(Pengguna, on_delete=models.PROTECT, related_name="+")
    versi = models.PositiveIntegerField()
    pada = models.DateTimeField(db_default=Now())
    terakhir = models.DateTimeField(db_default=Now())
    detik = models.PositiveIntegerField(default=0)

    KLASIFIKASI = {
        "id": "teknis", "usulan": "teknis", "pengguna": "umum", "versi": "teknis", "pada": "umum", "terakhir": "teknis", "detik": "umum",
    }  # fmt: skip

    class Meta:
        verbose_name = verbose_name_plural = "kasus yang dibaca"
        constraints = [models.UniqueConstraint(fields=["usulan", "pengguna", "versi"], name="bukakasus_satu")]
