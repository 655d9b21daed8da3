"""Field assessment: visit result, the fakir-miskin gate and eight criteria (Kepmensos 262/HUK/2022)."""

import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from accounts.models import Pengguna
from dtks.models.usulan import Usulan
from wilayah.kode import dalam

KRITERIA = (
    ("tidak_bekerja", "Kepala keluarga atau pengurus tidak bekerja"),
    ("khawatir_makan", "Pernah khawatir tidak makan, atau tidak makan, dalam setahun terakhir"),
    ("makan_dominan", "Pengeluaran untuk makan lebih dari separuh seluruh pengeluaran"),
    ("tanpa_pakaian", "Tidak ada pengeluaran untuk pakaian selama setahun terakhir"),
    ("lantai_tanah", "Lantai sebagian besar tanah atau plesteran"),
    ("dinding_buruk", "Dinding sebagian besar bambu, kawat, papan, terpal, kardus, tembok tanpa plester, rumbia, atau seng"),
    ("tanpa_jamban", "Tidak punya jamban sendiri, atau memakai jamban bersama"),
    ("listrik_450", "Penerangan listrik 450 VA atau bukan listrik"),
)  # fmt: skip


TIDAK_BERTEMU = ("3", "4", "5")  # nobody there, refused, moved away


class AsesmenQuerySet(models.QuerySet["Asesmen"]):
    def visible_to(self, user: Pengguna) -> "AsesmenQuerySet":
        sendiri = Q(asesor=user) if user.punya("usulan.ases") else Q(pk__in=())
        luas = dalam("usulan__wilayah_id", user.cakupan("asesmen.lihat")) | sendiri
        return self.filter(luas, usulan__keluarga__dibekukan_at__isnull=True)


class Asesmen(models.Model):
    """One visit. The number of criteria that makes 'layak' is not in the law: answers are stored, a person concludes."""

    class Kunjungan(models.TextChoices):
        LENGKAP = "1", "Bertemu, wawancara lengkap"
        TIDAK_LENGKAP = "2", "Bertemu, wawancara tidak lengkap"
        TANPA_RESPONDEN = "3", "Tidak ada yang bisa ditemui"
        MENOLAK = "4", "Menolak didata"
        PINDAH = "5", "Pindah atau rumah sudah tidak ada"

    class Kesimpulan(models.TextChoices):
        LAYAK = "layak", "Layak"
        TIDAK_LAYAK = "tidak_layak", "Tidak layak"
        LAYANAN_LAIN = "layanan_lain", "Perlu layanan lain"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    usulan = models.ForeignKey(Usulan, on_delete=models.PROTECT, related_name="asesmen")
    ke = models.PositiveSmallIntegerField("kunjungan ke", default=1)
    asesor = models.ForeignKey(Pengguna, on_delete=models.PROTECT, related_name="+")
    tanggal = models.DateField("tanggal kunjungan")
    kunjungan = models.CharField("hasil kunjungan", max_length=1, choices=Kunjungan.choices)
    tanpa_tempat_tinggal = models.BooleanField(
        "tidak punya tempat berteduh atau tempat tinggal", default=False
    )
    tidak_bekerja = models.BooleanField(KRITERIA[0][1], null=True)
    khawatir_makan = models.BooleanField(KRITERIA[1][1], null=True)
    makan_dominan = models.BooleanField(KRITERIA[2][1], null=True)
    tanpa_pakaian = models.BooleanField(KRITERIA[3][1], null=True)
    lantai_tanah = models.BooleanField(KRITERIA[4][1], null=True)
    dinding_buruk = models.BooleanField(KRITERIA[5][1], null=True)
    tanpa_jamban = models.BooleanField(KRITERIA[6][1], null=True)
    listrik_450 = models.BooleanField(KRITERIA[7][1], null=True)
    izin_lokasi = models.BooleanField("keluarga mengizinkan titik lokasi dicatat", default=False)
    lintang = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    bujur = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    akurasi_m = models.PositiveIntegerField("ketelitian (meter)", null=True, blank=True)
    kesimpulan = models.CharField("kesimpulan", max_length=12, choices=Kesimpulan.choices, blank=True)
    catatan = models.TextField("catatan petugas", blank=True, max_length=4000)
    selesai_at = models.DateTimeField(null=True)
    # When the officer stood at the door, by his phone; that he declared no conflict of interest; the day he comes again.
    mulai_at = models.DateTimeField("mulai kunjungan", null=True)
    tanpa_benturan_at = models.DateTimeField("menyatakan tanpa benturan kepentingan", null=True)
    kunjungan_lagi = models.DateField("rencana kunjungan berikutnya", null=True)
    created_at = models.DateTimeField(db_default=Now())
    updated_at = models.DateTimeField(auto_now=True)

    objects = AsesmenQuerySet.as_manager()

    KLASIFIKASI = {
        "id": "teknis", "usulan": "teknis", "ke": "umum", "asesor": "umum", "tanggal": "umum", "kunjungan": "pribadi",
        "tanpa_tempat_tinggal": "pribadi", "tidak_bekerja": "pribadi", "khawatir_makan": "pribadi", "makan_dominan": "spesifik",
        "tanpa_pakaian": "spesifik", "lantai_tanah": "pribadi", "dinding_buruk": "pribadi", "tanpa_jamban": "pribadi",
        "listrik_450": "pribadi", "izin_lokasi": "pribadi", "lintang": "pribadi", "bujur": "pribadi", "akurasi_m": "pribadi",
        "kesimpulan": "pribadi", "catatan": "pribadi", "selesai_at": "teknis", "created_at": "teknis", "updated_at": "teknis",
        "mulai_at": "pribadi", "tanpa_benturan_at": "umum", "kunjungan_lagi": "pribadi",
    }  # fmt: skip

    class Meta:
        verbose_name = verbose_name_plural = "asesmen"
        ordering = ["ke"]
        constraints = [
            models.UniqueConstraint(fields=["usulan", "ke"], name="asesmen_ke"),
            models.CheckConstraint(
                name="asesmen_lokasi_berizin",
                condition=Q(izin_lokasi=True) | Q(lintang__isnull=True, bujur__isnull=True),
            ),
        ]

    @property
    def tidak_bertemu(self) -> bool:
        return self.kunjungan in TIDAK_BERTEMU

    @property
    def kriteria(self) -> list[tuple[str, str, bool | None]]:
        return [(nama, label, getattr(self, nama)) for nama, label in KRITERIA]

    @property
    def jumlah_kriteria(self) -> int:
        return sum(1 for _, _, jawaban in self.kriteria if jawaban)


class FotoAsesmen(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    asesmen = models.ForeignKey(Asesmen, on_delete=models.PROTECT, related_name="foto")
    jenis = models.CharField(max_length=20)
    berkas = models.ForeignKey("core.Berkas", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now())

    KLASIFIKASI = {
        "id": "teknis",
        "asesmen": "teknis",
        "jenis": "umum",
        "berkas": "pribadi",
        "created_at": "teknis",
    }

    class Meta:
        verbose_name = verbose_name_plural = "foto asesmen"
        ordering = ["created_at", "id"]
