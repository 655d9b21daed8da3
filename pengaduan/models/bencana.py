"""A disaster: the event, the families it hit, and the goods that were handed over with a signed record (BAST)."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from accounts.models import Pengguna
from core.identity import mask_nik
from core.privacy.fields import BlindIndexField, SealedField
from dtks.models import Keluarga, Usulan
from wilayah.kode import dalam
from wilayah.models import Wilayah

KEBUTUHAN = (
    ("MAKANAN", "Makanan siap saji atau sembako"), ("AIR", "Air bersih"), ("TENDA", "Tenda atau tempat mengungsi"),
    ("SANDANG", "Pakaian dan selimut"), ("BAYI", "Perlengkapan bayi"), ("OBAT", "Obat atau pemeriksaan kesehatan"),
    ("DUKUNGAN", "Pendampingan psikososial"), ("DOKUMEN", "Pengganti dokumen yang hilang"), ("RUMAH", "Perbaikan rumah"),
)  # fmt: skip


class KejadianQuerySet(models.QuerySet["KejadianBencana"]):
    def visible_to(self, user: Pengguna) -> "KejadianQuerySet":
        """An event of a kecamatan concerns the desa inside it too; the families of it do not (`KorbanQuerySet`)."""
        luas = user.cakupan("darurat.lihat")
        atas = {kode[:n] for kode in luas for n in (5, 8) if len(kode) > n}
        return self.filter(dalam("wilayah_id", luas) | Q(wilayah_id__in=atas))


class KejadianBencana(models.Model):
    """One event. `wilayah` is as narrow as is known: a desa, a kecamatan or the kabupaten."""

    class Jenis(models.TextChoices):
        BANJIR = "BANJIR", "Banjir"
        LONGSOR = "LONGSOR", "Tanah longsor"
        GEMPA = "GEMPA", "Gempa bumi"
        KEBAKARAN = "KEBAKARAN", "Kebakaran"
        ANGIN = "ANGIN", "Angin kencang"
        KEKERINGAN = "KEKERINGAN", "Kekeringan"
        SOSIAL = "SOSIAL", "Bencana sosial"
        LAIN = "LAIN", "Bencana lain"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    nomor = models.CharField(max_length=20)
    jenis = models.CharField("jenis bencana", max_length=12, choices=Jenis.choices)
    wilayah = models.ForeignKey(Wilayah, on_delete=models.PROTECT, related_name="+")
    lokasi = models.CharField("letak", max_length=200)
    lintang = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    bujur = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    waktu = models.DateTimeField("waktu kejadian")
    sumber = models.CharField("dari siapa kabarnya", max_length=100)
    sk_darurat = models.CharField("nomor SK tanggap darurat", max_length=100, blank=True)
    uraian = models.TextField(max_length=2000)
    ditutup_at = models.DateTimeField(null=True)
    created_by = models.ForeignKey(Pengguna, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now())

    objects = KejadianQuerySet.as_manager()

    KLASIFIKASI = {
        "id": "teknis", "nomor": "umum", "jenis": "umum", "wilayah": "umum", "lokasi": "umum", "lintang": "umum", "bujur": "umum",
        "waktu": "umum", "sumber": "umum", "sk_darurat": "umum", "uraian": "umum", "ditutup_at": "umum", "created_by": "umum",
        "created_at": "teknis",
    }  # fmt: skip

    class Meta:
        verbose_name = verbose_name_plural = "kejadian bencana"
        ordering = ["-waktu", "-id"]
        constraints = [models.UniqueConstraint(fields=["nomor", "wilayah"], name="kejadian_nomor")]
        indexes = [models.Index(fields=["wilayah", "-waktu", "-id"], name="kejadian_wilayah")]

    def __str__(self) -> str:
        return self.nomor


class KorbanQuerySet(models.QuerySet["KorbanKeluarga"]):
    def visible_to(self, user: Pengguna) -> "KorbanQuerySet":
        return self.filter(dalam("wilayah_id", user.cakupan("darurat.lihat")))


class KorbanKeluarga(models.Model):
    """A family that was hit. Its NIK may be missing: papers burn. One NIK once in one event."""

    class Rumah(models.TextChoices):
        UTUH = "UTUH", "Tidak rusak"
        RINGAN = "RINGAN", "Rusak ringan"
        SEDANG = "SEDANG", "Rusak sedang"
        BERAT = "BERAT", "Rusak berat atau hilang"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kejadian = models.ForeignKey(KejadianBencana, on_delete=models.PROTECT, related_name="korban")
    wilayah = models.ForeignKey(Wilayah, on_delete=models.PROTECT, related_name="+")
    nama_kepala = models.CharField("nama kepala keluarga", max_length=100)
    nik_indeks = BlindIndexField(source="nik")
    nik = SealedField("NIK", purpose="nik", mask=mask_nik)
    alamat = models.CharField("alamat", max_length=200)
    jiwa = models.PositiveSmallIntegerField("jumlah jiwa")
    rentan = models.PositiveSmallIntegerField(
        "balita, lansia, ibu hamil, dan penyandang disabilitas", default=0
    )
    meninggal = models.PositiveSmallIntegerField("meninggal", default=0)
    luka = models.PositiveSmallIntegerField("luka atau sakit", default=0)
    rumah = models.CharField("keadaan rumah", max_length=8, choices=Rumah.choices)
    mengungsi = models.BooleanField("mengungsi", default=False)
    kebutuhan = ArrayField(models.CharField(max_length=10), verbose_name="kebutuhan", default=list, size=9)
    keluarga = models.ForeignKey(Keluarga, on_delete=models.PROTECT, null=True, related_name="+")
    usulan = models.ForeignKey(Usulan, on_delete=models.PROTECT, null=True, related_name="+")
    created_by = models.ForeignKey(Pengguna, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now())

    objects = KorbanQuerySet.as_manager()

    KLASIFIKASI = {
        "id": "teknis", "kejadian": "umum", "wilayah": "umum", "nama_kepala": "pribadi", "nik_indeks": "rahasia", "nik": "rahasia",
        "alamat": "pribadi", "jiwa": "pribadi", "rentan": "spesifik", "meninggal": "spesifik", "luka": "spesifik", "rumah": "pribadi",
        "mengungsi": "pribadi", "kebutuhan": "pribadi", "keluarga": "pribadi", "usulan": "pribadi", "created_by": "umum", "created_at": "teknis",
    }  # fmt: skip

    class Meta:
        verbose_name = verbose_name_plural = "keluarga korban"
        ordering = ["nama_kepala", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["kejadian", "nik_indeks"],
                name="korban_nik_sekali",
                condition=Q(nik_indeks__isnull=False),
            ),
            models.CheckConstraint(
                name="korban_jiwa", condition=Q(jiwa__gte=1, rentan__lte=models.F("jiwa"))
            ),
        ]
        indexes = [models.Index(fields=["kejadian", "nama_kepala", "id"], name="korban_kejadian")]

    def __str__(self) -> str:
        return self.nama_kepala

    @property
    def kebutuhan_kata(self) -> list[str]:
        kata = dict(KEBUTUHAN)
        return [kata.get(k, k) for k in self.kebutuhan]


class PenyerahanQuerySet(models.QuerySet["PenyerahanBarang"]):
    def visible_to(self, user: Pengguna) -> "PenyerahanQuerySet":
        return self.filter(dalam("wilayah_id", user.cakupan("darurat.lihat")))


class PenyerahanBarang(models.Model):
    """Goods handed to a desa or kecamatan for its families: numbered record with its lines, frozen when issued."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kejadian = models.ForeignKey(KejadianBencana, on_delete=models.PROTECT, related_name="penyerahan")
    wilayah = models.ForeignKey(Wilayah, on_delete=models.PROTECT, related_name="+")
    nomor = models.CharField(max_length=80)
    tanggal = models.DateField()
    penerima = models.CharField("nama penerima", max_length=100)
    jabatan = models.CharField("jabatan penerima", max_length=100)
    keluarga_n = models.PositiveIntegerField("untuk berapa keluarga")
    barang = models.JSONField(default=list)  # [[name, amount, unit], ...]
    dokumen = models.OneToOneField("core.Dokumen", on_delete=models.PROTECT, related_name="+")
    pindaian = models.ForeignKey("core.Berkas", on_delete=models.PROTECT, null=True, related_name="+")
    created_by = models.ForeignKey(Pengguna, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now())

    objects = PenyerahanQuerySet.as_manager()

    KLASIFIKASI = {
        "id": "teknis", "kejadian": "umum", "wilayah": "umum", "nomor": "umum", "tanggal": "umum", "penerima": "pribadi",
        "jabatan": "umum", "keluarga_n": "umum", "barang": "umum", "dokumen": "umum", "pindaian": "pribadi", "created_by": "umum",
        "created_at": "teknis",
    }  # fmt: skip

    class Meta:
        verbose_name = verbose_name_plural = "penyerahan barang"
        ordering = ["-tanggal", "-created_at", "-id"]

    def __str__(self) -> str:
        return self.nomor
