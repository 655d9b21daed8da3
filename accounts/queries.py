"""Lists of accounts for the screens of an admin."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, Q

from accounts.models import Pengguna, Penugasan, Peran

UKURAN = 50


@dataclass(frozen=True)
class Halaman:
    baris: list[Pengguna]
    berikutnya: str  # cursor, '' on the last page


def daftar_pengguna(by: Pengguna, *, cari: str = "", peran: Peran | None = None, kursor: str = "") -> Halaman:
    """Accounts that `by` administers, by username, `UKURAN` to a page. The cursor is the last name shown."""
    semua = Pengguna.objects.visible_to(by).order_by("username")
    if cari:
        semua = semua.filter(Q(username__icontains=cari) | Q(nama__icontains=cari))
    if peran is not None:
        semua = semua.filter(pk__in=Penugasan.objects.berlaku().filter(peran=peran).values("pengguna_id"))
    if kursor:
        semua = semua.filter(username__gt=kursor.replace("\x00", ""))
    tugas = Penugasan.objects.berlaku().select_related("peran", "wilayah").order_by("peran_id", "pk")
    baris = list(semua.prefetch_related(Prefetch("penugasan", tugas, to_attr="tugas"))[: UKURAN + 1])
    lanjut = baris[UKURAN - 1].username if len(baris) > UKURAN else ""
    return Halaman([*baris[:UKURAN]], lanjut)


def semua_penugasan(pengguna: Pengguna) -> list[Any]:
    """Every assignment ever, newest first, for the page of one account."""
    return list(
        pengguna.penugasan.select_related("peran", "wilayah", "created_by").order_by("-berlaku_sejak", "pk")
    )
