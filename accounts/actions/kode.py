"""The one-time code that an admin hands to a user in place of a password.

While a code waits it sits in the password column as ``!<expiry, hex>$<argon2 hash>``: Django takes a value that
begins with "!" for "no password", so the old password is dead and the code itself opens no session. It can
only be traded for a new password, once, which overwrites it. Nothing to clean up, nothing in the cache.
"""

import secrets
import time
from functools import cache

from django.contrib.auth.hashers import check_password, make_password

MASA = 24 * 3600  # seconds
HURUF = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # no 0/O, 1/I/L, U/V look-alikes
PANJANG = 12  # 12 of 30 letters: 58 bits


def buat() -> tuple[str, str]:
    """A new code as people read it ('K7QM-…'), and what goes into the password column."""
    kode = "".join(secrets.choice(HURUF) for _ in range(PANJANG))
    tertulis = "-".join(kode[i : i + 4] for i in range(0, PANJANG, 4))
    return tertulis, f"!{int(time.time()) + MASA:x}${make_password(kode)}"


def cocok(kode: str, tersimpan: str) -> bool:
    """Does the typed code (any case, with or without dashes) open this password column? Always costs one hash."""
    hingga, _, sidik = tersimpan[1:].partition("$") if tersimpan.startswith("!") else ("", "", "")
    polos = "".join(huruf for huruf in kode.upper() if huruf.isalnum())[:64]
    benar = check_password(polos, sidik or _umpan())
    return bool(sidik) and benar and _belum_lewat(hingga)


@cache
def _umpan() -> str:
    """A hash that nothing matches, so that an unknown name takes as long as a known one."""
    return make_password(secrets.token_hex(16))


def _belum_lewat(hingga: str) -> bool:
    try:
        return time.time() <= int(hingga, 16)
    except ValueError:
        return False
