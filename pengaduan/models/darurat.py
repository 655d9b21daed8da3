"""Emergencies: what was reported, who is on duty, where somebody was sent on to, which papers are still owed."""

import uuid
from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone

from accounts.models import Orang, Pengguna
from accounts.models.kabar import mask_phone
from core.privacy.fields import SealedField
from dtks.models import Usulan
from dtks.models.riwayat import Riwayat
from pengaduan.models.jam import Berjam
from pengaduan.models.tiket import Bertiket
from pengaduan.workflow import DARURAT
from wilayah.kode import dalam
from wilayah.models import Wilayah

KUASA_PEKA = "ppks.sensitif"  # the case team: children and victims of violence
BERJALAN = tuple(k.kode for k in DARURAT.keadaan if not k.akhir)


class PiketQuerySet(models.QuerySet["Piket"]):
    def visible_to(self, user: Pengguna) -> "PiketQuerySet":
        """Shifts of the areas that the user watches or may be called in; and his own."""
        luas = [*user.cakupan("darurat.lihat"), *user.cakupan("piket.kelola")]
        atas = {kode[:5] for kode in luas}  # the shift of the whole kabupaten covers his desa too
        return self.filter(dalam("wilayah_id", luas) | Q(wilayah_id__in=atas) | Q(pengguna=user))

    def berlaku(self) -> "PiketQuerySet":
        return self.filter(dibatalkan_at__isnull=True)

    def pada(self, saat: datetime | None = None) -> "PiketQuerySet":
        saat = saat or timezone.now()
        return self.berlaku().filter(mulai__lte=saat, selesai__gt=saat)


class Piket(models.Model):
    """One shift of one person. While it runs it opens the emergencies of its area to him, and calls go to him first."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    wilayah = models.ForeignKey(Wilayah, on_delete=models.PROTECT, related_name="+")
    pengguna = models.ForeignKey(Pengguna, on_delete=models.PROTECT, related_name="piket")
    mulai = models.DateTimeField()
    selesai = models.DateTimeField()
    cadangan = models.BooleanField("petugas cadangan", default=False)
    created_by = models.ForeignKey(Pengguna, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    dibatalkan_at = models.DateTimeField(null=True)
    dibatalkan_by = models.ForeignKey(Pengguna, on_delete=models.PROTECT, null=True, related_name="+")

    objects = PiketQuerySet.as_manager()

    KLASIFIKASI = {
        "id": "teknis", "wilayah": "umum", "pengguna": "umum", "mulai": "umum", "selesai": "umum", "cadangan": "umum",
        "created_by": "umum", "created_at": "teknis", "dibatalkan_at": "umum", "dibatalkan_by": "umum",
    }  # fmt: skip

    class Meta:
        verbose_name = verbose_name_plural = "piket"
        ordering = ["mulai", "id"]
        constraints = [models.CheckConstraint(name="piket_masa", condition=Q(selesai__gt=F("mulai")))]
        indexes = [models.Index(fields=["wilayah", "selesai"], name="piket_wilayah")]


class KedaruratanQuerySet(models.QuerySet["Kedaruratan"]):
    def visible_to(self, user: Pengguna) -> "KedaruratanQuerySet":
        """By area; while on duty also those of the shift's area. Children and victims of violence: only the case team."""
        luas = list(user.cakupan("darurat.lihat"))
        if luas:  # a shift gives sight only to those whose role deals with emergencies
            luas += Piket.objects.pada().filter(pengguna=user).values_list("wilayah_id", flat=True)
        umum = Q(peka=False) & (dalam("wilayah_id", luas) | (Q(petugas=user) if luas else Q(pk__in=[])))
        return self.filter(umum | dalam("wilayah_id", user.cakupan(KUASA_PEKA)))

    def berjalan(self) -> "KedaruratanQuerySet":
        return self.filter(status__in=BERJALAN)


class Kedaruratan(Bertiket, Berjam):
    """Somebody needs help now. Nothing about identity is asked for; it follows as a debt (`SusulanDarurat`)."""

    class Jenis(models.TextChoices):
        LANSIA = "LANSIA", "Lansia telantar"
        TELANTAR = "TELANTAR", "Orang telantar atau tersesat"
        ODGJ = "ODGJ", "Orang dengan gangguan jiwa"
        DISABILITAS = "DISABILITAS", "Penyandang disabilitas telantar"
        SAKIT = "SAKIT", "Orang sakit tidak ada yang mengurus"
        BENCANA = "BENCANA", "Bencana atau kebakaran"
        ANAK = "ANAK", "Anak telantar, hilang, atau dalam bahaya"
        KEKERASAN = "KEKERASAN", "Korban kekerasan"
        LAIN = "LAIN", "Keadaan mendesak lain"

    class Kanal(models.TextChoices):
        WEB = "web", "Situs web"
        T112 = "112", "Telepon 112"
        T171 = "171", "Telepon 171 Kemensos"
        TELEPON = "telepon", "Telepon kantor"
        LOKET = "loket", "Datang ke kantor"
        WA = "wa", "WhatsApp"
        MEDSOS = "medsos", "Media sosial"
        PETUGAS = "petugas", "Ditemukan petugas"
        TAGANA = "tagana", "Tagana atau relawan"

    jenis = models.CharField("apa yang terjadi", max_length=12, choices=Jenis.choices)
    peka = models.BooleanField("kasus terbatas", default=False)
    kanal = models.CharField("laporan masuk lewat", max_length=10, choices=Kanal.choices)
    wilayah = models.ForeignKey(Wilayah, on_delete=models.PROTECT, related_name="+")
    lokasi = models.CharField("letak", max_length=200)
    lintang = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    bujur = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    jumlah_orang = models.PositiveIntegerField("perkiraan jumlah orang", null=True)
    cerita = models.TextField(max_length=2000)
    pelapor = SealedField("nama pelapor", purpose="nama", mask=lambda v: v[:1] + "•" * 6)
    telepon = SealedField("nomor pelapor", purpose="telepon", mask=mask_phone)
    kejadian = models.ForeignKey(
        "KejadianBencana", on_delete=models.PROTECT, null=True, related_name="laporan"
    )
    status = models.CharField(max_length=20, choices=DARURAT.choices(), default="diterima")
    status_sejak = models.DateTimeField(db_default=Now())
    versi = models.PositiveIntegerField(default=0)
    petugas = models.ForeignKey(Pengguna, on_delete=models.PROTECT, null=True, related_name="+")
    hasil = models.TextField(max_length=2000, blank=True)
    usulan = models.ForeignKey(Usulan, on_delete=models.PROTECT, null=True, related_name="kedaruratan")
    created_by = models.ForeignKey(Pengguna, on_delete=models.PROTECT, null=True, related_name="+")

    objects = KedaruratanQuerySet.as_manager()

    KLASIFIKASI = Bertiket.KLASIFIKASI | Berjam.KLASIFIKASI | {
        "jenis": "spesifik", "peka": "spesifik", "kanal": "umum", "wilayah": "umum", "lokasi": "pribadi", "lintang": "pribadi",
        "bujur": "pribadi", "jumlah_orang": "umum", "cerita": "spesifik", "pelapor": "rahasia", "telepon": "rahasia",
        "kejadian": "umum", "status": "umum", "status_sejak": "umum", "versi": "teknis",
        "petugas": "umum", "hasil": "spesifik", "usulan": "pribadi", "created_by": "umum",
    }  # fmt: skip

    class Meta:
        verbose_name = verbose_name_plural = "laporan darurat"
        ordering = ["-created_at", "-id"]
        constraints = [
            *Berjam.Meta.constraints,
            models.CheckConstraint(
                name="kedaruratan_peka", condition=~Q(jenis__in=["ANAK", "KEKERASAN"]) | Q(peka=True)
            ),
            models.CheckConstraint(name="kedaruratan_hasil", condition=~Q(status="selesai") | ~Q(hasil="")),
        ]
        indexes = [
            *Berjam.Meta.indexes,
            models.Index(fields=["wilayah", "-created_at", "-id"], name="kedaruratan_wilayah"),
        ]

    @property
    def sebutan(self) -> str:
        """What may stand on a screen that others look at over one's shoulder."""
        return "Kasus terbatas" if self.peka else self.get_jenis_display()


class RiwayatDarurat(Riwayat):
    """One step of one emergency."""

    kedaruratan = models.ForeignKey(Kedaruratan, on_delete=models.PROTECT, related_name="riwayat")

    KLASIFIKASI = Riwayat.KLASIFIKASI | {"kedaruratan": "teknis"}

    class Meta(Riwayat.Meta):
        abstract = False
        verbose_name = verbose_name_plural = "riwayat darurat"
        constraints = [models.UniqueConstraint(fields=["kedaruratan", "urut"], name="riwayatdarurat_urut")]


class Rujukan(models.Model):
    """Somebody is sent on: the place accepts or returns with its reason, and says later how it went."""

    class Jenis(models.TextChoices):
        RS = "RS", "Rumah sakit atau puskesmas"
        RSJ = "RSJ", "Rumah sakit jiwa"
        PANTI = "PANTI", "Panti atau LKS"
        SENTRA = "SENTRA", "Sentra atau balai Kemensos"
        RUMAH_AMAN = "RUMAH_AMAN", "Rumah aman (UPTD PPA)"
        POLISI = "POLISI", "Kepolisian"
        KELUARGA = "KELUARGA", "Keluarga atau daerah asal"

    class Status(models.TextChoices):
        MENUNGGU = "menunggu", "Menunggu jawaban"
        DITERIMA = "diterima", "Diterima"
        DIKEMBALIKAN = "dikembalikan", "Dikembalikan"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kedaruratan = models.ForeignKey(Kedaruratan, on_delete=models.PROTECT, related_name="rujukan")
    jenis = models.CharField("jenis tempat", max_length=12, choices=Jenis.choices)
    tempat = models.CharField("nama tempat", max_length=150)
    alasan = models.CharField("yang diminta", max_length=500)
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.MENUNGGU)
    dokumen = models.OneToOneField("core.Dokumen", on_delete=models.PROTECT, related_name="+")
    penjawab = models.CharField("siapa yang menjawab", max_length=100, blank=True)
    jawaban = models.CharField(max_length=500, blank=True)
    dijawab_at = models.DateTimeField(null=True)
    umpan_tenggat = models.DateField(null=True)
    umpan_balik = models.TextField(max_length=2000, blank=True)
    umpan_at = models.DateTimeField(null=True)
    ditagih_at = models.DateTimeField(null=True)
    created_by = models.ForeignKey(Pengguna, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now())

    KLASIFIKASI = {
        "id": "teknis", "kedaruratan": "pribadi", "jenis": "spesifik", "tempat": "spesifik", "alasan": "spesifik", "status": "umum",
        "dokumen": "pribadi", "penjawab": "pribadi", "jawaban": "spesifik", "dijawab_at": "umum", "umpan_tenggat": "umum",
        "umpan_balik": "spesifik", "umpan_at": "umum", "ditagih_at": "teknis", "created_by": "umum", "created_at": "teknis",
    }  # fmt: skip

    class Meta:
        verbose_name = verbose_name_plural = "rujukan"
        ordering = ["created_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["kedaruratan"], name="rujukan_satu_menunggu", condition=Q(status="menunggu")
            ),
            models.CheckConstraint(
                name="rujukan_kembali_beralasan", condition=~Q(status="dikembalikan") | ~Q(jawaban="")
            ),
        ]


class SusulanDarurat(models.Model):
    """A paper that the emergency still owes, with its last day. Paid with a file or a sentence, or let off by a superior."""

    class Jenis(models.TextChoices):
        LAPORAN = "LAPORAN", "Laporan penjangkauan"
        IDENTITAS = "IDENTITAS", "Identitas orangnya (KTP, KK, atau surat Disdukcapil)"
        PERSETUJUAN = "PERSETUJUAN", "Persetujuan orangnya, keluarga, atau wali"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kedaruratan = models.ForeignKey(Kedaruratan, on_delete=models.PROTECT, related_name="susulan")
    jenis = models.CharField(max_length=12, choices=Jenis.choices)
    tenggat = models.DateField()
    catatan = models.CharField(max_length=500, blank=True)
    berkas = models.ForeignKey("core.Berkas", on_delete=models.PROTECT, null=True, related_name="+")
    dibebaskan = models.BooleanField(default=False)
    selesai_at = models.DateTimeField(null=True)
    selesai_by = models.ForeignKey(Pengguna, on_delete=models.PROTECT, null=True, related_name="+")
    selesai_orang = models.ForeignKey(Orang, on_delete=models.PROTECT, null=True, related_name="+")
    ditagih_at = models.DateTimeField(null=True)

    KLASIFIKASI = {
        "id": "teknis", "kedaruratan": "pribadi", "jenis": "umum", "tenggat": "umum", "catatan": "pribadi", "berkas": "pribadi",
        "dibebaskan": "umum", "selesai_at": "umum", "selesai_by": "umum", "selesai_orang": "teknis", "ditagih_at": "teknis",
    }  # fmt: skip

    class Meta:
        verbose_name = verbose_name_plural = "susulan darurat"
        ordering = ["tenggat", "jenis"]
        constraints = [
            models.UniqueConstraint(fields=["kedaruratan", "jenis"], name="susulandarurat_sekali"),
            models.CheckConstraint(
                name="susulandarurat_bukti",
                condition=Q(selesai_at__isnull=True) | ~Q(catatan="") | Q(berkas__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["tenggat"], name="susulandarurat_utang", condition=Q(selesai_at__isnull=True)
            )
        ]
