"""The desk of the Dinas: who has a case open, and which versions of it somebody read."""

from accounts.models import Pengguna
from dtks.models import BukaKasus, PegangKasus, Usulan
from wilayah.waktu import waktu_wilayah

# Steps that are taken at the desk, where the reader sees the case; endorsing goes in batches on a page of its own.
LANGKAH_MEJA = ("verifikasi", "tugaskan", "kembalikan", "tunda", "tolak")
KUASA_MEJA = ("usulan.tugaskan", "usulan.verifikasi", "usulan.sahkan")


def pegang_lain(usulan: Usulan, user: Pengguna) -> PegangKasus | None:
    """Somebody else's claim that still holds: not lapsed, the account in use and still with a task in this area."""
    satu = PegangKasus.objects.berlaku().select_related("pengguna").filter(usulan=usulan).first()
    if satu is None or satu.pengguna_id == user.pk:
        return None
    masih = any(satu.pengguna.boleh(kuasa, usulan.wilayah_id) for kuasa in KUASA_MEJA)
    return satu if masih else None


def sedang_dibuka(satu: PegangKasus, wilayah: str) -> str:
    """“Sedang dibuka Asep Hidayat sejak 10.42.” on the clock of the area."""
    return f"Sedang dibuka {satu.pengguna.nama} sejak {waktu_wilayah(wilayah, satu.sejak):%H.%M}."


def bacaan(usulan: Usulan, user: Pengguna) -> BukaKasus | None:
    """The record that this person had the present version open."""
    return BukaKasus.objects.filter(usulan=usulan, pengguna=user, versi=usulan.versi).first()
