"""Stored files: encrypted under a random name outside every web root; the row carries the hash.

The file is on disk (fsync) before its row can commit. A file whose row never committed is an orphan that
`purge_orphans` removes; a row without its file cannot come to be.
"""

import errno
import hashlib
import io
import logging
import os
import re
import time
import uuid
import zlib
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.db import transaction
from PIL import Image, ImageOps

from core import pdf
from core.logs import mask
from core.models import Berkas
from core.privacy import keys

log = logging.getLogger(__name__)

MAX_BYTES = 10_000_000
MAX_PIXELS = 40_000_000
MAX_SIDE = 1600
MAX_SHEETS = 20
Image.MAX_IMAGE_PIXELS = MAX_PIXELS
# Long enough never to occur by chance in ten megabytes of scanned picture (a bare "/JS" does).
PDF_ACTIVE = (
    b"/javascript", b"/launch", b"/encrypt", b"/embeddedfile", b"/rendition", b"/richmedia", b"/submitform", b"/importdata",
)  # fmt: skip
PDF_INNER = 20_000_000  # what the packed objects of one PDF may come to
ZIP_END = b"PK\x05\x06"
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EROFS)
_PDF_HEX = re.compile(rb"#([0-9A-Fa-f]{2})")
_PDF_STREAM = re.compile(rb"\bstream\r?\n")


class BadFile(ValueError):
    """Not a file we take; the text is an Indonesian sentence for the uploader."""


class NoRoom(BadFile):
    """The disk of the files is full or read-only. Nothing was stored; the same upload is welcome later (503)."""


def path_of(berkas_id: uuid.UUID) -> Path:
    name = berkas_id.hex
    return settings.FILES_DIR / name[:2] / name


def store(content: bytes, *, jenis: str, nama: str, mime: str, wilayah: str = "", by_id: str = "") -> Berkas:
    """Encrypt, write and fsync `content`; returns its row, created in the current transaction. Raises NoRoom."""
    row = Berkas(
        jenis=jenis,
        nama_tampil=mask(nama)[:120],  # people name files after a NIK
        mime=mime,
        ukuran=len(content),
        sha256=hashlib.sha256(content).digest(),
        wilayah=wilayah,
        pengunggah_id=by_id,
    )
    target = path_of(row.pk)
    try:
        _write(target, keys.seal(content, f"berkas:{row.pk}"))
    except OSError as error:
        if error.errno not in FULL:
            raise
        log.critical("FILES_DIR takes no more files: %s", errno.errorcode[error.errno])
        raise NoRoom(
            "Penyimpanan berkas di server penuh, jadi berkas ini belum tersimpan. Beri tahu admin, lalu kirim lagi nanti."
        ) from error
    row.save(force_insert=True)
    return row


def _write(target: Path, sealed: bytes) -> None:
    """Whole and on disk, or not there at all."""
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    partial = target.with_suffix(".part")
    try:
        fd = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(fd, "wb") as out:
            out.write(sealed)
            out.flush()
            os.fsync(out.fileno())
        partial.rename(target)
        _sync_folder(target.parent)
    except OSError:
        for left in (partial, target):
            left.unlink(missing_ok=True)
        raise


def _sync_folder(folder: Path) -> None:
    """The new name itself must be on disk before its row commits: a power cut keeps both or neither."""
    fd = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def read(row: Berkas) -> bytes:
    """Plain content, checked against the row's hash. Raises BadFile when the disk copy was altered."""
    try:
        content = keys.unseal(path_of(row.pk).read_bytes(), f"berkas:{row.pk}")
    except (OSError, ValueError, keys.SealBroken) as error:
        raise BadFile("Berkas tidak bisa dibuka. Hubungi admin.") from error
    if hashlib.sha256(content).digest() != bytes(row.sha256):
        raise BadFile("Berkas di penyimpanan berubah. Hubungi admin.")
    return content


def remove(row: Berkas) -> None:
    """Forget a file: its row with the current transaction, its disk copy once that has committed."""
    path = path_of(row.pk)
    row.delete()
    transaction.on_commit(lambda: path.unlink(missing_ok=True), robust=True)


def clean_photo(raw: bytes) -> bytes:
    """Re-encode an uploaded picture as JPEG, turned upright, at most 1600 px, without any metadata."""
    if not raw:
        raise BadFile("Foto kosong. Ambil ulang fotonya.")
    if len(raw) > MAX_BYTES:
        raise BadFile("Foto lebih besar dari 10 MB. Perkecil dulu atau ambil ulang.")
    if raw[4:12] in {b"ftypheic", b"ftypheix", b"ftypmif1", b"ftyphevc"}:
        raise BadFile("Foto HEIC belum bisa dibaca. Ubah setelan kamera ke JPEG, lalu ambil ulang.")
    try:
        with Image.open(io.BytesIO(raw), formats=("JPEG", "PNG", "WEBP")) as probe:
            width, height = probe.size
            if width * height > MAX_PIXELS:
                raise BadFile(
                    "Foto terlalu besar (lebih dari 40 megapiksel). Ambil ulang dengan ukuran biasa."
                )
            probe.draft("RGB", (MAX_SIDE, MAX_SIDE))
            ImageOps.exif_transpose(probe, in_place=True)
            image = probe.convert("RGB")
            image.thumbnail((MAX_SIDE, MAX_SIDE))
    except BadFile:
        raise
    except Exception as error:  # Pillow raises many kinds for damaged input
        raise BadFile("Berkas ini bukan foto JPEG, PNG, atau WebP yang utuh.") from error
    clean = io.BytesIO()
    Image.frombytes("RGB", image.size, image.tobytes()).save(clean, "JPEG", quality=80, optimize=True)
    return clean.getvalue()


def clean_scan(raw: bytes) -> tuple[bytes, str]:
    """A signed scan: PDF kept byte for byte (frozen by hash), or a photo re-encoded. Returns (content, mime)."""
    if not raw:
        raise BadFile("Berkas kosong. Pilih berkas hasil pindai.")
    if len(raw) > MAX_BYTES:
        raise BadFile("Berkas lebih besar dari 10 MB. Pindai ulang dengan ukuran lebih kecil.")
    if raw[:5] == b"%PDF-":
        if _pdf_acts(raw) or ZIP_END in raw[-66_000:]:
            raise BadFile(
                "PDF ini berisi skrip, sandi, atau lampiran. Pindai ulang sebagai PDF biasa atau foto."
            )
        if b"%%eof" not in raw[-2048:].lower():
            raise BadFile("PDF ini terpotong. Unggah ulang berkas yang utuh.")
        return raw, "application/pdf"
    return clean_photo(raw), "image/jpeg"


def _pdf_acts(raw: bytes) -> bool:
    """Does anything in this PDF run, open, send or hide something? Names are read as a viewer reads them, packed objects too."""
    spelled = _pdf_spelled(raw)
    packed = _pdf_packed(raw, spelled.count(b"/objstm"))
    if packed is None:
        return True
    words = spelled + b"\n" + _pdf_spelled(packed)
    return any(mark in words for mark in PDF_ACTIVE) or (b"/xfa" in words and b"/acroform" in words)


def _pdf_spelled(raw: bytes) -> bytes:
    return _PDF_HEX.sub(lambda m: bytes([int(m[1], 16)]), raw).lower()  # "/J#61va#53cript" is "/JavaScript"


def _pdf_packed(raw: bytes, expected: int) -> bytes | None:
    """What the object streams hold; None when one of them cannot be read, holds too much, or is written to look like none."""
    inside, seen, last = bytearray(), 0, 0
    for found in _PDF_STREAM.finditer(raw):
        begin = max(
            raw.rfind(b"endobj", last, found.start()), raw.rfind(b"endstream", last, found.start()), last
        )
        head, last = _pdf_spelled(raw[begin : found.start()]), found.end()
        if b"/objstm" not in head:
            continue
        seen += head.count(b"/objstm")
        end = raw.find(b"endstream", last)
        data = raw[last : end if end >= 0 else None]
        if b"/filter" in head:
            opened = _pdf_inflate(data, PDF_INNER - len(inside)) if _pdf_plain_flate(head) else None
            if opened is None:
                return None
            data = opened
        inside += data
    return bytes(inside) if seen == expected else None


def _pdf_plain_flate(head: bytes) -> bool:
    """One Flate filter and nothing else, as every scanner and office program writes it."""
    filters = head.count(b"decode") - head.count(b"decodeparms")
    return b"/flatedecode" in head and filters == 1 and b"/predictor" not in head


def _pdf_inflate(data: bytes, room: int) -> bytes | None:
    """None where it does not end, holds more than `room`, or is no Flate."""
    opener = zlib.decompressobj()
    try:
        opened = opener.decompress(data, max(room, 1))
    except zlib.error:
        return None
    return opened if opener.eof else None


def clean_scans(raw: Sequence[bytes]) -> tuple[bytes, str]:
    """One signed paper as it was sent: a PDF, a photo, or the photos of its pages in order, which become one PDF."""
    if len(raw) > MAX_SHEETS:
        raise BadFile(
            f"Paling banyak {MAX_SHEETS} foto. Pindai sebagai satu PDF bila halamannya lebih banyak."
        )
    clean = [clean_scan(satu) for satu in raw]
    if len(clean) == 1:
        return clean[0]
    if not clean or any(mime != "image/jpeg" for _, mime in clean):
        raise BadFile("Kirim satu PDF saja, atau beberapa foto saja. PDF dan foto tidak bisa digabung.")
    return pdf.lembar_foto([content for content, _ in clean]), "application/pdf"


def purge_orphans(older_than_seconds: int = 86_400) -> int:
    """Remove files on disk that no committed row names. Returns how many."""
    removed = 0
    now = time.time()
    for path in settings.FILES_DIR.glob("??/*"):
        if now - path.stat().st_mtime < older_than_seconds:
            continue
        try:
            known = Berkas.objects.filter(pk=uuid.UUID(hex=path.stem)).exists() and path.suffix == ""
        except ValueError:
            known = False
        if not known:
            path.unlink(missing_ok=True)
            removed += 1
    return removed
