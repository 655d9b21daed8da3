"""What a password may be. Length comes first (NIST SP 800-63B); long and still guessable is refused here.

Django's list of common passwords ends at short ones, so a rule of 15 letters would make it idle: it is asked
about the pieces a long password is made of ('passwordpassword', 'sandi123456789').
"""

import re

from django.contrib.auth.password_validation import CommonPasswordValidator, validate_password
from django.core.exceptions import ValidationError

from accounts.models import Pengguna

BERBEDA = 6  # different characters at least
SISA = 8  # characters that must remain without names, words of the office and digits at the end
KATA = (
    "portal",
    "dtks",
    "dtsen",
    "dinsos",
    "dinas",
    "sosial",
    "bansos",
    "sandi",
    "kata",
    "garut",
    "indonesia",
)
_umum = CommonPasswordValidator()


def periksa(sandi: str, pengguna: Pengguna) -> None:
    """ValidationError with a sentence for the screen when the password is too easy."""
    validate_password(sandi, pengguna)
    kecil = sandi.lower()
    if len(set(kecil)) < BERBEDA or kecil.isdigit() or _umum_diulang(kecil):
        raise ValidationError("Terlalu mudah ditebak: hanya pengulangan, angka, atau kata sandi umum.")
    for kata in (*KATA, *re.split(r"[^a-z0-9]+", f"{pengguna.username} {pengguna.nama}".lower())):
        kecil = kecil.replace(kata, "") if len(kata) >= 3 else kecil
    if len(re.sub(r"[^a-z]+", "", kecil)) < SISA and len(kecil) < 2 * SISA:
        raise ValidationError("Terlalu mudah ditebak: hampir seluruhnya nama Anda, kata kantor, atau angka.")


def _umum_diulang(kecil: str) -> bool:
    ulang = re.fullmatch(r"(.+?)\1+", kecil)
    inti = {re.sub(r"[0-9\W_]+$", "", kecil), ulang.group(1) if ulang else kecil}
    return any(satu in _umum.passwords for satu in inti)
