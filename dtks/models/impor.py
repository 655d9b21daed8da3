"""Files that come in: one row per file, one per row of the file. The kinds are in `dtks.actions.impor`."""

import json
import uuid
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from accounts.models import Pengguna
from core.models import Berkas
from core.privacy import keys
from wilayah.kode import dalam
from wilayah.models import Wilayah

# One encoder for all rows: json.dumps with options makes a new one for every call.
_SEBAGAI_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=str).encode


class ImporQuerySet(models.QuerySet["Impor"]):
    def visible_to(self, user: Pengguna) -> "ImporQuerySet":
        """Files of the user's areas, kind by kind: each kind of file has a power of its own."""
        kuasa = {k for p in user.penugasan_aktif for k in p.peran.kuasa if k.startswith("impor.")}
        syarat = Q(pk__in=())
        for satu in sorted(kuasa):
            syarat |= Q(kuasa=satu) & dalam("wilayah_id", user.cakupan(satu))
        return self.filter(syarat)


class Impor(models.Model):
    """One uploaded file on its way: checked, shown, confirmed, applied, perhaps taken back."""

    class Status(models.TextChoices):
        DIUNGGAH = "diunggah", "Sedang diperiksa"
        SIAP = "siap", "Sudah diperiksa, menunggu Anda"
        MENERAPKAN = "menerapkan", "Sedang disimpan"
        DITERAPKAN = "diterapkan", "Sudah disimpan"
        MEMBATALKAN = "membatalkan", "Sedang dibatalkan"
        DIBATALKAN = "dibatalkan", "Dibatalkan"
        GAGAL = "gagal", "Berkas tidak bisa dipakai"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    jenis = models.CharField(max_length=20)
    kuasa = models.CharField(max_length=40)
    wilayah = models.ForeignKey(Wilayah, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.DIUNGGAH)
    berkas = models.ForeignKey(Berkas, on_delete=models.PROTECT, related_name="+")
    sha256 = models.BinaryField(max_length=32)
    periode = models.CharField(max_length=7)
    jumlah = models.PositiveIntegerField(default=0)
    hitung = models.JSONField(default=dict)
    kode_gagal = models.CharField(max_length=40, blank=True)
    sebab = models.CharField(max_length=500, blank=True)
    pilihan = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    pekerjaan = models.UUIDField(null=True)
    jejak_akhir = models.BigIntegerField(null=True)
    created_by = models.ForeignKey(Pengguna, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    applied_by = models.ForeignKey(Pengguna, on_delete=models.PROTECT, null=True, related_name="+")
    applied_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(Pengguna, on_delete=models.PROTECT, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = ImporQuerySet.as_manager()

    KLASIFIKASI = {
        "id": "teknis", "jenis": "umum", "kuasa": "teknis", "wilayah": "umum", "status": "umum", "berkas": "rahasia", "sha256": "teknis",
        "periode": "umum", "jumlah": "umum", "hitung": "umum", "kode_gagal": "umum", "sebab": "umum", "pilihan": "umum",
        "pekerjaan": "teknis", "jejak_akhir": "teknis", "created_by": "teknis", "created_at": "umum", "applied_by": "teknis",
        "applied_at": "umum", "undone_by": "teknis", "undone_at": "umum", "updated_at": "teknis",
    }  # fmt: skip

    class Meta:
        verbose_name = verbose_name_plural = "impor"
        indexes = [
            models.Index(fields=["wilayah", "-created_at", "id"], name="impor_wilayah"),
            models.Index(fields=["sha256"], name="impor_sha256"),
        ]

    def __str__(self) -> str:
        return f"{self.jenis} {self.created_at:%Y-%m-%d}"


class BarisImpor(models.Model):
    """One row of a file: what would become of it, and, once applied, what became of it.

    `isi` (the row) and `sebelum` (columns as they were, for undo and for keeping both versions) are sealed JSON.
    `keluarga`, `individu`, `usulan` are keys without a constraint: the rows may be new, and may be taken back.
    """

    class Hasil(models.TextChoices):
        BARU = "baru", "Baru"
        BERUBAH = "berubah", "Berubah"
        PINDAH = "pindah", "Pindah KK"
        KONFLIK = "konflik", "Konflik"
        GALAT = "galat", "Salah"
        SAMA = "sama", "Sama"

    impor = models.ForeignKey(Impor, on_delete=models.CASCADE, related_name="baris")
    nomor = models.PositiveIntegerField()
    hasil = models.CharField(max_length=8, choices=Hasil.choices)
    kelompok = models.BinaryField(max_length=32, null=True)
    isi = models.BinaryField()
    sebelum = models.BinaryField(null=True)
    galat = models.JSONField(default=list)
    tanda = models.JSONField(default=list)
    program = models.CharField(max_length=20, blank=True)
    keluarga = models.UUIDField(null=True)
    individu = models.UUIDField(null=True)
    usulan = models.UUIDField(null=True)
    dibuat = ArrayField(models.CharField(max_length=10), default=list)
    ganti = ArrayField(models.UUIDField(), default=list)

    KLASIFIKASI = {
        "id": "teknis", "impor": "teknis", "nomor": "teknis", "hasil": "umum", "kelompok": "rahasia", "isi": "rahasia", "sebelum": "rahasia",
        "galat": "umum", "tanda": "umum", "program": "umum", "keluarga": "teknis", "individu": "teknis", "usulan": "teknis",
        "dibuat": "teknis", "ganti": "teknis",
    }  # fmt: skip

    class Meta:
        verbose_name = verbose_name_plural = "baris impor"
        ordering = ["nomor"]
        constraints = [models.UniqueConstraint(fields=["impor", "nomor"], name="barisimpor_nomor")]
        indexes = [
            models.Index(fields=["impor", "hasil", "nomor"], name="barisimpor_hasil"),
            models.Index(
                fields=["individu"], name="barisimpor_individu", condition=Q(individu__isnull=False)
            ),
            models.Index(fields=["usulan"], name="barisimpor_usulan", condition=Q(usulan__isnull=False)),
        ]

    @staticmethod
    def segel(impor_id: uuid.UUID | str, nomor: int, isi: Any) -> bytes:
        return keys.seal(_SEBAGAI_JSON(isi).encode(), f"dtks_barisimpor:{impor_id}:{nomor}")

    @staticmethod
    def buka_segel(impor_id: uuid.UUID | str, nomor: int, segel: bytes) -> Any:
        return json.loads(keys.unseal(segel, f"dtks_barisimpor:{impor_id}:{nomor}"))

    def buka(self) -> dict[str, Any]:
        """The row's content as its kind wrote it."""
        return self.buka_segel(self.impor_id, self.nomor, self.isi)
