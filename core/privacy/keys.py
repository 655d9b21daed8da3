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
from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

# Purposes whose indexes are made again with a new key, because the sealed value stands beside them (core.privacy.rotate) ...
DIPUTAR = frozenset({"nik", "kk", "telepon"})
# ... and those with nothing to make them from again: they keep the key that was derived for them (`derived_keys`).
TETAP = ("gabung", "ganda", "hp-kunci", "hp-siapa", "pin", "rahasia", "serah")


class Indeks(bytes):
    """A blind index while INDEX_KEY is being changed: the form of the new key, and `bentuk`, every form it may have in the database.

    Look-ups of the ORM find either. Nothing may store it as it is: `core.privacy.rotate.pilih` says which form the register uses.
    """

    bentuk: tuple[bytes, ...]


class IndexRing(NamedTuple):
    keys: tuple[bytes, ...]  # newest first; two of them only while they are changed
    derived: dict[str, bytes]


class SealBroken(Exception):
    """The value was altered, moved to another row, or its key is not in the keyring."""


@lru_cache(maxsize=1)
def _keyring(raw: str) -> dict[str, bytes]:
    ring = {}
    for item in raw.split(","):
        key_id, _, encoded = item.strip().partition(":")
        ring[key_id] = base64.b64decode(encoded)
    return ring


@lru_cache(maxsize=4)
def index_ring(raw: str) -> IndexRing:
    """'new', 'new,old' while keys are changed, and behind them what stays of older keys: 'pin:<base64>'."""
    whole, derived = [], {}
    for item in raw.split(","):
        purpose, _, encoded = item.strip().rpartition(":")
        if purpose:
            derived[purpose] = base64.b64decode(encoded)
        else:
            whole.append(base64.b64decode(encoded))
    return IndexRing(tuple(whole), derived)


@lru_cache(maxsize=64)
def _index_keys(raw: str, purpose: str) -> tuple[bytes, ...]:
    """Keys of one purpose, the one of new values first. A key tells nothing about the one that it was derived from."""
    ring = index_ring(raw)
    if purpose in ring.derived:
        return (ring.derived[purpose],)
    whole = ring.keys if purpose in DIPUTAR else ring.keys[-1:] if purpose in TETAP else ring.keys[:1]
    return tuple(hmac.digest(key, purpose.encode(), hashlib.sha256) for key in whole)


def derived_keys(raw: str) -> str:
    """The part of INDEX_KEY that must stay when its oldest key goes: 'pin:<base64>,...'."""
    return ",".join(f"{satu}:{base64.b64encode(_index_keys(raw, satu)[0]).decode()}" for satu in TETAP)


def changing() -> bool:
    """Is INDEX_KEY being changed: are there two keys in the configuration?"""
    return len(index_ring(settings.INDEX_KEY).keys) > 1


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
    kunci = _index_keys(settings.INDEX_KEY, purpose)
    satu = hmac.digest(kunci[0], value.encode(), hashlib.sha256)
    if len(kunci) == 1:
        return satu
    hasil = Indeks(satu)
    hasil.bentuk = (satu, *(hmac.digest(lama, value.encode(), hashlib.sha256) for lama in kunci[1:]))
    return hasil
