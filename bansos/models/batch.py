"""A batch on its way over three desks to one surat pengesahan, and every time that a letter was sent on."""

import itertools
import uuid

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from accounts.models import Orang, Pengguna
from bansos.models.dasar import Pengesahan, Program
from bansos.workflow import BATCH
from dtks.models import Usulan
from dtks.models.riwayat import Riwayat
from wilayah.kode import dalam
from wilayah.models import Wilayah

TIGA_MEJA = ("penyusun_orang", "pemeriksa_orang", "pengesah_orang")


class BatchQuerySet(models.QuerySet["BatchPengesahan"]):
    def visible_to(self, user: Pengguna) -> "BatchQuerySet":
        return self.filter(dalam("wilayah_id", user.cakupan("penetapan.lihat")))


class BatchPengesahan(models.Model):
    """Verified proposals of one programme that a verifier put together, a supervisor checks and the head endorses as a whole.

    Three desks are three different people, whatever accounts they use (constraint); the letter is made with the last step.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    nomor = models.CharField(max_length=20)
    wilayah = models.ForeignKey(Wilayah, on_delete=models.PROTECT, related_name="+")
    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=20, choices=BATCH.choices(), default="disusun")
    status_sejak = models.DateTimeField(db_default=Now())
    versi = models.PositiveIntegerField(default=0)
    penyusun_orang = models.ForeignKey(Orang, on_delete=models.PROTECT, null=True, related_name="+")
    pemeriksa_orang = models.ForeignKey(Orang, on_delete=models.PROTECT, null=True, related_name="+")
    pengesah_orang = models.ForeignKey(Orang, on_delete=models.PROTECT, null=True, related_name="+")
    pengesahan = models.OneToOneField(Pengesahan, on_delete=models.PROTECT, null=True, related_name="batch")
    created_by = models.ForeignKey(Pengguna, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    updated_at = models.DateTimeField(auto_now=True)

    objects = BatchQuerySet.as_manager()

    KLASIFIKASI = {
        "id": "teknis", "nomor": "umum", "wilayah": "umum", "program": "umum", "status": "umum", "status_sejak": "umum",
        "versi": "teknis", "penyusun_orang": "teknis", "pemeriksa_orang": "teknis", "pengesah_orang": "teknis",
        "pengesahan": "umum", "created_by": "umum", "created_at": "teknis", "updated_at": "teknis",
    }  # fmt: skip

    class Meta:
        verbose_name = verbose_name_plural = "batch pengesahan"
        ordering = ["-created_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["wilayah", "nomor"], name="batchpengesahan_nomor"),
            models.CheckConstraint(
                name="batchpengesahan_tiga_orang",
                condition=Q(
                    *(
                        Q(**{f"{a}__isnull": True}) | Q(**{f"{b}__isnull": True}) | ~Q(**{a: F(b)})
                        for a, b in itertools.combinations(TIGA_MEJA, 2)
                    )
                ),
            ),
            models.CheckConstraint(
                name="batchpengesahan_surat",
                condition=Q(pengesahan__isnull=False) | ~Q(status="disahkan"),
            ),
        ]
        indexes = [models.Index(fields=["wilayah", "status", "-created_at"], name="batchpengesahan_daftar")]

    def __str__(self) -> str:
        return self.nomor


class RiwayatBatch(Riwayat):
    """One step of one batch."""

    batch = models.ForeignKey(BatchPengesahan, on_delete=models.PROTECT, related_name="riwayat")

    KLASIFIKASI = Riwayat.KLASIFIKASI | {"batch": "teknis"}

    class Meta(Riwayat.Meta):
        abstract = False
        verbose_name = verbose_name_plural = "riwayat batch"
        constraints = [models.UniqueConstraint(fields=["batch", "urut"], name="riwayatbatch_urut")]


class BarisBatch(models.Model):
    """One proposal in a batch. `aktif`: still in it and the batch still on its way; taken out with a reason, never deleted."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    batch = models.ForeignKey(BatchPengesahan, on_delete=models.PROTECT, related_name="baris")
    usulan = models.ForeignKey(Usulan, on_delete=models.PROTECT, related_name="batch")
    aktif = models.BooleanField(default=True)
    keluar_by = models.ForeignKey(Pengguna, on_delete=models.PROTECT, null=True, related_name="+")
    keluar_at = models.DateTimeField(null=True)
    keluar_alasan = models.CharField(max_length=40, blank=True)
    keluar_kalimat = models.CharField(max_length=200, blank=True)
    keluar_catatan = models.CharField(max_length=500, blank=True)

    KLASIFIKASI = {
        "id": "teknis", "batch": "umum", "usulan": "pribadi", "aktif": "teknis", "keluar_by": "umum", "keluar_at": "umum",
        "keluar_alasan": "pribadi", "keluar_kalimat": "pribadi", "keluar_catatan": "pribadi",
    }  # fmt: skip

    class Meta:
        verbose_name = verbose_name_plural = "usulan dalam batch"
        constraints = [
            models.UniqueConstraint(fields=["usulan"], name="barisbatch_satu", condition=Q(aktif=True)),
            models.CheckConstraint(
                name="barisbatch_keluar_beralasan",
                condition=Q(keluar_at__isnull=True) | (Q(aktif=False) & ~Q(keluar_kalimat="")),
            ),
        ]
        indexes = [models.Index(fields=["batch", "aktif"], name="barisbatch_isi")]


class Pengiriman(models.Model):
    """One send-off of a surat pengesahan: the file as it left, its hash, and the receipt that came back for it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    pengesahan = models.ForeignKey(Pengesahan, on_delete=models.PROTECT, related_name="pengiriman")
    urut = models.PositiveSmallIntegerField()
    berkas = models.ForeignKey("core.Berkas", on_delete=models.PROTECT, related_name="+")
    nama_berkas = models.CharField(max_length=200)
    sha256 = models.BinaryField(max_length=32)
    jumlah = models.PositiveIntegerField("jumlah usulan")
    jumlah_baris = models.PositiveIntegerField("jumlah baris dalam berkas")
    tanpa_nomor = models.PositiveIntegerField("orang tanpa NIK atau KK", default=0)
    by = models.ForeignKey(Pengguna, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    tanda_terima = models.CharField("nomor tanda terima", max_length=80, blank=True)
    tanda_terima_tanggal = models.DateField("tanggal tanda terima", null=True)
    tanda_terima_by = models.ForeignKey(Pengguna, on_delete=models.PROTECT, null=True, related_name="+")

    KLASIFIKASI = {
        "id": "teknis", "pengesahan": "umum", "urut": "umum", "berkas": "pribadi", "nama_berkas": "umum", "sha256": "teknis",
        "jumlah": "umum", "jumlah_baris": "umum", "tanpa_nomor": "umum", "by": "umum", "created_at": "umum",
        "tanda_terima": "umum", "tanda_terima_tanggal": "umum", "tanda_terima_by": "umum",
    }  # fmt: skip

    class Meta:
        verbose_name = verbose_name_plural = "pengiriman"
        ordering = ["urut"]
        constraints = [
            models.UniqueConstraint(fields=["pengesahan", "urut"], name="pengiriman_urut"),
            models.CheckConstraint(
                name="pengiriman_tanda_terima",
                condition=Q(tanda_terima="", tanda_terima_tanggal__isnull=True)
                | (~Q(tanda_terima="") & Q(tanda_terima_tanggal__isnull=False)),
            ),
        ]
