"""Musyawarah desa/kelurahan: agenda, attendance by unsur, verdict per name, signed berita acara."""

import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from accounts.models import Pengguna
from dtks import workflow
from dtks.models.riwayat import Riwayat
from dtks.models.usulan import Usulan
from wilayah.kode import dalam
from wilayah.models import Wilayah


class MusyawarahQuerySet(models.QuerySet["Musyawarah"]):
    def visible_to(self, user: Pengguna) -> "MusyawarahQuerySet":
        return self.filter(dalam("wilayah_id", user.cakupan("musyawarah.lihat")))


class Musyawarah(models.Model):
    class Jenis(models.TextChoices):
        MUSDES = "MUSDES", "Musyawarah Desa"
        MUSKEL = "MUSKEL", "Musyawarah Kelurahan"
        MUSDESUS = "MUSDESUS", "Musyawarah Desa Khusus"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    wilayah = models.ForeignKey(Wilayah, on_delete=models.PROTECT, related_name="+")
    jenis = models.CharField(max_length=10, choices=Jenis.choices)
    nomor = models.CharField("nomor berita acara", max_length=60, blank=True)
    waktu = models.DateTimeField("hari, tanggal, dan jam")
    tempat = models.CharField("tempat", max_length=150)
    pimpinan = models.CharField("pimpinan rapat", max_length=100)
    notulis = models.CharField("notulis", max_length=100)
    agenda = models.CharField("agenda", max_length=300)
    periode = models.CharField(max_length=7)
    catatan = models.TextField("catatan jalannya musyawarah", blank=True, max_length=4000)
    status = models.CharField(max_length=20, choices=workflow.MUSYAWARAH.choices(), default="dijadwalkan")
    status_sejak = models.DateTimeField(db_default=Now())
    versi = models.PositiveIntegerField(default=0)
    berita_acara = models.ForeignKey(
        "core.Dokumen", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    daftar_hadir = models.ForeignKey(
        "core.Dokumen", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    pindaian = models.ForeignKey(
        "core.Berkas", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_by = models.ForeignKey(Pengguna, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    updated_at = models.DateTimeField(auto_now=True)

    objects = MusyawarahQuerySet.as_manager()

    KLASIFIKASI = {
        "id": "teknis", "wilayah": "umum", "jenis": "umum", "nomor": "umum", "waktu": "umum", "tempat": "umum",
        "pimpinan": "umum", "notulis": "umum", "agenda": "umum", "periode": "umum", "catatan": "pribadi", "status": "umum",
        "status_sejak": "umum", "versi": "teknis", "berita_acara": "pribadi", "daftar_hadir": "pribadi", "pindaian": "pribadi",
        "created_by": "teknis", "created_at": "teknis", "updated_at": "teknis",
    }  # fmt: skip

    class Meta:
        verbose_name = verbose_name_plural = "musyawarah"
        indexes = [models.Index(fields=["wilayah", "-waktu", "id"], name="musyawarah_wilayah")]

    def __str__(self) -> str:
        return f"{self.get_jenis_display()} {self.periode}"


class RiwayatMusyawarah(Riwayat):
    """One step of one meeting."""

    musyawarah = models.ForeignKey(Musyawarah, on_delete=models.PROTECT, related_name="riwayat")

    KLASIFIKASI = Riwayat.KLASIFIKASI | {"musyawarah": "teknis"}

    class Meta(Riwayat.Meta):
        abstract = False
        verbose_name = verbose_name_plural = "riwayat musyawarah"
        constraints = [models.UniqueConstraint(fields=["musyawarah", "urut"], name="riwayatmusyawarah_urut")]


class PesertaMusyawarah(models.Model):
    """Someone invited: which unsur he stands for and whether he came. Quorum counts unsur, by rule (Ketentuan 'kuorum')."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    musyawarah = models.ForeignKey(Musyawarah, on_delete=models.PROTECT, related_name="peserta")
    nama = models.CharField("nama", max_length=100)
    unsur = models.CharField("unsur", max_length=30)
    jabatan = models.CharField("jabatan", max_length=80, blank=True)
    hadir = models.BooleanField(default=False)

    KLASIFIKASI = {
        "id": "teknis", "musyawarah": "teknis", "nama": "pribadi", "unsur": "umum", "jabatan": "umum", "hadir": "umum",
    }  # fmt: skip

    class Meta:
        verbose_name = verbose_name_plural = "peserta musyawarah"
        ordering = ["unsur", "nama", "id"]


class PutusanMusyawarah(models.Model):
    """One proposal on the agenda and what the meeting said of it."""

    class Putusan(models.TextChoices):
        BELUM = "", "Belum diputus"
        DISEPAKATI = "disepakati", "Disepakati"
        DITOLAK = "ditolak", "Ditolak (tidak layak)"
        DITUNDA = "ditunda", "Ditunda"
        MENINGGAL = "meninggal", "Meninggal"
        PINDAH = "pindah", "Pindah"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    musyawarah = models.ForeignKey(Musyawarah, on_delete=models.PROTECT, related_name="putusan")
    usulan = models.ForeignKey(Usulan, on_delete=models.PROTECT, related_name="putusan")
    putusan = models.CharField(max_length=12, choices=Putusan.choices, blank=True, default="")
    alasan = models.CharField("alasan", max_length=300, blank=True)
    keberatan = models.CharField("keberatan peserta", max_length=300, blank=True)

    KLASIFIKASI = {
        "id": "teknis", "musyawarah": "teknis", "usulan": "teknis", "putusan": "umum", "alasan": "pribadi", "keberatan": "pribadi",
    }  # fmt: skip

    class Meta:
        verbose_name = verbose_name_plural = "putusan musyawarah"
        ordering = ["usulan__keluarga__nama_kepala", "id"]
        constraints = [
            models.UniqueConstraint(fields=["musyawarah", "usulan"], name="putusan_unik"),
            models.CheckConstraint(
                name="putusan_beralasan", condition=Q(putusan__in=["", "disepakati"]) | ~Q(alasan="")
            ),
        ]
