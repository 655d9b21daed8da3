"""One step for many ticked cases: what was seen before it was confirmed, and what became of each case."""

import uuid

from django.db import models
from django.db.models.functions import Now

from accounts.models import Pengguna
from dtks.models import Usulan


class TindakanMassalQuerySet(models.QuerySet["TindakanMassal"]):
    def visible_to(self, user: Pengguna) -> "TindakanMassalQuerySet":
        return self.filter(oleh=user)


class TindakanMassal(models.Model):
    """Ticked cases of one queue and the step for them. Each case is decided by the same action as alone; the trail has those."""

    class Status(models.TextChoices):
        PRATINJAU = "pratinjau", "Belum dikonfirmasi"
        JALAN = "jalan", "Sedang dikerjakan"
        SELESAI = "selesai", "Selesai"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    oleh = models.ForeignKey(Pengguna, on_delete=models.PROTECT, related_name="+")
    langkah = models.CharField(max_length=30)
    dari = models.CharField("antrean asal", max_length=30)
    isian = models.JSONField(default=dict)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.PRATINJAU)
    created_at = models.DateTimeField(db_default=Now())
    mulai_at = models.DateTimeField(null=True)
    selesai_at = models.DateTimeField(null=True)

    objects = TindakanMassalQuerySet.as_manager()

    KLASIFIKASI = {
        "id": "teknis", "oleh": "umum", "langkah": "umum", "dari": "umum", "isian": "pribadi", "status": "umum", "created_at": "umum",
        "mulai_at": "umum", "selesai_at": "umum",
    }  # fmt: skip

    class Meta:
        verbose_name = verbose_name_plural = "tindakan massal"


class BarisMassal(models.Model):
    """One ticked case: the version that was shown, why it cannot (`tidak`), or what came of it."""

    class Hasil(models.TextChoices):
        TIDAK = "tidak", "Tidak dapat"
        MENUNGGU = "", "Menunggu"
        BERHASIL = "berhasil", "Berhasil"
        GAGAL = "gagal", "Gagal"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    massal = models.ForeignKey(TindakanMassal, on_delete=models.CASCADE, related_name="baris")
    usulan = models.ForeignKey(Usulan, on_delete=models.PROTECT, related_name="+")
    urut = models.PositiveSmallIntegerField()
    versi = models.PositiveIntegerField()
    hasil = models.CharField(max_length=10, choices=Hasil.choices, default=Hasil.MENUNGGU, blank=True)
    kode = models.CharField(max_length=60, blank=True)
    kalimat = models.CharField(max_length=500, blank=True)

    KLASIFIKASI = {
        "id": "teknis", "massal": "teknis", "usulan": "teknis", "urut": "teknis", "versi": "teknis", "hasil": "umum", "kode": "umum",
        "kalimat": "pribadi",
    }  # fmt: skip

    class Meta:
        verbose_name = verbose_name_plural = "baris tindakan massal"
        ordering = ["urut"]
        constraints = [models.UniqueConstraint(fields=["massal", "usulan"], name="barismassal_satu")]
