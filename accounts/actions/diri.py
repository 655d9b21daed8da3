"""What a user does with the own account: trade a code for a password, leave all devices."""

from datetime import timedelta

from django.contrib.auth.hashers import check_password
from django.db import transaction

from accounts.actions import kode as kode_masuk
from accounts.models import Pengguna
from core import audit, limits
from core.workflow import GateClosed, Halangan

JENDELA = timedelta(minutes=15)
PERCOBAAN = 10
_TERLALU_SERING = Halangan("TERLALU_SERING", "Terlalu banyak percobaan.", "Tunggu 15 menit, lalu coba lagi.")
_KODE_SALAH = Halangan(
    "KODE_SALAH",
    "Nama pengguna atau kode tidak cocok, atau kodenya sudah tidak berlaku.",
    "Periksa lagi, atau minta kode baru kepada admin.",
)


def pakai_kode(*, username: str, kode: str, sandi: str, ip: str) -> Pengguna:
    """Trade a one-time code for a password (already validated). The answer never tells whether the name exists."""
    username = username.strip().lower()
    _batasi(f"kode:{username}:{ip}")
    with transaction.atomic():
        pengguna = Pengguna.objects.select_for_update().filter(username=username, is_active=True).first()
        cocok = kode_masuk.cocok(kode, pengguna.password if pengguna else "")
        if pengguna is None or not cocok:
            raise GateClosed([_KODE_SALAH])
        pengguna.set_password(sandi)
        pengguna.save(update_fields=["password"])
        audit.catat(aksi="pakai_kode", objek=pengguna, by=pengguna)
    return pengguna


def keluar_semua(*, by: Pengguna, sandi: str) -> None:
    """End every session of this account, here and elsewhere.

    A session carries a keyed hash of the password column. The same password with a new salt is another column
    value, so all sessions fall at once; that is why the password is asked for.
    """
    _batasi(f"sandi:{by.pk}")
    with transaction.atomic():
        baris = Pengguna.objects.select_for_update().get(pk=by.pk)
        if not check_password(sandi, baris.password):
            raise GateClosed([Halangan("SANDI_SALAH", "Kata sandi salah.")])
        baris.set_password(sandi)
        baris.save(update_fields=["password"])
        audit.catat(aksi="keluar_semua", objek=baris, by=baris)


def _batasi(kunci: str) -> None:
    if not limits.hit(kunci, limit=PERCOBAAN, window=JENDELA):
        raise GateClosed([_TERLALU_SERING])
