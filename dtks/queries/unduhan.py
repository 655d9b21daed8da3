"""Files that somebody asked for and that wait to be fetched; each belongs to one person and is gone after some hours."""

from datetime import timedelta

from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import Pengguna
from core import rules
from core.models import Berkas, Pekerjaan

JENIS = "unduhan"
JOB = "dtks.unduhan"


def batas_waktu(wilayah: str = "") -> timedelta:
    return timedelta(hours=rules.value("ekspor.batas", wilayah)["simpan_jam"])


def berlaku(user: Pengguna) -> QuerySet[Berkas]:
    """`user`'s files that are not too old, newest first."""
    sejak = timezone.now() - batas_waktu()
    rows = Berkas.objects.filter(pengunggah_id=str(user.pk), jenis__startswith=f"{JENIS}:")
    return rows.filter(created_at__gt=sejak).order_by("-created_at", "pk")


def luas(user: Pengguna, berkas: Berkas) -> list[list[str]]:
    """Areas of the person when the file was made; nothing that is known reaches nowhere."""
    rows = Pekerjaan.objects.filter(jenis=JOB, pemilik_id=str(user.pk), hasil__berkas=str(berkas.pk))
    hasil = rows.values_list("hasil__luas", flat=True).first()
    return hasil or []


def lewat() -> QuerySet[Berkas]:
    sejak = timezone.now() - batas_waktu()
    return Berkas.objects.filter(jenis__startswith=f"{JENIS}:", created_at__lte=sejak).order_by(
        "created_at", "pk"
    )


def milik(user: Pengguna) -> QuerySet[Pekerjaan]:
    """`user`'s requests that are not done."""
    rows = Pekerjaan.objects.filter(pemilik_id=str(user.pk), jenis=JOB)
    return rows.exclude(status=Pekerjaan.Status.SELESAI).order_by("-created_at", "pk")
