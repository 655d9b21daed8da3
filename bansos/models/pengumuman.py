"""What a village publishes after a meeting: the names that it agreed to, masked, with a time in which neighbours may object."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from accounts.models import Pengguna
from dtks.models import Musyawarah
from wilayah.kode import dalam
from wilayah.models import Wilayah


class PengumumanQuerySet(models.QuerySet["Pengumuman"]):
    def visible_to(self, user: Pengguna) -> "PengumumanQuerySet":
        return self.filter(dalam("wilayah_id", user.cakupan("pengumuman.kelola")))

    def tampil(self) -> "PengumumanQuerySet":
        return self.filter(ditarik_at__isnull=True)


class Pengumuman(models.Model):
    """The list of one approved meeting. The names themselves are read from the meeting and from where each proposal stands."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    wilayah = models.ForeignKey(Wilayah, on_delete=models.PROTECT, related_name="+")
    musyawarah = models.OneToOneField(Musyawarah, on_delete=models.PROTECT, related_name="pengumuman")
    periode = models.CharField(max_length=7)
    mulai = models.DateField()
    sampai = models.DateField()
    created_by = models.ForeignKey(Pengguna, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    ditarik_at = models.DateTimeField(null=True)
    alasan_tarik = models.CharField(max_length=300, blank=True)

    objects = PengumumanQuerySet.as_manager()

    KLASIFIKASI = {
        "id": "teknis", "wilayah": "umum", "musyawarah": "umum", "periode": "umum", "mulai": "umum", "sampai": "umum",
        "created_by": "umum", "created_at": "teknis", "ditarik_at": "umum", "alasan_tarik": "umum",
    }  # fmt: skip

    class Meta:
        verbose_name = verbose_name_plural = "pengumuman"
        ordering = ["-created_at", "id"]
        constraints = [
            models.CheckConstraint(name="pengumuman_masa", condition=Q(sampai__gte=F("mulai"))),
            models.CheckConstraint(
                name="pengumuman_tarik", condition=Q(ditarik_at__isnull=True) | ~Q(alasan_tarik="")
            ),
        ]
        indexes = [models.Index(fields=["wilayah", "periode"], name="pengumuman_desa")]
