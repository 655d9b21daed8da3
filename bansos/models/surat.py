"""Letters at the counter: who asked, for what, by when, and the paper that came of it (domain.md §4, §6.4)."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from accounts.models import Orang, Pengguna
from bansos.models.jam_layanan import BerjamLayanan
from bansos.models.lacak import Berlacak
from bansos.workflow_layanan import PERMOHONAN
from core.identity import mask_nik
from core.privacy.fields import BlindIndexField, SealedField
from dtks.models import Individu
from dtks.models.riwayat import Riwayat
from wilayah.kode import dalam
from wilayah.models import Wilayah

KUASA_SURAT = ("surat.ajukan", "surat.periksa", "surat.tanda_tangan", "surat.lihat")


class PermohonanSuratQuerySet(models.QuerySet["PermohonanSurat"]):
    def visible_to(self, user: Pengguna) -> "PermohonanSuratQuerySet":
        return self.filter(dalam("wilayah_id", [k for kuasa in KUASA_SURAT for k in user.cakupan(kuasa)]))


class PermohonanSurat(Berlacak, BerjamLayanan):
    """One letter that somebody asked for. The desil stands on the paper only: in no row, list, notice or public page."""

    class Jenis(models.TextChoices):
        KETERANGAN = "KETERANGAN", "Surat keterangan DTSEN (dengan desil)"
        REKOMENDASI = "REKOMENDASI", "Surat rekomendasi"

    class Keperluan(models.TextChoices):
        SPMB = "SPMB", "Penerimaan murid baru jalur afirmasi"
        PIP = "PIP", "Program Indonesia Pintar"
        KIPK = "KIPK", "KIP Kuliah"
        KESEHATAN = "KESEHATAN", "Jaminan atau keringanan biaya kesehatan"
        REHABILITASI = "REHABILITASI", "Rehabilitasi atau rujukan ke lembaga"
        LAIN = "LAIN", "Lainnya"

    class Hubungan(models.TextChoices):
        DIRI = "DIRI", "Orang itu sendiri"
        KELUARGA = "KELUARGA", "Anggota keluarga dalam KK yang sama"
        KUASA = "KUASA", "Orang lain dengan surat kuasa"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    nomor = models.CharField(max_length=24)
    jenis = models.CharField(max_length=12, choices=Jenis.choices)
    keperluan = models.CharField(max_length=12, choices=Keperluan.choices)
    keterangan = models.CharField("untuk apa", max_length=200, blank=True)
    nik_indeks = BlindIndexField(source="nik")
    nik = SealedField("NIK", purpose="nik", mask=mask_nik)
    nama = models.CharField("nama", max_length=100)
    individu = models.ForeignKey(Individu, on_delete=models.PROTECT, null=True, related_name="+")
    wilayah = models.ForeignKey(Wilayah, on_delete=models.PROTECT, related_name="+")
    pemohon = models.CharField("yang meminta", max_length=100)
    hubungan = models.CharField(max_length=10, choices=Hubungan.choices)
    surat_kuasa = models.ForeignKey("core.Berkas", on_delete=models.PROTECT, null=True, related_name="+")
    status = models.CharField(max_length=20, choices=PERMOHONAN.choices(), default="diajukan")
    status_sejak = models.DateTimeField(db_default=Now())
    versi = models.PositiveIntegerField(default=0)
    pemeriksa_orang = models.ForeignKey(Orang, on_delete=models.PROTECT, null=True, related_name="+")
    penandatangan_orang = models.ForeignKey(Orang, on_delete=models.PROTECT, null=True, related_name="+")
    dokumen = models.OneToOneField("core.Dokumen", on_delete=models.PROTECT, null=True, related_name="+")
    created_by = models.ForeignKey(Pengguna, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    updated_at = models.DateTimeField(auto_now=True)

    objects = PermohonanSuratQuerySet.as_manager()

    KLASIFIKASI = Berlacak.KLASIFIKASI | BerjamLayanan.KLASIFIKASI | {
        "id": "teknis", "nomor": "umum", "jenis": "umum", "keperluan": "pribadi", "keterangan": "pribadi", "nik_indeks": "rahasia",
        "nik": "rahasia", "nama": "pribadi", "individu": "pribadi", "wilayah": "umum", "pemohon": "pribadi", "hubungan": "pribadi",
        "surat_kuasa": "pribadi", "status": "umum", "status_sejak": "umum", "versi": "teknis", "pemeriksa_orang": "teknis",
        "penandatangan_orang": "teknis", "dokumen": "spesifik", "created_by": "umum", "created_at": "umum", "updated_at": "teknis",
    }  # fmt: skip

    class Meta(BerjamLayanan.Meta):
        abstract = False
        verbose_name = verbose_name_plural = "permohonan surat"
        ordering = ["-created_at", "-id"]
        constraints = [
            *BerjamLayanan.Meta.constraints,
            models.UniqueConstraint(fields=["nomor", "wilayah"], name="permohonansurat_nomor"),
            models.CheckConstraint(
                name="permohonansurat_dua_orang",
                condition=Q(pemeriksa_orang__isnull=True)
                | Q(penandatangan_orang__isnull=True)
                | ~Q(pemeriksa_orang=F("penandatangan_orang")),
            ),
            models.CheckConstraint(
                name="permohonansurat_terbit",
                condition=Q(dokumen__isnull=False, individu__isnull=False) | ~Q(status="diterbitkan"),
            ),
            models.CheckConstraint(
                name="permohonansurat_kuasa", condition=~Q(hubungan="KUASA") | Q(surat_kuasa__isnull=False)
            ),
        ]
        indexes = [
            *BerjamLayanan.Meta.indexes,
            models.Index(fields=["wilayah", "status", "-created_at", "-id"], name="permohonansurat_antrean"),
        ]

    def __str__(self) -> str:
        return self.nomor


class RiwayatSurat(Riwayat):
    """One step of one request for a letter."""

    permohonan = models.ForeignKey(PermohonanSurat, on_delete=models.PROTECT, related_name="riwayat")

    KLASIFIKASI = Riwayat.KLASIFIKASI | {"permohonan": "teknis"}

    class Meta(Riwayat.Meta):
        abstract = False
        verbose_name = verbose_name_plural = "riwayat permohonan surat"
        constraints = [models.UniqueConstraint(fields=["permohonan", "urut"], name="riwayatsurat_urut")]
