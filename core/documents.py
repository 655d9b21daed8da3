"""Issued documents: a code, a hash and a signature, so that anyone can check a paper at /v/<kode>/.

Who signs stands behind `core.signing`; the row names the provider, and the version of the words that the paper was made of.
"""

import json
import secrets
from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings

from core import files, signing
from core.models import Dokumen

_ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # no I, L, O, 0, 1: people type it from paper


def new_code() -> str:
    """12 characters, about 59 bits: not guessable, readable aloud in three groups."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(12))


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
    templat: UUID | None = None,
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
        penyedia_tte=settings.TTE_PENYEDIA,
        templat_id=templat,
    )
    doc.tanda_tangan = signing.penyedia(settings.TTE_PENYEDIA).sign(_canonical(doc), content)
    doc.save(force_insert=True)
    return doc


def signer_of(doc: Dokumen) -> signing.Signer:
    return signing.penyedia(doc.penyedia_tte or signing.LOKAL)


def signature_valid(doc: Dokumen) -> bool:
    return signer_of(doc).valid(_canonical(doc), bytes(doc.tanda_tangan))
