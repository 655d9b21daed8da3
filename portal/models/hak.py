"""What people ask about their own data (UU 27/2022 Pasal 6-11), and what may not be thrown away for now."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from accounts.models import Orang, Pengguna
from dtks.models import Individu, Keluarga, Usulan
from dtks.models.riwayat import Riwayat
from portal.workflow import HAK
from wilayah.kode import dalam
from wilayah.models import Wilayah

KUASA_HAK = ("hak.catat", "hak.nilai", "hak.putus", "hak.lihat")


class PermohonanHakQuerySet(models.QuerySet["PermohonanHak"]):
    def visible_to(self, user: Pengguna) -> "PermohonanHakQuerySet":
        return self.filter(dalam("wilayah_id", [k for kuasa in KUASA_HAK for k in user.cakupan(kuasa)]))


class PermohonanHak(models.Model):
    """One request of a person about his own data, written down at the counter after a look at his identity card.

    `hasil` holds counts and table names only. After an erasure the row stays as its proof, without the names.
    """

    class Jenis(models.TextChoices):
        AKSES = "AKSES", "Salinan data saya dan siapa yang melihatnya"
        PERBAIKAN = "PERBAIKAN", "Data saya salah, minta dibetulkan"
        BEKU = "BEKU", "Bekukan dulu data saya"
        HAPUS = "HAPUS", "Hapus data saya"

    class Lingkup(models.TextChoices):
        PERSETUJUAN = (
            "persetujuan",
            "Hanya yang diberikan dengan persetujuan: foto, titik lokasi, nomor telepon",
        )
        SEMUA = "semua", "Semua data keluarga"

    class Hubungan(models.TextChoices):
        DIRI = "DIRI", "Orang itu sendiri"
        WALI = "WALI", "Orang tua atau wali dari anak di KK yang sama"
        KUASA = "KUASA", "Orang lain dengan surat kuasa"

    class Bukti(models.TextChoices):
        KTP = "KTP", "KTP asli, fotonya cocok"
        KK = "KK", "KK asli dan dikenali perangkat desa"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    nomor = models.CharField(max_length=24)
    jenis = models.CharField("permintaan", max_length=10, choices=Jenis.choices)
    lingkup = models.CharField("yang dihapus", max_length=12, choices=Lingkup.choices, blank=True)
    keluarga = models.ForeignKey(Keluarga, on_delete=models.PROTECT, related_name="+")
    individu = models.ForeignKey(Individu, on_delete=models.PROTECT, related_name="+")
    wilayah = models.ForeignKey(Wilayah, on_delete=models.PROTECT, related_name="+")
    pemohon = models.CharField("yang datang", max_length=100)
    hubungan = models.CharField(max_length=10, choices=Hubungan.choices)
    bukti = models.CharField("identitas yang dilihat", max_length=10, choices=Bukti.choices)
    surat_kuasa = models.ForeignKey("core.Berkas", on_delete=models.PROTECT, null=True, related_name="+")
    uraian = models.CharField("penjelasan", max_length=500, blank=True)
    status = models.CharField(max_length=20, choices=HAK.choices(), default="diajukan")
    status_sejak = models.DateTimeField(db_default=Now())
    versi = models.PositiveIntegerField(default=0)
    tenggat_at = models.DateTimeField("tenggat")
    diingatkan_at = models.DateTimeField(null=True)
    penilai_orang = models.ForeignKey(Orang, on_delete=models.PROTECT, null=True, related_name="+")
    unit_penilai = models.CharField(max_length=60, blank=True)
    pemutus_orang = models.ForeignKey(Orang, on_delete=models.PROTECT, null=True, related_name="+")
    usulan = models.ForeignKey(Usulan, on_delete=models.PROTECT, null=True, related_name="+")
    dokumen = models.OneToOneField("core.Dokumen", on_delete=models.PROTECT, null=True, related_name="+")
    hasil = models.JSONField(default=dict)
    created_by = models.ForeignKey(Pengguna, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    updated_at = models.DateTimeField(auto_now=True)

    objects = PermohonanHakQuerySet.as_manager()

    KLASIFIKASI = {
        "id": "teknis", "nomor": "umum", "jenis": "pribadi", "lingkup": "umum", "keluarga": "pribadi", "individu": "pribadi",
        "wilayah": "umum", "pemohon": "pribadi", "hubungan": "pribadi", "bukti": "umum", "surat_kuasa": "pribadi", "uraian": "pribadi",
        "status": "umum", "status_sejak": "umum", "versi": "teknis", "tenggat_at": "umum", "diingatkan_at": "teknis",
        "penilai_orang": "teknis", "unit_penilai": "umum", "pemutus_orang": "teknis", "usulan": "pribadi", "dokumen": "pribadi",
        "hasil": "umum", "created_by": "umum", "created_at": "umum", "updated_at": "teknis",
    }  # fmt: skip

    class Meta:
        verbose_name = verbose_name_plural = "permohonan hak data"
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["nomor", "wilayah"], name="permohonanhak_nomor"),
            models.CheckConstraint(
                name="permohonanhak_dua_orang",
                condition=Q(penilai_orang__isnull=True)
                | Q(pemutus_orang__isnull=True)
                | ~Q(penilai_orang=F("pemutus_orang")),
            ),
            models.CheckConstraint(
                name="permohonanhak_hapus_dua_orang",
                condition=~Q(jenis="HAPUS", status__in=("dijalankan", "selesai"))
                | Q(penilai_orang__isnull=False, pemutus_orang__isnull=False),
            ),
            models.CheckConstraint(
                name="permohonanhak_lingkup",
                condition=Q(jenis="HAPUS") & ~Q(lingkup="") | ~Q(jenis="HAPUS") & Q(lingkup=""),
            ),
            models.UniqueConstraint(
                fields=["keluarga"],
                name="permohonanhak_satu_beku",
                condition=Q(jenis="BEKU", status="dibekukan"),
            ),
        ]
        indexes = [
            models.Index(fields=["wilayah", "-created_at", "-id"], name="permohonanhak_daftar"),
            models.Index(
                fields=["tenggat_at"],
                name="permohonanhak_tenggat",
                condition=Q(status__in=("diajukan", "disetujui")),
            ),
        ]

    def __str__(self) -> str:
        return self.nomor


class RiwayatHak(Riwayat):
    """One step of one request."""

    permohonan = models.ForeignKey(PermohonanHak, on_delete=models.PROTECT, related_name="riwayat")

    KLASIFIKASI = Riwayat.KLASIFIKASI | {"permohonan": "teknis"}

    class Meta(Riwayat.Meta):
        abstract = False
        verbose_name = verbose_name_plural = "riwayat permohonan hak data"
        constraints = [models.UniqueConstraint(fields=["permohonan", "urut"], name="riwayathak_urut")]


class TahanHukumQuerySet(models.QuerySet["TahanHukum"]):
    def visible_to(self, user: Pengguna) -> "TahanHukumQuerySet":
        return self.filter(dalam("keluarga__wilayah_id", user.cakupan("retensi.tahan")))

    def berlaku(self) -> "TahanHukumQuerySet":
        return self.filter(dilepas_at__isnull=True)


class TahanHukum(models.Model):
    """A legal hold: while it stands nothing of this family is thrown away, whatever the time of keeping or a request says."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    keluarga = models.ForeignKey(Keluarga, on_delete=models.PROTECT, related_name="+")
    alasan = models.CharField("alasan", max_length=300)
    dasar = models.CharField("nomor perkara atau surat", max_length=120)
    dipasang_by = models.ForeignKey(Pengguna, on_delete=models.PROTECT, related_name="+")
    dipasang_at = models.DateTimeField(db_default=Now())
    dilepas_by = models.ForeignKey(Pengguna, on_delete=models.PROTECT, null=True, related_name="+")
    dilepas_at = models.DateTimeField(null=True)
    alasan_lepas = models.CharField(max_length=300, blank=True)

    objects = TahanHukumQuerySet.as_manager()

    KLASIFIKASI = {
        "id": "teknis", "keluarga": "pribadi", "alasan": "pribadi", "dasar": "pribadi", "dipasang_by": "umum", "dipasang_at": "umum",
        "dilepas_by": "umum", "dilepas_at": "umum", "alasan_lepas": "pribadi",
    }  # fmt: skip

    class Meta:
        verbose_name = verbose_name_plural = "tahan hukum"
        ordering = ["-dipasang_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["keluarga", "dasar"], name="tahanhukum_satu", condition=Q(dilepas_at__isnull=True)
            ),
            models.CheckConstraint(
                name="tahanhukum_lepas",
                condition=Q(dilepas_at__isnull=True, dilepas_by__isnull=True)
                | Q(dilepas_at__isnull=False, dilepas_by__isnull=False) & ~Q(alasan_lepas=""),
            ),
        ]


class PemusnahanQuerySet(models.QuerySet["Pemusnahan"]):
    def visible_to(self, user: Pengguna) -> "PemusnahanQuerySet":
        return self.filter(dalam("wilayah", user.cakupan("retensi.tahan")))


class Pemusnahan(models.Model):
    """One run that throws data away, and its proof: why, how much of which table, and that nothing was found afterwards.

    While it is open (`selesai_at` is null) the triggers of frozen tables let its own transaction through (portal/sql/hak.sql).
    """

    class Sebab(models.TextChoices):
        HAK = "hak", "Permintaan pemilik data"
        RETENSI = "retensi", "Masa simpan habis"
        PULIH = "pulih", "Kembali dari cadangan"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sebab = models.CharField(max_length=10, choices=Sebab.choices)
    kelas = models.CharField(max_length=40)
    permohonan = models.ForeignKey(
        PermohonanHak, on_delete=models.PROTECT, null=True, related_name="pemusnahan"
    )
    wilayah = models.CharField(max_length=24, blank=True, db_collation="C")
    hari = models.DateField()
    jumlah = models.JSONField(default=dict)
    sisa = models.PositiveIntegerField(default=0)
    dibuat_at = models.DateTimeField(db_default=Now())
    selesai_at = models.DateTimeField(null=True)

    objects = PemusnahanQuerySet.as_manager()

    KLASIFIKASI = {
        "id": "teknis", "sebab": "umum", "kelas": "umum", "permohonan": "teknis", "wilayah": "umum", "hari": "umum", "jumlah": "umum",
        "sisa": "umum", "dibuat_at": "umum", "selesai_at": "umum",
    }  # fmt: skip

    class Meta:
        verbose_name = verbose_name_plural = "pemusnahan"
        ordering = ["-dibuat_at", "-id"]
        constraints = [
            models.CheckConstraint(
                name="pemusnahan_permohonan",
                condition=Q(sebab="hak", permohonan__isnull=False)
                | ~Q(sebab="hak") & Q(permohonan__isnull=True),
            ),
            models.CheckConstraint(
                name="pemusnahan_bersih", condition=Q(selesai_at__isnull=True) | Q(sisa=0)
            ),
        ]
        indexes = [models.Index(fields=["-dibuat_at"], name="pemusnahan_terbaru")]
