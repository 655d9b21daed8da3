"""Keys and the two primitives built on them: AES-256-GCM sealing and a keyed blind index.

The keys never enter the database (reliability.md §6.1). Format of a sealed value, bytes:
``b"v1|" + key_id + b"|" + nonce(12) + ciphertext_and_tag``; the associated data is
``table.column:row_id`` so that a value cut out of one row cannot be pasted into another.
"""

import base64
import hashlib
import hmac
import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings


class SealBroken(Exception):
    """The value was altered, moved to another row, or its key is not in the keyring."""


@lru_cache(maxsize=1)
def _keyring(raw: str) -> dict[str, bytes]:
    ring = {}
    for item in raw.split(","):
        key_id, _, encoded = item.strip().partition(":")
        ring[key_id] = base64.b64decode(encoded)
    return ring


@lru_cache(maxsize=32)
def _index_key(raw: str, purpose: str) -> bytes:
    return hmac.digest(base64.b64decode(raw), purpose.encode(), hashlib.sha256)


@lru_cache(maxsize=8)
def _cipher(key: bytes) -> AESGCM:
    return AESGCM(key)


@lru_cache(maxsize=1)
def _sealer(raw: str) -> tuple[bytes, AESGCM]:
    """What every new value begins with, and the key that is used now: the first of the ring."""
    key_id, key = next(iter(_keyring(raw).items()))
    return b"v1|" + key_id.encode() + b"|", _cipher(key)


def seal(plain: bytes, context: str) -> bytes:
    """Encrypt `plain`; `context` is the associated data, ``table.column:row_id``."""
    head, cipher = _sealer(settings.DATA_KEYS)
    nonce = os.urandom(12)
    return head + nonce + cipher.encrypt(nonce, plain, context.encode())


def unseal(sealed: bytes, context: str) -> bytes:
    """Inverse of `seal`. Raises SealBroken; never returns a guess."""
    version, key_id, body = bytes(sealed).split(b"|", 2)
    key = _keyring(settings.DATA_KEYS).get(key_id.decode("ascii", "replace"))
    if version != b"v1" or key is None:
        raise SealBroken("unknown key or version")
    try:
        return _cipher(key).decrypt(body[:12], body[12:], context.encode())
    except InvalidTag as error:
        raise SealBroken(context) from error


def blind_index(value: str, purpose: str) -> bytes:
    """32-byte HMAC-SHA256 of `value`; equal values meet, nobody without the key can enumerate them."""
    return hmac.digest(_index_key(settings.INDEX_KEY, purpose), value.encode(), hashlib.sha256)
