"""What SIKS-NG answered about a proposal: one row per NIK and programme of a result file. Append-only."""

import uuid

from django.db import models
from django.db.models.functions import Now

from dtks.models.impor import Impor
from dtks.models.keluarga import Individu
from dtks.models.usulan import Usulan


class HasilSiksQuerySet(models.QuerySet["HasilSiks"]):
    def berlaku(self) -> "HasilSiksQuerySet":
        """An import that was taken back leaves its rows as history; they count no more."""
        return self.filter(impor__status=Impor.Status.DITERAPKAN)


class HasilSiks(models.Model):
    """The answer as delivered. It decides nothing: whoever determines does that with a decree."""

    class Padan(models.TextChoices):
        PADAN = "padan", "Padan"
        TIDAK = "tidak", "Tidak padan"
        KOSONG = "", "Tidak disebut"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    usulan = models.ForeignKey(Usulan, on_delete=models.PROTECT, related_name="hasil_siks")
    individu = models.ForeignKey(Individu, on_delete=models.PROTECT, related_name="hasil_siks")
    impor = models.ForeignKey(Impor, on_delete=models.PROTECT, related_name="hasil_siks")
    nomor = models.PositiveIntegerField("baris di berkas")
    hasil = models.CharField(max_length=60)
    padan = models.CharField(max_length=5, choices=Padan.choices, blank=True)
    nama_dukcapil = models.CharField(max_length=100, blank=True)
    keterangan = models.CharField(max_length=300, blank=True)
    tiket = models.UUIDField(null=True)  # the finding that this row opened
    created_at = models.DateTimeField(db_default=Now())

    objects = HasilSiksQuerySet.as_manager()

    KLASIFIKASI = {
        "id": "teknis", "usulan": "pribadi", "individu": "pribadi", "impor": "teknis", "nomor": "teknis", "hasil": "pribadi",
        "padan": "pribadi", "nama_dukcapil": "pribadi", "keterangan": "pribadi", "tiket": "teknis", "created_at": "umum",
    }  # fmt: skip

    class Meta:
        verbose_name = verbose_name_plural = "hasil SIKS-NG"
        ordering = ["-created_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["impor", "nomor"], name="hasilsiks_baris")]
        indexes = [models.Index(fields=["usulan", "individu", "-created_at", "-id"], name="hasilsiks_usulan")]
