"""Changes of the register as records: what happened to a family, every version of its rows, and moves between desa."""

import json
import uuid
import zlib
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from accounts.models import Pengguna
from core.privacy import keys
from dtks.models.keluarga import Individu, Keluarga
from wilayah.kode import dalam
from wilayah.models import Wilayah


class PermintaanPindahQuerySet(models.QuerySet["PermintaanPindah"]):
    def visible_to(self, user: Pengguna) -> "PermintaanPindahQuerySet":
        """Requests of which one side lies in the person's areas."""
        luas = user.cakupan("keluarga.lihat")
        return self.filter(dalam("dari_id", luas) | dalam("ke_id", luas))

    def terbuka(self) -> "PermintaanPindahQuerySet":
        return self.filter(status=PermintaanPindah.Status.DIMINTA)


class PermintaanPindah(models.Model):
    """One desa asks another to take over a family, or one person of it. Once decided the row is frozen (trigger)."""

    class Status(models.TextChoices):
        DIMINTA = "diminta", "Menunggu desa tujuan"
        DITERIMA = "diterima", "Diterima"
        DITOLAK = "ditolak", "Ditolak"
        DIBATALKAN = "dibatalkan", "Dibatalkan"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    keluarga = models.ForeignKey(Keluarga, on_delete=models.PROTECT, related_name="permintaan_pindah")
    individu = models.ForeignKey(
        Individu, on_delete=models.PROTECT, null=True, blank=True, related_name="permintaan_pindah"
    )  # NULL: the whole family
    dari = models.ForeignKey(Wilayah, on_delete=models.PROTECT, related_name="+")
    ke = models.ForeignKey(Wilayah, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DIMINTA)
    tanggal = models.DateField("tanggal pindah")
    dasar_jenis = models.CharField(max_length=20, blank=True)
    dasar_nomor = models.CharField(max_length=60, blank=True)
    alasan = models.CharField(max_length=300)
    tenggat = models.DateField()
    temuan = models.ForeignKey("dtks.TemuanGanda", on_delete=models.PROTECT, null=True, related_name="+")
    diminta_by = models.ForeignKey(Pengguna, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    diputus_by = models.ForeignKey(Pengguna, on_delete=models.PROTECT, null=True, related_name="+")
    diputus_at = models.DateTimeField(null=True)
    alasan_putus = models.CharField(max_length=300, blank=True)

    objects = PermintaanPindahQuerySet.as_manager()

    KLASIFIKASI = {
        "id": "teknis", "keluarga": "pribadi", "individu": "pribadi", "dari": "pribadi", "ke": "pribadi", "status": "umum",
        "tanggal": "pribadi", "dasar_jenis": "umum", "dasar_nomor": "pribadi", "alasan": "pribadi", "tenggat": "umum",
        "temuan": "teknis", "diminta_by": "teknis", "created_at": "teknis", "diputus_by": "teknis", "diputus_at": "teknis",
        "alasan_putus": "pribadi",
    }  # fmt: skip

    class Meta:
        verbose_name = verbose_name_plural = "permintaan pindah"
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["keluarga"], name="permintaanpindah_satu_terbuka", condition=Q(status="diminta")
            ),
            models.CheckConstraint(name="permintaanpindah_desa_lain", condition=~Q(dari=F("ke"))),
            models.CheckConstraint(
                name="permintaanpindah_putusan_utuh",
                condition=Q(status="diminta", diputus_at__isnull=True, diputus_by__isnull=True)
                | (~Q(status="diminta") & Q(diputus_at__isnull=False, diputus_by__isnull=False)),
            ),
        ]
        indexes = [
            models.Index(fields=["dari", "-created_at", "id"], name="permintaanpindah_dari"),
            models.Index(fields=["ke", "-created_at", "id"], name="permintaanpindah_ke"),
        ]


class PeristiwaQuerySet(models.QuerySet["Peristiwa"]):
    def visible_to(self, user: Pengguna) -> "PeristiwaQuerySet":
        """By where the family lived when it happened: a family that moved on leaves its record with the old desa."""
        return self.filter(dalam("wilayah_id", user.cakupan("keluarga.lihat")))


class Peristiwa(models.Model):
    """One recorded change of a family. Append-only (trigger); a mistake is mended by another record."""

    class Jenis(models.TextChoices):
        MASUK = "MASUK", "Anggota masuk"
        KELUAR = "KELUAR", "Anggota keluar"
        MENINGGAL = "MENINGGAL", "Anggota meninggal"
        PINDAH = "PINDAH", "Pindah"
        PECAH_KK = "PECAH_KK", "Pecah KK"
        GABUNG = "GABUNG", "Gabung ke KK lain"
        GANTI_KEPALA = "GANTI_KEPALA", "Ganti kepala keluarga"
        KOREKSI = "KOREKSI", "Koreksi (kembali tercatat)"

    class Dasar(models.TextChoices):
        AKTA_KEMATIAN = "AKTA_KEMATIAN", "Akta kematian"
        SURAT_KEMATIAN = "SURAT_KEMATIAN", "Surat keterangan kematian"
        AKTA_LAHIR = "AKTA_LAHIR", "Akta kelahiran"
        BUKU_NIKAH = "BUKU_NIKAH", "Buku nikah atau akta perkawinan"
        AKTA_CERAI = "AKTA_CERAI", "Akta perceraian"
        SKPWNI = "SKPWNI", "Surat keterangan pindah (SKPWNI)"
        KK_BARU = "KK_BARU", "Kartu keluarga baru"
        SURAT_DESA = "SURAT_DESA", "Surat keterangan desa/kelurahan"
        PUTUSAN_DINAS = "PUTUSAN_DINAS", "Keputusan Dinas Sosial"
        LAIN = "LAIN", "Lainnya"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    jenis = models.CharField(max_length=12, choices=Jenis.choices)
    keluarga = models.ForeignKey(Keluarga, on_delete=models.PROTECT, related_name="peristiwa")
    tujuan = models.ForeignKey(
        Keluarga, on_delete=models.PROTECT, null=True, blank=True, related_name="peristiwa_masuk"
    )
    individu = models.ForeignKey(
        Individu, on_delete=models.PROTECT, null=True, blank=True, related_name="peristiwa"
    )
    permintaan = models.ForeignKey(
        PermintaanPindah, on_delete=models.PROTECT, null=True, blank=True, related_name="peristiwa"
    )
    wilayah = models.ForeignKey(Wilayah, on_delete=models.PROTECT, related_name="+")
    tanggal = models.DateField("tanggal kejadian")
    dasar_jenis = models.CharField("dasar", max_length=20, choices=Dasar.choices)
    dasar_nomor = models.CharField("nomor dokumen", max_length=60, blank=True)
    keterangan = models.CharField("keterangan", max_length=300, blank=True)
    berkas = models.ForeignKey(
        "core.Berkas", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    rincian = models.JSONField(default=dict)  # codes and ids only
    versi_sebelum = models.PositiveIntegerField()
    versi_sesudah = models.PositiveIntegerField()
    oleh = models.ForeignKey(Pengguna, on_delete=models.PROTECT, related_name="+")
    peran = models.CharField(max_length=20, blank=True)
    created_at = models.DateTimeField(db_default=Now())

    objects = PeristiwaQuerySet.as_manager()

    KLASIFIKASI = {
        "id": "teknis", "jenis": "pribadi", "keluarga": "pribadi", "tujuan": "pribadi", "individu": "pribadi",
        "permintaan": "teknis", "wilayah": "umum", "tanggal": "pribadi", "dasar_jenis": "umum", "dasar_nomor": "pribadi",
        "keterangan": "pribadi", "berkas": "pribadi", "rincian": "teknis", "versi_sebelum": "teknis", "versi_sesudah": "teknis",
        "oleh": "teknis", "peran": "teknis", "created_at": "teknis",
    }  # fmt: skip

    class Meta:
        verbose_name = verbose_name_plural = "peristiwa keluarga"
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["keluarga", "-created_at"], name="peristiwa_keluarga")]


class VersiKeluarga(models.Model):
    """The rows of a family as they stood after one change, sealed. Append-only (trigger): both versions are kept."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    keluarga = models.ForeignKey(Keluarga, on_delete=models.PROTECT, related_name="versi_isi")
    versi = models.PositiveIntegerField()
    aksi = models.CharField(max_length=40)
    isi = models.BinaryField()
    oleh = models.ForeignKey(Pengguna, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(db_default=Now())

    KLASIFIKASI = {
        "id": "teknis", "keluarga": "pribadi", "versi": "teknis", "aksi": "teknis", "isi": "rahasia", "oleh": "teknis",
        "created_at": "teknis",
    }  # fmt: skip

    class Meta:
        verbose_name = verbose_name_plural = "versi keluarga"
        ordering = ["keluarga", "-versi"]
        constraints = [models.UniqueConstraint(fields=["keluarga", "versi"], name="versikeluarga_sekali")]

    def seal(self, isi: dict[str, Any]) -> None:
        """Compressed, then sealed to this row."""
        teks = json.dumps(isi, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
        self.isi = keys.seal(zlib.compress(teks.encode()), self._context())

    def open(self) -> dict[str, Any]:
        """The plain rows, NIK included. Who shows them to a person masks the numbers (queries.riwayat)."""
        return json.loads(zlib.decompress(keys.unseal(bytes(self.isi), self._context())))

    def _context(self) -> str:
        return f"dtks_versikeluarga.isi:{self.pk}"
