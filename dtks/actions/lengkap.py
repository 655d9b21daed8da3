"""A whole family proposed at once, as the village types it without a signal: all of it is stored, or none."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from accounts.models import Pengguna
from dtks.actions import keluarga as register
from dtks.actions import usulan as langkah
from dtks.actions.keluarga import NumberTaken
from dtks.models import Usulan


class MemberTaken(NumberTaken):
    """Which member's number it is: 0 is the head. `nik` is for the finding of both villages, never for a page."""

    def __init__(self, taken: NumberTaken, urut: int, nik: str):
        self.urut, self.nik = urut, nik
        super().__init__(taken.kolom, taken.halangan[0].kalimat, taken.halangan[0].jalan_keluar)


@transaction.atomic
def buat(
    *,
    by: Pengguna,
    wilayah: str,
    keluarga: Mapping[str, Any],
    anggota: Sequence[Mapping[str, Any]],
    rumah: Mapping[str, Any] | None,
    aset: Mapping[str, int],
    usulan: Mapping[str, Any],
) -> tuple[Usulan, str]:
    """Family with its members (the first is the head), dwelling, assets and the draft proposal; returns (draft, PIN).

    Raises MemberTaken or NumberTaken when a number is active elsewhere, and what the single actions raise.
    """
    try:
        baris = register.buat(
            by=by,
            wilayah=wilayah,
            data=keluarga,
            kepala=anggota[0],
            anggota=anggota[1:],
            rumah=rumah,
            aset=aset,
        )
    except NumberTaken as taken:
        if taken.kolom != "nik":
            raise
        raise MemberTaken(taken, taken.urut, str(anggota[taken.urut]["nik"])) from taken
    return langkah.buat(by=by, keluarga=baris, **usulan)
