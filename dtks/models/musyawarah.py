"""Musyawarah desa/kelurahan: agenda, attendance by unsur, verdict per name, signed berita acara."""

import uuid

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Now

from accounts.models import Pengguna
from dtks import workflow
from dtks.models.riwayat import Riwayat
from dtks.models.usulan import Usulan
from wilayah.kode import dalam
from wilayah.models import Wilayah


class MusyawarahQuerySet(models.QuerySet["Musyawarah"]):
    def visible_to(self, user: Pengguna) -> "MusyawarahQuerySet":
        return self.filter(dalam("wilayah_id", user.cakupan("musyawarah.lihat")))

    def perbaikan_berjalan(self) -> "MusyawarahQuerySet":
        """Corrections that were begun and are not approved yet."""
        return self.filter(perbaikan_dari__isnull=False, status__in=MUSYAWARAH_BERJALAN)


MUSYAWARAH_BERJALAN = ("dijadwalkan", "terlaksana", "ditandatangani")


class Musyawarah(models.Model):
    """A meeting with its minutes. `perbaikan_dari` makes it a correction: a second berita acara about an approved one."""

    class Jenis(models.TextChoices):
        MUSDES = "MUSDES", "Musyawarah Desa"
        MUSKEL = "MUSKEL", "Musyawarah Kelurahan"
        MUSDESUS = "MUSDESUS", "Musyawarah Desa Khusus"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    wilayah = models.ForeignKey(Wilayah, on_delete=models.PROTECT, related_name="+")
    jenis = models.CharField(max_length=10, choices=Jenis.choices)
    nomor = models.CharField("nomor berita acara", max_length=60, blank=True)
    waktu = models.DateTimeField("hari, tanggal, dan jam")
    tempat = models.CharField("tempat", max_length=150)
    pimpinan = models.CharField("pimpinan rapat", max_length=100)
    notulis = models.CharField("notulis", max_length=100)
    agenda = models.CharField("agenda", max_length=300)
    periode = models.CharField(max_length=7)
    catatan = models.TextField("catatan jalannya musyawarah", blank=True, max_length=4000)
    status = models.CharField(max_length=20, choices=workflow.MUSYAWARAH.choices(), default="dijadwalkan")
    status_sejak = models.DateTimeField(db_default=Now())
    versi = models.PositiveIntegerField(default=0)
    berita_acara = models.ForeignKey(
        "core.Dokumen", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    daftar_hadir = models.ForeignKey(
        "core.Dokumen", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    pindaian = models.ForeignKey(
        "core.Berkas", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    undangan = models.ForeignKey(
        "core.Dokumen", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    bnba = models.ForeignKey(
        "core.Dokumen", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    perbaikan_dari = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="perbaikan"
    )
    alasan_perbaikan = models.CharField(
        "yang keliru dan sebabnya", max_length=300, blank=True, default="", db_default=""
    )
    created_by = models.ForeignKey(Pengguna, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    updated_at = models.DateTimeField(auto_now=True)

    objects = MusyawarahQuerySet.as_manager()

    KLASIFIKASI = {
        "id": "teknis", "wilayah": "umum", "jenis": "umum", "nomor": "umum", "waktu": "umum", "tempat": "umum",
        "pimpinan": "umum", "notulis": "umum", "agenda": "umum", "periode": "umum", "catatan": "pribadi", "status": "umum",
        "status_sejak": "umum", "versi": "teknis", "berita_acara": "pribadi", "daftar_hadir": "pribadi", "pindaian": "pribadi",
        "undangan": "pribadi", "bnba": "pribadi", "perbaikan_dari": "teknis", "alasan_perbaikan": "pribadi",
        "created_by": "teknis", "created_at": "teknis", "updated_at": "teknis",
    }  # fmt: skip

    class Meta:
        verbose_name = verbose_name_plural = "musyawarah"
        indexes = [models.Index(fields=["wilayah", "-waktu", "id"], name="musyawarah_wilayah")]
        constraints = [
            models.UniqueConstraint(
                fields=["perbaikan_dari"],
                name="musyawarah_satu_perbaikan",
                condition=Q(status__in=MUSYAWARAH_BERJALAN),
            ),
            models.CheckConstraint(
                name="musyawarah_perbaikan_beralasan",
                condition=Q(perbaikan_dari__isnull=True, alasan_perbaikan="")
                | Q(perbaikan_dari__isnull=False) & ~Q(alasan_perbaikan=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_jenis_display()} {self.periode}"


class RiwayatMusyawarah(Riwayat):
    """One step of one meeting."""

    musyawarah = models.ForeignKey(Musyawarah, on_delete=models.PROTECT, related_name="riwayat")

    KLASIFIKASI = Riwayat.KLASIFIKASI | {"musyawarah": "teknis"}

    class Meta(Riwayat.Meta):
        abstract = False
        verbose_name = verbose_name_plural = "riwayat musyawarah"
        constraints = [models.UniqueConstraint(fields=["musyawarah", "urut"], name="riwayatmusyawarah_urut")]


class PesertaMusyawarah(models.Model):
    """Someone invited: which unsur he stands for and whether he came. Quorum counts unsur, by rule (Ketentuan 'kuorum')."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    musyawarah = models.ForeignKey(Musyawarah, on_delete=models.PROTECT, related_name="peserta")
    nama = models.CharField("nama", max_length=100)
    unsur = models.CharField("unsur", max_length=30)
    jabatan = models.CharField("jabatan", max_length=80, blank=True)
    hadir = models.BooleanField(default=False)

    KLASIFIKASI = {
        "id": "teknis", "musyawarah": "teknis", "nama": "pribadi", "unsur": "umum", "jabatan": "umum", "hadir": "umum",
    }  # fmt: skip

    class Meta:
        verbose_name = verbose_name_plural = "peserta musyawarah"
        ordering = ["unsur", "nama", "id"]


class PutusanQuerySet(models.QuerySet["PutusanMusyawarah"]):
    def tanpa_beku(self) -> "PutusanQuerySet":
        """Without families whose people had their data frozen: shown on no page, decided by no meeting (docs/adr/0042)."""
        return self.filter(usulan__keluarga__dibekukan_at__isnull=True)

    def beku(self) -> "PutusanQuerySet":
        return self.filter(usulan__keluarga__dibekukan_at__isnull=False)

    def belum_diterapkan(self) -> "PutusanQuerySet":
        """Approved verdicts that the line has not followed yet.

        A case that moved after the approval is no longer this meeting's; a name under correction waits for that.
        """
        dikoreksi = PutusanMusyawarah.objects.filter(
            usulan=OuterRef("usulan"), musyawarah__perbaikan_dari=OuterRef("musyawarah")
        ).exclude(musyawarah__status="dibatalkan")
        biasa = Q(musyawarah__perbaikan_dari__isnull=True, usulan__status="dimusyawarahkan") & ~Exists(
            dikoreksi
        )
        ulang = Q(musyawarah__perbaikan_dari__isnull=False, usulan__status__in=BISA_DIPERBAIKI)
        for putusan, status in PutusanMusyawarah.MENJADI.items():
            ulang &= ~Q(putusan=putusan, usulan__status=status)
        return self.filter(
            biasa | ulang,
            musyawarah__status="disetujui",
            usulan__status_sejak__lte=F("musyawarah__status_sejak"),
        )


# Where a case may stand when its minutes are corrected: not at the Dinas, which must send it back first.
BISA_DIPERBAIKI = ("dimusyawarahkan", "disepakati", "ditolak", "ditunda")


class PutusanMusyawarah(models.Model):
    """One proposal on the agenda and what the meeting said of it."""

    class Putusan(models.TextChoices):
        BELUM = "", "Belum diputus"
        DISEPAKATI = "disepakati", "Disepakati"
        DITOLAK = "ditolak", "Ditolak (tidak layak)"
        DITUNDA = "ditunda", "Ditunda"
        MENINGGAL = "meninggal", "Meninggal"
        PINDAH = "pindah", "Pindah"
        KELUAR = "keluar", "Dikeluarkan dari daftar"  # corrections only: the name was never discussed

    MENJADI = {
        "disepakati": "disepakati", "ditolak": "ditolak", "meninggal": "ditolak", "pindah": "ditolak", "ditunda": "ditunda",
        "keluar": "diajukan",
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    musyawarah = models.ForeignKey(Musyawarah, on_delete=models.PROTECT, related_name="putusan")
    usulan = models.ForeignKey(Usulan, on_delete=models.PROTECT, related_name="putusan")
    putusan = models.CharField(max_length=12, choices=Putusan.choices, blank=True, default="")
    alasan = models.CharField("alasan", max_length=300, blank=True)
    alasan_kode = models.CharField("alasan", max_length=40, blank=True, default="", db_default="")
    keberatan = models.CharField("keberatan peserta", max_length=300, blank=True)
    suara_setuju = models.PositiveSmallIntegerField("suara setuju", null=True, blank=True)
    suara_tidak = models.PositiveSmallIntegerField("suara tidak setuju", null=True, blank=True)
    versi = models.PositiveIntegerField(default=0, db_default=0)  # two phones may decide at once

    objects = PutusanQuerySet.as_manager()

    KLASIFIKASI = {
        "id": "teknis", "musyawarah": "teknis", "usulan": "teknis", "putusan": "umum", "alasan": "pribadi", "keberatan": "pribadi",
        "alasan_kode": "umum", "suara_setuju": "umum", "suara_tidak": "umum", "versi": "teknis",
    }  # fmt: skip

    class Meta:
        verbose_name = verbose_name_plural = "putusan musyawarah"
        ordering = ["usulan__keluarga__nama_kepala", "id"]
        constraints = [
            models.UniqueConstraint(fields=["musyawarah", "usulan"], name="putusan_unik"),
            models.CheckConstraint(
                name="putusan_beralasan", condition=Q(putusan__in=["", "disepakati"]) | ~Q(alasan="")
            ),
        ]
