"""A citizen proposes a family: himself, his own, a neighbour. The desa named takes it over or answers."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from accounts.models import Pengguna
from core.identity import mask_name, mask_nik
from core.privacy.fields import BlindIndexField, SealedField
from dtks.models import Usulan
from dtks.models.riwayat import Riwayat
from pengaduan.models.jam import Berjam
from pengaduan.models.tiket import Bertiket
from pengaduan.workflow import USUL
from wilayah.kode import dalam
from wilayah.models import Wilayah

KUASA_LIHAT = ("usul.proses", "usul.lihat")


def mask_phone(nomor: str) -> str:
    return nomor[:5] + "•" * max(len(nomor) - 8, 0) + nomor[-3:]


class UsulQuerySet(models.QuerySet["Usul"]):
    def visible_to(self, user: Pengguna) -> "UsulQuerySet":
        luas = [kode for kuasa in KUASA_LIHAT for kode in user.cakupan(kuasa)]
        return self.filter(dalam("wilayah_id", luas))

    def menunggu(self) -> "UsulQuerySet":
        """The village owes an answer."""
        return self.filter(status__in=("masuk", "minta_mundur"))


class Usul(Bertiket, Berjam):
    """Who proposes is sealed: only those who answer read the name, and a full number is shown with a reason that is kept."""

    class Untuk(models.TextChoices):
        SENDIRI = "sendiri", "Diri sendiri"
        KELUARGA = "keluarga", "Keluarga sendiri"
        TETANGGA = "tetangga", "Tetangga"

    class Kanal(models.TextChoices):
        WEB = "web", "Halaman usul"
        LOKET = "loket", "Loket"

    wilayah = models.ForeignKey(
        Wilayah, on_delete=models.PROTECT, related_name="+", verbose_name="desa/kelurahan"
    )
    untuk = models.CharField("untuk siapa", max_length=10, choices=Untuk.choices)
    kanal = models.CharField(max_length=10, choices=Kanal.choices, default=Kanal.WEB)
    nama_kepala = models.CharField("nama yang diusulkan", max_length=100)
    nik_indeks = BlindIndexField(source="nik")
    nik = SealedField("NIK yang diusulkan", purpose="nik", mask=mask_nik)
    alamat = models.CharField("alamat", max_length=200)
    rt = models.CharField("RT", max_length=3, blank=True)
    rw = models.CharField("RW", max_length=3, blank=True)
    patokan = models.CharField("patokan", max_length=200, blank=True)
    alasan = models.TextField("keadaan keluarga", max_length=2000)
    pengusul_nama = SealedField("nama pengusul", purpose="nama", mask=mask_name)
    pengusul_nik_indeks = BlindIndexField(source="pengusul_nik")
    pengusul_nik = SealedField("NIK pengusul", purpose="nik", mask=mask_nik)
    telepon = SealedField("nomor HP pengusul", purpose="telepon", mask=mask_phone)
    tanda = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    status = models.CharField(max_length=20, choices=USUL.choices(), default="masuk")
    status_sejak = models.DateTimeField(db_default=Now())
    versi = models.PositiveIntegerField(default=0)
    usulan = models.ForeignKey(Usulan, on_delete=models.PROTECT, null=True, related_name="usul_warga")
    created_by = models.ForeignKey(Pengguna, on_delete=models.PROTECT, null=True, related_name="+")

    objects = UsulQuerySet.as_manager()

    KLASIFIKASI = Bertiket.KLASIFIKASI | Berjam.KLASIFIKASI | {
        "wilayah": "umum", "untuk": "pribadi", "kanal": "umum", "nama_kepala": "pribadi", "nik_indeks": "rahasia", "nik": "rahasia",
        "alamat": "pribadi", "rt": "pribadi", "rw": "pribadi", "patokan": "pribadi", "alasan": "pribadi", "pengusul_nama": "rahasia",
        "pengusul_nik_indeks": "rahasia", "pengusul_nik": "rahasia", "telepon": "rahasia", "tanda": "teknis", "status": "umum",
        "status_sejak": "umum", "versi": "teknis", "usulan": "pribadi", "created_by": "teknis",
    }  # fmt: skip

    class Meta:
        verbose_name = verbose_name_plural = "usul warga"
        constraints = [
            *Berjam.Meta.constraints,
            models.CheckConstraint(
                name="usul_berusulan",
                condition=~Q(status__in=["diusulkan", "minta_mundur"]) | Q(usulan__isnull=False),
            ),
            models.CheckConstraint(
                name="usul_loket_pencatat", condition=~Q(kanal="loket") | Q(created_by__isnull=False)
            ),
        ]
        indexes = [
            *Berjam.Meta.indexes,
            models.Index(fields=["wilayah", "status", "tenggat_at", "id"], name="usul_kotak_masuk"),
            models.Index(fields=["nik_indeks"], name="usul_nik"),
        ]


class FotoUsulQuerySet(models.QuerySet["FotoUsul"]):
    def visible_to(self, user: Pengguna) -> "FotoUsulQuerySet":
        """Pictures of a house and of identity cards: for those who answer, nobody else."""
        return self.filter(dalam("usul__wilayah_id", user.cakupan("usul.proses")))


class FotoUsul(models.Model):
    """A picture that came with it, re-encoded and encrypted (core.files)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    usul = models.ForeignKey(Usul, on_delete=models.PROTECT, related_name="foto")
    jenis = models.CharField(max_length=20)  # a code of the list `foto_keluarga`
    berkas = models.ForeignKey("core.Berkas", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now())

    objects = FotoUsulQuerySet.as_manager()

    KLASIFIKASI = {
        "id": "teknis", "usul": "pribadi", "jenis": "pribadi", "berkas": "pribadi", "created_at": "teknis",
    }  # fmt: skip

    class Meta:
        verbose_name = verbose_name_plural = "foto usul warga"
        ordering = ["created_at", "id"]


class RiwayatUsul(Riwayat):
    """One step of one usul; steps of the citizen himself have no account."""

    usul = models.ForeignKey(Usul, on_delete=models.PROTECT, related_name="riwayat")

    KLASIFIKASI = Riwayat.KLASIFIKASI | {"usul": "teknis"}

    class Meta(Riwayat.Meta):
        abstract = False
        verbose_name = verbose_name_plural = "riwayat usul warga"
        constraints = [models.UniqueConstraint(fields=["usul", "urut"], name="riwayatusul_urut")]
