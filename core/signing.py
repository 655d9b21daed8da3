"""Who signs an issued paper, behind one small interface.

`lokal` signs with the portal's own Ed25519 key: it proves that the portal issued the bytes, and is no certified electronic
signature (UU 1/2024 Pasal 13; PP 71/2019 Pasal 59-60). A Dinas with BSrE certificates plugs its e-Sign service in as
another provider: a class with the same three members, named in `PENYEDIA`, chosen with TTE_PENYEDIA (docs/adr/0014).
A provider that cannot sign raises `SigningFailed`; nothing is issued then, and no paper ever claims a signature it lacks.
"""

import base64
from collections.abc import Callable
from typing import Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


class SigningFailed(RuntimeError):
    """The provider gave no signature; the paper is not issued."""


class Signer(Protocol):
    """`kata` is what the public check page says about this kind of signature."""

    kata: str

    def sign(self, isi: bytes, pdf: bytes) -> bytes:
        """Signature over the canonical facts `isi` (they hold the PDF's hash). `pdf` is for providers that sign the file."""
        ...

    def valid(self, isi: bytes, tanda_tangan: bytes) -> bool: ...


class LocalEd25519:
    kata = "Tanda tangan elektronik portal (Ed25519), belum tersertifikasi BSrE"

    def _key(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(base64.b64decode(settings.SIGNING_KEY)[:32])

    def sign(self, isi: bytes, pdf: bytes) -> bytes:
        return self._key().sign(isi)

    def valid(self, isi: bytes, tanda_tangan: bytes) -> bool:
        try:
            self._key().public_key().verify(tanda_tangan, isi)
        except InvalidSignature:
            return False
        return True


LOKAL = "lokal"
PENYEDIA: dict[str, Callable[[], Signer]] = {LOKAL: LocalEd25519}


def penyedia(nama: str) -> Signer:
    """The provider of that name. A paper signed by one that is no longer configured cannot be verified: that is said."""
    try:
        return PENYEDIA[nama]()
    except KeyError:
        raise ImproperlyConfigured(
            f"TTE_PENYEDIA={nama!r}: not one of {', '.join(sorted(PENYEDIA))}. See docs/adr/0014."
        ) from None
