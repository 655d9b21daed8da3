"""The rule of a programme as data: one version, for one area, for a time."""

import uuid

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from accounts.models import Pengguna
from bansos.models.dasar import Program
from wilayah.models import Wilayah


class AturanProgram(models.Model):
    """A version of a programme's rule. In force: status `berlaku` and the day inside; the narrowest area wins.

    `isi` has the shape that `bansos.queries.isi_aturan.periksa` accepts (docs/adr/0025): predicates over the catalogue of
    measures, never code. What was once submitted does not change any more (bansos/sql/aturan.sql); a change is a new version.
    """

    class Status(models.TextChoices):
        DRAF = "draf", "Draf"
        DIAJUKAN = "diajukan", "Menunggu persetujuan"
        BERLAKU = "berlaku", "Disetujui"
        DITOLAK = "ditolak", "Ditolak"
        DICABUT = "dicabut", "Dicabut"

    class Verifikasi(models.TextChoices):
        PERLU_CEK = "perlu_cek", "Perlu dicek ke naskahnya"
        TERVERIFIKASI = "terverifikasi", "Sudah dicek ke naskahnya"
        KEBIJAKAN = "kebijakan", "Kebijakan daerah"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="aturan")
    wilayah = models.ForeignKey(Wilayah, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    versi = models.PositiveIntegerField()
    isi = models.JSONField(encoder=DjangoJSONEncoder)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAF)
    berlaku_sejak = models.DateField()
    berlaku_hingga = models.DateField(null=True, blank=True)
    dasar_hukum = models.CharField(max_length=300)
    sumber = models.TextField("dari mana nilainya", max_length=2000)
    status_verifikasi = models.CharField(
        max_length=15, choices=Verifikasi.choices, default=Verifikasi.PERLU_CEK
    )
    catatan = models.TextField(blank=True, max_length=2000)
    created_by = models.ForeignKey(Pengguna, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    diajukan_by = models.ForeignKey(Pengguna, on_delete=models.PROTECT, null=True, related_name="+")
    diajukan_at = models.DateTimeField(null=True)
    diputus_by = models.ForeignKey(Pengguna, on_delete=models.PROTECT, null=True, related_name="+")
    diputus_at = models.DateTimeField(null=True)
    alasan_putus = models.CharField(max_length=500, blank=True)

    KLASIFIKASI = {
        "id": "teknis", "program": "umum", "wilayah": "umum", "versi": "umum", "isi": "umum", "status": "umum",
        "berlaku_sejak": "umum", "berlaku_hingga": "umum", "dasar_hukum": "umum", "sumber": "umum",
        "status_verifikasi": "umum", "catatan": "umum", "created_by": "umum", "created_at": "teknis", "diajukan_by": "umum",
        "diajukan_at": "umum", "diputus_by": "umum", "diputus_at": "umum", "alasan_putus": "umum",
    }  # fmt: skip

    class Meta:
        verbose_name = verbose_name_plural = "aturan program"
        ordering = ["program", "-versi"]
        constraints = [
            models.UniqueConstraint(fields=["program", "versi"], name="aturanprogram_versi"),
            models.CheckConstraint(
                name="aturanprogram_masa",
                condition=Q(berlaku_hingga__isnull=True) | Q(berlaku_hingga__gte=models.F("berlaku_sejak")),
            ),
            models.CheckConstraint(
                name="aturanprogram_putusan",
                condition=~Q(status="ditolak") | ~Q(alasan_putus=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.program_id}/{self.versi}"


class PercobaanAturan(models.Model):
    """What one trial of a rule said. `isi_sidik`: hash of the content that was tried; `angka`: the numbers of
    `bansos.queries.banding.Banding`; `contoh`: the first families of each direction by id, without names.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    aturan = models.ForeignKey(AturanProgram, on_delete=models.PROTECT, related_name="percobaan")
    periode = models.CharField("triwulan", max_length=6)
    isi_sidik = models.CharField(max_length=64)
    angka = models.JSONField()
    contoh = models.JSONField(default=list)
    by = models.ForeignKey(Pengguna, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now())

    KLASIFIKASI = {
        "id": "teknis", "aturan": "umum", "periode": "umum", "isi_sidik": "teknis", "angka": "umum", "contoh": "pribadi",
        "by": "umum", "created_at": "teknis",
    }  # fmt: skip

    class Meta:
        verbose_name = verbose_name_plural = "percobaan aturan"
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["aturan", "-created_at"], name="percobaanaturan_terbaru")]

    def __str__(self) -> str:
        return f"{self.aturan_id} {self.periode}"
