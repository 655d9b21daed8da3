"""Sanggah: objections of neighbours against a published recipient, gathered in one case for each family.

Three tables for three kinds of readers. `Penyanggah` (who objected) is read only with the power `sanggah.identitas`; `Sanggah`
(what was said) and `PerkaraSanggah` (the case) only at the Dinas; `HakJawab` (the family is heard) also in the village.
"""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from accounts.models import Orang, Pengguna
from bansos.models import AlasanKelayakan, BarisPenetapan
from core.identity import mask_nik
from core.privacy.fields import BlindIndexField, SealedField
from dtks.models import Individu, Keluarga, PutusanMusyawarah, Usulan
from dtks.models.riwayat import Riwayat
from pengaduan.models.jam import Berjam
from pengaduan.models.tiket import Bertiket
from pengaduan.workflow import SANGGAH, SANGGAH_DATA, SANGGAH_TERBUKA
from wilayah.kode import dalam
from wilayah.models import Wilayah

DINAS = ("sanggah.kelola", "sanggah.putus", "sanggah.lihat")
DESA = ("sanggah.sampaikan",)
TITIK_SAH = Q(lintang__isnull=True, bujur__isnull=True) | Q(
    lintang__gte=-11.5, lintang__lte=6.5, bujur__gte=94.5, bujur__lte=141.5
)


def bukan_keluarganya(rows: models.QuerySet, user: Pengguna, lewat: str = "") -> models.QuerySet:
    """Nobody reads the case against his own family in his office. The account of an API key is nobody's relative."""
    if user.orang.nik_indeks is None:
        return rows
    sendiri = Individu.objects.filter(nik_indeks=user.orang.nik_indeks, aktif=True).values("keluarga_id")
    return rows.exclude(**{f"{lewat}keluarga_id__in": sendiri})


class PerkaraQuerySet(models.QuerySet["PerkaraSanggah"]):
    def visible_to(self, user: Pengguna) -> "PerkaraQuerySet":
        """At the Dinas in its areas; a field officer sees the one that he was sent to."""
        luas = [kode for kuasa in DINAS for kode in user.cakupan(kuasa)]
        tugas = Q(petugas=user, status="diperiksa") if user.punya("usulan.ases") else Q(pk__in=())
        return bukan_keluarganya(self.filter(dalam("wilayah_id", luas) | tugas), user)

    def terbuka(self) -> "PerkaraQuerySet":
        return self.filter(status__in=SANGGAH_TERBUKA)


class PerkaraSanggah(Berjam):
    """One family, everything that was brought against it until it is decided. `alasan` is what the family hears."""

    class Temuan(models.TextChoices):
        BENAR = "benar", "Keadaan sesuai sanggahan"
        TIDAK = "tidak", "Keadaan tidak sesuai sanggahan"
        RAGU = "ragu", "Tidak bisa dipastikan"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    keluarga = models.ForeignKey(Keluarga, on_delete=models.PROTECT, related_name="perkara_sanggah")
    wilayah = models.ForeignKey(Wilayah, on_delete=models.PROTECT, related_name="+")
    usulan = models.ForeignKey(Usulan, on_delete=models.PROTECT, related_name="+")  # the published one
    status = models.CharField(max_length=20, choices=SANGGAH.choices(), default="diterima")
    status_sejak = models.DateTimeField(db_default=Now())
    versi = models.PositiveIntegerField(default=0)
    alasan = ArrayField(models.CharField(max_length=10), default=list)
    ringkasan = models.CharField(max_length=500, blank=True)
    petugas = models.ForeignKey(Pengguna, on_delete=models.PROTECT, null=True, related_name="+")
    penyaring_orang = models.ForeignKey(Orang, on_delete=models.PROTECT, null=True, related_name="+")
    pemeriksa_orang = models.ForeignKey(Orang, on_delete=models.PROTECT, null=True, related_name="+")
    pemutus_orang = models.ForeignKey(Orang, on_delete=models.PROTECT, null=True, related_name="+")
    temuan = models.CharField(max_length=5, choices=Temuan.choices, blank=True)
    uraian = models.TextField(max_length=2000, blank=True)
    diperiksa_tanggal = models.DateField(null=True)
    lintang = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    bujur = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    alasan_putusan = models.TextField(max_length=2000, blank=True)
    diputus_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=Now())
    updated_at = models.DateTimeField(auto_now=True)

    objects = PerkaraQuerySet.as_manager()

    KLASIFIKASI = Berjam.KLASIFIKASI | {
        "id": "teknis", "keluarga": "pribadi", "wilayah": "umum", "usulan": "pribadi", "status": "pribadi", "status_sejak": "umum",
        "versi": "teknis", "alasan": "pribadi", "ringkasan": "pribadi", "petugas": "umum", "penyaring_orang": "teknis",
        "pemeriksa_orang": "teknis", "pemutus_orang": "teknis", "temuan": "pribadi", "uraian": "pribadi", "diperiksa_tanggal": "umum",
        "lintang": "pribadi", "bujur": "pribadi", "alasan_putusan": "pribadi", "diputus_at": "umum", "created_at": "teknis",
        "updated_at": "teknis",
    }  # fmt: skip

    class Meta(Berjam.Meta):
        abstract = False
        verbose_name = verbose_name_plural = "perkara sanggah"
        constraints = [
            *Berjam.Meta.constraints,
            models.UniqueConstraint(
                fields=["keluarga"], name="perkarasanggah_satu", condition=Q(status__in=SANGGAH_TERBUKA)
            ),
            models.CheckConstraint(
                name="perkarasanggah_putusan",
                condition=~Q(status__in=["dikabulkan", "ditolak"])
                | (
                    ~Q(alasan_putusan="")
                    & Q(pemutus_orang__isnull=False, pemeriksa_orang__isnull=False, diputus_at__isnull=False)
                    & ~Q(pemutus_orang=models.F("penyaring_orang"))
                    & ~Q(pemutus_orang=models.F("pemeriksa_orang"))
                ),
            ),
            models.CheckConstraint(name="perkarasanggah_titik", condition=TITIK_SAH),
        ]
        indexes = [
            *Berjam.Meta.indexes,
            models.Index(fields=["wilayah", "status"], name="perkarasanggah_antrean"),
            models.Index(fields=["tenggat_at", "id"], name="perkarasanggah_tenggat"),
        ]

    def __str__(self) -> str:
        return f"Perkara {str(self.pk)[:8]}"


class RiwayatSanggah(Riwayat):
    """One step of one case."""

    perkara = models.ForeignKey(PerkaraSanggah, on_delete=models.PROTECT, related_name="riwayat")

    KLASIFIKASI = Riwayat.KLASIFIKASI | {"perkara": "teknis"}

    class Meta(Riwayat.Meta):
        abstract = False
        verbose_name = verbose_name_plural = "riwayat sanggah"
        constraints = [models.UniqueConstraint(fields=["perkara", "urut"], name="riwayatsanggah_urut")]


class FotoPerkara(models.Model):
    """What the field officer photographed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    perkara = models.ForeignKey(PerkaraSanggah, on_delete=models.PROTECT, related_name="foto")
    berkas = models.ForeignKey("core.Berkas", on_delete=models.PROTECT, related_name="+")

    KLASIFIKASI = {"id": "teknis", "perkara": "teknis", "berkas": "pribadi"}

    class Meta:
        verbose_name = verbose_name_plural = "foto perkara"
        ordering = ["id"]


class HasilSanggah(models.Model):
    """A removal that a granted objection opened."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    perkara = models.ForeignKey(PerkaraSanggah, on_delete=models.PROTECT, related_name="hasil")
    usulan = models.OneToOneField(Usulan, on_delete=models.PROTECT, related_name="+")

    KLASIFIKASI = {"id": "teknis", "perkara": "teknis", "usulan": "pribadi"}

    class Meta:
        verbose_name = verbose_name_plural = "hasil sanggah"
        ordering = ["id"]


class HakJawabQuerySet(models.QuerySet["HakJawab"]):
    def visible_to(self, user: Pengguna) -> "HakJawabQuerySet":
        """For whoever carries the letter to the family, and for the Dinas."""
        luas = [kode for kuasa in (*DESA, *DINAS) for kode in user.cakupan(kuasa)]
        rows = self.filter(dalam("perkara__wilayah_id", luas))
        return bukan_keluarganya(rows, user, "perkara__")


class HakJawab(Bertiket):
    """The family is heard: it gets a letter with a code, and answers at /lacak/ or at the counter. Its ticket is drawn only
    when the Dinas hears the family, so that its number lies beside no objector's number."""

    class Cara(models.TextChoices):
        DITERIMA = "diterima", "Diterima keluarga"
        DITITIPKAN = "dititipkan", "Dititipkan ke tetangga atau RT"
        TIDAK_DITEMUI = "tidak_ditemui", "Keluarga tidak bisa ditemui"

    class Kanal(models.TextChoices):
        LACAK = "lacak", "Ditulis keluarga di /lacak/"
        LOKET = "loket", "Dicatat petugas di loket"
        DIAM = "diam", "Tidak menjawab sampai batas waktu"

    perkara = models.OneToOneField(PerkaraSanggah, on_delete=models.PROTECT, related_name="hak_jawab")
    surat_at = models.DateTimeField(null=True)
    disampaikan = models.DateField(null=True)
    cara = models.CharField(max_length=15, choices=Cara.choices, blank=True)
    disampaikan_by = models.ForeignKey(Pengguna, on_delete=models.PROTECT, null=True, related_name="+")
    batas = models.DateField(null=True)
    jawaban = models.TextField(max_length=2000, blank=True)
    kanal = models.CharField(max_length=5, choices=Kanal.choices, blank=True)
    dijawab_at = models.DateTimeField(null=True)
    dicatat_by = models.ForeignKey(Pengguna, on_delete=models.PROTECT, null=True, related_name="+")
    berkas = models.ForeignKey("core.Berkas", on_delete=models.PROTECT, null=True, related_name="+")

    objects = HakJawabQuerySet.as_manager()

    KLASIFIKASI = Bertiket.KLASIFIKASI | {
        "perkara": "pribadi", "surat_at": "umum", "disampaikan": "umum", "cara": "umum", "disampaikan_by": "umum", "batas": "umum",
        "jawaban": "pribadi", "kanal": "umum", "dijawab_at": "umum", "dicatat_by": "umum", "berkas": "pribadi",
    }  # fmt: skip

    class Meta:
        verbose_name = verbose_name_plural = "hak jawab"
        constraints = [
            models.CheckConstraint(
                name="hakjawab_batas",
                condition=Q(disampaikan__isnull=True, batas__isnull=True, cara="")
                | (Q(disampaikan__isnull=False, batas__gt=models.F("disampaikan")) & ~Q(cara="")),
            ),
            models.CheckConstraint(
                name="hakjawab_jawaban",
                condition=Q(kanal="", dijawab_at__isnull=True, jawaban="")
                | (Q(kanal="diam", dijawab_at__isnull=False, jawaban="", disampaikan__isnull=False))
                | (Q(kanal__in=["lacak", "loket"], dijawab_at__isnull=False) & ~Q(jawaban="")),
            ),
        ]
        indexes = [
            models.Index(
                fields=["batas"], name="hakjawab_menunggu", condition=Q(kanal="", batas__isnull=False)
            )
        ]


class SanggahQuerySet(models.QuerySet["Sanggah"]):
    def visible_to(self, user: Pengguna) -> "SanggahQuerySet":
        """What was said may tell who said it: only at the Dinas, never the officer in the field."""
        luas = [kode for kuasa in ("sanggah.kelola", "sanggah.putus") for kode in user.cakupan(kuasa)]
        return bukan_keluarganya(self.filter(dalam("wilayah_id", luas)), user)

    def hidup(self) -> "SanggahQuerySet":
        return self.filter(ditarik_at__isnull=True).exclude(identitas=Sanggah.Identitas.TIDAK_TERBUKTI)


class Sanggah(Bertiket):
    """One objection of one person. Over the monthly limit it waits for `proses_mulai`, and nobody can see that from outside."""

    class Identitas(models.TextChoices):
        MENUNGGU = "menunggu", "Sedang dicocokkan"
        REGISTER = "register", "Cocok dengan data keluarga di desa ini"
        DUKCAPIL = "dukcapil", "Cocok menurut Dukcapil"
        PETUGAS = "petugas", "Perlu diperiksa petugas Dinas"
        DIMINTA_KTP = "diminta_ktp", "Menunggu foto KTP"
        SAH = "sah", "Dinyatakan benar oleh petugas"
        TIDAK_TERBUKTI = "tidak_terbukti", "Tidak terbukti"

    TERBUKTI = ("register", "dukcapil", "sah")

    perkara = models.ForeignKey(PerkaraSanggah, on_delete=models.PROTECT, null=True, related_name="sanggah")
    keluarga = models.ForeignKey(Keluarga, on_delete=models.PROTECT, related_name="+")
    wilayah = models.ForeignKey(Wilayah, on_delete=models.PROTECT, related_name="+")
    usulan = models.ForeignKey(Usulan, on_delete=models.PROTECT, related_name="+")
    baris = models.ForeignKey(BarisPenetapan, on_delete=models.PROTECT, null=True, related_name="+")
    putusan = models.ForeignKey(PutusanMusyawarah, on_delete=models.PROTECT, null=True, related_name="+")
    alasan = models.ForeignKey(AlasanKelayakan, on_delete=models.PROTECT, related_name="+")
    cerita = models.TextField(max_length=2000)
    nama_dimaksud = models.CharField(max_length=100)
    nama_cocok = models.BooleanField()
    foto = models.ForeignKey("core.Berkas", on_delete=models.PROTECT, related_name="+")
    lintang = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    bujur = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    patokan = models.CharField(max_length=200, blank=True)
    luar_jendela = models.BooleanField(default=False)
    proses_mulai = models.DateField()
    identitas = models.CharField(max_length=15, choices=Identitas.choices, default=Identitas.MENUNGGU)
    identitas_orang = models.ForeignKey(Orang, on_delete=models.PROTECT, null=True, related_name="+")
    identitas_alasan = models.CharField(max_length=300, blank=True)
    tanda = ArrayField(models.CharField(max_length=20), default=list)
    ditarik_at = models.DateTimeField(null=True)

    objects = SanggahQuerySet.as_manager()

    KLASIFIKASI = Bertiket.KLASIFIKASI | {
        "perkara": "teknis", "keluarga": "pribadi", "wilayah": "umum", "usulan": "pribadi", "baris": "pribadi", "putusan": "pribadi",
        "alasan": "pribadi", "cerita": "rahasia", "nama_dimaksud": "pribadi", "nama_cocok": "pribadi", "foto": "rahasia",
        "lintang": "pribadi", "bujur": "pribadi", "patokan": "rahasia", "luar_jendela": "umum", "proses_mulai": "umum",
        "identitas": "rahasia", "identitas_orang": "teknis", "identitas_alasan": "rahasia", "tanda": "rahasia", "ditarik_at": "umum",
    }  # fmt: skip

    class Meta:
        verbose_name = verbose_name_plural = "sanggah"
        ordering = ["created_at", "id"]
        constraints = [
            models.CheckConstraint(
                name="sanggah_satu_asal",
                condition=Q(baris__isnull=False, putusan__isnull=True)
                | Q(baris__isnull=True, putusan__isnull=False),
            ),
            models.CheckConstraint(
                name="sanggah_tempat", condition=Q(lintang__isnull=False) | ~Q(patokan="")
            ),
            models.CheckConstraint(name="sanggah_titik", condition=TITIK_SAH),
            models.CheckConstraint(
                name="sanggah_identitas_oleh",
                condition=~Q(identitas__in=["sah", "tidak_terbukti"])
                | (Q(identitas_orang__isnull=False) & ~Q(identitas_alasan="")),
            ),
        ]
        indexes = [
            models.Index(fields=["proses_mulai"], name="sanggah_tertahan", condition=Q(perkara__isnull=True)),
        ]


class PenyanggahQuerySet(models.QuerySet["Penyanggah"]):
    def visible_to(self, user: Pengguna) -> "PenyanggahQuerySet":
        """Only who checks identities at the Dinas. Opening one is an act that is logged."""
        rows = self.filter(dalam("sanggah__wilayah_id", user.cakupan("sanggah.identitas")))
        return bukan_keluarganya(rows, user, "sanggah__")


class Penyanggah(models.Model):
    """Who objected. Sealed; no other table, page, letter, trail or notice holds anything of it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sanggah = models.OneToOneField(Sanggah, on_delete=models.PROTECT, related_name="penyanggah")
    nik_indeks = BlindIndexField(source="nik")
    nik = SealedField(purpose="nik", mask=mask_nik)
    nama = SealedField(purpose="penyanggah")
    lahir = SealedField(purpose="penyanggah")
    telepon = SealedField(purpose="telepon")
    ktp = models.ForeignKey("core.Berkas", on_delete=models.PROTECT, null=True, related_name="+")

    objects = PenyanggahQuerySet.as_manager()

    KLASIFIKASI = {
        "id": "teknis", "sanggah": "rahasia", "nik_indeks": "rahasia", "nik": "rahasia", "nama": "rahasia", "lahir": "rahasia",
        "telepon": "rahasia", "ktp": "rahasia",
    }  # fmt: skip

    class Meta:
        verbose_name = verbose_name_plural = "penyanggah"
        indexes = [models.Index(fields=["nik_indeks"], name="penyanggah_orang")]

    def __str__(self) -> str:
        return "Penyanggah"


# --- sanggah data ---------------------------------------------------------------------------------------


class SanggahDataQuerySet(models.QuerySet["SanggahData"]):
    def visible_to(self, user: Pengguna) -> "SanggahDataQuerySet":
        luas = [kode for kuasa in DINAS for kode in user.cakupan(kuasa)]
        return self.filter(dalam("wilayah_id", luas))


class SanggahData(Bertiket, Berjam):
    """A family says that it was left out for data that is wrong ('tercatat ASN', 'tercatat meninggal')."""

    class Salah(models.TextChoices):
        ASN = "asn", "Tercatat ASN, TNI, Polri, atau pensiunannya"
        KELUARGA_ASN = "keluarga_asn", "Anggota KK tercatat ASN, TNI, atau Polri"
        MENINGGAL = "meninggal", "Tercatat meninggal, padahal masih hidup"
        PINDAH = "pindah", "Tercatat pindah, padahal tetap di sini"
        UPAH = "upah", "Tercatat bergaji di atas UMK atau dari APBN/APBD"
        USAHA = "usaha", "Tercatat pengurus atau pemilik perusahaan"
        BANTUAN = "bantuan", "Tercatat sudah menerima bantuan lain"
        GANDA = "ganda", "NIK atau KK tercatat ganda"
        LAIN = "lain", "Data lain yang salah"

    nik_indeks = BlindIndexField(source="nik")
    nik = SealedField(purpose="nik", mask=mask_nik)
    nama = models.CharField(max_length=100)
    lahir = models.DateField()
    telepon = SealedField(purpose="telepon")
    wilayah = models.ForeignKey(Wilayah, on_delete=models.PROTECT, related_name="+")
    individu = models.ForeignKey(Individu, on_delete=models.PROTECT, null=True, related_name="+")
    keluarga = models.ForeignKey(Keluarga, on_delete=models.PROTECT, null=True, related_name="+")
    salah = models.CharField(max_length=15, choices=Salah.choices)
    cerita = models.TextField(max_length=2000)
    bukti = models.ForeignKey("core.Berkas", on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=20, choices=SANGGAH_DATA.choices(), default="diterima")
    status_sejak = models.DateTimeField(db_default=Now())
    versi = models.PositiveIntegerField(default=0)
    diteruskan_ke = models.CharField(max_length=100, blank=True)
    alasan_putusan = models.TextField(max_length=2000, blank=True)
    pemutus_orang = models.ForeignKey(Orang, on_delete=models.PROTECT, null=True, related_name="+")
    usulan = models.ForeignKey(Usulan, on_delete=models.PROTECT, null=True, related_name="+")

    objects = SanggahDataQuerySet.as_manager()

    KLASIFIKASI = Bertiket.KLASIFIKASI | Berjam.KLASIFIKASI | {
        "nik_indeks": "rahasia", "nik": "rahasia", "nama": "pribadi", "lahir": "pribadi", "telepon": "rahasia", "wilayah": "umum",
        "individu": "pribadi", "keluarga": "pribadi", "salah": "spesifik", "cerita": "spesifik", "bukti": "spesifik", "status": "umum",
        "status_sejak": "umum", "versi": "teknis", "diteruskan_ke": "umum", "alasan_putusan": "pribadi", "pemutus_orang": "teknis",
        "usulan": "pribadi",
    }  # fmt: skip

    class Meta(Berjam.Meta):
        abstract = False
        verbose_name = verbose_name_plural = "sanggah data"
        constraints = [
            *Berjam.Meta.constraints,
            models.CheckConstraint(
                name="sanggahdata_putusan",
                condition=~Q(status__in=["dikabulkan", "ditolak"])
                | (~Q(alasan_putusan="") & Q(pemutus_orang__isnull=False)),
            ),
        ]
        indexes = [
            *Berjam.Meta.indexes,
            models.Index(fields=["wilayah", "status"], name="sanggahdata_antrean"),
            models.Index(fields=["tenggat_at", "id"], name="sanggahdata_tenggat"),
        ]


class RiwayatSanggahData(Riwayat):
    sanggah = models.ForeignKey(SanggahData, on_delete=models.PROTECT, related_name="riwayat")

    KLASIFIKASI = Riwayat.KLASIFIKASI | {"sanggah": "teknis"}

    class Meta(Riwayat.Meta):
        abstract = False
        verbose_name = verbose_name_plural = "riwayat sanggah data"
        constraints = [models.UniqueConstraint(fields=["sanggah", "urut"], name="riwayatsanggahdata_urut")]
