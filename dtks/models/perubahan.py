"""What changed, for clients that keep a copy: one row per changed object and area, written by triggers (docs/adr/0030)."""

from django.db import models
from django.db.models.functions import Now


class Perubahan(models.Model):
    """`tx` is the transaction's number: a reader stops at the oldest one that is still open, so a late commit is never missed.

    `wilayah` is where the object is seen, or was until this change: an object that moved has a row for either area.
    """

    class Jenis(models.TextChoices):
        KELUARGA = "keluarga", "Keluarga"
        INDIVIDU = "individu", "Individu"
        USULAN = "usulan", "Usulan"
        PENERIMA = "penerima", "Penerima"

    id = models.BigAutoField(primary_key=True)
    tx = models.BigIntegerField()
    jenis = models.CharField(max_length=12, choices=Jenis.choices)
    objek = models.UUIDField()
    wilayah = models.CharField(max_length=24, db_collation="C")
    pada = models.DateTimeField(db_default=Now())

    KLASIFIKASI = {
        "id": "teknis", "tx": "teknis", "jenis": "teknis", "objek": "teknis", "wilayah": "umum", "pada": "teknis",
    }  # fmt: skip

    class Meta:
        verbose_name = verbose_name_plural = "perubahan"
        indexes = [
            models.Index(fields=["jenis", "tx", "id"], name="perubahan_baca"),
            models.Index(fields=["pada"], name="perubahan_buang"),
        ]
