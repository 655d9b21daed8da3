"""Tables that people send (xlsx, csv), read as data and never run: sizes first, then the header, then row by row.

Everything that makes a file unusable as a whole is a `SheetError` with a code and an Indonesian sentence. What is wrong
with one cell is told by the value: a `Rumus` stands where a formula was, numbers stay numbers (a NIK typed as a number
has lost digits), dates stay dates. No value is repaired here but invisible characters at its edges.
"""

import csv
import datetime
import io
import itertools
import operator
import re
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import xlsxwriter
from python_calamine import CalamineError, CalamineWorkbook, PasswordError

MAX_BYTES = 20_000_000
MAX_UNPACKED = 300_000_000
MAX_RATIO = 100
MAX_ENTRIES = 1000
MAX_ROWS = 100_000
MAX_COLUMNS = 52  # up to AZ; the reader takes memory for every cell of the rectangle
MAX_CELLS = 4_000_000
MAX_CELL_TEXT = 2_000
HEADER_ROWS = 20  # the header stands within the first rows
MAX_FORMULAS = 20_000
_CHUNK = 1 << 20
# A sheet of more XML than this is read in pieces (or thirds of the shared strings, which every piece reads again).
WHOLE, PIECE = 16_000_000, 2_000_000
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# What Excel, WhatsApp and web pages leave around a value: NBSP, zero-width space and joiners, BOM, soft hyphen.
_TEPI = " \t\r\n\u00a0\u200b\u200c\u200d\u2060\ufeff\u00ad"
_SIMPAN = "Buka di Excel, lalu simpan sebagai “Excel Workbook (.xlsx)”, dan unggah lagi."


class SheetError(ValueError):
    """The whole file cannot be used. `kode` for programs, the text for people."""

    def __init__(self, kode: str, kalimat: str):
        self.kode, self.kalimat = kode, kalimat
        super().__init__(kalimat)


class Rumus:
    """Stands in a cell where the file has a formula."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "<rumus>"


class Gabung:
    """Stands in a cell that is merged with another one and so has no value of its own."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "<gabung>"


RUMUS, GABUNG = Rumus(), Gabung()
Sel = str | int | float | bool | datetime.date | datetime.datetime | datetime.time | Rumus | Gabung | None


@dataclass(frozen=True)
class Kolom:
    """One column of a template. `judul` is written; `alias` are other spellings that are read."""

    judul: str
    alias: tuple[str, ...] = ()
    wajib: bool = True
    lebar: int = 16
    penjelasan: str = ""
    contoh: str = ""


@dataclass
class Lembar:
    """An opened table. `baris()` gives (row number in the sheet, cells in the order of the template)."""

    nama: str
    jumlah: int
    _rows: Iterable[tuple[int, Sequence[Sel]]]
    kolom: Sequence[Kolom]
    tambahan: list[str] = field(default_factory=list)

    def baris(self) -> Iterator[tuple[int, Sequence[Sel]]]:
        return iter(self._rows)


def buka(isi: bytes, kolom: Sequence[Kolom], *, maks_baris: int = MAX_ROWS) -> Lembar:
    """Open a file by its content (never by its name). Raises SheetError."""
    if not isi:
        raise SheetError("BERKAS_KOSONG", "Berkas kosong. Pilih berkas yang berisi tabel.")
    if len(isi) > MAX_BYTES:
        raise SheetError(
            "BERKAS_TERLALU_BESAR", "Berkas lebih besar dari 20 MB. Bagi menjadi beberapa berkas."
        )
    if isi.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in isi:
            raise SheetError(
                "BERKAS_BERSANDI", "Berkas Excel ini dikunci dengan sandi. Hapus sandinya, lalu unggah lagi."
            )
        raise SheetError("EXCEL_LAMA", f"Ini berkas Excel lama (.xls). {_SIMPAN}")
    if isi[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
        return _buka_xlsx(isi, kolom, maks_baris)
    if isi[:5] == b"%PDF-" or isi[:4] in (b"\x89PNG", b"\xff\xd8\xff\xe0", b"\xff\xd8\xff\xe1", b"Rar!"):
        raise SheetError("BUKAN_TABEL", "Berkas ini bukan tabel. Unggah berkas Excel (.xlsx) atau CSV.")
    return _buka_csv(isi, kolom, maks_baris)


def bersih(sel: Sel) -> Sel:
    """Text without invisible characters around it; '' becomes None."""
    if isinstance(sel, str):
        return sel.strip(_TEPI).lstrip("'’‘").strip(_TEPI) or None
    return sel


def tak_terlihat(teks: str) -> bool:
    """Control characters, which no keyboard makes and the database refuses (NUL), or half a character."""
    return any(unicodedata.category(c) in ("Cc", "Cs") for c in teks if not c.isprintable())


# --- header -------------------------------------------------------------------------------------------


def baku(judul: object) -> str:
    """A heading for comparison: upper case, letters and digits only, without an example in brackets."""
    teks = re.sub(r"\([^)]*\)", " ", str(judul or ""))
    return re.sub(r"[^A-Z0-9]", "", teks.upper())


@dataclass
class _Kepala:
    nomor: int  # row number in the sheet, from 1
    letak: list[int]  # place of each column of the template
    tambahan: list[str]


def _cari_kepala(awal: Iterable[tuple[int, Sequence[Any]]], kolom: Sequence[Kolom]) -> _Kepala | None:
    """The row that names the columns: the one that has most of them, when it has at least half."""
    nama = {baku(n): i for i, k in enumerate(kolom) for n in (k.judul, *k.alias)}
    terbaik: tuple[int, int, dict[int, int], list[str]] | None = None
    for nomor, sel in awal:
        letak: dict[int, int] = {}
        lain: list[str] = []
        for j, satu in enumerate(sel):
            kunci = baku(satu) if isinstance(satu, str) else ""
            if kunci in nama:
                if nama[kunci] in letak:
                    raise SheetError(
                        "KOLOM_GANDA", f"Kolom {kolom[nama[kunci]].judul} ada dua kali di baris {nomor}."
                    )
                letak[nama[kunci]] = j
            elif kunci:
                lain.append(str(satu)[:60])
        if terbaik is None or len(letak) > terbaik[0]:
            terbaik = (len(letak), nomor, letak, lain)
    if terbaik is None or terbaik[0] * 2 < len(kolom):
        return None
    _, nomor, letak, lain = terbaik
    kurang = [k.judul for i, k in enumerate(kolom) if i not in letak]
    if kurang:
        raise SheetError(
            "KOLOM_KURANG",
            f"Kolom {', '.join(kurang)} tidak ada di baris {nomor}. Judul kolom harus sama dengan templat dan tidak digabung.",
        )
    return _Kepala(nomor, [letak[i] for i in range(len(kolom))], lain)


# --- xlsx ---------------------------------------------------------------------------------------------


def _zip(isi: bytes) -> zipfile.ZipFile:
    try:
        arsip = zipfile.ZipFile(io.BytesIO(isi))
        daftar = arsip.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, EOFError) as error:
        raise SheetError("BERKAS_RUSAK", f"Berkas Excel rusak atau terpotong. {_SIMPAN}") from error
    if len(daftar) > MAX_ENTRIES:
        raise SheetError("BOM_ZIP", "Berkas berisi terlalu banyak bagian. Ini bukan berkas Excel biasa.")
    jumlah = 0
    for satu in daftar:
        jumlah += satu.file_size
        if satu.flag_bits & 0x1:
            raise SheetError(
                "BERKAS_BERSANDI", "Berkas ini dikunci dengan sandi. Hapus sandinya, lalu unggah lagi."
            )
        if ".." in satu.filename.split("/") or satu.filename.startswith("/") or "\\" in satu.filename:
            raise SheetError("BOM_ZIP", "Berkas berisi nama bagian yang tidak wajar. Unggah berkas lain.")
        if satu.file_size > 1_000_000 and satu.file_size > MAX_RATIO * max(satu.compress_size, 1):
            raise SheetError("BOM_ZIP", "Isi berkas mengembang tidak wajar saat dibuka (bom zip). Ditolak.")
    if jumlah > MAX_UNPACKED:
        raise SheetError("BOM_ZIP", "Isi berkas terlalu besar saat dibuka. Bagi menjadi beberapa berkas.")
    nama = {s.filename for s in daftar}
    if any(n.lower().endswith(("vbaproject.bin", ".xlsb")) for n in nama):
        raise SheetError("BERKAS_MAKRO", f"Berkas berisi makro (.xlsm). {_SIMPAN}")
    if "xl/workbook.xml" not in nama:
        raise SheetError(
            "BUKAN_TABEL", "Berkas ini bukan Excel (.xlsx). Unggah berkas dari templat, atau CSV."
        )
    return arsip


_SEL = re.compile(rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]+)([0-9]+)"[^>]*>\s*<(?:\w+:)?f[ >/]')
_KOLOM_JAUH = re.compile(rb' r="(?:[B-Z][A-Z]|[A-Z]{3})[0-9]')
_GABUNGAN = re.compile(rb"<(?:\w+:)?mergeCell [^>]*>")
_AWAL_ISI = re.compile(rb"<sheetData\s*>")
_RANGKA = re.compile(r"\[Content_Types\]\.xml|_rels/\.rels|xl/(?:_rels/)?[^/]+\.(?:xml|rels)")
_LEMBAR_KOSONG = (
    b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData/></worksheet>'
)
_NOMOR_BARIS_BIASA = re.compile(rb'<row [^>]*?r="([0-9]+)"')
_NOMOR_BARIS = re.compile(rb'<(?:\w+:)?row [^>]*?r="([0-9]+)"')


@dataclass
class _Pindai:
    """What one pass over the XML of a sheet found, before any reader builds it in memory."""

    baris: int = 0
    rumus: set[tuple[int, int]] = field(default_factory=set)
    gabung: list[bytes] = field(default_factory=list)  # its merged cells, as written
    urut: bool = (
        True  # every row has its number, one after the other: only then can the sheet be read in pieces
    )


def _potongan(arsip: zipfile.ZipFile, nama: str) -> Iterator[bytes]:
    """The unpacked part in pieces; ends with a sentence when it is bigger than it said, damaged, or uses a DTD."""
    jumlah = 0
    ekor = b""
    try:
        with arsip.open(nama) as masuk:
            while potong := masuk.read(_CHUNK):
                jumlah += len(potong)
                if jumlah > MAX_UNPACKED:
                    raise SheetError("BOM_ZIP", "Isi berkas mengembang tidak wajar saat dibuka. Ditolak.")
                sambung = ekor + potong
                if b"<!DOCTYPE" in sambung or b"<!ENTITY" in sambung:
                    raise SheetError("XML_BERBAHAYA", "Berkas berisi perintah yang tidak boleh ada. Ditolak.")
                ekor = potong[-16:]
                yield potong
    except (zipfile.BadZipFile, NotImplementedError, EOFError, RuntimeError, OSError, ValueError) as error:
        if isinstance(error, SheetError):
            raise
        raise SheetError("BERKAS_RUSAK", f"Berkas Excel rusak atau terpotong. {_SIMPAN}") from error
    except Exception as error:  # zlib.error and its kin
        raise SheetError("BERKAS_RUSAK", f"Berkas Excel rusak atau terpotong. {_SIMPAN}") from error


def _pindai(arsip: zipfile.ZipFile, nama: str, maks_baris: int) -> _Pindai:
    hasil, sel, sisa = _Pindai(), 0, b""
    for potong in _potongan(arsip, nama):
        isi = sisa + potong
        batas = isi.rfind(b"<c ")
        batas = batas if batas > 0 else isi.rfind(b"<")
        batas = batas if batas > 0 and len(isi) - batas < 65_536 else len(isi)
        isi, sisa = isi[:batas], isi[batas:]
        sel += _periksa_xml(isi, hasil, maks_baris)
        if sel > MAX_CELLS:
            raise SheetError("SEL_TERLALU_BANYAK", "Lembar ini berisi terlalu banyak sel. Bagi berkasnya.")
    _periksa_xml(sisa, hasil, maks_baris)
    return hasil


def _periksa_xml(isi: bytes, hasil: _Pindai, maks_baris: int) -> int:
    nomor = [int(n) for n in (_NOMOR_BARIS if b":row " in isi else _NOMOR_BARIS_BIASA).findall(isi)]
    if nomor:
        urut = nomor[0] > hasil.baris and all(map(operator.lt, nomor, nomor[1:]))
        hasil.urut, hasil.baris = hasil.urut and urut, max(hasil.baris, *nomor)
    hasil.urut = hasil.urut and isi.count(b"<row") == len(nomor)
    if b"mergeCell " in isi:
        hasil.gabung += _GABUNGAN.findall(isi)
    if hasil.baris > maks_baris + HEADER_ROWS:
        raise SheetError(
            "BARIS_TERLALU_BANYAK",
            f"Lembar ini lebih dari {maks_baris} baris. Hapus baris kosong di bawah data, atau bagi berkasnya.",
        )
    if _KOLOM_JAUH.search(isi):
        raise SheetError(
            "KOLOM_TERLALU_BANYAK", "Lembar ini berisi kolom jauh di kanan. Hapus kolom di luar templat."
        )
    if b"<f" in isi or b":f" in isi:
        for cocok in _SEL.finditer(isi):
            hasil.rumus.add((int(cocok[2]), _kolom_ke(cocok[1])))
        if len(hasil.rumus) > MAX_FORMULAS:
            raise SheetError(
                "TERLALU_BANYAK_RUMUS", "Terlalu banyak rumus. Salin, lalu tempel sebagai nilai."
            )
    return isi.count(b"<c ")


def _kolom_ke(huruf: bytes) -> int:
    n = 0
    for h in huruf:
        n = n * 26 + h - 64
    return n - 1


def _berkas_lembar(arsip: zipfile.ZipFile, nama_lembar: list[str]) -> dict[str, str]:
    """Part of the archive behind each sheet name, through the relations of the workbook."""
    buku = b"".join(_potongan(arsip, "xl/workbook.xml")).decode("utf-8", "replace")
    try:
        hubungan = b"".join(_potongan(arsip, "xl/_rels/workbook.xml.rels")).decode("utf-8", "replace")
    except KeyError:
        hubungan = ""
    tuju = {}
    for tag in re.findall(r"<(?:\w+:)?Relationship\b[^>]*>", hubungan):
        rid, target = re.search(r'\bId="([^"]+)"', tag), re.search(r'\bTarget="([^"]+)"', tag)
        if rid and target:
            jalan = target[1]
            tuju[rid[1]] = jalan.lstrip("/") if jalan.startswith("/") else f"xl/{jalan}"
    bagian = []
    for tag in re.findall(r"<(?:\w+:)?sheet\b[^>]*>", buku):
        rid = re.search(r'\b\w+:id="([^"]+)"', tag)
        bagian.append(tuju.get(rid[1], "") if rid else "")
    ada = set(arsip.namelist())
    return {n: b for n, b in zip(nama_lembar, bagian, strict=False) if b in ada}


def _buka_xlsx(isi: bytes, kolom: Sequence[Kolom], maks_baris: int) -> Lembar:
    arsip = _zip(isi)
    pindai: dict[str, _Pindai] = {}
    for nama in arsip.namelist():  # every part that the reader will unpack is measured first
        if nama.startswith("xl/worksheets/") and nama.endswith(".xml"):
            pindai[nama] = _pindai(arsip, nama, maks_baris)
        elif nama.endswith((".xml", ".rels")):
            for _ in _potongan(arsip, nama):
                pass
    buku = _buku(io.BytesIO(isi))
    bagian = _berkas_lembar(arsip, buku.sheet_names)
    temuan = []
    for nama in buku.sheet_names:
        temu = pindai.get(bagian.get(nama, ""))
        if temu is None:  # a chart
            continue
        pecahan = None
        if arsip.getinfo(bagian[nama]).file_size > WHOLE and temu.urut:
            pecahan = _Pecahan(arsip, bagian[nama], nama, temu)
        lembar = pecahan.pertama() if pecahan else _satu(buku, nama)
        kepala = _kepala(lembar, kolom)
        if kepala is not None:
            tinggi = temu.baris if pecahan else _tinggi(lembar)
            temuan.append((nama, _Tabel(lembar, tinggi, kepala, temu, pecahan)))
    nama, tabel = _satu_lembar(temuan, buku.sheet_names)
    jumlah = max(tabel.tinggi - tabel.kepala.nomor, 0)
    if jumlah > maks_baris and tabel.pecahan is None:
        raise _terlalu_banyak(maks_baris)
    return Lembar(nama, jumlah, _baris_xlsx(tabel, maks_baris), kolom, tabel.kepala.tambahan)


@dataclass
class _Tabel:
    """A sheet with the header. `lembar` is all of it, or the first of its pieces."""

    lembar: Any
    tinggi: int
    kepala: _Kepala
    temu: _Pindai
    pecahan: "_Pecahan | None"


def _buku(isi: io.BytesIO) -> CalamineWorkbook:
    isi.seek(0)
    try:
        return CalamineWorkbook.from_object(isi)
    except PasswordError as error:
        raise SheetError(
            "BERKAS_BERSANDI", "Berkas ini dikunci dengan sandi. Hapus dulu sandinya."
        ) from error
    except (CalamineError, ValueError, OSError) as error:
        raise SheetError("BERKAS_RUSAK", f"Berkas Excel rusak atau terpotong. {_SIMPAN}") from error


def _satu(buku: CalamineWorkbook, nama: str) -> Any:
    try:
        return buku.get_sheet_by_name(nama)
    except (CalamineError, ValueError) as error:
        raise SheetError("BERKAS_RUSAK", f"Lembar “{nama[:40]}” tidak bisa dibaca. {_SIMPAN}") from error


class _Pecahan:
    """A big sheet as many small workbooks, each read whole by the same reader, so that memory does not grow with the rows.

    The XML is cut behind a row; every piece gets the head of the sheet, its merged cells, and the parts of the workbook
    that give cells their meaning (styles, shared strings).
    """

    def __init__(self, arsip: zipfile.ZipFile, bagian: str, nama: str, temu: _Pindai):
        self._arsip, self._bagian, self._nama = arsip, bagian, nama
        self._akhir = b"".join([b"</sheetData><mergeCells>", *temu.gabung, b"</mergeCells></worksheet>"])
        bersama = sum(s.file_size for s in arsip.infolist() if s.filename.lower() == "xl/sharedstrings.xml")
        self._besar = max(PIECE, bersama // 3)
        keluar = io.BytesIO()
        with zipfile.ZipFile(keluar, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as rangka:
            for lain in dict.fromkeys(arsip.namelist()):
                if _RANGKA.fullmatch(lain):
                    with rangka.open(lain, "w") as salinan:
                        for potong in _potongan(arsip, lain):
                            salinan.write(potong)
                elif lain.startswith("xl/worksheets/") and lain.endswith(".xml") and lain != bagian:
                    rangka.writestr(lain, _LEMBAR_KOSONG)
        self._rangka = keluar.getvalue()

    def pertama(self) -> Any:
        return next(self.semua())

    def semua(self) -> Iterator[Any]:
        for xml in self._xml():
            keluar = io.BytesIO(self._rangka)
            with zipfile.ZipFile(keluar, "a") as arsip:
                arsip.writestr(self._bagian, xml)
            del xml
            yield _satu(_buku(keluar), self._nama)

    def _xml(self) -> Iterator[bytes]:
        awal = sisa = b""
        for potong in _potongan(self._arsip, self._bagian):
            sisa += potong
            if not awal:
                if (mulai := _AWAL_ISI.search(sisa)) is None:
                    continue
                awal, sisa = sisa[: mulai.end()], sisa[mulai.end() :]
            if len(sisa) >= self._besar and (batas := sisa.rfind(b"</row>") + 6) > 6:
                yield b"".join((awal, sisa[:batas], self._akhir))
                sisa = sisa[batas:]
        yield awal + sisa  # with the end that it has


def _tinggi(lembar: Any) -> int:
    """Number of the last row with anything in it (the reader's own `total_height` is one less)."""
    return lembar.end[0] + 1 if lembar.end else 0


def _kepala(lembar: Any, kolom: Sequence[Kolom]) -> _Kepala | None:
    awal = list(enumerate(itertools.islice(lembar.iter_rows(), HEADER_ROWS), start=1))
    _kepala_gabung(lembar, awal, kolom)
    return _cari_kepala(awal, kolom)


def _satu_lembar(temuan: list[tuple[str, _Tabel]], semua: list[str]) -> tuple[str, _Tabel]:
    """The one sheet with the header and rows below it."""
    if not temuan:
        raise SheetError(
            "LEMBAR_SALAH",
            f"Judul kolom templat tidak ditemukan di lembar mana pun ({', '.join(n[:30] for n in semua[:5])}). "
            "Unduh templat V.4, lalu tempel data di lembar yang benar.",
        )
    isi_ada = [t for t in temuan if t[1].tinggi > t[1].kepala.nomor] or temuan[:1]
    if len(isi_ada) > 1:
        raise SheetError(
            "LEMBAR_GANDA",
            f"Ada dua lembar yang berisi data: {', '.join(t[0][:30] for t in isi_ada[:5])}. Sisakan satu lembar saja.",
        )
    return isi_ada[0]


def _kepala_gabung(lembar: Any, awal: list[tuple[int, Any]], kolom: Sequence[Kolom]) -> None:
    """Merged cells in the row that looks like the header: say so, instead of 'column missing'."""
    nama = {baku(n) for k in kolom for n in (k.judul, *k.alias)}
    for nomor, sel in awal:
        cocok = sum(isinstance(s, str) and baku(s) in nama for s in sel)
        if cocok * 2 < len(kolom) or cocok >= len(kolom):
            continue
        for (a, x), (b, y) in lembar.merged_cell_ranges or []:
            if a <= nomor - 1 <= b and (x != y or a != b):
                raise SheetError(
                    "KEPALA_GABUNG",
                    f"Ada judul kolom yang digabung (merge) di baris {nomor}. Pisahkan selnya (Unmerge), satu judul satu kolom.",
                )


def _baris_xlsx(tabel: _Tabel, maks_baris: int) -> Iterator[tuple[int, Sequence[Sel]]]:
    letak, awal = tabel.kepala.letak, tabel.kepala.nomor
    gabung = {
        (r + 1, c)
        for (a, x), (b, y) in tabel.lembar.merged_cell_ranges or []
        for r in range(a, min(b, a + 1000) + 1)
        for c in range(x, min(y, x + MAX_COLUMNS) + 1)
        if (r, c) != (a, x) and r >= awal
    }
    rumus = tabel.temu.rumus
    baris_khusus = {r for r, _ in rumus} | {r for r, _ in gabung}
    for nomor, sel in _berurutan(tabel):
        if nomor <= awal:
            continue
        n = len(sel)
        isi: list[Sel] = [sel[j] if j < n and sel[j] != "" else None for j in letak]
        if nomor in baris_khusus:
            for i, j in enumerate(letak):
                if (nomor, j) in rumus:
                    isi[i] = RUMUS
                elif (nomor, j) in gabung:
                    isi[i] = GABUNG
        if nomor > awal + maks_baris and any(isi):  # of a sheet in pieces the last rows may be empty ones
            raise _terlalu_banyak(maks_baris)
        yield nomor, isi


def _berurutan(tabel: _Tabel) -> Iterator[tuple[int, Sequence[Sel]]]:
    """(row number, cells from column A on) of the whole sheet, in pieces or not."""
    if tabel.pecahan is None:
        yield from enumerate(tabel.lembar.iter_rows(), start=1)
        return
    tabel.lembar = None  # the first piece comes again
    for lembar in tabel.pecahan.semua():
        if lembar.start is not None:
            atas, kiri = lembar.start
            kosong: list[Sel] = [None] * kiri
            for nomor, sel in enumerate(lembar.to_python(), start=atas + 1):
                yield nomor, kosong + sel if kiri else sel


# --- csv ----------------------------------------------------------------------------------------------


def _teks(isi: bytes) -> str:
    if b"\x00" in isi[:4096] and not isi.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise SheetError("BUKAN_TABEL", "Berkas ini bukan tabel. Unggah berkas Excel (.xlsx) atau CSV.")
    if isi.startswith((b"\xff\xfe", b"\xfe\xff")):
        return isi.decode("utf-16", "replace")
    try:
        return isi.decode("utf-8-sig")
    except UnicodeDecodeError:
        return isi.decode("cp1252", "replace")


def _buka_csv(isi: bytes, kolom: Sequence[Kolom], maks_baris: int) -> Lembar:
    teks = _teks(isi)
    if max((len(b) for b in teks.splitlines()[:50]), default=0) > 1_000_000:
        raise SheetError("BUKAN_TABEL", "Ada baris yang sangat panjang. Ini bukan CSV dari templat.")
    pemisah = max(";,\t|", key=teks[:20_000].count)
    awal = []
    try:
        for nomor, sel in _csv(teks, pemisah):
            if nomor > HEADER_ROWS:
                break
            awal.append((nomor, sel))
        kepala = _cari_kepala(awal, kolom)
    except csv.Error as error:
        raise SheetError("CSV_RUSAK", "CSV tidak bisa dibaca: tanda kutipnya tidak berpasangan.") from error
    if kepala is None:
        raise SheetError(
            "LEMBAR_SALAH",
            "Judul kolom templat tidak ditemukan di 20 baris pertama. Unduh templat, lalu isi di situ.",
        )
    jumlah = max(teks.count("\n"), teks.count("\r")) + 1 - kepala.nomor
    if jumlah > maks_baris + HEADER_ROWS:
        raise _terlalu_banyak(maks_baris)
    rows = _baris_csv(teks, pemisah, kepala, maks_baris)
    return Lembar("CSV", max(jumlah, 0), rows, kolom, kepala.tambahan)


def _terlalu_banyak(maks_baris: int) -> SheetError:
    return SheetError(
        "BARIS_TERLALU_BANYAK", f"Paling banyak {maks_baris} baris tiap berkas. Bagi berkasnya."
    )


def _csv(teks: str, pemisah: str) -> Iterator[tuple[int, list[str]]]:
    """(row number as a spreadsheet counts, cells): a line break inside quotes makes no new row."""
    yield from enumerate(csv.reader(io.StringIO(teks, newline=""), delimiter=pemisah), start=1)


def _baris_csv(
    teks: str, pemisah: str, kepala: _Kepala, maks_baris: int
) -> Iterator[tuple[int, Sequence[Sel]]]:
    letak, akhir = kepala.letak, kepala.nomor + maks_baris + HEADER_ROWS
    try:
        for nomor, sel in _csv(teks, pemisah):
            if nomor > akhir:  # counted here too: line ends are what the reader takes for them
                raise _terlalu_banyak(maks_baris)
            if nomor > kepala.nomor:
                n = len(sel)
                yield nomor, [sel[j] if j < n and sel[j] != "" else None for j in letak]
    except csv.Error as error:
        raise SheetError("CSV_RUSAK", "CSV tidak bisa dibaca: tanda kutipnya tidak berpasangan.") from error


# --- writing ------------------------------------------------------------------------------------------

KETERANGAN = "KETERANGAN (boleh dihapus)"


def tulis_templat(
    kolom: Sequence[Kolom], *, lembar: str, petunjuk: Sequence[str], baris_teks: int = 1000
) -> bytes:
    """An empty template: text cells, and a second sheet that explains every column."""
    keluar = io.BytesIO()
    buku = xlsxwriter.Workbook(keluar, {"in_memory": True})
    teks = buku.add_format({"num_format": "@"})
    judul = buku.add_format(
        {"bold": True, "bg_color": "#DCE6F1", "border": 1, "text_wrap": True, "num_format": "@"}
    )
    isi = buku.add_worksheet(lembar)
    isi.freeze_panes(1, 0)
    for j, k in enumerate(kolom):
        isi.set_column(j, j, k.lebar, teks)
        isi.write_string(0, j, k.judul, judul)
    jelas = buku.add_worksheet("Penjelasan")
    jelas.set_column(0, 0, 32)
    jelas.set_column(1, 1, 90, buku.add_format({"text_wrap": True}))
    jelas.set_column(2, 2, 28)
    for i, kalimat in enumerate(petunjuk):
        jelas.write_string(i, 0, kalimat)
    mulai = len(petunjuk) + 1
    for j, kata in enumerate(("Kolom", "Cara mengisi", "Contoh")):
        jelas.write_string(mulai, j, kata, judul)
    for i, k in enumerate(kolom, start=mulai + 1):
        jelas.write_string(i, 0, k.judul)
        jelas.write_string(i, 1, k.penjelasan)
        jelas.write_string(i, 2, k.contoh)
    buku.close()
    return keluar.getvalue()


def tulis_galat(
    kolom: Sequence[Kolom], baris: Iterable[tuple[Sequence[str], dict[str, str]]], *, lembar: str
) -> bytes:
    """The rows to mend in the layout they came in: wrong cells are red, the sentence stands behind the last column.

    Every cell is written as text, so nothing in it is ever a formula.
    """
    keluar = io.BytesIO()
    buku = xlsxwriter.Workbook(keluar, {"constant_memory": True})
    teks = buku.add_format({"num_format": "@"})
    merah = buku.add_format({"num_format": "@", "bg_color": "#F8CBAD"})
    judul = buku.add_format({"bold": True, "bg_color": "#DCE6F1", "num_format": "@"})
    isi = buku.add_worksheet(lembar)
    for j, k in enumerate(kolom):
        isi.set_column(j, j, k.lebar, teks)
        isi.write_string(0, j, k.judul, judul)
    isi.set_column(len(kolom), len(kolom), 80, teks)
    isi.write_string(0, len(kolom), KETERANGAN, judul)
    for i, (sel, salah) in enumerate(baris, start=1):
        for j, k in enumerate(kolom):
            isi.write_string(i, j, sel[j] if j < len(sel) else "", merah if k.judul in salah else teks)
        isi.write_string(
            i, len(kolom), " | ".join(f"{n}: {p}" if n else p for n, p in salah.items())[:32_000], teks
        )
    buku.close()
    return keluar.getvalue()


def sebagai_teks(sel: Sel) -> str:
    """A cell as it goes back to its sender: whole numbers without a dot, dates as dd/mm/yyyy, formulas not at all."""
    if sel is None or isinstance(sel, Rumus | Gabung):
        return ""
    if isinstance(sel, bool):
        return "YA" if sel else "TIDAK"
    if isinstance(sel, float):
        return str(int(sel)) if sel.is_integer() and abs(sel) < 1e17 else repr(sel)
    if isinstance(sel, datetime.date):
        return f"{sel.day:02d}/{sel.month:02d}/{sel.year:04d}"
    return str(sel)[:MAX_CELL_TEXT]
