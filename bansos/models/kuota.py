"""Quota of one programme, area and quarter: what is in force, how it is divided, every change by two units, who holds a place."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from accounts.models import Orang, Pengguna
from bansos.models.daftar import BarisDaftar
from bansos.models.dasar import Program
from dtks.models import Individu, Keluarga
from wilayah.kode import dalam
from wilayah.models import Wilayah

KUASA_LIHAT = ("kuota.usulkan", "kuota.putus", "kuota.isi", "kelayakan.lihat")


class KuotaQuerySet(models.QuerySet["Kuota"]):
    def visible_to(self, user: Pengguna) -> "KuotaQuerySet":
        luas = [kode for kuasa in KUASA_LIHAT for kode in user.cakupan(kuasa)]
        return self.filter(dalam("wilayah_id", luas))


class Kuota(models.Model):
    """One row for ever: the lock under which places are raised and filled. `jumlah` 0 until a first change is approved.

    The quota of a kabupaten may be divided: a kecamatan or desa has a row of its own with `induk`, the nearest quota above. What
    was given to those below (`dibagi` places, `pagu_dibagi` rupiah, kept by a trigger) is not there to be filled here any more.

    `versi` is the `nomor` of the approved change that said `jumlah` (places) and `pagu` (rupiah a year, None = no ceiling).
    `terisi` and `terpakai` are kept by a trigger over PengisianKuota; the constraints refuse one place too many.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="kuota")
    wilayah = models.ForeignKey(Wilayah, on_delete=models.PROTECT, related_name="+")
    periode = models.CharField("triwulan", max_length=6)
    induk = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="bagian")
    jumlah = models.PositiveIntegerField("jumlah tempat", default=0)
    pagu = models.PositiveBigIntegerField("pagu (rupiah setahun)", null=True)
    versi = models.PositiveIntegerField(default=0)
    dibagi = models.IntegerField("sudah dibagi ke bawah", default=0, db_default=0)
    pagu_dibagi = models.BigIntegerField(default=0, db_default=0)
    terisi = models.IntegerField(default=0)
    terpakai = models.BigIntegerField(default=0)
    created_at = models.DateTimeField(db_default=Now())
    updated_at = models.DateTimeField(auto_now=True)

    objects = KuotaQuerySet.as_manager()

    KLASIFIKASI = {
        "id": "teknis", "program": "umum", "wilayah": "umum", "periode": "umum", "induk": "umum", "jumlah": "umum", "pagu": "umum",
        "versi": "umum", "dibagi": "umum", "pagu_dibagi": "umum", "terisi": "umum", "terpakai": "umum", "created_at": "teknis", "updated_at": "teknis",
    }  # fmt: skip

    class Meta:
        verbose_name = verbose_name_plural = "kuota"
        ordering = ["-periode", "program_id", "wilayah_id"]
        constraints = [
            models.UniqueConstraint(fields=["program", "wilayah", "periode"], name="kuota_satu"),
            models.CheckConstraint(name="kuota_periode", condition=Q(periode__regex=r"^20[0-9]{2}-[1-4]$")),
            models.CheckConstraint(
                name="kuota_tak_lebih",
                condition=Q(terisi__gte=0, dibagi__gte=0, jumlah__gte=F("terisi") + F("dibagi")),
            ),
            models.CheckConstraint(
                name="kuota_pagu_cukup",
                condition=Q(terpakai__gte=0, pagu_dibagi__gte=0)
                & (Q(pagu__isnull=True) | Q(pagu__gte=F("terpakai") + F("pagu_dibagi"))),
            ),
        ]
        indexes = [models.Index(fields=["wilayah", "-periode", "program"], name="kuota_wilayah")]

    def __str__(self) -> str:
        return f"{self.program_id} {self.wilayah_id} {self.periode}"

    @property
    def sisa(self) -> int:
        """Places that are neither filled nor given to an area below."""
        return self.jumlah - self.terisi - self.dibagi

    @property
    def sisa_pagu(self) -> int | None:
        """Rupiah a year that are left; None without a ceiling."""
        return None if self.pagu is None else self.pagu - self.terpakai - self.pagu_dibagi


class PerubahanKuotaQuerySet(models.QuerySet["PerubahanKuota"]):
    def visible_to(self, user: Pengguna) -> "PerubahanKuotaQuerySet":
        luas = [kode for kuasa in KUASA_LIHAT for kode in user.cakupan(kuasa)]
        return self.filter(dalam("kuota__wilayah_id", luas))


class PerubahanKuota(models.Model):
    """One proposed change, numbered within its quota. Public from the moment it is proposed; what is decided stays."""

    class Status(models.TextChoices):
        DIUSULKAN = "diusulkan", "Menunggu persetujuan"
        DISETUJUI = "disetujui", "Disetujui"
        DITOLAK = "ditolak", "Ditolak"
        DITARIK = "ditarik", "Ditarik pengusul"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kuota = models.ForeignKey(Kuota, on_delete=models.PROTECT, related_name="perubahan")
    nomor = models.PositiveIntegerField("perubahan ke-")
    jumlah_lama = models.PositiveIntegerField(default=0)
    jumlah = models.PositiveIntegerField("jumlah tempat")
    pagu_lama = models.PositiveBigIntegerField(null=True)
    pagu = models.PositiveBigIntegerField("pagu (rupiah setahun)", null=True)
    alasan = models.CharField(max_length=500)
    dasar_hukum = models.CharField("dasar hukum", max_length=300)
    sumber = models.CharField(max_length=300, blank=True)
    status_verifikasi = models.CharField(max_length=20, default="perlu_cek")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DIUSULKAN)
    diusulkan_by = models.ForeignKey(Pengguna, on_delete=models.PROTECT, related_name="+")
    diusulkan_orang = models.ForeignKey(Orang, on_delete=models.PROTECT, related_name="+")
    unit_pengusul = models.CharField(max_length=80)
    diusulkan_at = models.DateTimeField(db_default=Now())
    diputus_by = models.ForeignKey(Pengguna, on_delete=models.PROTECT, null=True, related_name="+")
    diputus_orang = models.ForeignKey(Orang, on_delete=models.PROTECT, null=True, related_name="+")
    unit_pemutus = models.CharField(max_length=80, blank=True)
    diputus_at = models.DateTimeField(null=True)
    alasan_putusan = models.CharField(max_length=500, blank=True)

    objects = PerubahanKuotaQuerySet.as_manager()

    KLASIFIKASI = {
        "id": "teknis", "kuota": "umum", "nomor": "umum", "jumlah_lama": "umum", "jumlah": "umum", "pagu_lama": "umum", "pagu": "umum",
        "alasan": "umum", "dasar_hukum": "umum", "sumber": "umum", "status_verifikasi": "umum", "status": "umum", "diusulkan_by": "umum",
        "diusulkan_orang": "teknis", "unit_pengusul": "umum", "diusulkan_at": "umum", "diputus_by": "umum", "diputus_orang": "teknis",
        "unit_pemutus": "umum", "diputus_at": "umum", "alasan_putusan": "umum",
    }  # fmt: skip

    class Meta:
        verbose_name = verbose_name_plural = "perubahan kuota"
        ordering = ["-diusulkan_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["kuota", "nomor"], name="perubahankuota_nomor"),
            models.UniqueConstraint(
                fields=["kuota"], condition=Q(status="diusulkan"), name="perubahankuota_satu_terbuka"
            ),
            models.CheckConstraint(
                name="perubahankuota_beralasan", condition=~Q(alasan="") & ~Q(dasar_hukum="")
            ),
            models.CheckConstraint(
                name="perubahankuota_dua_unit",
                condition=~Q(status__in=["disetujui", "ditolak"])
                | (
                    Q(diputus_by__isnull=False, diputus_orang__isnull=False, diputus_at__isnull=False)
                    & ~Q(diputus_orang=F("diusulkan_orang"))
                    & ~Q(unit_pemutus="")
                    & ~Q(unit_pemutus=F("unit_pengusul"))
                ),
            ),
            models.CheckConstraint(
                name="perubahankuota_tolak_beralasan", condition=~Q(status="ditolak") | ~Q(alasan_putusan="")
            ),
        ]
        indexes = [models.Index(fields=["status", "-diusulkan_at", "-id"], name="perubahankuota_antre")]

    def __str__(self) -> str:
        return f"Perubahan ke-{self.nomor}"


class PengisianKuotaQuerySet(models.QuerySet["PengisianKuota"]):
    def visible_to(self, user: Pengguna) -> "PengisianKuotaQuerySet":
        return self.filter(dalam("keluarga__wilayah_id", user.cakupan("kelayakan.lihat")))

    def terisi(self) -> "PengisianKuotaQuerySet":
        return self.filter(status=PengisianKuota.Status.TERISI)


class PengisianKuota(models.Model):
    """One place and who holds it. `nilai` in rupiah a year counts against the ceiling. Who drops out keeps the row."""

    class Status(models.TextChoices):
        TERISI = "terisi", "Menempati kuota"
        LEPAS = "lepas", "Keluar"

    class Asal(models.TextChoices):
        DAFTAR = "daftar", "Dari daftar kelayakan"
        SK = "sk", "Dari SK"
        PROMOSI = "promosi", "Naik dari daftar tunggu"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kuota = models.ForeignKey(Kuota, on_delete=models.PROTECT, related_name="pengisian")
    keluarga = models.ForeignKey(Keluarga, on_delete=models.PROTECT, related_name="+")
    individu = models.ForeignKey(Individu, on_delete=models.PROTECT, null=True, related_name="+")
    baris = models.ForeignKey(BarisDaftar, on_delete=models.PROTECT, null=True, related_name="+")
    peringkat = models.PositiveIntegerField(null=True)
    nilai = models.PositiveBigIntegerField(default=0)
    status = models.CharField(max_length=6, choices=Status.choices, default=Status.TERISI)
    asal = models.CharField(max_length=7, choices=Asal.choices)
    alasan = models.CharField(max_length=300)
    menggantikan = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="diganti_oleh"
    )
    diisi_by = models.ForeignKey(Pengguna, on_delete=models.PROTECT, related_name="+")
    diisi_at = models.DateTimeField(db_default=Now())
    sebab_lepas = models.CharField(max_length=300, blank=True)
    lepas_by = models.ForeignKey(Pengguna, on_delete=models.PROTECT, null=True, related_name="+")
    lepas_at = models.DateTimeField(null=True)

    objects = PengisianKuotaQuerySet.as_manager()

    KLASIFIKASI = {
        "id": "teknis", "kuota": "umum", "keluarga": "pribadi", "individu": "pribadi", "baris": "pribadi", "peringkat": "pribadi",
        "nilai": "pribadi", "status": "pribadi", "asal": "pribadi", "alasan": "pribadi", "menggantikan": "pribadi", "diisi_by": "umum",
        "diisi_at": "umum", "sebab_lepas": "spesifik", "lepas_by": "umum", "lepas_at": "umum",
    }  # fmt: skip

    class Meta:
        verbose_name = verbose_name_plural = "pengisian kuota"
        ordering = ["peringkat", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["kuota", "keluarga", "individu"],
                condition=Q(status="terisi"),
                nulls_distinct=False,
                name="pengisiankuota_sekali",
            ),
            models.CheckConstraint(
                name="pengisiankuota_lepas_beralasan",
                condition=Q(status="terisi", lepas_at__isnull=True, sebab_lepas="")
                | (Q(status="lepas", lepas_at__isnull=False, lepas_by__isnull=False) & ~Q(sebab_lepas="")),
            ),
            models.CheckConstraint(name="pengisiankuota_beralasan", condition=~Q(alasan="")),
        ]
        indexes = [models.Index(fields=["kuota", "status", "peringkat", "id"], name="pengisiankuota_daftar")]
