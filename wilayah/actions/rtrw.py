"""RW and RT: the village's own numbering, not in the Kemendagri list. Made when first needed."""

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from core.audit import catat
from wilayah.models import Tingkat, Wilayah


def nomor_baku(nomor: int | str) -> str:
    """5, '5', ' 05 ', 'RW 005' -> '005'. ValidationError unless it is 1 to 999."""
    cocok = re.fullmatch(r"(?:r[tw]\.?)?\s*([0-9]{1,3})", str(nomor).strip().lower(), re.ASCII)
    if not cocok or int(cocok[1]) == 0:
        raise ValidationError("Nomor RT/RW adalah angka 1 sampai 999, misalnya 005.", code="nomor_rtrw")
    return f"{int(cocok[1]):03d}"


def tambah_rw(desa: Wilayah, nomor: int | str, by: Any = None) -> Wilayah:
    """The RW of a village with this number, made if missing. Two callers at once get the same row."""
    return _tambah(desa, nomor, Tingkat.DESA, "RW", by)


def tambah_rt(rw: Wilayah, nomor: int | str, by: Any = None) -> Wilayah:
    """The RT of an RW with this number, made if missing. Two callers at once get the same row."""
    return _tambah(rw, nomor, Tingkat.RW, "RT", by)


def _tambah(induk: Wilayah, nomor: int | str, tingkat_induk: Tingkat, jenis: str, by: Any) -> Wilayah:
    if induk.tingkat != tingkat_induk:
        raise ValidationError(f"{jenis} hanya dapat dibuat di dalam {tingkat_induk.label}.", code="tingkat")
    if not induk.masih_berlaku:
        raise ValidationError(f"{induk.sebutan} sudah tidak berlaku.", code="berakhir")
    angka = nomor_baku(nomor)
    nama = f"{jenis} {angka}"
    # get_or_create leans on the primary key: the loser of a race reads the winner's row.
    with transaction.atomic():
        wilayah, dibuat = Wilayah.objects.get_or_create(
            kode=f"{induk.kode}.{angka}",
            defaults={
                "nama": nama,
                "tingkat": tingkat_induk + 1,
                "induk": induk,
                "jalur": f"{nama}, {induk.jalur}",
            },
        )
        if dibuat:
            catat(aksi=f"tambah_{jenis.lower()}", objek=wilayah, by=by, wilayah=wilayah.kode)
    return wilayah
