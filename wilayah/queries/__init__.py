"""Words of reading areas. The pure rules of codes live in `wilayah.kode`; others import them from here."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.utils.formats import date_format

from wilayah.kode import (
    bakukan,
    bentuk_sah,
    dalam,
    induk_dari,
    kabupaten_dari,
    leluhur,
    mencakup,
    rentang,
    ringkas,
    tingkat_dari,
)
from wilayah.models import Tingkat, Wilayah, WilayahQuerySet

__all__ = [
    "WilayahQuerySet",
    "akar_bersama",
    "bakukan",
    "bentuk_sah",
    "dalam",
    "induk_dari",
    "kabupaten_dari",
    "leluhur",
    "mencakup",
    "pengganti_terakhir",
    "periksa_kode",
    "rentang",
    "ringkas",
    "tingkat_dari",
]


def akar_bersama(kode_list: Iterable[str]) -> str:
    """Deepest area that holds all of them; '' when that is Indonesia (or the list is empty)."""
    daftar = list(kode_list)
    if not daftar:
        return ""
    for calon in [daftar[0], *reversed(leluhur(daftar[0]))]:
        if all(mencakup(calon, kode) for kode in daftar):
            return calon
    return ""


def pengganti_terakhir(wilayah: Wilayah) -> Wilayah | None:
    """The code in force that followed a retired one, through any number of changes; None when unknown."""
    dilihat = {wilayah.kode}
    kini = wilayah.pengganti
    while kini is not None and not kini.masih_berlaku and kini.kode not in dilihat:
        dilihat.add(kini.kode)
        kini = kini.pengganti
    return kini if kini is not None and kini.masih_berlaku else None


def periksa_kode(
    teks: str, *, tingkat: Iterable[int] = (Tingkat.DESA,), luas: Iterable[str] | None = None
) -> Wilayah:
    """The area in force that a typed code means: '3205012001', '32.05.01.2001', with spaces, all the same.

    ValidationError with a sentence for the screen: not a code, unknown, retired (naming the successor),
    of the wrong level, or outside `luas` (codes of the areas allowed; None allows all).
    """
    kode = bakukan(teks)
    if kode is None or not bentuk_sah(kode):
        raise ValidationError(
            "Kode wilayah terdiri dari angka, misalnya 32.05.01.2001 untuk desa.", code="bentuk_kode"
        )
    wilayah = Wilayah.objects.select_related("pengganti").filter(pk=kode).first()
    if wilayah is None:
        raise ValidationError(_kalimat_tak_dikenal(kode), code="tidak_dikenal")
    if not wilayah.masih_berlaku:
        raise ValidationError(_kalimat_berakhir(wilayah), code="berakhir")
    _periksa_tingkat(wilayah, tuple(tingkat))
    if luas is not None and not any(mencakup(satu, kode) for satu in luas):
        raise ValidationError(f"{wilayah.jalur} di luar wilayah kerja Anda.", code="di_luar")
    return wilayah


def _periksa_tingkat(wilayah: Wilayah, tingkat: tuple[int, ...]) -> None:
    if wilayah.tingkat in tingkat:
        return
    nama = " atau ".join(Tingkat(satu).label for satu in tingkat)
    if wilayah.tingkat < min(tingkat):
        raise ValidationError(
            f"{wilayah.sebutan} adalah {Tingkat(wilayah.tingkat).label}. Pilih sampai {nama}.",
            code="terlalu_tinggi",
        )
    raise ValidationError(f"{wilayah.sebutan} terlalu rinci. Pilih {nama}.", code="terlalu_rendah")


def _kalimat_berakhir(wilayah: Wilayah) -> str:
    assert wilayah.berlaku_hingga is not None  # called for retired codes only
    sejak = date_format(wilayah.berlaku_hingga, "j F Y")
    kalimat = f"Kode {wilayah.kode} ({wilayah.jalur}) tidak berlaku lagi sejak {sejak}"
    kalimat += f", menurut {wilayah.dasar}." if wilayah.dasar else "."
    pengganti = pengganti_terakhir(wilayah)
    if pengganti is None:
        return f"{kalimat} Kode penggantinya belum tercatat. Cari dengan nama wilayah."
    return f"{kalimat} Gunakan {pengganti.kode} ({pengganti.jalur})."


def _kalimat_tak_dikenal(kode: str) -> str:
    """An unknown village of a renamed kecamatan is an old code: name where the kecamatan went."""
    atas = (
        Wilayah.objects.select_related("pengganti").filter(pk__in=leluhur(kode)).order_by("-tingkat").first()
    )
    if atas is None:
        return f"Kode wilayah {kode} tidak dikenal."
    if atas.masih_berlaku:
        return f"Kode wilayah {kode} tidak dikenal di {atas.jalur}."
    return f"Kode wilayah {kode} tidak dikenal. {_kalimat_berakhir(atas)}"
