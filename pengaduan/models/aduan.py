"""A complaint, a wish or a question of a citizen, by whatever channel it came, until it is answered and judged by who brought it."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Left, Now

from accounts.models import Pengguna
from accounts.models.kabar import mask_phone
from core.identity import mask_name, mask_nik
from core.privacy.fields import BlindIndexField, SealedField
from dtks.models.riwayat import Riwayat
from pengaduan.models.jam import Berjam
from pengaduan.models.tiket import Bertiket
from pengaduan.workflow import ADUAN
from wilayah.kode import dalam
from wilayah.models import Wilayah

KUASA_SEMUA = ("aduan.proses", "aduan.lihat")  # every complaint of the area


class Instansi(models.Model):
    """Who may decide a matter: the authority table's right side. `tingkat`: kabupaten, provinsi, pusat."""

    class Tingkat(models.TextChoices):
        KABUPATEN = "kabupaten", "Kabupaten/kota"
        PROVINSI = "provinsi", "Provinsi"
        PUSAT = "pusat", "Pusat"

    kode = models.CharField(max_length=20, primary_key=True)
    nama = models.CharField(max_length=120)
    tingkat = models.CharField(max_length=10, choices=Tingkat.choices)
    cara = models.CharField("cara menghubungi", max_length=300)
    urut = models.PositiveSmallIntegerField(default=0)
    aktif = models.BooleanField(default=True)

    class Meta:
        verbose_name = verbose_name_plural = "instansi tujuan"
        ordering = ["urut", "kode"]

    def __str__(self) -> str:
        return self.nama


class KategoriAduan(models.Model):
    """What it is about, the class it usually has, and whose matter it is (no institution: the Dinas itself)."""

    class Arahan(models.TextChoices):
        ADUAN = "", "Diproses Dinas Sosial"
        RAHASIA = "rahasia", "Ke jalur laporan rahasia"
        DARURAT = "darurat", "Perlu pertolongan cepat"

    kode = models.CharField(max_length=20, primary_key=True)
    nama = models.CharField(max_length=80)
    penjelasan = models.CharField(max_length=200)
    kelas = models.CharField(max_length=10, default="pengaduan")
    arahan = models.CharField(max_length=10, choices=Arahan.choices, blank=True)
    instansi = models.ForeignKey(Instansi, on_delete=models.PROTECT, null=True, related_name="+")
    dasar = models.CharField("dasar wewenang", max_length=200, blank=True)
    urut = models.PositiveSmallIntegerField(default=0)
    aktif = models.BooleanField(default=True)

    class Meta:
        verbose_name = verbose_name_plural = "kategori aduan"
        ordering = ["urut", "kode"]

    def __str__(self) -> str:
        return self.nama


class TemplatJawaban(models.Model):
    """Words that an officer starts an answer from; what is sent is what he made of them."""

    kode = models.CharField(max_length=30, primary_key=True)
    judul = models.CharField(max_length=100)
    kategori = models.ForeignKey(KategoriAduan, on_delete=models.PROTECT, null=True, related_name="templat")
    isi = models.TextField(max_length=2000)
    aktif = models.BooleanField(default=True)
    urut = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = verbose_name_plural = "templat jawaban"
        ordering = ["urut", "kode"]

    def __str__(self) -> str:
        return self.judul


class AduanQuerySet(models.QuerySet["Aduan"]):
    def visible_to(self, user: Pengguna) -> "AduanQuerySet":
        """Verifiers and who watches see all of their area; others what was given to them or their desk, and what they took down."""
        semua = [kode for kuasa in KUASA_SEMUA for kode in user.cakupan(kuasa)]
        boleh = dalam("wilayah_id", semua)
        if luas := user.cakupan("aduan.tangani"):
            boleh |= dalam("wilayah_id", luas) & Q(petugas=user)
            for p in user.penugasan_aktif:
                if "aduan.tangani" in p.peran.kuasa and p.wilayah_id:
                    boleh |= dalam("wilayah_id", [p.wilayah_id]) & Q(meja=p.peran_id)
        if luas := user.cakupan("aduan.catat"):
            boleh |= dalam("wilayah_id", luas) & Q(created_by=user)
        return self.filter(boleh)

    def terbuka(self) -> "AduanQuerySet":
        return self.filter(status__in=TERBUKA)


TERBUKA = ("diterima", "klarifikasi", "diverifikasi", "didisposisi", "ditangani")
DIJAWAB = ("selesai", "ditolak", "diteruskan")


class Aduan(Bertiket, Berjam):
    """`pelapor_*` are sealed; who handles the matter sees them only when the reporter said so (`privasi`)."""

    class Kanal(models.TextChoices):
        WEB = "web", "Portal ini"
        LOKET = "loket", "Loket"
        TELEPON = "telepon171", "Telepon 171"
        DARURAT = "112", "Telepon 112"
        SP4N = "sp4n", "SP4N-LAPOR!"
        WHATSAPP = "whatsapp", "WhatsApp"
        MEDSOS = "medsos", "Media sosial"
        SURAT = "surat", "Surat"

    class Kelas(models.TextChoices):
        PENGADUAN = "pengaduan", "Pengaduan"
        ASPIRASI = "aspirasi", "Aspirasi (usul, saran)"
        INFORMASI = "informasi", "Permintaan informasi"

    class Privasi(models.TextChoices):
        RAHASIA = "rahasia", "Rahasiakan nama saya"
        TERBUKA = "terbuka", "Petugas yang menangani boleh tahu nama saya"
        ANONIM = "anonim", "Saya tidak mau menyebut nama"

    wilayah = models.ForeignKey(Wilayah, on_delete=models.PROTECT, related_name="+")
    kanal = models.CharField(max_length=12, choices=Kanal.choices)
    kategori = models.ForeignKey(KategoriAduan, on_delete=models.PROTECT, related_name="+")
    kelas = models.CharField(max_length=10, choices=Kelas.choices, blank=True)
    berkadar = models.BooleanField("berkadar pengawasan", default=False)
    cerita = models.TextField(max_length=4000)
    tempat = models.CharField("tempat kejadian", max_length=200, blank=True)
    kejadian = models.DateField("tanggal kejadian", null=True)
    privasi = models.CharField(max_length=10, choices=Privasi.choices, default=Privasi.RAHASIA)
    pelapor_nama = SealedField(purpose="nama", mask=mask_name)
    pelapor_telepon = SealedField(purpose="telepon", mask=mask_phone)
    pelapor_telepon_indeks = BlindIndexField(source="pelapor_telepon")
    pelapor_nik = SealedField(purpose="nik", mask=mask_nik)
    pelapor_nik_indeks = BlindIndexField(source="pelapor_nik")
    no_lapor = models.CharField("nomor SP4N-LAPOR!", max_length=30, blank=True)
    status = models.CharField(max_length=20, choices=ADUAN.choices(), default="diterima")
    status_sejak = models.DateTimeField(db_default=Now())
    versi = models.PositiveIntegerField(default=0)
    verifikasi_tepat = models.BooleanField(null=True)  # verified in time; None: not yet
    petugas = models.ForeignKey(Pengguna, on_delete=models.PROTECT, null=True, related_name="+")
    meja = models.CharField(max_length=20, blank=True)  # code of a role: whoever holds it there
    instansi = models.ForeignKey(Instansi, on_delete=models.PROTECT, null=True, related_name="+")
    nomor_terusan = models.CharField("nomor surat penerusan", max_length=60, blank=True)
    jawaban = models.TextField(max_length=4000, blank=True)
    dijawab_at = models.DateTimeField(null=True)
    dibuka_lagi_at = models.DateTimeField(null=True)
    nilai = models.PositiveSmallIntegerField(null=True)
    nilai_catatan = models.CharField(max_length=500, blank=True)
    dinilai_at = models.DateTimeField(null=True)
    utama = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="salinan")
    created_by = models.ForeignKey(Pengguna, on_delete=models.PROTECT, null=True, related_name="+")

    objects = AduanQuerySet.as_manager()

    KLASIFIKASI: ClassVar[dict[str, str]] = Bertiket.KLASIFIKASI | Berjam.KLASIFIKASI | {
        "wilayah": "umum", "kanal": "umum", "kategori": "umum", "kelas": "umum", "berkadar": "umum", "cerita": "pribadi", "tempat": "pribadi",
        "kejadian": "pribadi", "privasi": "umum", "pelapor_nama": "rahasia", "pelapor_telepon": "rahasia", "pelapor_telepon_indeks": "rahasia",
        "pelapor_nik": "rahasia", "pelapor_nik_indeks": "rahasia", "no_lapor": "pribadi", "status": "umum", "status_sejak": "umum", "versi": "teknis",
        "verifikasi_tepat": "umum", "petugas": "umum", "meja": "umum", "instansi": "umum", "nomor_terusan": "umum", "jawaban": "pribadi",
        "dijawab_at": "umum", "dibuka_lagi_at": "umum", "nilai": "umum", "nilai_catatan": "pribadi", "dinilai_at": "umum", "utama": "pribadi",
        "created_by": "umum",
    }  # fmt: skip

    class Meta(Berjam.Meta):
        abstract = False
        verbose_name = verbose_name_plural = "aduan"
        ordering = ["tenggat_at", "id"]
        constraints = [
            *Berjam.Meta.constraints,
            models.CheckConstraint(
                name="aduan_anonim",
                condition=~Q(privasi="anonim")
                | Q(pelapor_nama__isnull=True, pelapor_telepon__isnull=True, pelapor_nik__isnull=True),
            ),
            models.CheckConstraint(
                name="aduan_berjawaban",
                condition=~Q(status__in=["selesai", "ditolak", "diteruskan"])
                | (~Q(jawaban="") & Q(dijawab_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="aduan_berkelas", condition=Q(kelas__gt="") | Q(verifikasi_tepat__isnull=True)
            ),
            models.CheckConstraint(
                name="aduan_nilai", condition=Q(nilai__isnull=True) | Q(nilai__gte=1, nilai__lte=5)
            ),
            models.CheckConstraint(
                name="aduan_gabung",
                condition=(~Q(status="digabung") | Q(utama__isnull=False))
                & (Q(utama__isnull=True) | ~Q(utama=F("id"))),
            ),
            models.UniqueConstraint(
                Left("wilayah_id", 5), "no_lapor", name="aduan_no_lapor", condition=~Q(no_lapor="")
            ),
        ]
        indexes = [
            *Berjam.Meta.indexes,
            models.Index(fields=["wilayah", "tenggat_at", "id"], name="aduan_antrean"),
            models.Index(
                fields=["pelapor_telepon_indeks"],
                name="aduan_telepon",
                condition=Q(pelapor_telepon_indeks__isnull=False),
            ),
            models.Index(
                fields=["pelapor_nik_indeks"], name="aduan_nik", condition=Q(pelapor_nik_indeks__isnull=False)
            ),
            models.Index(
                fields=["dijawab_at"],
                name="aduan_tutup",
                condition=Q(status__in=["selesai", "ditolak", "diteruskan"]),
            ),
        ]

    @property
    def bernama(self) -> bool:
        return bool(self.pelapor_nama or self.pelapor_telepon or self.pelapor_nik)


class RiwayatAduan(Riwayat):
    """One step of one complaint. Steps of the reporter have no user."""

    aduan = models.ForeignKey(Aduan, on_delete=models.PROTECT, related_name="riwayat")

    KLASIFIKASI = Riwayat.KLASIFIKASI | {"aduan": "teknis"}

    class Meta(Riwayat.Meta):
        abstract = False
        verbose_name = verbose_name_plural = "riwayat aduan"
        constraints = [models.UniqueConstraint(fields=["aduan", "urut"], name="riwayataduan_urut")]


class PesanAduan(models.Model):
    """What was said: to the reporter, by him, or among officers (`internal`). Append-only."""

    class Dari(models.TextChoices):
        PELAPOR = "pelapor", "Pelapor"
        PETUGAS = "petugas", "Petugas"
        INTERNAL = "internal", "Catatan petugas"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    aduan = models.ForeignKey(Aduan, on_delete=models.PROTECT, related_name="pesan")
    dari = models.CharField(max_length=10, choices=Dari.choices)
    isi = models.TextField(max_length=4000)
    oleh = models.ForeignKey(Pengguna, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(db_default=Now())

    KLASIFIKASI = {
        "id": "teknis", "aduan": "teknis", "dari": "umum", "isi": "pribadi", "oleh": "umum", "created_at": "umum",
    }  # fmt: skip

    class Meta:
        verbose_name = verbose_name_plural = "pesan aduan"
        ordering = ["created_at", "id"]


class FotoAduan(models.Model):
    """A picture that came with it; re-encoded, without the place and time that a phone writes into it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    aduan = models.ForeignKey(Aduan, on_delete=models.PROTECT, related_name="foto")
    berkas = models.OneToOneField("core.Berkas", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now())

    KLASIFIKASI = {"id": "teknis", "aduan": "teknis", "berkas": "pribadi", "created_at": "umum"}

    class Meta:
        verbose_name = verbose_name_plural = "foto aduan"
        ordering = ["created_at", "id"]
