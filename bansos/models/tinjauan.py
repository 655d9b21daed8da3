"""Review of recipients: what the nightly check found, with its evidence, and what a person decided (domain.md §10 no. 12)."""

import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from accounts.models import Orang, Pengguna
from bansos.models.dasar import Program
from bansos.workflow_layanan import TINJAUAN, TINJAUAN_TERBUKA
from dtks.models import Individu, Keluarga, Usulan
from dtks.models.riwayat import Riwayat
from wilayah.kode import dalam
from wilayah.models import Wilayah

KUASA_TINJAUAN = ("tinjauan.putus", "tinjauan.lihat")


class TinjauanQuerySet(models.QuerySet["TinjauanPenerima"]):
    def visible_to(self, user: Pengguna) -> "TinjauanQuerySet":
        """All of the area for the Dinas; a village sees those that it was asked about."""
        luas = [kode for kuasa in KUASA_TINJAUAN for kode in user.cakupan(kuasa)]
        desa = dalam("wilayah_id", user.cakupan("tinjauan.jawab"))
        return self.filter(dalam("wilayah_id", luas) | Q(desa, ditanya_at__isnull=False))

    def terbuka(self) -> "TinjauanQuerySet":
        return self.filter(status__in=TINJAUAN_TERBUKA)


class TinjauanPenerima(models.Model):
    """One doubt about one recipient of one programme. It removes nobody: at most it opens a removal proposal.

    `bukti` holds codes, numbers and dates of the evidence, `sidik` its hash: what a person kept comes up again only with
    other evidence. `individu` is the person whom it is about, NULL = the whole family.
    """

    class Sebab(models.TextChoices):
        MENINGGAL = "MENINGGAL", "Tercatat meninggal"
        PINDAH = "PINDAH", "Tercatat pindah"
        TIDAK_PADAN = "TIDAK_PADAN", "NIK tidak padan"
        TIDAK_LAYAK = "TIDAK_LAYAK", "Tidak memenuhi syarat lagi"
        GANDA = "GANDA", "Tercatat ganda"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="+")
    keluarga = models.ForeignKey(Keluarga, on_delete=models.PROTECT, related_name="tinjauan")
    individu = models.ForeignKey(Individu, on_delete=models.PROTECT, null=True, related_name="+")
    wilayah = models.ForeignKey(Wilayah, on_delete=models.PROTECT, related_name="+")
    sebab = models.CharField(max_length=12, choices=Sebab.choices)
    bukti = models.JSONField(default=dict)
    bukti_tanggal = models.DateField(null=True)
    sidik = models.BinaryField(max_length=32)
    status = models.CharField(max_length=20, choices=TINJAUAN.choices(), default="terbuka")
    status_sejak = models.DateTimeField(db_default=Now())
    versi = models.PositiveIntegerField(default=0)
    ditanya_at = models.DateTimeField(null=True)
    penjawab_orang = models.ForeignKey(Orang, on_delete=models.PROTECT, null=True, related_name="+")
    jawaban = models.CharField("jawaban desa", max_length=500, blank=True)
    pemutus_orang = models.ForeignKey(Orang, on_delete=models.PROTECT, null=True, related_name="+")
    usulan = models.ForeignKey(Usulan, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    updated_at = models.DateTimeField(db_default=Now(), auto_now=True)

    objects = TinjauanQuerySet.as_manager()

    KLASIFIKASI = {
        "id": "teknis", "program": "umum", "keluarga": "pribadi", "individu": "pribadi", "wilayah": "umum", "sebab": "pribadi",
        "bukti": "spesifik", "bukti_tanggal": "pribadi", "sidik": "teknis", "status": "umum", "status_sejak": "umum", "versi": "teknis",
        "ditanya_at": "umum", "penjawab_orang": "teknis", "jawaban": "pribadi", "pemutus_orang": "teknis", "usulan": "pribadi",
        "created_at": "umum", "updated_at": "teknis",
    }  # fmt: skip

    class Meta:
        verbose_name = verbose_name_plural = "tinjauan penerima"
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["keluarga", "program", "sebab", "individu"],
                name="tinjauanpenerima_satu_terbuka",
                condition=Q(status__in=TINJAUAN_TERBUKA),
                nulls_distinct=False,
            ),
            models.UniqueConstraint(
                fields=["keluarga", "program", "sebab", "sidik"],
                name="tinjauanpenerima_bukti_sekali",
                condition=~Q(status="gugur"),
            ),
            models.CheckConstraint(
                name="tinjauanpenerima_usulan",
                condition=Q(usulan__isnull=False) | ~Q(status="diusulkan_hapus"),
            ),
        ]
        indexes = [
            models.Index(fields=["wilayah", "status", "-created_at", "-id"], name="tinjauanpenerima_daftar")
        ]

    def __str__(self) -> str:
        return f"{self.get_sebab_display()}, {self.keluarga.nama_kepala}"


class RiwayatTinjauan(Riwayat):
    """One step of one review."""

    tinjauan = models.ForeignKey(TinjauanPenerima, on_delete=models.PROTECT, related_name="riwayat")

    KLASIFIKASI = Riwayat.KLASIFIKASI | {"tinjauan": "teknis"}

    class Meta(Riwayat.Meta):
        abstract = False
        verbose_name = verbose_name_plural = "riwayat tinjauan penerima"
        constraints = [models.UniqueConstraint(fields=["tinjauan", "urut"], name="riwayattinjauan_urut")]
