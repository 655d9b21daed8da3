"""Files that somebody asked for and that wait to be fetched; each belongs to one person and is gone after some hours."""

from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import IzinUnduh, Pengguna
from core import rules
from core.models import Berkas, Pekerjaan

JENIS = "unduhan"
JOB = "dtks.unduhan"
HABIS = "habis"
IZIN_TAMPAK = 20


def batas_waktu(wilayah: str = "") -> timedelta:
    return timedelta(hours=rules.value("ekspor.batas", wilayah)["simpan_jam"])


def berlaku(user: Pengguna) -> QuerySet[Berkas]:
    """`user`'s files that are not too old, newest first."""
    sejak = timezone.now() - batas_waktu()
    rows = Berkas.objects.filter(pengunggah_id=str(user.pk), jenis__startswith=f"{JENIS}:")
    return rows.filter(created_at__gt=sejak).order_by("-created_at", "pk")


def _hasil(user: Pengguna, berkas: Berkas) -> dict[str, Any]:
    rows = Pekerjaan.objects.filter(jenis=JOB, pemilik_id=str(user.pk), hasil__berkas=str(berkas.pk))
    return rows.values_list("hasil", flat=True).first() or {}


def luas(user: Pengguna, berkas: Berkas) -> list[list[str]]:
    """Areas of the person when the file was made; nothing that is known reaches nowhere."""
    return _hasil(user, berkas).get("luas") or []


def izin_berkas(user: Pengguna, berkas: Berkas) -> str:
    """The approval under which the file was made: its id, '' without one, HABIS when the file was fetched or its hours are over."""
    izin = str(_hasil(user, berkas).get("izin") or "")
    if not izin:
        return ""
    rows = IzinUnduh.objects.filter(pk=izin, diminta_by=user, diambil_at=None, hingga__gt=timezone.now())
    return izin if rows.exists() else HABIS


def izin_saya(user: Pengguna) -> QuerySet[IzinUnduh]:
    """What `user` asked for and was not told no long ago: newest first."""
    rows = IzinUnduh.objects.filter(diminta_by=user).select_related("diputus_by")
    return rows.order_by("-created_at", "-pk")[:IZIN_TAMPAK]


def lewat() -> QuerySet[Berkas]:
    sejak = timezone.now() - batas_waktu()
    return Berkas.objects.filter(jenis__startswith=f"{JENIS}:", created_at__lte=sejak).order_by(
        "created_at", "pk"
    )


def milik(user: Pengguna) -> QuerySet[Pekerjaan]:
    """`user`'s requests that are not done."""
    rows = Pekerjaan.objects.filter(pemilik_id=str(user.pk), jenis=JOB)
    return rows.exclude(status=Pekerjaan.Status.SELESAI).order_by("-created_at", "pk")
