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
        baris = register.buat(by=by, wilayah=wilayah, data=keluarga, kepala=anggota[0])
    except NumberTaken as taken:
        if taken.kolom != "nik":
            raise
        raise MemberTaken(taken, 0, str(anggota[0]["nik"])) from taken
    kasus, pin = langkah.buat(by=by, keluarga=baris, **usulan)
    for urut, orang in enumerate(anggota[1:], 1):
        try:
            register.simpan_anggota(kasus, by=by, data=orang)
        except NumberTaken as taken:
            raise MemberTaken(taken, urut, str(orang["nik"])) from taken
    if rumah is not None:
        register.simpan_rumah(kasus, by=by, data=rumah)
    register.simpan_aset(kasus, by=by, jumlah=aset)
    return kasus, pin
