"""May this inspector do that on the sealed line? None, or the sentence that the screen shows."""

from accounts.models import Pengguna
from pengaduan.models import KunciInspektur, KunciKantor, SalinanKunci
from pengaduan.models.rahasia import KUASA, kantor_dari, rangkap

_BUKAN = "Hanya inspektorat yang membuka saluran ini."
_RANGKAP = (
    "Anda juga bertugas di luar inspektorat. Laporan rahasia bisa menyangkut tugas itu, jadi tidak dibuka untuk Anda. "
    "Minta admin mengakhiri tugas yang lain lebih dulu."
)


def bertugas(by: Pengguna) -> str | None:
    if not by.punya(KUASA):
        return _BUKAN
    return _RANGKAP if rangkap(by) else None


def daftar_kunci(by: Pengguna) -> str | None:
    if kalimat := bertugas(by):
        return kalimat
    if KunciInspektur.objects.filter(pengguna=by, dicabut__isnull=True).exists():
        return "Anda sudah punya kunci."
    return None


def buka_kantor(by: Pengguna, wilayah: str) -> str | None:
    if kalimat := bertugas(by):
        return kalimat
    if wilayah not in kantor_dari(by):
        return _BUKAN
    if KunciKantor.objects.filter(wilayah=wilayah).exists():
        return "Inspektorat ini sudah punya kunci. Minta salinannya kepada rekan Anda."
    return None


def pegang(by: Pengguna, wilayah: str) -> str | None:
    """Whoever shares, changes or takes away keys of an office holds its present key."""
    if kalimat := bertugas(by):
        return kalimat
    if wilayah not in kantor_dari(by) or not pemegang(wilayah).filter(inspektur__pengguna=by).exists():
        return "Hanya inspektur yang memegang kunci kantor ini yang boleh melakukannya."
    return None


def terima(kunci: KunciInspektur, wilayah: str) -> str | None:
    """May a copy of the office key go to this key?"""
    if kunci.dicabut is not None or wilayah not in kantor_dari(kunci.pengguna):
        return "Rekan itu tidak bertugas di inspektorat ini, atau kuncinya sudah dicabut."
    return None


def pemegang(wilayah: str):  # type: ignore[no-untyped-def]
    """Copies of the present key of an office."""
    return SalinanKunci.objects.filter(
        kantor__wilayah=wilayah, kantor__sampai__isnull=True, inspektur__dicabut__isnull=True
    )
