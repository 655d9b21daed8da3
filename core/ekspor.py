"""Lists out, as xlsx or csv: from any iterator of rows, in flat memory, with nothing in them that a spreadsheet computes.

Every cell is text (a NIK keeps its 16 digits, an RT its zeros). A text that a spreadsheet could take for a formula gets an
apostrophe in front, in both formats alike, because an xlsx is often saved as csv later; `asli` takes it away again on import,
and `asli(aman(x)) == x` for every x.
"""

import csv
import hashlib
import io
import re
import tempfile
import unicodedata
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from urllib.parse import quote
from xml.sax.saxutils import escape

import xlsxwriter
from django.conf import settings
from django.http import FileResponse
from xlsxwriter.utility import xl_col_to_name

MIME = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "zip": "application/zip",
}
XLSX_CELL = 32_767  # characters; xlsxwriter drops a longer text without a word
XLSX_ROWS = 1_048_575  # below the header
WIDEST = 60

_PLAIN = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789•")
_COMPUTED = frozenset(
    "=+-@|%−\t\r\n"
)  # OWASP's list, the minus sign of typesetters, and DDE's bar and per cent
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")  # XML cannot hold them
_CONTOH = re.compile(r'<row r="2".*?<c r="A2" s="(\d+)".*?</row>')
_DIMENSI = re.compile(r"<dimension [^>]*/>")  # optional, and no longer true
_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")  # Excel reads _x0041_ as 'A'
_RETURN = {"\r": "_x000D_"}
_NAME_BAD = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]')
_RESERVED = re.compile(r"(?i)^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)")
_NAME_LONGEST = 120  # characters; a phone's file system takes 255 bytes


def _computes(teks: str) -> bool:
    """Could a spreadsheet take this for a formula, once the apostrophes in front of it are gone?

    Spaces, control characters and invisible signs (BOM, zero width) before the sign do not save it; full-width and small
    forms of the signs count as the signs.
    """
    for char in teks.lstrip("'"):
        lazim = unicodedata.normalize("NFKC", char)
        if not _COMPUTED.isdisjoint(lazim):
            return True
        if not (lazim.isspace() or unicodedata.category(char) in ("Cc", "Cf")):
            return False
    return False


def aman(teks: str) -> str:
    """The text as a cell that a spreadsheet shows and never computes."""
    if not teks or teks[0] in _PLAIN or not _computes(teks):
        return teks
    return f"'{teks}"


def asli(sel: str) -> str:
    """What `aman` was given: without the apostrophe that it put there, and only that one."""
    return sel[1:] if sel[:1] == "'" and _computes(sel) else sel


@dataclass(frozen=True)
class Lembar:
    """What is written: heading of each column with its width, and who asked for which rows when."""

    judul: Sequence[str]
    lebar: Sequence[int] = ()
    nama: str = "Data"
    keterangan: Sequence[tuple[str, str]] = ()  # second sheet of an xlsx, last line of a csv
    sifat: Sequence[tuple[str, str]] = ()  # document properties, for templates that bear no second sheet


def tulis(keluar: IO[bytes], format: str, lembar: Lembar, baris: Iterable[Sequence[str]]) -> int:
    """Write the rows to `keluar`; returns how many. ValueError for a format that we do not write."""
    if format == "csv":
        return _csv(keluar, lembar, baris)
    if format == "xlsx":
        return _xlsx(keluar, lembar, baris)
    raise ValueError(format)


def _csv(keluar: IO[bytes], lembar: Lembar, baris: Iterable[Sequence[str]]) -> int:
    n = 0
    teks = io.TextIOWrapper(keluar, encoding="utf-8-sig", errors="replace", newline="")
    penulis = csv.writer(teks)
    penulis.writerow([aman(j) for j in lembar.judul])
    for n, satu in enumerate(baris, 1):  # noqa: B007 - the count is the result
        penulis.writerow([aman(_CONTROL.sub(" ", sel)) for sel in satu])
    if lembar.keterangan:
        penulis.writerow([])
        penulis.writerow([aman("; ".join(f"{k}: {v}" for k, v in lembar.keterangan))])
    teks.detach()
    return n


def _xlsx(keluar: IO[bytes], lembar: Lembar, baris: Iterable[Sequence[str]]) -> int:
    """xlsxwriter makes the book; the rows are streamed into its first sheet, ten times as fast as cell by cell."""
    n = 0
    with (
        zipfile.ZipFile(_rangka(lembar)) as asal,
        zipfile.ZipFile(keluar, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as hasil,
    ):
        for bagian in asal.namelist():
            if bagian != "xl/worksheets/sheet1.xml":
                hasil.writestr(bagian, asal.read(bagian))
                continue
            kepala, contoh, ekor = _CONTOH.split(asal.read(bagian).decode(), maxsplit=1)
            with hasil.open(bagian, "w", force_zip64=True) as isi:
                isi.write(_DIMENSI.sub("", kepala).encode())
                n = _isi(isi, contoh, len(lembar.judul), baris)
                isi.write(ekor.encode())
    return n


def _rangka(lembar: Lembar) -> IO[bytes]:
    """The book with its headings, and one sample row that shows the number of the text style."""
    keluar = io.BytesIO()
    buku = xlsxwriter.Workbook(keluar, {"in_memory": True})
    tebal, teks = buku.add_format({"bold": True, "bottom": 1}), buku.add_format({"num_format": 49})
    data = buku.add_worksheet(lembar.nama)
    for c, nama in enumerate(lembar.judul):
        lebar = lembar.lebar[c] if c < len(lembar.lebar) else max(len(nama) + 2, 10)
        data.set_column(c, c, min(lebar, WIDEST), teks)
        data.write_string(0, c, aman(nama), tebal)
    data.write_string(1, 0, "-", teks)
    data.freeze_panes(1, 0)
    if lembar.keterangan:
        catatan = buku.add_worksheet("Keterangan")
        catatan.set_column(0, 0, 18)
        catatan.set_column(1, 1, WIDEST)
        for r, (nama, nilai) in enumerate(lembar.keterangan):
            catatan.write_string(r, 0, aman(nama), tebal)
            catatan.write_string(r, 1, aman(_CONTROL.sub(" ", nilai)))
    buku.set_properties({"author": "Portal DTKS", **dict(lembar.sifat)})
    buku.close()
    keluar.seek(0)
    return keluar


def _isi(isi: IO[bytes], gaya: str, lebar: int, baris: Iterable[Sequence[str]]) -> int:
    n, buka = 0, [(f'<c r="{xl_col_to_name(c)}', f'" s="{gaya}" t="inlineStr"><is><t') for c in range(lebar)]
    potong: list[str] = []
    for n, satu in enumerate(baris, 1):
        if n > XLSX_ROWS:
            raise ValueError("more rows than a sheet holds")
        nomor = str(n + 1)
        potong.append(f'<row r="{nomor}">')
        for (awal, tengah), sel in zip(buka, satu, strict=True):
            if sel:
                potong += (awal, nomor, tengah, _sel(sel), "</t></is></c>")
        potong.append("</row>")
        if n % 500 == 0:
            isi.write("".join(potong).encode())
            potong.clear()
    isi.write("".join(potong).encode())
    return n


def _sel(teks: str) -> str:
    """A cell's text as XML, from the end of its opening tag."""
    if len(teks) < 100 and teks.isascii() and teks.isalnum():
        return f">{teks}"
    teks = aman(_CONTROL.sub(" ", teks))[:XLSX_CELL]
    if "_x" in teks:
        teks = _ESCAPE.sub("_x005F_", teks)
    ruas = ' xml:space="preserve">' if teks != teks.strip() or "\n" in teks else ">"
    return ruas + escape(teks, _RETURN)


def berkas_baru() -> IO[bytes]:
    """A file without a name, on the disk of the encrypted ones and never in /tmp: gone when closed or when the process dies."""
    tempat: Path = settings.FILES_DIR / "sementara"
    tempat.mkdir(parents=True, exist_ok=True, mode=0o700)
    return tempfile.TemporaryFile(dir=tempat)


def sidik(berkas: IO[bytes]) -> str:
    """SHA-256 of the whole file in hex; leaves it at its beginning."""
    berkas.seek(0)
    hasil = hashlib.file_digest(berkas, "sha256").hexdigest()  # type: ignore[arg-type]
    berkas.seek(0)
    return hasil


def nama_berkas(nama: str, akhiran: str) -> str:
    """A file name that Windows, Android and iOS all take; signs that they refuse become '-'."""
    bersih = _NAME_BAD.sub("-", unicodedata.normalize("NFC", nama))
    bersih = "".join(c for c in bersih if unicodedata.category(c) not in ("Cf", "Cs", "Co", "Cn"))
    bersih = " ".join(bersih.split())[:_NAME_LONGEST].strip(" .") or "unduhan"
    return f"{'_' if _RESERVED.match(bersih) else ''}{bersih}.{akhiran}"


def lampiran(nama: str) -> str:
    """Content-Disposition with the real name, and an ASCII one for download managers of old phones."""
    polos = unicodedata.normalize("NFKD", nama.replace("–", "-").replace("—", "-"))
    polos = re.sub(r"[^\x20-\x7e]", "", polos).replace('"', "'").replace("\\", "-")
    return f"attachment; filename=\"{polos}\"; filename*=UTF-8''{quote(nama, safe='')}"


def jawaban(berkas: IO[bytes], nama: str) -> FileResponse:
    """The file as a download that no cache keeps; closed with the response."""
    berkas.seek(0)
    jawab = FileResponse(berkas, content_type=MIME[nama.rpartition(".")[2]])
    jawab.headers["Content-Disposition"] = lampiran(nama)
    jawab.headers["X-Content-Type-Options"] = "nosniff"
    jawab.headers["Cache-Control"] = "private, no-store"
    return jawab
