"""The eligibility list of one programme, quarter and kabupaten: computed once, frozen, signed."""

import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from accounts.models import Pengguna
from bansos.models.aturan import AturanProgram
from bansos.models.dasar import Kelayakan, Program
from dtks.models import Individu, Keluarga
from wilayah.kode import dalam
from wilayah.models import Wilayah


class DaftarKelayakanQuerySet(models.QuerySet["DaftarKelayakan"]):
    def visible_to(self, user: Pengguna) -> "DaftarKelayakanQuerySet":
        """Lists of the areas the person answers for; one who has only a part of a kabupaten sees the list, and his rows of it."""
        luas = {kode[:5] for kode in user.cakupan("kelayakan.lihat")}
        return self.filter(dalam("wilayah_id", sorted(luas)))

    def hidup(self) -> "DaftarKelayakanQuerySet":
        return self.filter(
            status__in=(DaftarKelayakan.Status.DIHITUNG, DaftarKelayakan.Status.DITANDATANGANI)
        )


class DaftarKelayakan(models.Model):
    """The head of a list. Its id follows from its inputs, so the same inputs give the same list, row ids and bytes.

    `snapshot` names what was read: `<decile quarter>/<first 16 hex of the hash of all values read>`. `sidik` is the SHA-256
    of the list as NDJSON (bansos.queries.daftar.salin). `jumlah`: {"layak", "daftar_tunggu", "tidak_layak", "manfaat"}.
    """

    class Status(models.TextChoices):
        DIHITUNG = "dihitung", "Dihitung, belum ditandatangani"
        DITANDATANGANI = "ditandatangani", "Ditandatangani"
        DIGANTIKAN = "digantikan", "Digantikan daftar yang lebih baru"
        DICABUT = "dicabut", "Dicabut"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="daftar")
    wilayah = models.ForeignKey(Wilayah, on_delete=models.PROTECT, related_name="+")
    periode = models.CharField("triwulan", max_length=7)
    aturan = models.ForeignKey(AturanProgram, on_delete=models.PROTECT, related_name="daftar")
    kuota = models.PositiveIntegerField(null=True)
    snapshot = models.CharField(max_length=60)
    sidik = models.BinaryField(max_length=32)
    jumlah = models.JSONField(default=dict)
    status = models.CharField(max_length=15, choices=Status.choices, default=Status.DIHITUNG)
    berkas = models.ForeignKey("core.Berkas", on_delete=models.PROTECT, null=True, related_name="+")
    created_by = models.ForeignKey(Pengguna, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    ditandatangani_by = models.ForeignKey(Pengguna, on_delete=models.PROTECT, null=True, related_name="+")
    ditandatangani_at = models.DateTimeField(null=True)
    alasan_status = models.CharField(max_length=300, blank=True)

    objects = DaftarKelayakanQuerySet.as_manager()

    KLASIFIKASI = {
        "id": "teknis", "program": "umum", "wilayah": "umum", "periode": "umum", "aturan": "umum", "kuota": "umum",
        "snapshot": "teknis", "sidik": "teknis", "jumlah": "umum", "status": "umum", "berkas": "pribadi", "created_by": "umum",
        "created_at": "teknis", "ditandatangani_by": "umum", "ditandatangani_at": "umum", "alasan_status": "umum",
    }  # fmt: skip

    class Meta:
        verbose_name = verbose_name_plural = "daftar kelayakan"
        ordering = ["-created_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["program", "wilayah", "periode"], name="daftarkelayakan_satu_sah",
                condition=Q(status="ditandatangani"),
            ),
            models.CheckConstraint(
                name="daftarkelayakan_tanda_tangan",
                condition=~Q(status="ditandatangani")
                | Q(ditandatangani_by__isnull=False, ditandatangani_at__isnull=False, berkas__isnull=False),
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["program", "wilayah", "periode", "-created_at"], name="daftarkelayakan_cari")
        ]

    def __str__(self) -> str:
        return f"{self.program_id} {self.periode}"


class SebabDaftar(models.Model):
    """One combination of reasons that occurs in a list, in full: many rows share it, so the sentences are stored once.

    `isi` is the `alasan` of the row: [{"kode", "kalimat", "cocok": bool, "saran": what would change it, or ''}].
    `komponen`: [{"kode", "nama", "jumlah", "nilai"}] that are paid, rupiah a year for all of them; [] where there are none.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    daftar = models.ForeignKey(DaftarKelayakan, on_delete=models.PROTECT, related_name="sebab")
    nomor = models.PositiveIntegerField()
    isi = models.JSONField()
    komponen = models.JSONField(default=list)

    KLASIFIKASI = {
        "id": "teknis", "daftar": "umum", "nomor": "teknis", "isi": "spesifik", "komponen": "spesifik",
    }  # fmt: skip

    class Meta:
        verbose_name = verbose_name_plural = "sebab dalam daftar"
        constraints = [models.UniqueConstraint(fields=["daftar", "nomor"], name="sebabdaftar_nomor")]


class BarisDaftarQuerySet(models.QuerySet["BarisDaftar"]):
    def visible_to(self, user: Pengguna) -> "BarisDaftarQuerySet":
        return self.filter(dalam("wilayah_id", user.cakupan("kelayakan.lihat")))


class BarisDaftar(models.Model):
    """A family (or, in a programme per person, a person) in a list, in or out, with its place and reasons.

    The id is the list's first 64 bits and the row's number, so ordering by id is the order of the list: layak and waiting by
    rank, then the others. No foreign keys in the database: a list is written in one statement that checks them as sets, and
    is fingerprinted as a whole (`DaftarKelayakan.sidik`) instead of row by row (bansos/sql/aturan.sql, ADR 0025).
    `sebab` is the number of its SebabDaftar in this list (`alasan` and `komponen`). `manfaat`: rupiah a year. `data_per`: the
    day its data last changed.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    daftar = models.ForeignKey(
        DaftarKelayakan, on_delete=models.PROTECT, related_name="baris", db_constraint=False, db_index=False
    )
    keluarga = models.ForeignKey(
        Keluarga, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    individu = models.ForeignKey(
        Individu, on_delete=models.PROTECT, null=True, related_name="+", db_constraint=False, db_index=False
    )
    wilayah = models.ForeignKey(
        Wilayah, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    nama_kepala = models.CharField(max_length=100)
    desil = models.PositiveSmallIntegerField(null=True)
    skor = models.PositiveSmallIntegerField(default=0)
    peringkat = models.PositiveIntegerField(null=True)
    hasil = models.CharField(max_length=15, choices=Kelayakan.Hasil.choices)
    manfaat = models.BigIntegerField(default=0)
    sebab = models.PositiveIntegerField()
    data_per = models.DateField(null=True)

    objects = BarisDaftarQuerySet.as_manager()

    KLASIFIKASI = {
        "id": "teknis", "daftar": "umum", "keluarga": "pribadi", "individu": "pribadi", "wilayah": "umum",
        "nama_kepala": "pribadi", "desil": "spesifik", "skor": "spesifik", "peringkat": "pribadi", "hasil": "pribadi",
        "manfaat": "pribadi", "sebab": "teknis", "data_per": "umum",
    }  # fmt: skip

    class Meta:
        verbose_name = verbose_name_plural = "baris daftar kelayakan"
        ordering = ["id"]
        # A family (or person) is in a list once: the trigger that lets the rows in sees to it (bansos/sql/daftar_sekali.sql).
        # Area without the id: the rows of a village are sorted in no time, and equal keys share one entry of the index.
        indexes = [
            models.Index(fields=["daftar", "wilayah"], name="barisdaftar_wilayah"),
            models.Index(fields=["daftar", "keluarga"], name="barisdaftar_keluarga"),
        ]
