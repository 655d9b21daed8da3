"""Who is active again by the ministry's own list, without a request here."""

import uuid

from django.db import models
from django.db.models.functions import Now

from accounts.models import Pengguna
from bansos.models.pbi import PbiNonaktif


class PbiAktif(models.Model):
    """One deactivation that the ministry took back by itself, on the day that its file says. Goes only with its file (trigger)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    nonaktif = models.OneToOneField(PbiNonaktif, on_delete=models.PROTECT, related_name="otomatis")
    tanggal = models.DateField("aktif kembali sejak")
    impor = models.ForeignKey("dtks.Impor", on_delete=models.PROTECT, related_name="+")
    created_by = models.ForeignKey(Pengguna, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now())

    KLASIFIKASI = {
        "id": "teknis", "nonaktif": "pribadi", "tanggal": "pribadi", "impor": "teknis", "created_by": "teknis", "created_at": "teknis",
    }  # fmt: skip

    class Meta:
        verbose_name = verbose_name_plural = "PBI aktif otomatis"
        ordering = ["-tanggal", "-id"]

    def __str__(self) -> str:
        return f"{self.nonaktif_id} {self.tanggal}"
