"""One file of a backup: compressed and sealed with AES-256-GCM in pieces, whatever its size.

A flipped byte, a swapped, missing or added piece and a cut-off end are errors. Every file has a key of its own, from a random
salt in it, so that counting up the nonce is safe. No Django here: the server of the database runs it too (config/wal.py).
"""

import hashlib
import hmac
import os
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from core.backup import BackupError

MAGIC = b"DTKS-CADANGAN-1\n"
PIECE = 1 << 20
SALT = 16
_LENGTH = struct.Struct(">I")
_MORE, _LAST = b"lanjut", b"akhir"


def cipher_of(key: bytes, salt: bytes, name: str) -> AESGCM:
    return AESGCM(hmac.digest(key, salt + name.encode(), hashlib.sha256))


class Writer:
    """Write once, from start to end; `close` makes it whole and puts it on the disk."""

    def __init__(self, path: Path, key: bytes, name: str):
        self._file: IO[bytes] = os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
        salt = os.urandom(SALT)
        self._file.write(MAGIC + salt)
        self._cipher, self._number = cipher_of(key, salt, name), 0
        self._zip, self._held = zlib.compressobj(1), bytearray()

    def write(self, data: bytes) -> None:
        self._held += self._zip.compress(data)
        while len(self._held) > PIECE:
            self._piece(bytes(self._held[:PIECE]), _MORE)
            del self._held[:PIECE]

    def close(self) -> None:
        self._held += self._zip.flush()
        while len(self._held) > PIECE:
            self._piece(bytes(self._held[:PIECE]), _MORE)
            del self._held[:PIECE]
        self._piece(bytes(self._held), _LAST)
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()

    def _piece(self, plain: bytes, place: bytes) -> None:
        sealed = self._cipher.encrypt(self._number.to_bytes(12), plain, place)
        self._file.write(_LENGTH.pack(len(sealed)) + sealed)
        self._number += 1


def read(path: Path, key: bytes, name: str) -> Iterator[bytes]:
    """The plain content in order. Raises BackupError as soon as a piece is not what was written."""
    broken = BackupError(f"{name} di cadangan ini rusak atau bukan miliknya.")
    unzip, number, last = zlib.decompressobj(), 0, False
    try:
        with path.open("rb") as file:
            if file.read(len(MAGIC)) != MAGIC:
                raise broken
            cipher = cipher_of(key, file.read(SALT), name)
            while head := file.read(_LENGTH.size):
                if last:
                    raise broken
                sealed = file.read(_LENGTH.unpack(head)[0])
                plain, last = _opened(cipher, number, sealed)
                number += 1
                if data := unzip.decompress(plain):
                    yield data
    except (OSError, struct.error, zlib.error, InvalidTag) as error:
        raise broken from error
    if not last or not unzip.eof:
        raise broken


def _opened(cipher: AESGCM, number: int, sealed: bytes) -> tuple[bytes, bool]:
    nonce = number.to_bytes(12)
    try:
        return cipher.decrypt(nonce, sealed, _MORE), False
    except InvalidTag:
        return cipher.decrypt(nonce, sealed, _LAST), True
