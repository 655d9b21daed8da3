"""Data handed to other offices: asked for with a purpose and an agreement, approved by a second person, each time with a BAST."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from accounts.models import Orang, Pengguna
from bansos.models.daftar import DaftarKelayakan
from bansos.models.dasar import Program
from wilayah.kode import dalam
from wilayah.models import Wilayah

JENIS_BAST = "BAST_DATA"
KUASA_MINTA, KUASA_SETUJU = "serah.minta", "serah.setujui"


class PermintaanDataQuerySet(models.QuerySet["PermintaanData"]):
    def visible_to(self, user: Pengguna) -> "PermintaanDataQuerySet":
        return self.filter(dalam("wilayah_id", user.cakupan(KUASA_MINTA) + user.cakupan(KUASA_SETUJU)))


class PermintaanData(models.Model):
    """An office wants the signed lists of one programme for a purpose and a time. Approved = fixed (trigger)."""

    class Status(models.TextChoices):
        DIMINTA = "diminta", "Menunggu persetujuan"
        DISETUJUI = "disetujui", "Disetujui"
        DITOLAK = "ditolak", "Ditolak"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    wilayah = models.ForeignKey(Wilayah, on_delete=models.PROTECT, related_name="+")
    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="+")
    instansi = models.CharField("instansi penerima", max_length=150)
    penerima = models.CharField("penanggung jawab di instansi itu", max_length=150)
    tujuan = models.CharField("untuk apa", max_length=500)
    perjanjian_nomor = models.CharField("nomor perjanjian", max_length=100)
    perjanjian = models.ForeignKey("core.Berkas", on_delete=models.PROTECT, related_name="+")
    berlaku_hingga = models.DateField()
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DIMINTA)
    diminta_by = models.ForeignKey(Pengguna, on_delete=models.PROTECT, related_name="+")
    diminta_orang = models.ForeignKey(Orang, on_delete=models.PROTECT, related_name="+")
    diputus_by = models.ForeignKey(Pengguna, on_delete=models.PROTECT, null=True, related_name="+")
    diputus_orang = models.ForeignKey(Orang, on_delete=models.PROTECT, null=True, related_name="+")
    diputus_at = models.DateTimeField(null=True)
    alasan = models.CharField("alasan ditolak", max_length=300, blank=True)
    created_at = models.DateTimeField(db_default=Now())

    objects = PermintaanDataQuerySet.as_manager()

    KLASIFIKASI = {
        "id": "teknis", "wilayah": "umum", "program": "umum", "instansi": "umum", "penerima": "pribadi", "tujuan": "umum",
        "perjanjian_nomor": "umum", "perjanjian": "rahasia", "berlaku_hingga": "umum", "status": "umum", "diminta_by": "umum",
        "diminta_orang": "teknis", "diputus_by": "umum", "diputus_orang": "teknis", "diputus_at": "umum", "alasan": "umum",
        "created_at": "umum",
    }  # fmt: skip

    class Meta:
        verbose_name = verbose_name_plural = "permintaan data"
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["wilayah", "-created_at", "-id"], name="permintaandata_daftar")]
        constraints = [
            models.CheckConstraint(
                name="permintaandata_dua_orang",
                condition=Q(status="diminta", diputus_orang__isnull=True)
                | (
                    ~Q(status="diminta")
                    & Q(diputus_orang__isnull=False)
                    & ~Q(diputus_orang=F("diminta_orang"))
                ),
            ),
            models.CheckConstraint(
                name="permintaandata_alasan", condition=~Q(status="ditolak") | ~Q(alasan="")
            ),
        ]


class SerahData(models.Model):
    """One hand-over: number of its BAST, rows, hash of the file. Every row of the file bears a mark of this copy.

    The file is taken once, by who handed it over, within the hours of the rule; then it is removed.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    permintaan = models.ForeignKey(PermintaanData, on_delete=models.PROTECT, related_name="serah")
    daftar = models.ForeignKey(DaftarKelayakan, on_delete=models.PROTECT, related_name="+")
    nomor = models.CharField("nomor BAST", max_length=80)
    urut = models.PositiveIntegerField()
    tanggal = models.DateField()
    jumlah = models.PositiveIntegerField("jumlah baris")
    sha256 = models.BinaryField(max_length=32)
    berkas = models.ForeignKey("core.Berkas", on_delete=models.SET_NULL, null=True, related_name="+")
    hingga = models.DateTimeField("boleh diambil sampai")
    diambil_at = models.DateTimeField(null=True)
    by = models.ForeignKey(Pengguna, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now())

    KLASIFIKASI = {
        "id": "teknis", "permintaan": "umum", "daftar": "umum", "nomor": "umum", "urut": "umum", "tanggal": "umum", "jumlah": "umum",
        "sha256": "umum", "berkas": "pribadi", "hingga": "umum", "diambil_at": "umum", "by": "umum", "created_at": "umum",
    }  # fmt: skip

    class Meta:
        verbose_name = verbose_name_plural = "penyerahan data"
        ordering = ["-created_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["nomor"], name="serahdata_nomor")]

    def __str__(self) -> str:
        return self.nomor

    @property
    def sidik_hex(self) -> str:
        return bytes(self.sha256).hex()
