"""Two rows that may be one person, and the merging of two rows that are (docs/ganda.md, ADR 0011)."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from accounts.models import Orang, Pengguna
from core.privacy.fields import SealedField
from dtks.models.keluarga import Individu
from wilayah.kode import dalam


class CalonGandaQuerySet(models.QuerySet["CalonGanda"]):
    def visible_to(self, user: Pengguna) -> "CalonGandaQuerySet":
        """Pairs of which at least one side lives in the person's areas today; the page then shows that side only."""
        return self._menyentuh(user.cakupan("padan.lihat"))

    def untuk_diputus(self, user: Pengguna) -> "CalonGandaQuerySet":
        """Open pairs that this person can do something about: both sides lie in areas where he decides or proposes."""
        dinas, desa = user.cakupan("padan.setujui_kecuali"), user.cakupan("padan.kecualikan")
        luas = [*dinas, *desa]
        return self.terbuka().filter(
            dalam("pertama__keluarga__wilayah_id", luas), dalam("kedua__keluarga__wilayah_id", luas)
        )

    def terbuka(self) -> "CalonGandaQuerySet":
        return self.filter(status__in=CalonGanda.TERBUKA)

    def _menyentuh(self, luas: list[str]) -> "CalonGandaQuerySet":
        return self.filter(
            dalam("pertama__keluarga__wilayah_id", luas) | dalam("kedua__keluarga__wilayah_id", luas)
        )


class CalonGanda(models.Model):
    """A pair of persons that resemble each other, with points and reasons. One row per pair for ever."""

    class Status(models.TextChoices):
        TERBUKA = "terbuka", "Perlu diperiksa"
        USUL_GABUNG = "usul_gabung", "Menunggu persetujuan digabung"
        KE_DUKCAPIL = "ke_dukcapil", "Ditanyakan ke Disdukcapil"
        DIGABUNG = "digabung", "Orang yang sama, sudah digabung"
        BUKAN_GANDA = "bukan_ganda", "Orang berbeda"
        GUGUR = "gugur", "Tidak mirip lagi"

    TERBUKA = (Status.TERBUKA, Status.USUL_GABUNG, Status.KE_DUKCAPIL)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    pertama = models.ForeignKey(Individu, on_delete=models.PROTECT, related_name="calon_pertama")
    kedua = models.ForeignKey(Individu, on_delete=models.PROTECT, related_name="calon_kedua")
    skor = models.PositiveSmallIntegerField()
    alasan = ArrayField(models.CharField(max_length=30), default=list)
    # Keyed hash of what was compared, to see a change; a plain hash of a NIK could be guessed in minutes.
    sidik = models.BinaryField(max_length=32)
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.TERBUKA)
    dibuka_lagi = models.CharField(max_length=200, blank=True)
    utama = models.ForeignKey(Individu, on_delete=models.PROTECT, null=True, related_name="+")
    pilihan = ArrayField(models.CharField(max_length=20), default=list)
    usul_alasan = models.CharField(max_length=300, blank=True)
    diusulkan_by = models.ForeignKey(Pengguna, on_delete=models.PROTECT, null=True, related_name="+")
    diusulkan_orang = models.ForeignKey(Orang, on_delete=models.PROTECT, null=True, related_name="+")
    diputus_by = models.ForeignKey(Pengguna, on_delete=models.PROTECT, null=True, related_name="+")
    diputus_orang = models.ForeignKey(Orang, on_delete=models.PROTECT, null=True, related_name="+")
    diputus_at = models.DateTimeField(null=True)
    putusan_alasan = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(db_default=Now())
    updated_at = models.DateTimeField(auto_now=True)

    objects = CalonGandaQuerySet.as_manager()

    KLASIFIKASI = {
        "id": "teknis", "pertama": "pribadi", "kedua": "pribadi", "skor": "pribadi", "alasan": "pribadi", "sidik": "rahasia",
        "status": "umum", "dibuka_lagi": "pribadi", "utama": "pribadi", "pilihan": "teknis", "usul_alasan": "pribadi",
        "diusulkan_by": "teknis", "diusulkan_orang": "teknis", "diputus_by": "teknis", "diputus_orang": "teknis",
        "diputus_at": "teknis", "putusan_alasan": "pribadi", "created_at": "teknis", "updated_at": "teknis",
    }  # fmt: skip

    class Meta:
        verbose_name = verbose_name_plural = "calon ganda"
        ordering = ["-skor", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["pertama", "kedua"], name="calonganda_sekali"),
            models.CheckConstraint(name="calonganda_urut", condition=Q(pertama__lt=F("kedua"))),
            models.CheckConstraint(name="calonganda_skor", condition=Q(skor__lte=100)),
            models.CheckConstraint(
                name="calonganda_dua_orang",
                condition=~Q(status="digabung")
                | (
                    Q(diusulkan_orang__isnull=False, diputus_orang__isnull=False)
                    & ~Q(diusulkan_orang=F("diputus_orang"))
                ),
            ),
            models.CheckConstraint(
                name="calonganda_usul_utuh",
                condition=~Q(status__in=["usul_gabung", "digabung"]) | Q(utama__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["status", "-skor", "-id"], name="calonganda_antrean")]

    @property
    def kalah(self) -> Individu:
        """The one that gives way to `utama`."""
        return self.kedua if self.utama_id == self.pertama_id else self.pertama


class Penggabungan(models.Model):
    """One person's two rows made one: `kalah` points to `utama` until somebody takes it back. Rows are never removed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    calon = models.ForeignKey(CalonGanda, on_delete=models.PROTECT, related_name="penggabungan")
    utama = models.ForeignKey(Individu, on_delete=models.PROTECT, related_name="menerima_gabungan")
    kalah = models.ForeignKey(Individu, on_delete=models.PROTECT, related_name="digabung_ke")
    # What was there before, sealed: JSON of both persons, the families, tickets and categories that were touched.
    sebelum = SealedField("keadaan sebelum digabung", purpose="ganda")
    sidik_sesudah = models.BinaryField(max_length=32)
    kolom = ArrayField(models.CharField(max_length=20), default=list)
    digabung_by = models.ForeignKey(Pengguna, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    dibatalkan_by = models.ForeignKey(Pengguna, on_delete=models.PROTECT, null=True, related_name="+")
    dibatalkan_at = models.DateTimeField(null=True)
    batal_alasan = models.CharField(max_length=300, blank=True)

    KLASIFIKASI = {
        "id": "teknis", "calon": "teknis", "utama": "pribadi", "kalah": "pribadi", "sebelum": "rahasia",
        "sidik_sesudah": "rahasia", "kolom": "teknis", "digabung_by": "teknis", "created_at": "teknis",
        "dibatalkan_by": "teknis", "dibatalkan_at": "teknis", "batal_alasan": "pribadi",
    }  # fmt: skip

    class Meta:
        verbose_name = verbose_name_plural = "penggabungan"
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["kalah"], name="penggabungan_sekali", condition=Q(dibatalkan_at__isnull=True)
            ),
            models.CheckConstraint(name="penggabungan_dua_baris", condition=~Q(utama=F("kalah"))),
            models.CheckConstraint(
                name="penggabungan_batal_utuh",
                condition=Q(dibatalkan_at__isnull=True, dibatalkan_by__isnull=True, batal_alasan="")
                | (Q(dibatalkan_at__isnull=False, dibatalkan_by__isnull=False) & ~Q(batal_alasan="")),
            ),
        ]
