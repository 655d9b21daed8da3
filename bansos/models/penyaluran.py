"""Payments: who should get how much in which period, and how far each payment has come (domain.md §2.6d).

The portal pays nobody. What banks, PT Pos and SIKS-NG report comes in as files and is kept as delivered: one `Penyaluran` per
person, programme, period and stage, and one `RiwayatPenyaluran` for each report about it.
"""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from accounts.models import Pengguna
from bansos.models.dasar import BarisPenetapan, Program
from dtks.models import Impor, Individu, Keluarga
from wilayah.kode import dalam
from wilayah.models import Wilayah


class StatusSalur(models.Model):
    """A status as banks and SIKS-NG write it, with its sentence for the citizen and what to do next. Reference data.

    `capai`: how far the money has come with it, 0 no order yet, 1 ordered (SPM, SP2D, SI), 2 paid (top-up), 3 withdrawn.
    """

    class Kelompok(models.TextChoices):
        PROSES = "proses", "Dalam proses"
        GAGAL = "gagal", "Gagal rekening"
        DIBAYAR = "dibayar", "Dana masuk"
        TIDAK_TRANSAKSI = "tidak_transaksi", "Dana tidak diambil"
        DIAMBIL = "diambil", "Dana sudah diambil"
        DIKELUARKAN = "dikeluarkan", "Dikeluarkan dari daftar bayar"

    kode = models.CharField(max_length=20, primary_key=True)
    nama = models.CharField(max_length=60)
    ejaan = ArrayField(models.CharField(max_length=60), default=list)
    kelompok = models.CharField(max_length=15, choices=Kelompok.choices)
    capai = models.PositiveSmallIntegerField()
    kalimat = models.CharField(max_length=200)
    saran = models.CharField(max_length=300)
    tindakan = models.CharField(max_length=300)
    urut = models.PositiveSmallIntegerField()
    aktif = models.BooleanField(default=True)
    sumber = models.CharField(max_length=200)
    status_verifikasi = models.CharField(max_length=20, default="perlu_cek")

    class Meta:
        verbose_name = verbose_name_plural = "status penyaluran"
        ordering = ["urut", "kode"]
        constraints = [models.CheckConstraint(name="statussalur_capai", condition=Q(capai__lte=3))]

    def __str__(self) -> str:
        return self.nama


class PenyaluranQuerySet(models.QuerySet["Penyaluran"]):
    def visible_to(self, user: Pengguna) -> "PenyaluranQuerySet":
        return self.filter(dalam("wilayah_id", user.cakupan("penyaluran.lihat")))

    def berlaku(self) -> "PenyaluranQuerySet":
        """Without those that only an import knew that was taken back."""
        return self.filter(berlaku=True)


class Penyaluran(models.Model):
    """One payment of one programme: person (pengurus, or the recipient of a personal programme), period, stage.

    `baris` is the row of the decree that it rests on; empty when the portal knows none, which the reconciliation names.
    `wilayah` is where the family lived when the first report came. Amounts in rupiah: `nominal` of the newest report; order,
    paid and withdrawn as reported, None while the money has not come that far. Changed by an import only; a report makes it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="penyaluran")
    periode = models.CharField(max_length=7)
    tahap = models.PositiveSmallIntegerField(default=1)
    individu = models.ForeignKey(Individu, on_delete=models.PROTECT, related_name="penyaluran")
    keluarga = models.ForeignKey(Keluarga, on_delete=models.PROTECT, related_name="penyaluran")
    perorangan = models.BooleanField(default=False)
    wilayah = models.ForeignKey(Wilayah, on_delete=models.PROTECT, related_name="+")
    baris = models.ForeignKey(BarisPenetapan, on_delete=models.PROTECT, null=True, related_name="penyaluran")
    lembaga = models.CharField("lembaga penyalur", max_length=40, blank=True)
    status = models.ForeignKey(StatusSalur, on_delete=models.PROTECT, related_name="+")
    status_tanggal = models.DateField("tanggal status")
    nominal = models.BigIntegerField()
    nominal_perintah = models.BigIntegerField(null=True)
    nominal_dibayar = models.BigIntegerField(null=True)
    nominal_diambil = models.BigIntegerField(null=True)
    keterangan = models.CharField(max_length=200, blank=True)
    urut_riwayat = models.PositiveIntegerField(default=1)
    berlaku = models.BooleanField(default=True)
    created_at = models.DateTimeField(db_default=Now())
    updated_at = models.DateTimeField(db_default=Now())

    objects = PenyaluranQuerySet.as_manager()

    KLASIFIKASI = {
        "id": "teknis", "program": "umum", "periode": "umum", "tahap": "umum", "individu": "pribadi", "keluarga": "pribadi",
        "perorangan": "umum", "wilayah": "umum", "baris": "pribadi", "lembaga": "pribadi", "status": "pribadi",
        "status_tanggal": "pribadi", "nominal": "pribadi", "nominal_perintah": "pribadi", "nominal_dibayar": "pribadi",
        "nominal_diambil": "pribadi", "keterangan": "pribadi", "urut_riwayat": "teknis", "berlaku": "teknis",
        "created_at": "teknis", "updated_at": "teknis",
    }  # fmt: skip

    class Meta:
        verbose_name = verbose_name_plural = "penyaluran"
        ordering = ["-periode", "-tahap", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["program", "periode", "tahap", "individu"], name="penyaluran_satu_orang"
            ),
            models.UniqueConstraint(  # a family programme pays a family once, whoever holds the card
                fields=["program", "periode", "tahap", "keluarga"],
                name="penyaluran_satu_keluarga",
                condition=Q(perorangan=False, berlaku=True),
            ),
            models.CheckConstraint(
                name="penyaluran_periode", condition=Q(periode__regex=r"^20[0-9]{2}-([1-4]|0[1-9]|1[0-2])$")
            ),
            models.CheckConstraint(
                name="penyaluran_nominal", condition=Q(nominal__gte=0, nominal__lte=100_000_000)
            ),
            models.CheckConstraint(
                name="penyaluran_urutan_uang",
                condition=(Q(nominal_diambil__isnull=True) | Q(nominal_dibayar__isnull=False))
                & (Q(nominal_dibayar__isnull=True) | Q(nominal_perintah__isnull=False)),
            ),
            models.CheckConstraint(
                name="penyaluran_diambil",
                condition=Q(nominal_diambil__isnull=True) | Q(nominal_diambil__lte=F("nominal_dibayar")),
            ),
        ]
        indexes = [
            models.Index(fields=["program", "periode", "wilayah", "id"], name="penyaluran_daftar"),
            models.Index(fields=["wilayah", "-periode", "id"], name="penyaluran_wilayah"),
            models.Index(fields=["keluarga", "-periode"], name="penyaluran_keluarga"),
        ]

    def __str__(self) -> str:
        return f"{self.program_id} {self.periode}/{self.tahap}"


class RiwayatPenyaluranQuerySet(models.QuerySet["RiwayatPenyaluran"]):
    def berlaku(self) -> "RiwayatPenyaluranQuerySet":
        """An import that was taken back leaves its rows as history; they count no more."""
        return self.exclude(impor__status=Impor.Status.DIBATALKAN)


class RiwayatPenyaluran(models.Model):
    """One report about one payment, and how the payment stood after it. Append-only."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    penyaluran = models.ForeignKey(Penyaluran, on_delete=models.PROTECT, related_name="riwayat")
    urut = models.PositiveIntegerField()
    impor = models.ForeignKey(Impor, on_delete=models.PROTECT, related_name="riwayat_penyaluran")
    nomor = models.PositiveIntegerField("baris di berkas")
    lembaga = models.CharField(max_length=40, blank=True)
    status = models.ForeignKey(StatusSalur, on_delete=models.PROTECT, related_name="+")
    status_tanggal = models.DateField()
    nominal = models.BigIntegerField()
    nominal_perintah = models.BigIntegerField(null=True)
    nominal_dibayar = models.BigIntegerField(null=True)
    nominal_diambil = models.BigIntegerField(null=True)
    keterangan = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(db_default=Now())

    objects = RiwayatPenyaluranQuerySet.as_manager()

    KLASIFIKASI = {
        "id": "teknis", "penyaluran": "pribadi", "urut": "teknis", "impor": "teknis", "nomor": "teknis", "lembaga": "pribadi",
        "status": "pribadi", "status_tanggal": "pribadi", "nominal": "pribadi", "nominal_perintah": "pribadi",
        "nominal_dibayar": "pribadi", "nominal_diambil": "pribadi", "keterangan": "pribadi", "created_at": "teknis",
    }  # fmt: skip

    class Meta:
        verbose_name = verbose_name_plural = "riwayat penyaluran"
        ordering = ["urut"]
        constraints = [
            models.UniqueConstraint(fields=["penyaluran", "urut"], name="riwayatpenyaluran_urut"),
            models.UniqueConstraint(fields=["impor", "nomor"], name="riwayatpenyaluran_baris"),
        ]
