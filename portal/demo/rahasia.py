"""Keys of the sealed line for invented inspectors: what rahasia.js makes in a real browser, made here with the same shapes.

Only for the demo and the tests. A real inspector's private key is never made on the server.
"""

import base64
import json
import os
from dataclasses import dataclass, field
from functools import cache
from uuid import UUID, uuid4

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from accounts.models import Pengguna
from core.privacy import envelope
from pengaduan.actions import kunci_rahasia, rahasia

PUTARAN = 600_000


def _pribadi() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


@dataclass
class KunciContoh:
    """Both key pairs of a first inspector."""

    sandi: str
    inspektur_id: UUID = field(default_factory=uuid4)
    kantor_id: UUID = field(default_factory=uuid4)
    inspektur: ec.EllipticCurvePrivateKey = field(default_factory=_pribadi)
    kantor: ec.EllipticCurvePrivateKey = field(default_factory=_pribadi)

    @property
    def publik(self) -> bytes:
        return envelope.public_bytes(self.inspektur.public_key())

    @property
    def kantor_publik(self) -> bytes:
        return envelope.public_bytes(self.kantor.public_key())

    def bungkus(self) -> str:
        nonce, (garam, kunci) = os.urandom(12), _dari_sandi(self.sandi)
        isi = AESGCM(kunci).encrypt(nonce, pkcs8(self.inspektur), f"bungkus:{self.inspektur_id}".encode())
        return json.dumps(
            {"v": 1, "putaran": PUTARAN, "garam": _b64(garam), "nonce": _b64(nonce), "isi": _b64(isi)}
        )

    def salinan(self, kantor_id: UUID, inspektur_id: UUID, publik: bytes) -> bytes:
        """The office's private key in an envelope to the inspector who holds `publik`."""
        return envelope.seal_to(publik, pkcs8(self.kantor), f"{kantor_id}:{inspektur_id}:salinan")


@cache
def _dari_sandi(sandi: str) -> tuple[bytes, bytes]:
    """Salt and key of a passphrase; once per process, because these people are invented and the work is not."""
    garam = os.urandom(16)
    return garam, PBKDF2HMAC(SHA256(), 32, garam, PUTARAN).derive(sandi.encode())


def pkcs8(kunci: ec.EllipticCurvePrivateKey) -> bytes:
    return kunci.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())


def _b64(isi: bytes) -> str:
    return base64.b64encode(isi).decode()


def pasang(by: Pengguna, wilayah: str, sandi: str) -> KunciContoh:
    """`by` opens the line of the inspectorate of `wilayah`."""
    k = KunciContoh(sandi)
    kunci_rahasia.mulai(
        by=by, wilayah=wilayah, kunci_id=k.inspektur_id, publik=k.publik, bungkus=k.bungkus(), kantor_id=k.kantor_id,
        kantor_publik=k.kantor_publik, salinan=k.salinan(k.kantor_id, k.inspektur_id, k.publik),
    )  # fmt: skip
    return k


def contoh(akun: dict[str, Pengguna], kabupaten: str, sandi: str) -> None:
    """The lines of both inspectorates, opened with the demo's password, and one invented report for the kabupaten's."""
    pasang(akun["inspektorat"], kabupaten, sandi)
    pasang(akun["inspektorat.prov"], kabupaten[:2], sandi)
    rahasia.kirim(
        benih=os.urandom(16).hex(), wilayah=kabupaten,
        isi={"jenis": "pungli", "cerita": "Ada yang meminta Rp50.000 untuk setiap kartu yang dibagikan. Kejadiannya di balai desa, hari Selasa."},
    )  # fmt: skip
