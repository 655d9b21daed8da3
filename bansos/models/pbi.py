"""PBI-JK: who was deactivated by the ministry, and the way back (domain.md §6.7)."""

import uuid

from django.db import models
from django.db.models import Exists, ExpressionWrapper, F, OuterRef, Q
from django.db.models.functions import Now

from accounts.models import Orang, Pengguna
from bansos.models.jam_layanan import BerjamLayanan
from bansos.models.lacak import Berlacak
from bansos.workflow_layanan import REAKTIVASI, REAKTIVASI_TERBUKA
from core.identity import mask_nik
from core.privacy.fields import BlindIndexField, SealedField
from dtks.models import Individu
from dtks.models.riwayat import Riwayat
from wilayah.kode import dalam
from wilayah.models import Wilayah

KUASA_PBI = ("pbi.ajukan", "pbi.verifikasi", "pbi.rekomendasi", "pbi.kirim", "pbi.hasil", "pbi.lihat")
KUASA_BERKAS_PBI = ("pbi.ajukan", "pbi.verifikasi", "pbi.rekomendasi", "pbi.kirim")


class PbiNonaktifQuerySet(models.QuerySet["PbiNonaktif"]):
    def visible_to(self, user: Pengguna) -> "PbiNonaktifQuerySet":
        """By where the person's family lives now; one who is in no family here is seen by the whole kabupaten only."""
        luas = [kode for kuasa in KUASA_PBI for kode in user.cakupan(kuasa)]
        return self.filter(
            Q(dalam("individu__keluarga__wilayah_id", luas), individu__isnull=False)
            | Q(dalam("wilayah_id", luas), individu__isnull=True)
        )

    def dengan_keadaan(self) -> "PbiNonaktifQuerySet":
        """Each row with `aktif_lagi` and `berjalan`: active since (approved, or by the ministry's list), is a request under way?"""
        semua = ReaktivasiPBI.objects.filter(nonaktif=OuterRef("pk"))
        otomatis = Q(otomatis__isnull=False)
        return self.annotate(
            aktif_lagi=ExpressionWrapper(
                Exists(semua.filter(status="disetujui")) | otomatis, output_field=models.BooleanField()
            ),
            berjalan=Exists(semua.filter(status__in=REAKTIVASI_TERBUKA)),
        )


class PbiNonaktif(models.Model):
    """One person deactivated on one day, as the ministry's list (or the counter) says it. Frozen (trigger), but for the link to
    a person who comes into the register later."""

    class Asal(models.TextChoices):
        BERKAS = "berkas", "Berkas nonaktif"
        LOKET = "loket", "Dicatat di loket"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    nik_indeks = BlindIndexField(source="nik")
    nik = SealedField("NIK", purpose="nik", mask=mask_nik)
    nama = models.CharField("nama", max_length=100)
    individu = models.ForeignKey(Individu, on_delete=models.PROTECT, null=True, related_name="pbi_nonaktif")
    wilayah = models.ForeignKey(Wilayah, on_delete=models.PROTECT, related_name="+")
    tanggal = models.DateField("nonaktif sejak")
    sebab = models.CharField("sebab", max_length=120)
    asal = models.CharField(max_length=6, choices=Asal.choices)
    impor = models.ForeignKey("dtks.Impor", on_delete=models.PROTECT, null=True, related_name="+")
    created_by = models.ForeignKey(Pengguna, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now())

    objects = PbiNonaktifQuerySet.as_manager()

    KLASIFIKASI = {
        "id": "teknis", "nik_indeks": "rahasia", "nik": "rahasia", "nama": "pribadi", "individu": "pribadi", "wilayah": "umum",
        "tanggal": "pribadi", "sebab": "pribadi", "asal": "umum", "impor": "teknis", "created_by": "teknis", "created_at": "teknis",
    }  # fmt: skip

    class Meta:
        verbose_name = verbose_name_plural = "PBI nonaktif"
        ordering = ["-tanggal", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["nik_indeks", "tanggal"], name="pbinonaktif_unik"),
            models.CheckConstraint(name="pbinonaktif_nik", condition=Q(nik_indeks__isnull=False)),
        ]
        indexes = [
            models.Index(fields=["wilayah", "-tanggal", "-id"], name="pbinonaktif_daftar"),
            models.Index(fields=["impor"], name="pbinonaktif_impor", condition=Q(impor__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.nama


class ReaktivasiQuerySet(models.QuerySet["ReaktivasiPBI"]):
    def visible_to(self, user: Pengguna) -> "ReaktivasiQuerySet":
        return self.filter(dalam("wilayah_id", [k for kuasa in KUASA_PBI for k in user.cakupan(kuasa)]))

    def terbuka(self) -> "ReaktivasiQuerySet":
        return self.filter(status__in=REAKTIVASI_TERBUKA)

    def wajib_diperbarui(self) -> "ReaktivasiQuerySet":
        """Active again, and the family's data was not brought up to date since."""
        return self.filter(status="disetujui", diperbarui_at__isnull=True)


class ReaktivasiPBI(Berlacak, BerjamLayanan):
    """One request to have a person's PBI active again. Asked, checked and signed by three different persons (constraint).

    `nama`, `nonaktif_sejak` and `desil` are as they were when it was asked; `perbarui_batas` is the last day of the duty to
    refresh the family's data after the approval.
    """

    class Kondisi(models.TextChoices):
        BIASA = "biasa", "Biasa"
        DARURAT = "darurat", "Darurat medis"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    nomor = models.CharField(max_length=24)
    nonaktif = models.ForeignKey(PbiNonaktif, on_delete=models.PROTECT, related_name="reaktivasi")
    nik_indeks = models.BinaryField(max_length=32)
    individu = models.ForeignKey(Individu, on_delete=models.PROTECT, null=True, related_name="+")
    wilayah = models.ForeignKey(Wilayah, on_delete=models.PROTECT, related_name="+")
    nama = models.CharField(max_length=100)
    nonaktif_sejak = models.DateField()
    desil = models.PositiveSmallIntegerField(null=True)
    kondisi = models.CharField(max_length=8, choices=Kondisi.choices, default=Kondisi.BIASA)
    keadaan_mendesak = models.CharField("keadaan mendesak", max_length=300, blank=True)
    pemohon = models.CharField("yang mengajukan", max_length=100)
    faskes = models.CharField("nama faskes", max_length=120, blank=True)
    faskes_tanggal = models.DateField("tanggal surat faskes", null=True)
    surat_faskes = models.ForeignKey("core.Berkas", on_delete=models.PROTECT, null=True, related_name="+")
    sktm = models.ForeignKey("core.Berkas", on_delete=models.PROTECT, null=True, related_name="+")
    status = models.CharField(max_length=20, choices=REAKTIVASI.choices(), default="draf")
    status_sejak = models.DateTimeField(db_default=Now())
    versi = models.PositiveIntegerField(default=0)
    pengaju_orang = models.ForeignKey(Orang, on_delete=models.PROTECT, null=True, related_name="+")
    verifikator_orang = models.ForeignKey(Orang, on_delete=models.PROTECT, null=True, related_name="+")
    penandatangan_orang = models.ForeignKey(Orang, on_delete=models.PROTECT, null=True, related_name="+")
    dokumen = models.OneToOneField("core.Dokumen", on_delete=models.PROTECT, null=True, related_name="+")
    siks_nomor = models.CharField("nomor pengajuan SIKS-NG", max_length=60, blank=True)
    siks_tanggal = models.DateField(null=True)
    hasil_tanggal = models.DateField("tanggal jawaban pusat", null=True)
    perbarui_batas = models.DateField("batas memperbarui data", null=True)
    diingatkan = models.DateField(null=True)
    diperbarui_at = models.DateTimeField(null=True)
    created_by = models.ForeignKey(Pengguna, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    updated_at = models.DateTimeField(auto_now=True)

    objects = ReaktivasiQuerySet.as_manager()

    INDEKS = ("nik_indeks",)

    KLASIFIKASI = Berlacak.KLASIFIKASI | BerjamLayanan.KLASIFIKASI | {
        "id": "teknis", "nomor": "umum", "nonaktif": "pribadi", "nik_indeks": "rahasia", "individu": "pribadi", "wilayah": "umum",
        "nama": "pribadi", "nonaktif_sejak": "pribadi", "desil": "spesifik", "kondisi": "spesifik", "keadaan_mendesak": "spesifik",
        "pemohon": "pribadi", "faskes": "spesifik", "faskes_tanggal": "spesifik", "surat_faskes": "spesifik", "sktm": "pribadi",
        "status": "umum", "status_sejak": "umum", "versi": "teknis", "pengaju_orang": "teknis", "verifikator_orang": "teknis",
        "penandatangan_orang": "teknis", "dokumen": "pribadi", "siks_nomor": "pribadi", "siks_tanggal": "umum", "hasil_tanggal": "umum",
        "perbarui_batas": "umum", "diingatkan": "teknis", "diperbarui_at": "umum", "created_by": "umum", "created_at": "umum",
        "updated_at": "teknis",
    }  # fmt: skip

    class Meta(BerjamLayanan.Meta):
        abstract = False
        verbose_name = verbose_name_plural = "reaktivasi PBI"
        ordering = ["-created_at", "-id"]
        constraints = [
            *BerjamLayanan.Meta.constraints,
            models.UniqueConstraint(fields=["nomor", "wilayah"], name="reaktivasipbi_nomor"),
            models.UniqueConstraint(
                fields=["nik_indeks"],
                name="reaktivasipbi_satu_terbuka",
                condition=Q(status__in=REAKTIVASI_TERBUKA),
            ),
            models.CheckConstraint(
                name="reaktivasipbi_tiga_orang",
                condition=Q(
                    *(
                        Q(**{f"{a}__isnull": True}) | Q(**{f"{b}__isnull": True}) | ~Q(**{a: F(b)})
                        for a, b in (
                            ("pengaju_orang", "verifikator_orang"),
                            ("pengaju_orang", "penandatangan_orang"),
                            ("verifikator_orang", "penandatangan_orang"),
                        )
                    )
                ),
            ),
            models.CheckConstraint(
                name="reaktivasipbi_surat",
                condition=Q(dokumen__isnull=False)
                | ~Q(status__in=["direkomendasikan", "dikirim_siks", "disetujui", "ditolak_pusat"]),
            ),
            models.CheckConstraint(
                name="reaktivasipbi_faskes",
                condition=Q(surat_faskes__isnull=False) | Q(status__in=["draf", "dibatalkan"]),
            ),
            models.CheckConstraint(
                name="reaktivasipbi_mendesak", condition=~Q(kondisi="darurat") | ~Q(keadaan_mendesak="")
            ),
            models.CheckConstraint(
                name="reaktivasipbi_perbarui",
                condition=Q(perbarui_batas__isnull=False) | ~Q(status="disetujui"),
            ),
        ]
        indexes = [
            *BerjamLayanan.Meta.indexes,
            models.Index(fields=["wilayah", "status", "-created_at", "-id"], name="reaktivasipbi_antrean"),
            models.Index(
                fields=["perbarui_batas"],
                name="reaktivasipbi_perbarui",
                condition=Q(status="disetujui", diperbarui_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.nomor


class RiwayatReaktivasi(Riwayat):
    """One step of one reactivation."""

    reaktivasi = models.ForeignKey(ReaktivasiPBI, on_delete=models.PROTECT, related_name="riwayat")

    KLASIFIKASI = Riwayat.KLASIFIKASI | {"reaktivasi": "teknis"}

    class Meta(Riwayat.Meta):
        abstract = False
        verbose_name = verbose_name_plural = "riwayat reaktivasi PBI"
        constraints = [models.UniqueConstraint(fields=["reaktivasi", "urut"], name="riwayatreaktivasi_urut")]
