"""The clock of a proposal's state: when it stands still, and what was raised because it ran."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from dtks.models.usulan import Usulan
from dtks.workflow import USULAN


class JedaTenggatQuerySet(models.QuerySet["JedaTenggat"]):
    def terbuka(self) -> "JedaTenggatQuerySet":
        return self.filter(sampai__isnull=True)

    def berjalan(self) -> "JedaTenggatQuerySet":
        """Pauses of the state in which the proposal is now: its clock stands still."""
        return self.terbuka().filter(status=F("usulan__status"))


class JedaTenggat(models.Model):
    """The clock of one state of one proposal stands still from one day to another: why, and who is waited for.

    A pause of a state that the proposal has left (sent back, postponed) keeps the deadline for its return.
    """

    class Jenis(models.TextChoices):
        TUNDA = "tunda", "Ditunda"
        KEMBALI = "kembali", "Dikembalikan"
        SURAT = "surat", "Surat ke Disdukcapil"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    usulan = models.ForeignKey(Usulan, on_delete=models.PROTECT, related_name="jeda")
    status = models.CharField(max_length=20, choices=USULAN.choices())
    jenis = models.CharField(max_length=10, choices=Jenis.choices)
    menunggu = models.CharField("yang ditunggu", max_length=120)
    alasan = models.CharField(max_length=200, blank=True)
    sejak = models.DateField()
    sampai = models.DateField(null=True)
    # The clock as it stood, and the versions of the proposal that stopped it and let it go (for taking a step back).
    mulai_semula = models.DateField(null=True)
    hari_semula = models.PositiveSmallIntegerField(null=True)
    tenggat_semula = models.DateField(null=True)
    dibuka_versi = models.PositiveIntegerField()
    ditutup_versi = models.PositiveIntegerField(null=True)
    created_at = models.DateTimeField(db_default=Now())

    objects = JedaTenggatQuerySet.as_manager()

    KLASIFIKASI = {
        "id": "teknis", "usulan": "teknis", "status": "umum", "jenis": "umum", "menunggu": "umum", "alasan": "umum", "sejak": "umum",
        "sampai": "umum", "mulai_semula": "teknis", "hari_semula": "teknis", "tenggat_semula": "teknis", "dibuka_versi": "teknis",
        "ditutup_versi": "teknis", "created_at": "teknis",
    }  # fmt: skip

    class Meta:
        verbose_name = verbose_name_plural = "jeda tenggat"
        constraints = [
            models.UniqueConstraint(
                fields=["usulan", "status"], name="jeda_satu_terbuka", condition=Q(sampai__isnull=True)
            ),
            models.CheckConstraint(
                name="jeda_maju", condition=Q(sampai__isnull=True) | Q(sampai__gte=F("sejak"))
            ),
        ]
        indexes = [models.Index(fields=["usulan", "status", "sejak"], name="jeda_usulan")]


class Eskalasi(models.Model):
    """One threshold of the time of one state, reached once. The key holds it, however often the job runs."""

    usulan = models.ForeignKey(Usulan, on_delete=models.PROTECT, related_name="eskalasi")
    status = models.CharField(max_length=20, choices=USULAN.choices())
    mulai = models.DateField()
    ambang = models.PositiveSmallIntegerField()
    tenggat = models.DateField()
    created_at = models.DateTimeField(db_default=Now())

    KLASIFIKASI = {
        "id": "teknis", "usulan": "teknis", "status": "umum", "mulai": "umum", "ambang": "umum", "tenggat": "umum",
        "created_at": "teknis",
    }  # fmt: skip

    class Meta:
        verbose_name = verbose_name_plural = "eskalasi"
        constraints = [
            models.UniqueConstraint(fields=["usulan", "status", "mulai", "ambang"], name="eskalasi_sekali")
        ]
