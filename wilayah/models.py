"""Areas by Kemendagri code. One flat table: containment is a code range, see `wilayah.kode`."""

import re
from typing import Self

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Case, F, Func, Q, Value, When
from django.db.models.functions import Upper

from wilayah import kode as aturan

HASIL_CARI = 50  # a list longer than this helps nobody: refine the words
_SINGKATAN = {"kab": "kabupaten", "kec": "kecamatan", "kel": "kelurahan", "ds": "desa"}
_TANPA_ARTI = {"prov", "provinsi"}  # the path names provinces without the word


class Tingkat(models.IntegerChoices):
    PROVINSI = 1, "provinsi"
    KABUPATEN = 2, "kabupaten/kota"
    KECAMATAN = 3, "kecamatan"
    DESA = 4, "desa/kelurahan"
    RW = 5, "RW"
    RT = 6, "RT"


def kata_cari(teks: str) -> list[str]:
    """'Ds. Sukamaju, Kab. Ciamis' -> ['desa', 'sukamaju', 'kabupaten', 'ciamis'] (at most eight words)."""
    kata = re.split(r"[\s,;()]+", teks.replace("\x00", " ").lower()[:200])
    kata = [satu.strip(".") for satu in kata]
    return [_SINGKATAN.get(satu, satu) for satu in kata if satu and satu not in _TANPA_ARTI][:8]


class WilayahQuerySet(models.QuerySet["Wilayah"]):
    def visible_to(self, user: object) -> Self:
        """Areas are public information: everybody sees all of them."""
        return self.all()

    def di_dalam(self, kode: str) -> Self:
        """The area itself and everything below it."""
        awal, akhir = aturan.rentang(kode)
        return self.filter(kode__gte=awal, kode__lt=akhir)

    def berlaku(self) -> Self:
        """Codes in force; retired ones stay in the table because old NIK and old files carry them."""
        return self.filter(berlaku_hingga__isnull=True)

    def anak(self, kode: str | None) -> Self:
        """One level below, in code order; the provinces for None."""
        return self.filter(induk=kode).order_by("kode")

    def memuat(self, teks: str) -> Self:
        """Areas whose path contains every word of `teks`, in no order."""
        kondisi = Q()
        for satu in kata_cari(teks):
            kondisi &= Q(jalur__icontains=satu)
        return self.filter(kondisi)

    def cari(self, teks: str, batas: int = HASIL_CARI, *, dekat: str = "") -> Self:
        """Areas whose path contains every word of `teks` in any order, best first, at most `batas` rows.

        `dekat`: areas inside this code come before all others.
        A code, dotted or not, finds the area and what lies below it. Fewer than two characters find nothing.
        """
        kode = aturan.bakukan(teks)
        if kode and aturan.bentuk_sah(kode):
            return self.di_dalam(kode).order_by("kode")[:batas]
        kata = kata_cari(teks)
        if len("".join(kata)) < 2:
            return self.none()
        kondisi, sama, memuat = Q(), Q(), Q()
        for satu in kata:
            kondisi &= Q(jalur__icontains=satu)
            sama |= Q(nama__iexact=satu)
            memuat |= Q(nama__icontains=satu)
        frasa = " ".join(kata)
        persis = (
            Q(nama__iexact=frasa) | Q(nama__iexact=f"kabupaten {frasa}") | Q(nama__iexact=f"kota {frasa}")
        )
        urutan = Case(
            When(persis, then=0),
            When(sama, then=1),
            When(nama__istartswith=kata[0], then=2),
            When(memuat, then=3),
            default=4,
            output_field=models.SmallIntegerField(),
        )
        awal, akhir = aturan.rentang(dekat) if dekat else ("", "")
        jauh = Case(
            When(kode__gte=awal, kode__lt=akhir, then=0), default=1, output_field=models.SmallIntegerField()
        )
        return self.filter(kondisi).order_by(jauh, urutan, "tingkat", "jalur", "kode")[:batas]


class Wilayah(models.Model):
    kode = models.CharField("kode Kemendagri", primary_key=True, max_length=24, db_collation="C")
    nama = models.CharField(
        max_length=100, help_text="Tanpa sebutan desa/kecamatan; kabupaten dan kota dengan."
    )
    tingkat = models.PositiveSmallIntegerField(choices=Tingkat)
    induk = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="anak")
    jalur = models.TextField(
        help_text="'Desa X, Kecamatan Y, Kabupaten Z, Jawa Barat': for search and labels."
    )
    pengganti = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="menggantikan",
        verbose_name="kode pengganti",
    )
    berlaku_sejak = models.DateField(null=True, blank=True)
    berlaku_hingga = models.DateField(null=True, blank=True)
    dasar = models.CharField("dasar hukum", max_length=200, blank=True)

    objects = WilayahQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "wilayah"
        ordering = ["kode"]
        constraints = [
            models.CheckConstraint(
                condition=Q(tingkat__gte=1, tingkat__lte=6), name="wilayah_tingkat_1_sampai_6"
            ),
            models.CheckConstraint(
                condition=(
                    Q(tingkat=1, kode__regex=aturan.FORMS[0])
                    | Q(tingkat=2, kode__regex=aturan.FORMS[1])
                    | Q(tingkat=3, kode__regex=aturan.FORMS[2])
                    | Q(tingkat=4, kode__regex=aturan.FORMS[3])
                    | Q(tingkat=5, kode__regex=aturan.FORMS[4])
                    | Q(tingkat=6, kode__regex=aturan.FORMS[5])
                ),
                name="wilayah_bentuk_kode_per_tingkat",
            ),
            models.CheckConstraint(
                condition=Q(tingkat=1, induk__isnull=True)
                | Q(
                    tingkat__gt=1,
                    induk__isnull=False,
                    induk=Func(
                        F("kode"),
                        Value(r"\.[0-9]+$"),
                        Value(""),
                        function="regexp_replace",
                        output_field=models.TextField(),
                    ),
                ),
                name="wilayah_induk_awalan_kode",
            ),
            models.CheckConstraint(
                condition=Q(pengganti__isnull=True) | Q(berlaku_hingga__isnull=False),
                name="wilayah_pengganti_hanya_bila_berakhir",
            ),
            models.CheckConstraint(
                condition=Q(pengganti__isnull=True) | ~Q(pengganti=F("kode")),
                name="wilayah_pengganti_bukan_diri",
            ),
        ]
        indexes = [
            # The same expression as Django's icontains writes, else PostgreSQL cannot use the index.
            GinIndex(OpClass(Upper("jalur"), name="gin_trgm_ops"), name="wilayah_jalur_trgm"),
        ]

    def __str__(self) -> str:
        return self.jalur

    @property
    def sebutan(self) -> str:
        """Own name with its kind: 'Desa Sukamaju', 'Kecamatan Garut Kota', 'Kabupaten Garut', 'RW 005'."""
        return self.jalur.split(", ", 1)[0]

    @property
    def masih_berlaku(self) -> bool:
        return self.berlaku_hingga is None


class HariLiburQuerySet(models.QuerySet["HariLibur"]):
    def visible_to(self, user: object) -> Self:
        """Holidays are public information: everybody sees all of them."""
        return self.all()

    def untuk(self, kode: str) -> Self:
        """What is a holiday in this area ('' is the whole country): the national days, and those of the areas it lies in."""
        luas = [*aturan.leluhur(kode), kode] if kode else []
        return self.filter(Q(wilayah__isnull=True) | Q(wilayah_id__in=luas))


class HariLibur(models.Model):
    """A day on which the offices of an area are closed. No area: the whole country, loaded from data/hari_libur.json."""

    class Jenis(models.TextChoices):
        LIBUR_NASIONAL = "libur_nasional", "Libur nasional"
        CUTI_BERSAMA = "cuti_bersama", "Cuti bersama"
        DAERAH = "daerah", "Libur daerah"

    tanggal = models.DateField()
    wilayah = models.ForeignKey(
        Wilayah,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="provinsi atau kabupaten/kota",
    )
    nama = models.CharField(max_length=100)
    jenis = models.CharField(max_length=16, choices=Jenis.choices)
    dasar_hukum = models.CharField(max_length=300)
    sumber = models.CharField(max_length=300, blank=True)
    perkiraan = models.BooleanField(default=False)

    objects = HariLiburQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "hari libur"
        ordering = ["tanggal", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["tanggal", "wilayah"], name="harilibur_satu_sehari", nulls_distinct=False
            ),
            models.CheckConstraint(
                name="harilibur_daerah_berwilayah",
                condition=Q(jenis="daerah", wilayah__isnull=False)
                | (~Q(jenis="daerah") & Q(wilayah__isnull=True)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.tanggal} {self.nama}"
