"""The proposal and its history."""

import itertools
import uuid
from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce, Left, Now

from accounts.models import Orang, Pengguna
from dtks import workflow
from dtks.models.keluarga import Keluarga
from dtks.models.riwayat import Riwayat
from wilayah.kode import dalam
from wilayah.models import Wilayah

TANPA_TENGGAT = Value(date(9999, 12, 31))  # a state without a clock comes last
EMPAT_MATA = ("pengusul_orang", "asesor_orang", "verifikator_orang", "pengesah_orang")


class UsulanQuerySet(models.QuerySet["Usulan"]):
    def visible_to(self, user: Pengguna) -> "UsulanQuerySet":
        """Proposals inside the areas where `user` may see them; a field officer sees those given to him anywhere.

        Those of a frozen family are there for nobody, as the family itself (docs/adr/0042).
        """
        tugas = Q(petugas=user) if user.punya("usulan.ases") else Q(pk__in=())
        luas = dalam("wilayah_id", user.cakupan("usulan.lihat")) | tugas
        return self.filter(luas, keluarga__dibekukan_at__isnull=True)

    def terbuka(self) -> "UsulanQuerySet":
        return self.filter(status__in=workflow.USULAN_TERBUKA)


class Usulan(models.Model):
    """One family proposed for one programme. `status` moves only along `dtks.workflow.USULAN`."""

    class Jalur(models.TextChoices):
        REGULER = "REGULER", "Reguler"
        MANDIRI = "MANDIRI", "Mandiri (usul warga)"
        KEDARURATAN = "KEDARURATAN", "Kedaruratan"
        PERBAIKAN = "PERBAIKAN", "Perbaikan data"
        PENGHAPUSAN = "PENGHAPUSAN", "Penghapusan"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    tiket = models.CharField(max_length=20, unique=True)
    pin_indeks = models.BinaryField(max_length=32)
    keluarga = models.ForeignKey(Keluarga, on_delete=models.PROTECT, related_name="usulan")
    wilayah = models.ForeignKey(Wilayah, on_delete=models.PROTECT, related_name="+")
    program = models.CharField("program yang diusulkan", max_length=20)
    jalur = models.CharField(max_length=12, choices=Jalur.choices, default=Jalur.REGULER)
    periode = models.CharField("periode", max_length=7)
    alasan_usul = models.TextField("alasan diusulkan", blank=True, max_length=2000)
    status = models.CharField(max_length=20, choices=workflow.USULAN.choices(), default="draf")
    status_sejak = models.DateTimeField(db_default=Now())
    tenggat = models.DateField(null=True, blank=True)
    # Day the clock of this state began and its working days; without them `tenggat` counts calendar days (older rules).
    tenggat_mulai = models.DateField(null=True, blank=True)
    tenggat_hari = models.PositiveSmallIntegerField(null=True, blank=True)
    versi = models.PositiveIntegerField(default=0)
    petugas = models.ForeignKey(
        Pengguna, on_delete=models.PROTECT, null=True, blank=True, related_name="tugas_asesmen"
    )
    sptjm = models.ForeignKey(
        "core.Berkas", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    pengusul_orang = models.ForeignKey(
        Orang, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    asesor_orang = models.ForeignKey(Orang, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    verifikator_orang = models.ForeignKey(
        Orang, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    pengesah_orang = models.ForeignKey(
        Orang, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    gerbang_susulan = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    susulan_tenggat = models.DateField(null=True, blank=True)
    created_by = models.ForeignKey(Pengguna, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    updated_at = models.DateTimeField(auto_now=True)

    objects = UsulanQuerySet.as_manager()

    KLASIFIKASI = {
        "id": "teknis", "tiket": "pribadi", "pin_indeks": "rahasia", "keluarga": "pribadi", "wilayah": "umum",
        "program": "umum", "jalur": "umum", "periode": "umum", "alasan_usul": "pribadi", "status": "umum",
        "status_sejak": "umum", "tenggat": "umum", "tenggat_mulai": "umum", "tenggat_hari": "umum", "versi": "teknis", "petugas": "umum", "sptjm": "pribadi",
        "pengusul_orang": "teknis", "asesor_orang": "teknis", "verifikator_orang": "teknis", "pengesah_orang": "teknis",
        "gerbang_susulan": "umum", "susulan_tenggat": "umum", "created_by": "teknis", "created_at": "umum", "updated_at": "teknis",
    }  # fmt: skip

    class Meta:
        verbose_name = verbose_name_plural = "usulan"
        constraints = [
            models.CheckConstraint(
                name="usulan_empat_mata",
                condition=models.Q(
                    *(
                        Q(**{f"{a}__isnull": True}) | Q(**{f"{b}__isnull": True}) | ~Q(**{a: F(b)})
                        for a, b in itertools.combinations(EMPAT_MATA, 2)
                    )
                ),
            ),
            models.UniqueConstraint(
                fields=["keluarga", "program"],
                name="usulan_satu_terbuka",
                condition=Q(status__in=workflow.USULAN_TERBUKA),
            ),
            models.CheckConstraint(
                name="usulan_periode", condition=Q(periode__regex=r"^[0-9]{4}-(0[1-9]|1[0-2])$")
            ),
        ]
        indexes = [
            models.Index(
                fields=["status", "wilayah", "status_sejak", "id"],
                name="usulan_antrean",
                condition=Q(status__in=workflow.USULAN_TERBUKA),
            ),
            # The queues of the Dinas, oldest due first, of a kabupaten and of a kecamatan (queries.antrean writes the same).
            *(
                models.Index(
                    F("status"),
                    Left("wilayah_id", panjang),
                    Coalesce(F("tenggat"), TANPA_TENGGAT),
                    F("status_sejak"),
                    F("id"),
                    name=nama,
                    condition=Q(status__in=workflow.ANTREAN),
                )
                for nama, panjang in (("usulan_meja_kabupaten", 5), ("usulan_meja_kecamatan", 8))
            ),
            models.Index(fields=["wilayah", "-updated_at", "id"], name="usulan_wilayah"),
            models.Index(fields=["petugas", "status"], name="usulan_petugas"),
            models.Index(
                fields=["wilayah", "periode"],
                name="usulan_periode_terbuka",
                condition=Q(status__in=workflow.USULAN_TERBUKA),
            ),
        ]

    def __str__(self) -> str:
        return self.tiket


class RiwayatUsulan(Riwayat):
    """One step of one proposal."""

    usulan = models.ForeignKey(Usulan, on_delete=models.PROTECT, related_name="riwayat")
    # How it was decided (docs/adr/0013) and, for a decision that can be taken back, what the step changed.
    rincian = models.JSONField(null=True)

    KLASIFIKASI = Riwayat.KLASIFIKASI | {"usulan": "teknis", "rincian": "teknis"}

    class Meta(Riwayat.Meta):
        abstract = False
        verbose_name = verbose_name_plural = "riwayat usulan"
        constraints = [models.UniqueConstraint(fields=["usulan", "urut"], name="riwayatusulan_urut")]


KERABAT = "KERABAT_PETUGAS"  # the flag that only two persons close


class BenderaQuerySet(models.QuerySet["Bendera"]):
    def visible_to(self, user: Pengguna) -> "BenderaQuerySet":
        """Flags of the proposals that this person sees in an area of his; no visitor from outside reads them."""
        luas = dalam("usulan__wilayah_id", user.cakupan("usulan.lihat"))
        return self.filter(luas, usulan__keluarga__dibekukan_at__isnull=True)

    def terbuka(self) -> "BenderaQuerySet":
        return self.filter(ditutup_at__isnull=True)


class Bendera(models.Model):
    """A flag that blocks the final acts. A higher floor raises it through its own action; here only its sentence is known."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    usulan = models.ForeignKey(Usulan, on_delete=models.PROTECT, related_name="bendera")
    kode = models.CharField(max_length=40)
    kalimat = models.CharField(max_length=200)
    sumber = models.CharField(max_length=80)
    created_by = models.ForeignKey(Pengguna, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    ditutup_by = models.ForeignKey(Pengguna, on_delete=models.PROTECT, null=True, related_name="+")
    ditutup_at = models.DateTimeField(null=True)
    alasan_tutup = models.CharField(max_length=200, blank=True)
    # NULL on flags that need none of it: a new column must not change old fingerprints.
    orang = ArrayField(models.UUIDField(), null=True)  # persons of the line that are tied to the family
    ditutup_orang = models.ForeignKey(Orang, on_delete=models.PROTECT, null=True, related_name="+")
    usul_tutup_by = models.ForeignKey(Pengguna, on_delete=models.PROTECT, null=True, related_name="+")
    usul_tutup_orang = models.ForeignKey(Orang, on_delete=models.PROTECT, null=True, related_name="+")
    usul_tutup_at = models.DateTimeField(null=True)

    objects = BenderaQuerySet.as_manager()

    KLASIFIKASI = {
        "id": "teknis", "usulan": "teknis", "kode": "umum", "kalimat": "pribadi", "sumber": "teknis", "created_by": "teknis",
        "created_at": "teknis", "ditutup_by": "teknis", "ditutup_at": "teknis", "alasan_tutup": "pribadi",
        "orang": "teknis", "ditutup_orang": "teknis", "usul_tutup_by": "teknis", "usul_tutup_orang": "teknis", "usul_tutup_at": "teknis",
    }  # fmt: skip

    class Meta:
        verbose_name = verbose_name_plural = "bendera"
        constraints = [
            models.UniqueConstraint(
                fields=["usulan", "kode", "sumber"],
                name="bendera_satu_terbuka",
                condition=Q(ditutup_at__isnull=True),
            ),
            models.CheckConstraint(
                name="bendera_kerabat_dua_orang",
                condition=~Q(kode=KERABAT)
                | Q(ditutup_at__isnull=True)
                | (
                    Q(usul_tutup_orang__isnull=False, ditutup_orang__isnull=False)
                    & ~Q(usul_tutup_orang=F("ditutup_orang"))
                    & ~Q(alasan_tutup="")
                ),
            ),
        ]


class PernyataanKerabat(models.Model):
    """What a person signed about a family flagged KERABAT_PETUGAS. Signed with the key of the portal, never changed."""

    class Jenis(models.TextChoices):
        ADA = "ada", "Ada hubungan keluarga"
        TIDAK_ADA = "tidak_ada", "Tidak ada hubungan keluarga"
        PENUTUP = "penutup", "Pernyataan yang menutup catatan"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    bendera = models.ForeignKey(Bendera, on_delete=models.PROTECT, related_name="pernyataan")
    oleh = models.ForeignKey(Pengguna, on_delete=models.PROTECT, related_name="+")
    orang = models.ForeignKey(Orang, on_delete=models.PROTECT, related_name="+")
    jenis = models.CharField(max_length=10, choices=Jenis.choices)
    isi = models.CharField(max_length=600)
    tanda_tangan = models.BinaryField(max_length=64)
    pada = models.DateTimeField(db_default=Now())

    KLASIFIKASI = {
        "id": "teknis", "bendera": "teknis", "oleh": "umum", "orang": "teknis", "jenis": "pribadi", "isi": "pribadi",
        "tanda_tangan": "teknis", "pada": "umum",
    }  # fmt: skip

    class Meta:
        verbose_name = verbose_name_plural = "pernyataan kerabat"
        ordering = ["pada", "id"]
        indexes = [models.Index(fields=["bendera", "orang"], name="pernyataankerabat_satu")]
