"""Programmes, endorsement batches (pengesahan), determinations (SK) and eligibility lists."""

import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from accounts.models import Pengguna
from dtks.models import Keluarga, Usulan
from wilayah.kode import dalam
from wilayah.models import Wilayah


class Program(models.Model):
    """A programme of aid. `sumber` tells who determines: the minister for APBN, the regional head for APBD."""

    class Sumber(models.TextChoices):
        APBN = "APBN", "APBN (ditetapkan Kementerian Sosial)"
        APBD = "APBD", "APBD (ditetapkan bupati/wali kota)"

    kode = models.CharField(max_length=20, primary_key=True)
    nama = models.CharField(max_length=120)
    keterangan = models.TextField()
    sumber = models.CharField(max_length=4, choices=Sumber.choices)
    unit = models.CharField(
        max_length=10, choices=[("keluarga", "Keluarga (KK)"), ("individu", "Perorangan")]
    )
    dasar_hukum = models.CharField(max_length=300)
    berlaku_sejak = models.DateField()
    berlaku_hingga = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "program"
        ordering = ["kode"]

    def __str__(self) -> str:
        return self.nama


class PengesahanQuerySet(models.QuerySet["Pengesahan"]):
    def visible_to(self, user: Pengguna) -> "PengesahanQuerySet":
        return self.filter(dalam("wilayah_id", user.cakupan("penetapan.lihat")))


class Pengesahan(models.Model):
    """A batch endorsed by the Kepala Dinas with one numbered surat pengesahan; later sent on with a receipt."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    wilayah = models.ForeignKey(Wilayah, on_delete=models.PROTECT, related_name="+")
    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="pengesahan")
    periode = models.CharField(max_length=7)
    nomor = models.CharField(max_length=80)
    tanggal = models.DateField()
    dokumen = models.OneToOneField("core.Dokumen", on_delete=models.PROTECT, related_name="+")
    disahkan_by = models.ForeignKey(Pengguna, on_delete=models.PROTECT, related_name="+")
    dikirim_at = models.DateTimeField(null=True)
    dikirim_by = models.ForeignKey(Pengguna, on_delete=models.PROTECT, null=True, related_name="+")
    tanda_terima = models.CharField("nomor tanda terima", max_length=80, blank=True)
    created_at = models.DateTimeField(db_default=Now())

    objects = PengesahanQuerySet.as_manager()

    KLASIFIKASI = {
        "id": "teknis", "wilayah": "umum", "program": "umum", "periode": "umum", "nomor": "umum", "tanggal": "umum",
        "dokumen": "pribadi", "disahkan_by": "umum", "dikirim_at": "umum", "dikirim_by": "umum", "tanda_terima": "umum",
        "created_at": "teknis",
    }  # fmt: skip

    class Meta:
        verbose_name = verbose_name_plural = "pengesahan"
        ordering = ["-created_at", "id"]
        constraints = [models.UniqueConstraint(fields=["wilayah", "nomor"], name="pengesahan_nomor")]


class PengesahanUsulan(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    pengesahan = models.ForeignKey(Pengesahan, on_delete=models.PROTECT, related_name="baris")
    usulan = models.ForeignKey(Usulan, on_delete=models.PROTECT, related_name="pengesahan")

    KLASIFIKASI = {"id": "teknis", "pengesahan": "umum", "usulan": "pribadi"}

    class Meta:
        verbose_name = verbose_name_plural = "usulan dalam pengesahan"
        constraints = [models.UniqueConstraint(fields=["pengesahan", "usulan"], name="pengesahanusulan_unik")]


class PenetapanQuerySet(models.QuerySet["Penetapan"]):
    def visible_to(self, user: Pengguna) -> "PenetapanQuerySet":
        return self.filter(dalam("wilayah_id", user.cakupan("penetapan.lihat")))


class Penetapan(models.Model):
    """A decree (SK). A corrected one replaces its predecessor and names it; nothing is overwritten."""

    class Jenis(models.TextChoices):
        KEPMENSOS = "KEPMENSOS", "Keputusan Menteri Sosial"
        SK_BUPATI = "SK_BUPATI", "Keputusan Bupati/Wali Kota"

    class Status(models.TextChoices):
        BERLAKU = "berlaku", "Berlaku"
        DIGANTI = "diganti", "Sudah diganti"
        DICABUT = "dicabut", "Dicabut"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    wilayah = models.ForeignKey(Wilayah, on_delete=models.PROTECT, related_name="+")
    jenis = models.CharField(max_length=10, choices=Jenis.choices)
    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="penetapan")
    periode = models.CharField(max_length=7)
    nomor = models.CharField(max_length=80)
    urut = models.PositiveIntegerField(
        null=True, help_text="Nomor urut seri SK daerah; kosong untuk Kepmensos."
    )
    tahun = models.PositiveSmallIntegerField()
    tanggal = models.DateField()
    dokumen = models.OneToOneField("core.Dokumen", on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.BERLAKU)
    menggantikan = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="diganti_oleh"
    )
    alasan_status = models.CharField(max_length=300, blank=True)
    ditetapkan_by = models.ForeignKey(Pengguna, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now())

    objects = PenetapanQuerySet.as_manager()

    KLASIFIKASI = {
        "id": "teknis", "wilayah": "umum", "jenis": "umum", "program": "umum", "periode": "umum", "nomor": "umum", "urut": "umum",
        "tahun": "umum", "tanggal": "umum", "dokumen": "pribadi", "status": "umum", "menggantikan": "umum",
        "alasan_status": "umum", "ditetapkan_by": "umum", "created_at": "teknis",
    }  # fmt: skip

    class Meta:
        verbose_name = verbose_name_plural = "penetapan"
        ordering = ["-created_at", "id"]
        constraints = [
            models.UniqueConstraint(  # one Kepmensos may decide several batches of a kabupaten
                fields=["nomor", "wilayah"], name="penetapan_nomor", condition=Q(jenis="SK_BUPATI")
            ),
            models.UniqueConstraint(
                fields=["wilayah", "tahun", "urut"], name="penetapan_urut", condition=Q(jenis="SK_BUPATI")
            ),
        ]

    def __str__(self) -> str:
        return self.nomor


class BarisPenetapan(models.Model):
    """One proposal in a decree and its outcome."""

    class Hasil(models.TextChoices):
        DITETAPKAN = "ditetapkan", "Ditetapkan"
        TIDAK_DITETAPKAN = "tidak_ditetapkan", "Tidak ditetapkan"
        DAFTAR_TUNGGU = "daftar_tunggu", "Daftar tunggu"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    penetapan = models.ForeignKey(Penetapan, on_delete=models.PROTECT, related_name="baris")
    usulan = models.ForeignKey(Usulan, on_delete=models.PROTECT, related_name="penetapan")
    hasil = models.CharField(max_length=20, choices=Hasil.choices)
    alasan = models.CharField(max_length=40, blank=True)
    alasan_kalimat = models.CharField(max_length=200, blank=True)

    KLASIFIKASI = {
        "id": "teknis", "penetapan": "umum", "usulan": "pribadi", "hasil": "pribadi", "alasan": "pribadi",
        "alasan_kalimat": "pribadi",
    }  # fmt: skip

    class Meta:
        verbose_name = verbose_name_plural = "baris penetapan"
        constraints = [
            models.UniqueConstraint(fields=["penetapan", "usulan"], name="barispenetapan_unik"),
            models.CheckConstraint(
                name="barispenetapan_alasan", condition=Q(hasil="ditetapkan") | ~Q(alasan_kalimat="")
            ),
        ]


class KelayakanQuerySet(models.QuerySet["Kelayakan"]):
    def visible_to(self, user: Pengguna) -> "KelayakanQuerySet":
        return self.filter(dalam("wilayah_id", user.cakupan("kelayakan.lihat")))


class Kelayakan(models.Model):
    """A row of a programme's eligibility list (contract.md): who, outcome, rank, reasons in sentences and codes."""

    class Hasil(models.TextChoices):
        LAYAK = "layak", "Layak"
        DAFTAR_TUNGGU = "daftar_tunggu", "Daftar tunggu"
        TIDAK_LAYAK = "tidak_layak", "Tidak layak"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="kelayakan")
    periode = models.CharField(max_length=7)
    keluarga = models.ForeignKey(Keluarga, on_delete=models.PROTECT, related_name="kelayakan")
    nama_kepala = models.CharField(max_length=100)
    wilayah = models.ForeignKey(Wilayah, on_delete=models.PROTECT, related_name="+")
    desil = models.PositiveSmallIntegerField(null=True)
    peringkat = models.PositiveIntegerField(null=True)
    hasil = models.CharField(max_length=15, choices=Hasil.choices)
    alasan = models.JSONField(default=list)
    versi_aturan = models.CharField(max_length=40)
    snapshot = models.CharField(max_length=60)
    penetapan = models.ForeignKey(Penetapan, on_delete=models.PROTECT, null=True, related_name="kelayakan")
    updated_at = models.DateTimeField(auto_now=True)

    objects = KelayakanQuerySet.as_manager()

    KLASIFIKASI = {
        "id": "teknis", "program": "umum", "periode": "umum", "keluarga": "pribadi", "nama_kepala": "pribadi", "wilayah": "umum",
        "desil": "spesifik", "peringkat": "pribadi", "hasil": "pribadi", "alasan": "pribadi", "versi_aturan": "teknis",
        "snapshot": "teknis", "penetapan": "umum", "updated_at": "teknis",
    }  # fmt: skip

    class Meta:
        verbose_name = verbose_name_plural = "kelayakan"
        constraints = [
            models.UniqueConstraint(fields=["program", "periode", "keluarga"], name="kelayakan_unik")
        ]
        indexes = [models.Index(fields=["program", "periode", "wilayah", "id"], name="kelayakan_daftar")]


class AlasanKelayakan(models.Model):
    """Why a recipient is no longer eligible: the 15 groups struck off nationally, and reasons a village sees (domain.md §2.7)."""

    class Dimensi(models.TextChoices):
        UMUM = "umum", "Umum"
        ASET = "aset", "Aset"
        RUMAH = "rumah", "Rumah"
        KELUARGA = "keluarga", "Keluarga"
        PEKERJAAN = "pekerjaan", "Pekerjaan"
        EKONOMI = "ekonomi", "Ekonomi"
        KESEHATAN = "kesehatan", "Kesehatan"

    kode = models.CharField(max_length=10, primary_key=True)
    kelompok = models.CharField(
        max_length=10, choices=[("pusat", "15 sebab pencoretan"), ("desa", "Keadaan yang dilihat desa")]
    )
    dimensi = models.CharField(max_length=10, choices=Dimensi.choices)
    kalimat = models.CharField(max_length=120)
    urut = models.PositiveSmallIntegerField()
    aktif = models.BooleanField(default=True)

    class Meta:
        verbose_name = verbose_name_plural = "alasan kelayakan"
        ordering = ["urut", "kode"]

    def __str__(self) -> str:
        return self.kalimat


class VerifikasiKelayakanQuerySet(models.QuerySet["VerifikasiKelayakan"]):
    def visible_to(self, user: Pengguna) -> "VerifikasiKelayakanQuerySet":
        return self.filter(
            dalam("wilayah_id", user.cakupan("kelayakan.verifikasi") + user.cakupan("kelayakan.pantau"))
        )

    def terakhir(self) -> "VerifikasiKelayakanQuerySet":
        """The answers that stand: not corrected by a later row."""
        return self.filter(diganti_oleh__isnull=True)


class VerifikasiKelayakan(models.Model):
    """What the village answered about one recipient, one programme, one month. Append-only: a correction is a new row
    that names the one it replaces. It removes nobody: only a removal proposal that goes through the whole line does.
    """

    class Hasil(models.TextChoices):
        LAYAK = "layak", "Masih layak"
        TIDAK_LAYAK = "tidak_layak", "Tidak layak lagi"
        MENINGGAL = "meninggal", "Meninggal"
        PINDAH = "pindah", "Pindah"
        TIDAK_DITEMUKAN = "tidak_ditemukan", "Tidak ditemukan"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    periode = models.CharField(max_length=7)
    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="+")
    keluarga = models.ForeignKey(Keluarga, on_delete=models.PROTECT, related_name="verifikasi_kelayakan")
    wilayah = models.ForeignKey(Wilayah, on_delete=models.PROTECT, related_name="+")
    penetapan = models.ForeignKey(Penetapan, on_delete=models.PROTECT, related_name="+")
    hasil = models.CharField(max_length=16, choices=Hasil.choices)
    alasan = models.JSONField("kode alasan", default=list)
    catatan = models.CharField(max_length=500, blank=True)
    foto = models.ForeignKey("core.Berkas", on_delete=models.PROTECT, null=True, related_name="+")
    yang_meninggal = models.ForeignKey("dtks.Individu", on_delete=models.PROTECT, null=True, related_name="+")
    pengurus_baru = models.ForeignKey("dtks.Individu", on_delete=models.PROTECT, null=True, related_name="+")
    usulan = models.ForeignKey(Usulan, on_delete=models.PROTECT, null=True, related_name="+")
    menggantikan = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="diganti_oleh"
    )
    by = models.ForeignKey(Pengguna, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now())

    objects = VerifikasiKelayakanQuerySet.as_manager()

    KLASIFIKASI = {
        "id": "teknis", "periode": "umum", "program": "umum", "keluarga": "pribadi", "wilayah": "umum", "penetapan": "umum",
        "hasil": "pribadi", "alasan": "spesifik", "catatan": "spesifik", "foto": "pribadi", "yang_meninggal": "pribadi",
        "pengurus_baru": "pribadi", "usulan": "pribadi", "menggantikan": "teknis", "by": "teknis", "created_at": "teknis",
    }  # fmt: skip

    class Meta:
        verbose_name = verbose_name_plural = "verifikasi kelayakan"
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["periode", "program", "keluarga"],
                name="verifikasikelayakan_satu_awal",
                condition=Q(menggantikan__isnull=True),
            ),
            models.CheckConstraint(
                name="verifikasikelayakan_alasan", condition=~Q(hasil="tidak_layak") | ~Q(alasan=[])
            ),
            models.CheckConstraint(
                name="verifikasikelayakan_meninggal",
                condition=Q(hasil="meninggal", yang_meninggal__isnull=False)
                | (~Q(hasil="meninggal") & Q(yang_meninggal__isnull=True, pengurus_baru__isnull=True)),
            ),
        ]
        indexes = [
            models.Index(fields=["wilayah", "periode", "program"], name="verifikasikelayakan_daftar"),
            models.Index(fields=["keluarga", "program", "periode"], name="verifikasikelayakan_orang"),
        ]
