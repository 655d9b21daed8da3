"""An objection against a rejection (UU 30/2014 Pasal 75-78), filed at the counter for a family, with its two clocks."""

import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from accounts.models import Orang, Pengguna
from bansos.workflow import KEBERATAN
from dtks.models import Usulan
from dtks.models.riwayat import Riwayat
from wilayah.kode import dalam
from wilayah.models import Wilayah

KUASA_LIHAT = ("keberatan.ajukan", "keberatan.putus", "keberatan.lihat")


class KeberatanQuerySet(models.QuerySet["Keberatan"]):
    def visible_to(self, user: Pengguna) -> "KeberatanQuerySet":
        luas = [kode for kuasa in KUASA_LIHAT for kode in user.cakupan(kuasa)]
        return self.filter(dalam("wilayah_id", luas))


class Keberatan(models.Model):
    """`urut_putusan` is the step of the proposal that it attacks: one objection for each decision."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    nomor = models.CharField(max_length=20)
    usulan = models.ForeignKey(Usulan, on_delete=models.PROTECT, related_name="keberatan")
    wilayah = models.ForeignKey(Wilayah, on_delete=models.PROTECT, related_name="+")
    urut_putusan = models.PositiveIntegerField()
    putusan = models.CharField(max_length=20)
    putusan_tanggal = models.DateField("tanggal putusan")
    diterima_tanggal = models.DateField("tanggal keberatan diterima")
    batas_ajukan = models.DateField("paling lambat diajukan")
    alasan_terlambat = models.CharField(max_length=500, blank=True)
    batas_jawab = models.DateField("paling lambat dijawab")
    pemohon = models.CharField(max_length=100)
    alasan = models.TextField(max_length=2000)
    berkas = models.ForeignKey("core.Berkas", on_delete=models.PROTECT, null=True, related_name="+")
    status = models.CharField(max_length=20, choices=KEBERATAN.choices(), default="diajukan")
    status_sejak = models.DateTimeField(db_default=Now())
    versi = models.PositiveIntegerField(default=0)
    dieskalasi_at = models.DateTimeField(null=True)
    pemutus_orang = models.ForeignKey(Orang, on_delete=models.PROTECT, null=True, related_name="+")
    alasan_putusan = models.TextField(max_length=2000, blank=True)
    dokumen = models.OneToOneField("core.Dokumen", on_delete=models.PROTECT, null=True, related_name="+")
    usulan_baru = models.ForeignKey(Usulan, on_delete=models.PROTECT, null=True, related_name="+")
    created_by = models.ForeignKey(Pengguna, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    updated_at = models.DateTimeField(auto_now=True)

    objects = KeberatanQuerySet.as_manager()

    KLASIFIKASI = {
        "id": "teknis", "nomor": "umum", "usulan": "pribadi", "wilayah": "umum", "urut_putusan": "teknis", "putusan": "pribadi",
        "putusan_tanggal": "umum", "diterima_tanggal": "umum", "batas_ajukan": "umum", "alasan_terlambat": "pribadi",
        "batas_jawab": "umum", "pemohon": "pribadi", "alasan": "pribadi", "berkas": "pribadi", "status": "umum", "status_sejak": "umum",
        "versi": "teknis", "dieskalasi_at": "umum", "pemutus_orang": "teknis", "alasan_putusan": "pribadi", "dokumen": "pribadi",
        "usulan_baru": "pribadi", "created_by": "umum", "created_at": "teknis", "updated_at": "teknis",
    }  # fmt: skip

    class Meta:
        verbose_name = verbose_name_plural = "keberatan"
        ordering = ["batas_jawab", "id"]
        constraints = [
            models.UniqueConstraint(fields=["nomor", "wilayah"], name="keberatan_nomor"),
            models.UniqueConstraint(fields=["usulan", "urut_putusan"], name="keberatan_sekali"),
            models.CheckConstraint(
                name="keberatan_terlambat_beralasan",
                condition=Q(diterima_tanggal__lte=models.F("batas_ajukan")) | ~Q(alasan_terlambat=""),
            ),
            models.CheckConstraint(
                name="keberatan_putusan_beralasan",
                condition=~Q(status__in=["dikabulkan", "ditolak"])
                | (~Q(alasan_putusan="") & Q(dokumen__isnull=False)),
            ),
        ]
        indexes = [models.Index(fields=["wilayah", "status", "batas_jawab"], name="keberatan_antrean")]

    def __str__(self) -> str:
        return self.nomor

    @property
    def terlambat(self) -> bool:
        return self.diterima_tanggal > self.batas_ajukan


class RiwayatKeberatan(Riwayat):
    """One step of one objection."""

    keberatan = models.ForeignKey(Keberatan, on_delete=models.PROTECT, related_name="riwayat")

    KLASIFIKASI = Riwayat.KLASIFIKASI | {"keberatan": "teknis"}

    class Meta(Riwayat.Meta):
        abstract = False
        verbose_name = verbose_name_plural = "riwayat keberatan"
        constraints = [models.UniqueConstraint(fields=["keberatan", "urut"], name="riwayatkeberatan_urut")]
