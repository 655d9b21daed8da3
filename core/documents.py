"""Issued documents: a code, a hash and a signature, so that anyone can check a paper at /v/<kode>/.

The signer is an interface: `sign` uses a local Ed25519 key now; a Dinas with BSrE certificates plugs its
e-sign service in at the same place (stack.md, "document signature").
"""

import base64
import json
import secrets
from datetime import date
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

from core import files
from core.models import Dokumen

_ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # no I, L, O, 0, 1: people type it from paper


def new_code() -> str:
    """12 characters, about 59 bits: not guessable, readable aloud in three groups."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(12))


def _key() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(base64.b64decode(settings.SIGNING_KEY)[:32])


def _canonical(doc: Dokumen) -> bytes:
    return json.dumps(
        [
            doc.kode,
            doc.jenis,
            doc.nomor,
            doc.judul,
            doc.tanggal.isoformat(),
            doc.wilayah,
            bytes(doc.sha256).hex(),
            doc.ringkas,
        ],
        sort_keys=True,
        ensure_ascii=False,
        separators=(",", ":"),
    ).encode()


def issue(
    content: bytes,
    *,
    kode: str,
    jenis: str,
    nomor: str,
    judul: str,
    penerbit: str,
    penandatangan: str,
    tanggal: date,
    wilayah: str,
    ringkas: dict[str, Any],
    by_id: str = "",
    nama: str,
) -> Dokumen:
    """Store the PDF `content` and sign it. `ringkas` is shown to the public: counts and names of offices, no person."""
    row = files.store(content, jenis=jenis, nama=nama, mime="application/pdf", wilayah=wilayah, by_id=by_id)
    doc = Dokumen(
        kode=kode,
        jenis=jenis,
        nomor=nomor,
        judul=judul,
        penerbit=penerbit,
        penandatangan=penandatangan,
        tanggal=tanggal,
        wilayah=wilayah,
        ringkas=ringkas,
        berkas=row,
        sha256=row.sha256,
    )
    doc.tanda_tangan = _key().sign(_canonical(doc))
    doc.save(force_insert=True)
    return doc


def signature_valid(doc: Dokumen) -> bool:
    try:
        _key().public_key().verify(bytes(doc.tanda_tangan), _canonical(doc))
    except InvalidSignature:
        return False
    return True
