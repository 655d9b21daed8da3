"""NIK cross-check against the civil registry: requests, answers, and the queue of those that do not match."""

import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from accounts.models import Pengguna
from dtks.models.keluarga import Individu
from wilayah.kode import dalam
from wilayah.models import Wilayah


class PadanBatchQuerySet(models.QuerySet["PadanBatch"]):
    def visible_to(self, user: Pengguna) -> "PadanBatchQuerySet":
        return self.filter(dalam("wilayah_id", user.cakupan("padan.minta")))


class PadanBatch(models.Model):
    """A request to check many persons of one area; progress is counted on the row."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    wilayah = models.ForeignKey(Wilayah, on_delete=models.PROTECT, related_name="+")
    asal = models.CharField(max_length=40)
    jumlah = models.PositiveIntegerField(default=0)
    selesai = models.PositiveIntegerField(default=0)
    per_kategori = models.JSONField(default=dict)
    diminta_by = models.ForeignKey(Pengguna, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    selesai_at = models.DateTimeField(null=True)

    objects = PadanBatchQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "batch padan"
        ordering = ["-created_at", "id"]


class HasilPadan(models.Model):
    """One answer of the civil registry, as given: category, code, score and threshold per field. Append-only."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    individu = models.ForeignKey(Individu, on_delete=models.PROTECT, related_name="hasil_padan")
    pekerjaan = models.UUIDField(null=True)
    kategori = models.CharField(max_length=20)
    kode_respon = models.CharField(max_length=10, blank=True)
    skor = models.JSONField(default=dict)
    ambang = models.JSONField(default=dict)
    versi_layanan = models.CharField(max_length=40, blank=True)
    pesan = models.CharField(max_length=200, blank=True)
    sumber = models.CharField(max_length=20)
    tujuan = models.CharField(max_length=40, default="pemadanan usulan")
    diminta_by = models.ForeignKey(Pengguna, on_delete=models.PROTECT, null=True, related_name="+")
    pada = models.DateTimeField(db_default=Now())

    KLASIFIKASI = {
        "id": "teknis", "individu": "teknis", "pekerjaan": "teknis", "kategori": "pribadi", "kode_respon": "pribadi",
        "skor": "pribadi", "ambang": "teknis", "versi_layanan": "teknis", "pesan": "pribadi", "sumber": "teknis",
        "tujuan": "teknis", "diminta_by": "teknis", "pada": "teknis",
    }  # fmt: skip

    class Meta:
        verbose_name = verbose_name_plural = "hasil padan"
        ordering = ["-pada", "id"]
        indexes = [models.Index(fields=["individu", "-pada"], name="hasilpadan_terakhir")]
        constraints = [models.UniqueConstraint(fields=["pekerjaan", "individu"], name="hasilpadan_sekali")]


class TiketPadanQuerySet(models.QuerySet["TiketPadan"]):
    def visible_to(self, user: Pengguna) -> "TiketPadanQuerySet":
        return self.filter(dalam("wilayah_id", user.cakupan("padan.lihat")))

    def terbuka(self) -> "TiketPadanQuerySet":
        return self.filter(status__in=("buka", "diperbaiki", "minta_pengecualian"))


class TiketPadan(models.Model):
    """A person who does not match: what to repair, who must do it, and the way out (domain.md §3.2)."""

    class Status(models.TextChoices):
        BUKA = "buka", "Perlu diperbaiki"
        DIPERBAIKI = "diperbaiki", "Sudah diperbaiki, menunggu cek ulang"
        MINTA_PENGECUALIAN = "minta_pengecualian", "Pengecualian menunggu persetujuan"
        DIKECUALIKAN = "dikecualikan", "Dikecualikan dengan alasan"
        SELESAI = "selesai", "Selesai (padan)"
        GUGUR = "gugur", "Pengecualian gugur (identitas berubah)"
        DITUTUP = "ditutup", "Ditutup"  # `keterangan` says why

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    individu = models.ForeignKey(Individu, on_delete=models.PROTECT, related_name="tiket_padan")
    wilayah = models.ForeignKey(Wilayah, on_delete=models.PROTECT, related_name="+")
    kategori = models.CharField(max_length=20)
    status = models.CharField(max_length=20, choices=Status.choices, default=Status.BUKA)
    catatan = models.TextField(blank=True, max_length=2000)
    # The identity that the finding is about (keyed); '' on rows from before this column: taken as unchanged.
    sidik = models.CharField(max_length=16, blank=True)
    keterangan = models.CharField("mengapa dibuka lagi atau ditutup", max_length=300, blank=True)
    ditutup_at = models.DateTimeField(null=True)
    pengecualian_alasan = models.CharField(max_length=300, blank=True)
    pengecualian_by = models.ForeignKey(Pengguna, on_delete=models.PROTECT, null=True, related_name="+")
    pengecualian_orang = models.ForeignKey(
        "accounts.Orang", on_delete=models.PROTECT, null=True, related_name="+"
    )
    disetujui_by = models.ForeignKey(Pengguna, on_delete=models.PROTECT, null=True, related_name="+")
    disetujui_orang = models.ForeignKey(
        "accounts.Orang", on_delete=models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField(db_default=Now())
    updated_at = models.DateTimeField(auto_now=True)

    objects = TiketPadanQuerySet.as_manager()

    KLASIFIKASI = {
        "id": "teknis", "individu": "teknis", "wilayah": "umum", "kategori": "pribadi", "status": "umum", "catatan": "pribadi",
        "sidik": "teknis", "keterangan": "pribadi", "ditutup_at": "teknis", "pengecualian_alasan": "pribadi", "pengecualian_by": "teknis", "pengecualian_orang": "teknis", "disetujui_by": "teknis",
        "disetujui_orang": "teknis", "created_at": "teknis", "updated_at": "teknis",
    }  # fmt: skip

    class Meta:
        verbose_name = verbose_name_plural = "tiket padan"
        ordering = ["created_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["individu"],
                name="tiketpadan_satu_terbuka",
                condition=Q(status__in=["buka", "diperbaiki", "minta_pengecualian"]),
            ),
            models.CheckConstraint(
                name="tiketpadan_dua_orang",
                condition=~Q(status="dikecualikan")
                | (
                    Q(pengecualian_orang__isnull=False, disetujui_orang__isnull=False)
                    & ~Q(pengecualian_orang=models.F("disetujui_orang"))
                ),
            ),
        ]
        indexes = [models.Index(fields=["wilayah", "status", "created_at", "id"], name="tiketpadan_antrean")]


class SuratPadanQuerySet(models.QuerySet["SuratPadan"]):
    def visible_to(self, user: Pengguna) -> "SuratPadanQuerySet":
        """Letters hold full NIK: for the desk that writes them and the office that gets them."""
        return self.filter(
            dalam("wilayah_id", user.cakupan("padan.surat"))
            | dalam("wilayah_id", user.cakupan("padan.dukcapil"))
        )

    def menunggu(self) -> "SuratPadanQuerySet":
        return self.berlaku().filter(balasan__isnull=True)

    def berlaku(self) -> "SuratPadanQuerySet":
        return self.filter(dibatalkan_at__isnull=True)


class SuratPadan(models.Model):
    """A letter of the village to Disdukcapil about one or more people: printed, delivered, answered.

    A wrong one is cancelled with a reason until it is answered; its number stays used, its people can be in a new letter.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    wilayah = models.ForeignKey(Wilayah, on_delete=models.PROTECT, related_name="+")
    nomor = models.CharField(max_length=80)
    urut = models.PositiveIntegerField()
    tanggal = models.DateField()
    dokumen = models.OneToOneField("core.Dokumen", on_delete=models.PROTECT, related_name="+")
    dibuat_by = models.ForeignKey(Pengguna, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    dikirim_tanggal = models.DateField(null=True)
    dikirim_by = models.ForeignKey(Pengguna, on_delete=models.PROTECT, null=True, related_name="+")
    balasan = models.OneToOneField("core.Berkas", on_delete=models.PROTECT, null=True, related_name="+")
    balasan_tanggal = models.DateField(null=True)
    balasan_catatan = models.CharField(max_length=500, blank=True)
    balasan_by = models.ForeignKey(Pengguna, on_delete=models.PROTECT, null=True, related_name="+")
    dibatalkan_at = models.DateTimeField(null=True)
    dibatalkan_by = models.ForeignKey(Pengguna, on_delete=models.PROTECT, null=True, related_name="+")
    batal_alasan = models.CharField("alasan dibatalkan", max_length=300, blank=True)

    objects = SuratPadanQuerySet.as_manager()

    KLASIFIKASI = {
        "id": "teknis", "wilayah": "umum", "nomor": "umum", "urut": "umum", "tanggal": "umum", "dokumen": "rahasia",
        "dibuat_by": "teknis", "created_at": "teknis", "dikirim_tanggal": "umum", "dikirim_by": "teknis", "balasan": "rahasia",
        "balasan_tanggal": "umum", "balasan_catatan": "pribadi", "balasan_by": "teknis", "dibatalkan_at": "umum",
        "dibatalkan_by": "teknis", "batal_alasan": "pribadi",
    }  # fmt: skip

    class Meta:
        verbose_name = verbose_name_plural = "surat padan"
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["wilayah", "nomor"], name="suratpadan_nomor"),
            models.CheckConstraint(
                name="suratpadan_balasan_sesudah_kirim",
                condition=Q(balasan__isnull=True)
                | Q(dikirim_tanggal__isnull=False, balasan_tanggal__isnull=False, balasan_by__isnull=False),
            ),
            models.CheckConstraint(
                name="suratpadan_batal_utuh",
                condition=Q(dibatalkan_at__isnull=True, dibatalkan_by__isnull=True, batal_alasan="")
                | (
                    Q(dibatalkan_at__isnull=False, dibatalkan_by__isnull=False, balasan__isnull=True)
                    & ~Q(batal_alasan="")
                ),
            ),
        ]
        indexes = [models.Index(fields=["wilayah", "created_at", "id"], name="suratpadan_daftar")]

    def __str__(self) -> str:
        return self.nomor

    @property
    def keadaan(self) -> str:
        if self.dibatalkan_at:
            return "dibatalkan"
        if self.balasan_id:
            return "dibalas"
        return "dikirim" if self.dikirim_tanggal else "dibuat"


class BarisSuratPadan(models.Model):
    """One person in a letter, with what was wrong on that day."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    surat = models.ForeignKey(SuratPadan, on_delete=models.PROTECT, related_name="baris")
    tiket = models.ForeignKey(TiketPadan, on_delete=models.PROTECT, related_name="baris_surat")
    kategori = models.CharField(max_length=20)
    urut = models.PositiveSmallIntegerField()

    KLASIFIKASI = {
        "id": "teknis",
        "surat": "umum",
        "tiket": "teknis",
        "kategori": "pribadi",
        "urut": "teknis",
    }

    class Meta:
        verbose_name = verbose_name_plural = "orang dalam surat padan"
        ordering = ["surat", "urut"]
        constraints = [models.UniqueConstraint(fields=["surat", "tiket"], name="barissuratpadan_unik")]


class TemuanGandaQuerySet(models.QuerySet["TemuanGanda"]):
    def visible_to(self, user: Pengguna) -> "TemuanGandaQuerySet":
        """Findings of which at least one side lies in the person's areas; the page then shows that side only."""
        return self._menyentuh(user.cakupan("padan.lihat"))

    def untuk_ditengahi(self, user: Pengguna) -> "TemuanGandaQuerySet":
        """Findings of the Dinas on either side: to decide, or to write a note where the other side is elsewhere."""
        return self._menyentuh(user.cakupan("padan.setujui_kecuali"))

    def terbuka(self) -> "TemuanGandaQuerySet":
        return self.filter(ditutup_at__isnull=True)

    def _menyentuh(self, luas: list[str]) -> "TemuanGandaQuerySet":
        return self.filter(dalam("wilayah_pertama_id", luas) | dalam("wilayah_kedua_id", luas))


class TemuanGanda(models.Model):
    """The same NIK or KK proposed in two places: a ticket for both villages, without telling either who the other is."""

    class Keputusan(models.TextChoices):
        TETAP_PERTAMA = "tetap_pertama", "Keluarga tetap di wilayah pertama"
        PINDAH_KEDUA = "pindah_kedua", "Keluarga warga wilayah kedua"
        ORANG_BERBEDA = "orang_berbeda", "Orangnya berbeda atau salah ketik"
        KE_DUKCAPIL = "ke_dukcapil", "Diteruskan ke Disdukcapil"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    individu = models.ForeignKey(Individu, on_delete=models.PROTECT, null=True, related_name="temuan_ganda")
    keluarga = models.ForeignKey(
        "dtks.Keluarga", on_delete=models.PROTECT, null=True, related_name="temuan_ganda"
    )
    # As typed, masked when reported: the second village must not learn from it what the first one changes later.
    nomor_samar = models.CharField(max_length=19, blank=True)
    wilayah_pertama = models.ForeignKey(Wilayah, on_delete=models.PROTECT, related_name="+")
    wilayah_kedua = models.ForeignKey(Wilayah, on_delete=models.PROTECT, related_name="+")
    dilaporkan_by = models.ForeignKey(Pengguna, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    ditutup_at = models.DateTimeField(null=True)
    ditutup_by = models.ForeignKey(Pengguna, on_delete=models.PROTECT, null=True, related_name="+")
    keputusan = models.CharField(max_length=20, choices=Keputusan.choices, blank=True)
    catatan = models.TextField(blank=True, max_length=2000)

    objects = TemuanGandaQuerySet.as_manager()

    KLASIFIKASI = {
        "id": "teknis", "individu": "pribadi", "keluarga": "pribadi", "nomor_samar": "pribadi", "wilayah_pertama": "pribadi",
        "wilayah_kedua": "pribadi", "dilaporkan_by": "teknis", "created_at": "teknis", "ditutup_at": "teknis",
        "ditutup_by": "teknis", "keputusan": "umum", "catatan": "pribadi",
    }  # fmt: skip

    class Meta:
        verbose_name = verbose_name_plural = "temuan ganda"
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["individu", "keluarga", "wilayah_kedua"],
                name="temuanganda_satu_terbuka",
                condition=Q(ditutup_at__isnull=True),
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="temuanganda_putusan_utuh",
                condition=Q(ditutup_at__isnull=True, ditutup_by__isnull=True, keputusan="")
                | (Q(ditutup_at__isnull=False, ditutup_by__isnull=False) & ~Q(keputusan="")),
            ),
            models.CheckConstraint(
                name="temuanganda_dua_orang", condition=~Q(ditutup_by=models.F("dilaporkan_by"))
            ),
        ]
        indexes = [
            models.Index(fields=["wilayah_pertama", "created_at", "id"], name="temuanganda_pertama"),
            models.Index(fields=["wilayah_kedua", "created_at", "id"], name="temuanganda_kedua"),
        ]
