"""Lists of people whom a rule leaves out (ASN, pension, wage, company registry, deceased …), with origin and date.

A row holds no NIK, only its blind index: whether somebody is on a list can be asked, the list itself can't be read.
"""

import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from accounts.models import Orang, Pengguna
from dtks.models import Impor, Individu
from wilayah.kode import dalam
from wilayah.models import Wilayah

KUASA_LIHAT = ("pengecualian.lihat", "pengecualian.sanggah", "pengecualian.putus", "impor.pengecualian")
HIDUP = ("berlaku", "disanggah")


class SumberPengecualian(models.Model):
    """A kind of list. `mengenai` says whether a hit leaves out the whole family or that person alone.

    `kalimat` ends a sentence about the person ("… tercatat sebagai ASN"); `saran` is what changes it.
    """

    class Mengenai(models.TextChoices):
        KELUARGA = "keluarga", "Seluruh keluarga (satu KK)"
        INDIVIDU = "individu", "Orang itu saja"

    kode = models.CharField(max_length=20, primary_key=True)
    nama = models.CharField(max_length=100)
    kalimat = models.CharField(max_length=150)
    saran = models.CharField(max_length=300)
    mengenai = models.CharField(max_length=8, choices=Mengenai.choices, default=Mengenai.KELUARGA)
    dasar_hukum = models.CharField(max_length=300, blank=True)
    urut = models.PositiveSmallIntegerField()
    aktif = models.BooleanField(default=True)

    class Meta:
        verbose_name = verbose_name_plural = "sumber pengecualian"
        ordering = ["urut", "kode"]

    def __str__(self) -> str:
        return self.nama


class ButirPengecualianQuerySet(models.QuerySet["ButirPengecualian"]):
    def visible_to(self, user: Pengguna) -> "ButirPengecualianQuerySet":
        luas = [kode for kuasa in KUASA_LIHAT for kode in user.cakupan(kuasa)]
        return self.filter(dalam("wilayah_id", luas))

    def hidup(self) -> "ButirPengecualianQuerySet":
        return self.filter(status__in=HIDUP)


class ButirPengecualian(models.Model):
    """One NIK on one list of one kabupaten. A newer list makes a new row; the older one becomes 'diganti'.

    'berlaku' excludes; 'disanggah' is decided by the Dinas; 'gugur' was found wrong and counts no more.
    """

    class Status(models.TextChoices):
        BERLAKU = "berlaku", "Berlaku"
        DISANGGAH = "disanggah", "Disanggah"
        GUGUR = "gugur", "Keliru, tidak dihitung"
        DIGANTI = "diganti", "Diganti data lebih baru"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sumber = models.ForeignKey(SumberPengecualian, on_delete=models.PROTECT, related_name="butir")
    wilayah = models.ForeignKey(Wilayah, on_delete=models.PROTECT, related_name="+")
    nik_indeks = models.BinaryField(max_length=32)  # core.privacy.keys.blind_index(nik, "nik")
    asal = models.CharField("asal data", max_length=120)
    tanggal_data = models.DateField("tanggal data")
    berlaku_hingga = models.DateField("berlaku hingga", null=True)
    keterangan = models.CharField(max_length=200, blank=True)
    status = models.CharField(max_length=9, choices=Status.choices, default=Status.BERLAKU)
    impor = models.ForeignKey(Impor, on_delete=models.PROTECT, related_name="+")
    nomor = models.PositiveIntegerField("baris di berkas")
    menggantikan = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="diganti_oleh"
    )
    created_at = models.DateTimeField(db_default=Now())
    updated_at = models.DateTimeField(auto_now=True)

    objects = ButirPengecualianQuerySet.as_manager()

    INDEKS = ("nik_indeks",)

    KLASIFIKASI = {
        "id": "teknis", "sumber": "pribadi", "wilayah": "umum", "nik_indeks": "rahasia", "asal": "umum", "tanggal_data": "umum",
        "berlaku_hingga": "pribadi", "keterangan": "spesifik", "status": "pribadi", "impor": "teknis", "nomor": "teknis",
        "menggantikan": "teknis", "created_at": "teknis", "updated_at": "teknis",
    }  # fmt: skip

    class Meta:
        verbose_name = verbose_name_plural = "butir pengecualian"
        ordering = ["-tanggal_data", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["nik_indeks", "sumber", "wilayah"],
                condition=~Q(status="diganti"),
                name="butirpengecualian_satu",
            ),
            models.UniqueConstraint(fields=["impor", "nomor"], name="butirpengecualian_baris"),
        ]
        indexes = [
            models.Index(fields=["wilayah", "sumber", "status", "id"], name="butirpengecualian_daftar")
        ]


class SanggahButirQuerySet(models.QuerySet["SanggahButir"]):
    def visible_to(self, user: Pengguna) -> "SanggahButirQuerySet":
        luas = [kode for kuasa in KUASA_LIHAT for kode in user.cakupan(kuasa)]
        return self.filter(dalam("individu__keluarga__wilayah_id", luas))


class SanggahButir(models.Model):
    """A family says that a hit is wrong, with evidence; another person than the one who wrote it down decides."""

    class Status(models.TextChoices):
        DIAJUKAN = "diajukan", "Menunggu putusan"
        DIKABULKAN = "dikabulkan", "Dikabulkan: data itu keliru"
        DITOLAK = "ditolak", "Ditolak: data itu benar"
        DITARIK = "ditarik", "Ditarik warga"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    butir = models.ForeignKey(ButirPengecualian, on_delete=models.PROTECT, related_name="sanggah")
    individu = models.ForeignKey(Individu, on_delete=models.PROTECT, related_name="+")
    alasan = models.CharField(max_length=1000)
    rujukan = models.CharField("nomor aduan atau surat", max_length=60, blank=True)
    berkas = models.ForeignKey("core.Berkas", on_delete=models.PROTECT, null=True, related_name="+")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DIAJUKAN)
    batas_jawab = models.DateField("paling lambat diputus")
    created_by = models.ForeignKey(Pengguna, on_delete=models.PROTECT, null=True, related_name="+")
    created_orang = models.ForeignKey(Orang, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    diputus_by = models.ForeignKey(Pengguna, on_delete=models.PROTECT, null=True, related_name="+")
    diputus_orang = models.ForeignKey(Orang, on_delete=models.PROTECT, null=True, related_name="+")
    diputus_at = models.DateTimeField(null=True)
    alasan_putusan = models.CharField(max_length=1000, blank=True)

    objects = SanggahButirQuerySet.as_manager()

    KLASIFIKASI = {
        "id": "teknis", "butir": "pribadi", "individu": "pribadi", "alasan": "spesifik", "rujukan": "pribadi", "berkas": "pribadi",
        "status": "pribadi", "batas_jawab": "umum", "created_by": "umum", "created_orang": "teknis", "created_at": "umum",
        "diputus_by": "umum", "diputus_orang": "teknis", "diputus_at": "umum", "alasan_putusan": "spesifik",
    }  # fmt: skip

    class Meta:
        verbose_name = verbose_name_plural = "sanggah pengecualian"
        ordering = ["batas_jawab", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["butir"], condition=Q(status="diajukan"), name="sanggahbutir_satu_terbuka"
            ),
            models.CheckConstraint(name="sanggahbutir_beralasan", condition=~Q(alasan="")),
            models.CheckConstraint(
                name="sanggahbutir_putusan",
                condition=Q(status__in=["diajukan", "ditarik"])
                | (Q(diputus_orang__isnull=False, diputus_at__isnull=False) & ~Q(alasan_putusan="")),
            ),
            models.CheckConstraint(
                name="sanggahbutir_orang_lain",
                condition=Q(diputus_orang__isnull=True)
                | Q(created_orang__isnull=True)
                | ~Q(diputus_orang=models.F("created_orang")),
            ),
        ]
        indexes = [models.Index(fields=["status", "batas_jawab", "id"], name="sanggahbutir_antre")]
