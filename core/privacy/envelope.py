"""Envelopes to a public key: what this server closes it cannot open again (docs/adr/0019).

P-256 ECDH with a fresh key for every envelope, HKDF-SHA256, AES-256-GCM; WebCrypto in static/js/rahasia.js opens and writes
the same bytes: ``01 | ephemeral point (65) | nonce (12) | ciphertext and tag``. The associated data is the envelope's place,
so it cannot be moved. The plain text is padded, because a length is a hint too.
"""

import hashlib
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

VERSION = b"\x01"
POINT = 65
_HEAD = 1 + POINT + 12
_INFO = b"portal-dtks/amplop/v1|"
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
TEXT_BLOCK, FILE_BLOCK = 1024, 64 * 1024
MAX_OVERHEAD = _HEAD + 16 + 4


class EnvelopeBroken(Exception):
    """Not an envelope for this key and place, or altered."""


def public_bytes(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def public_key(point: bytes) -> ec.EllipticCurvePublicKey:
    """The key of an uncompressed point. Raises ValueError when it is none, or not on the curve."""
    if len(point) != POINT:
        raise ValueError("not an uncompressed P-256 point")
    return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), bytes(point))


def derive_private(seed: bytes) -> ec.EllipticCurvePrivateKey:
    """The private key that belongs to 48 secret bytes: the same bytes, the same key."""
    if len(seed) != 48:
        raise ValueError("48 bytes are needed for an even choice")
    return ec.derive_private_key(int.from_bytes(seed, "big") % (_ORDER - 1) + 1, ec.SECP256R1())


def hkdf(secret: bytes, salt: bytes, info: bytes, length: int = 32) -> bytes:
    return HKDF(SHA256(), length=length, salt=salt, info=info).derive(secret)


def seal_to(point: bytes, plain: bytes, place: str, *, block: int = TEXT_BLOCK) -> bytes:
    """Close `plain` for the holder of the private key of `point`. `place` names where the envelope is kept."""
    recipient = public_key(point)
    once = ec.generate_private_key(ec.SECP256R1())
    mine = public_bytes(once.public_key())
    key = hkdf(once.exchange(ec.ECDH(), recipient), mine + bytes(point), _INFO + place.encode())
    nonce = os.urandom(12)
    body = len(plain).to_bytes(4, "big") + plain
    body += bytes(-len(body) % block)
    return VERSION + mine + nonce + AESGCM(key).encrypt(nonce, body, place.encode())


def open_with(private: ec.EllipticCurvePrivateKey, envelope: bytes, place: str) -> bytes:
    """Inverse of `seal_to`. Raises EnvelopeBroken."""
    envelope = bytes(envelope)
    if not looks_right(envelope):
        raise EnvelopeBroken(place)
    point, nonce = envelope[1 : 1 + POINT], envelope[1 + POINT : _HEAD]
    try:
        shared = private.exchange(ec.ECDH(), public_key(point))
        key = hkdf(shared, point + public_bytes(private.public_key()), _INFO + place.encode())
        body = AESGCM(key).decrypt(nonce, envelope[_HEAD:], place.encode())
    except (InvalidTag, ValueError) as error:
        raise EnvelopeBroken(place) from error
    length = int.from_bytes(body[:4], "big")
    if length > len(body) - 4:
        raise EnvelopeBroken(place)
    return body[4 : 4 + length]


def looks_right(envelope: bytes) -> bool:
    """Has the shape of an envelope; whether it opens only its reader can say."""
    if envelope[:1] != VERSION or len(envelope) < _HEAD + 16 + 4:
        return False
    try:
        public_key(bytes(envelope[1 : 1 + POINT]))
    except ValueError:
        return False
    return True


def fingerprint(point: bytes) -> str:
    """Eighty bits of a public key for people to compare: '12ab 34cd 56ef 7890 12ab'."""
    digest = hashlib.sha256(bytes(point)).hexdigest()[:20]
    return " ".join(digest[i : i + 4] for i in range(0, 20, 4))
