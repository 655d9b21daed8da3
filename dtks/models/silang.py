"""Checking very many NIK at once: against the population table of Disdukcapil, and for the rest at the service."""

import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from accounts.models import Pengguna
from core.identity import mask_nik
from core.privacy.fields import SealedField
from wilayah.kode import dalam
from wilayah.models import Wilayah


class Penduduk(models.Model):
    """One person of the population table that Disdukcapil handed over. Found by the keyed index of the NIK only.

    `status`: '' or the code of the civil registry ('11' dead, '12' double, '14' not active). Replaced file by file with COPY
    (dtks.actions.penduduk), never edited, so it is not under watch row by row; the file is in the audit trail.
    """

    nik_indeks = models.BinaryField(primary_key=True, max_length=32)
    nama = models.CharField("nama, huruf besar", max_length=100)
    tgl_lahir = models.DateField()
    jenis_kelamin = models.CharField(max_length=1)
    wilayah = models.CharField("kabupaten", max_length=24, db_collation="C")
    status = models.CharField(max_length=2, blank=True)
    per_tanggal = models.DateField()

    INDEKS = ("nik_indeks",)
    KLASIFIKASI = {
        "nik_indeks": "rahasia", "nama": "pribadi", "tgl_lahir": "pribadi",
        "jenis_kelamin": "pribadi", "wilayah": "umum", "status": "pribadi", "per_tanggal": "umum",
    }  # fmt: skip

    class Meta:
        verbose_name = verbose_name_plural = "penduduk"


class SilangQuerySet(models.QuerySet["Silang"]):
    def visible_to(self, user: Pengguna) -> "SilangQuerySet":
        """A batch that was sent in belongs to who sent it; a check of the register to the desk of its area."""
        return self.filter(
            Q(diminta_by=user)
            | (Q(asal=Silang.Asal.REGISTER) & dalam("wilayah_id", user.cakupan("padan.minta")))
        )


class Silang(models.Model):
    """One cross-check: of an area of the register, or of the rows that somebody sent in."""

    class Asal(models.TextChoices):
        REGISTER = "register", "Data keluarga di portal"
        KIRIMAN = "kiriman", "Berkas yang dikirim"

    class Status(models.TextChoices):
        JALAN = "jalan", "Sedang dicek"
        SELESAI = "selesai", "Selesai"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    asal = models.CharField(max_length=10, choices=Asal.choices)
    wilayah = models.ForeignKey(Wilayah, on_delete=models.PROTECT, related_name="+")
    tujuan = models.CharField("untuk apa", max_length=200)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.JALAN)
    jumlah = models.PositiveIntegerField(default=0)
    selesai = models.PositiveIntegerField(default=0)
    bagian = models.PositiveIntegerField("bagian yang belum selesai", default=0)
    per_kategori = models.JSONField(default=dict)
    diminta_by = models.ForeignKey(Pengguna, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    selesai_at = models.DateTimeField(null=True)

    objects = SilangQuerySet.as_manager()

    KLASIFIKASI = {
        "id": "teknis", "asal": "umum", "wilayah": "umum", "tujuan": "umum", "status": "umum", "jumlah": "umum",
        "selesai": "umum", "bagian": "teknis", "per_kategori": "umum", "diminta_by": "umum", "created_at": "umum",
        "selesai_at": "umum",
    }  # fmt: skip

    class Meta:
        verbose_name = verbose_name_plural = "cek silang"
        ordering = ["-created_at", "id"]
        indexes = [models.Index(fields=["diminta_by", "-created_at"], name="silang_pemilik")]


class BarisSilang(models.Model):
    """One person of a cross-check. `nomor`: the row of the batch that was sent in; `individu`: the person of the register.

    The NIK of a sent row is sealed until it is answered, then forgotten; the rows go after some days (Ketentuan).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    silang = models.ForeignKey(
        Silang, on_delete=models.CASCADE, related_name="baris", db_index=False, db_constraint=False
    )
    nomor = models.PositiveIntegerField(null=True)
    individu = models.UUIDField(null=True)
    nik_indeks = models.BinaryField(max_length=32, null=True)
    nik = SealedField(purpose="nik", mask=mask_nik)
    nama = models.CharField(max_length=100, blank=True)
    tgl_lahir = models.DateField(null=True)
    jenis_kelamin = models.CharField(max_length=1, blank=True)
    kategori = models.CharField(max_length=20, blank=True)

    KLASIFIKASI = {
        "id": "teknis", "silang": "teknis", "nomor": "teknis", "individu": "pribadi", "nik_indeks": "rahasia", "nik": "rahasia",
        "nama": "pribadi", "tgl_lahir": "pribadi", "jenis_kelamin": "pribadi", "kategori": "pribadi",
    }  # fmt: skip

    class Meta:
        verbose_name = verbose_name_plural = "baris cek silang"
        indexes = [
            models.Index(
                fields=["silang", "nik_indeks"],
                name="barissilang_rentang",
                condition=Q(nik_indeks__isnull=False),
            ),
            models.Index(
                fields=["silang", "nomor"], name="barissilang_nomor", condition=Q(nomor__isnull=False)
            ),
            models.Index(fields=["silang", "id"], name="barissilang_tanya", condition=Q(kategori="")),
        ]
