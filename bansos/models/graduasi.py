"""Graduation: a family leaves a programme because it needs it no more, or asks to; and what became of it afterwards.

Nobody is taken off a list by it: a graduation opens a removal proposal, which goes through the whole line.
"""

import uuid

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from accounts.models import Orang, Pengguna
from bansos.models.dasar import BarisPenetapan, Program
from dtks.models import Keluarga, Usulan
from wilayah.kode import dalam
from wilayah.models import Wilayah


class GraduasiQuerySet(models.QuerySet["Graduasi"]):
    def visible_to(self, user: Pengguna) -> "GraduasiQuerySet":
        return self.filter(dalam("wilayah_id", user.cakupan("graduasi.lihat")))


class Graduasi(models.Model):
    """One graduation of one recipient. Where an old or disabled person lives in the family, a second person agrees first."""

    class Jenis(models.TextChoices):
        ALAMIAH = "alamiah", "Graduasi alamiah"
        MANDIRI = "mandiri", "Graduasi mandiri"

    class Sebab(models.TextChoices):
        TANPA_KOMPONEN = "tanpa_komponen", "Tidak ada lagi anggota yang memenuhi komponen"
        NAIK_DESIL = "naik_desil", "Desil keluarga naik melewati batas program"
        MENINGGAL = "meninggal", "Penerima meninggal"
        MASA_HABIS = "masa_habis", "Masa kepesertaan paling lama sudah lewat"
        PERMINTAAN = "permintaan", "Keluarga meminta berhenti karena sudah mampu"

    class Status(models.TextChoices):
        MENUNGGU = "menunggu", "Menunggu orang kedua"
        DISETUJUI = "disetujui", "Disetujui, usulan penghapusan belum dibuat"
        DIUSULKAN = "diusulkan", "Usulan penghapusan dibuat"
        DITOLAK = "ditolak", "Tidak disetujui"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    keluarga = models.ForeignKey(Keluarga, on_delete=models.PROTECT, related_name="graduasi")
    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="+")
    wilayah = models.ForeignKey(Wilayah, on_delete=models.PROTECT, related_name="+")
    baris = models.ForeignKey(BarisPenetapan, on_delete=models.PROTECT, related_name="graduasi")
    jenis = models.CharField(max_length=10, choices=Jenis.choices)
    sebab = models.CharField(max_length=15, choices=Sebab.choices)
    alasan = models.CharField("keterangan", max_length=500)
    berkas = models.ForeignKey("core.Berkas", on_delete=models.PROTECT, null=True, related_name="+")
    rentan = models.BooleanField("ada lanjut usia atau penyandang disabilitas")
    status = models.CharField(max_length=10, choices=Status.choices)
    usulan = models.ForeignKey(Usulan, on_delete=models.PROTECT, null=True, related_name="+")
    created_by = models.ForeignKey(Pengguna, on_delete=models.PROTECT, related_name="+")
    pengaju_orang = models.ForeignKey(Orang, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    diputus_by = models.ForeignKey(Pengguna, on_delete=models.PROTECT, null=True, related_name="+")
    pemutus_orang = models.ForeignKey(Orang, on_delete=models.PROTECT, null=True, related_name="+")
    diputus_at = models.DateTimeField(null=True)
    alasan_putus = models.CharField(max_length=500, blank=True)

    objects = GraduasiQuerySet.as_manager()

    KLASIFIKASI = {
        "id": "teknis", "keluarga": "pribadi", "program": "umum", "wilayah": "umum", "baris": "pribadi", "jenis": "pribadi",
        "sebab": "pribadi", "alasan": "spesifik", "berkas": "pribadi", "rentan": "spesifik", "status": "umum",
        "usulan": "pribadi", "created_by": "teknis", "pengaju_orang": "teknis", "created_at": "teknis", "diputus_by": "teknis",
        "pemutus_orang": "teknis", "diputus_at": "umum", "alasan_putus": "pribadi",
    }  # fmt: skip

    class Meta:
        verbose_name = verbose_name_plural = "graduasi"
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["baris"],
                name="graduasi_satu_berjalan",
                condition=Q(status__in=["menunggu", "disetujui"]),
            ),
            models.CheckConstraint(
                name="graduasi_orang_kedua",
                condition=~Q(status__in=["disetujui", "diusulkan"], rentan=True)
                | Q(pemutus_orang__isnull=False),
            ),
            models.CheckConstraint(
                name="graduasi_dua_orang",
                condition=Q(pemutus_orang__isnull=True) | ~Q(pemutus_orang=F("pengaju_orang")),
            ),
            models.CheckConstraint(
                name="graduasi_usulan", condition=Q(status="diusulkan") ^ Q(usulan__isnull=True)
            ),
            models.CheckConstraint(
                name="graduasi_tolak_beralasan", condition=~Q(status="ditolak") | ~Q(alasan_putus="")
            ),
        ]
        indexes = [models.Index(fields=["wilayah", "status", "-created_at"], name="graduasi_daftar")]


class PantauMandiri(models.Model):
    """How a family fares that graduated or received business aid (PENA): one visit or call. Append-only."""

    class Keadaan(models.TextChoices):
        MANDIRI = "mandiri", "Mandiri, penghasilan cukup"
        GOYAH = "goyah", "Goyah, perlu didampingi"
        JATUH = "jatuh", "Kembali tidak mampu"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    keluarga = models.ForeignKey(Keluarga, on_delete=models.PROTECT, related_name="pantau_mandiri")
    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="+")
    tanggal = models.DateField("tanggal dilihat")
    keadaan = models.CharField(max_length=10, choices=Keadaan.choices)
    catatan = models.CharField(max_length=500, blank=True)
    by = models.ForeignKey(Pengguna, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now())

    KLASIFIKASI = {
        "id": "teknis", "keluarga": "pribadi", "program": "umum", "tanggal": "pribadi", "keadaan": "pribadi",
        "catatan": "spesifik", "by": "teknis", "created_at": "teknis",
    }  # fmt: skip

    class Meta:
        verbose_name = verbose_name_plural = "pemantauan sesudah graduasi"
        ordering = ["-tanggal", "-created_at", "-id"]
        indexes = [models.Index(fields=["keluarga", "program", "-tanggal"], name="pantaumandiri_keluarga")]
