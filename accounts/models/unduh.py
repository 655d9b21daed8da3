"""A second person's word before a long list leaves the portal (docs/adr/0039)."""

import uuid
from typing import Any

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone

from accounts.models.pengguna import Orang, Pengguna
from core.privacy.fields import SealedField
from wilayah.kode import dalam

SETUJUI = "ekspor.setujui"


class IzinUnduhQuerySet(models.QuerySet["IzinUnduh"]):
    def visible_to(self, user: Pengguna) -> "IzinUnduhQuerySet":
        """One's own, and those of the areas in which one may approve."""
        return self.filter(Q(diminta_by=user) | dalam("wilayah", user.cakupan(SETUJUI)))

    def menunggu(self) -> "IzinUnduhQuerySet":
        return self.filter(status=IzinUnduh.Status.DIMINTA)

    def siap(self) -> "IzinUnduhQuerySet":
        """Approved, not used, in time."""
        return self.filter(status=IzinUnduh.Status.DISETUJUI, hingga__gt=timezone.now())


class IzinUnduh(models.Model):
    """One list, one filter, masked or full: asked for by one person, approved by another of another unit, taken once.

    `tanda`: keyed hash of what is asked for (list, filter, full or masked); it is all that the gate compares. `alamat`: the page
    that gives the file; its filter may hold a name that somebody typed. `kuasa`: powers that open the list, any of them.
    """

    class Status(models.TextChoices):
        DIMINTA = "diminta", "Menunggu persetujuan"
        DISETUJUI = "disetujui", "Disetujui"
        DITOLAK = "ditolak", "Ditolak"
        DIPAKAI = "dipakai", "Sudah diunduh"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    daftar = models.CharField("kode daftar", max_length=40)
    judul = models.CharField(max_length=100)
    tanda = models.BinaryField(max_length=32)
    alamat: Any = SealedField(purpose="alamat")
    nomor = models.BooleanField("dengan NIK lengkap")
    jumlah = models.PositiveIntegerField("baris saat diminta")
    tujuan = models.CharField("untuk apa", max_length=200)
    wilayah = models.CharField(max_length=24, db_collation="C")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DIMINTA)
    diminta_by = models.ForeignKey(Pengguna, on_delete=models.PROTECT, related_name="+")
    diminta_orang = models.ForeignKey(Orang, on_delete=models.PROTECT, related_name="+")
    unit_peminta = models.CharField(max_length=100)
    created_at = models.DateTimeField(db_default=Now())
    diputus_by = models.ForeignKey(Pengguna, on_delete=models.PROTECT, null=True, related_name="+")
    diputus_orang = models.ForeignKey(Orang, on_delete=models.PROTECT, null=True, related_name="+")
    unit_pemutus = models.CharField(max_length=100, blank=True)
    diputus_at = models.DateTimeField(null=True)
    alasan = models.CharField("alasan menolak", max_length=300, blank=True)
    hingga = models.DateTimeField("boleh diunduh sampai", null=True)
    dipakai_at = models.DateTimeField(null=True)
    jumlah_keluar = models.PositiveIntegerField(null=True)
    diambil_at = models.DateTimeField("berkas latar diambil", null=True)

    objects = IzinUnduhQuerySet.as_manager()

    KLASIFIKASI = {
        "id": "teknis", "daftar": "umum", "judul": "umum", "tanda": "rahasia", "alamat": "rahasia", "nomor": "umum", "jumlah": "umum",
        "tujuan": "umum", "wilayah": "umum", "status": "umum", "diminta_by": "umum", "diminta_orang": "teknis", "unit_peminta": "umum",
        "created_at": "umum", "diputus_by": "umum", "diputus_orang": "teknis", "unit_pemutus": "umum", "diputus_at": "umum",
        "alasan": "umum", "hingga": "umum", "dipakai_at": "umum", "jumlah_keluar": "umum", "diambil_at": "umum",
    }  # fmt: skip

    class Meta:
        verbose_name = verbose_name_plural = "izin unduh"
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(
                name="izinunduh_dua_orang",
                condition=Q(diputus_orang__isnull=True) | ~Q(diputus_orang=models.F("diminta_orang")),
            ),
            models.CheckConstraint(
                name="izinunduh_dua_unit",
                condition=Q(diputus_orang__isnull=True) | ~Q(unit_pemutus=models.F("unit_peminta")),
            ),
            models.CheckConstraint(
                name="izinunduh_putusan",
                condition=(
                    Q(status="diminta", diputus_orang__isnull=True)
                    | (Q(diputus_orang__isnull=False) & ~Q(status="diminta"))
                ),
            ),
            models.UniqueConstraint(
                name="izinunduh_satu",
                fields=["diminta_by", "tanda"],
                condition=Q(status="diminta"),
            ),
        ]
        indexes = [
            models.Index(
                name="izinunduh_antre", fields=["wilayah", "-created_at"], condition=Q(status="diminta")
            ),
            models.Index(name="izinunduh_peminta", fields=["diminta_by", "-created_at"]),
        ]

    @property
    def masih_berlaku(self) -> bool:
        return (
            self.status == self.Status.DISETUJUI and self.hingga is not None and self.hingga > timezone.now()
        )
