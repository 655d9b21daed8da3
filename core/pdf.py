"""Building blocks of printed letters: kop, paragraphs, tables, signatures, footer with code, QR and page x dari y.

A letter is a list of flowables given to `susun`. Everything typed by people goes through `_aman`, so a name like
'<b>' or 'Tom & Co' prints literally. The same rows give the same bytes (reportlab invariant=1): no clock, no random id.
The font is Bitstream Vera from the reportlab wheel, embedded, so paper looks the same on every machine.
"""

import functools
import io
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import reportlab
import segno
from django.conf import settings
from reportlab.lib import colors
from reportlab.lib.enums import TA_CENTER, TA_JUSTIFY, TA_RIGHT
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    CondPageBreak,
    Flowable,
    Frame,
    HRFlowable,
    KeepTogether,
    PageBreak,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
)
from reportlab.platypus.doctemplate import LayoutError

TidakMuat = LayoutError  # something does not fit on any page

_FOLDER = Path(reportlab.__file__).parent / "fonts"
for _nama, _berkas in (
    ("Vera", "Vera"),
    ("Vera-Bold", "VeraBd"),
    ("Vera-Italic", "VeraIt"),
    ("Vera-BI", "VeraBI"),
):
    pdfmetrics.registerFont(TTFont(_nama, str(_FOLDER / f"{_berkas}.ttf")))
pdfmetrics.registerFontFamily("Vera", "Vera", "Vera-Bold", "Vera-Italic", "Vera-BI")
_GLYPHS = frozenset(pdfmetrics.getFont("Vera").face.charToGlyph)

TEPI_KIRI, TEPI_KANAN, TEPI_ATAS = 25 * mm, 20 * mm, 18 * mm
KAKI_BERKODE, KAKI_POLOS = 34 * mm, 20 * mm
LEBAR = A4[0] - TEPI_KIRI - TEPI_KANAN  # usable width of an upright page, in points
LEBAR_MENDATAR = A4[1] - TEPI_KIRI - TEPI_KANAN


def _gaya(nama: str, ukuran: float, **lain: Any) -> ParagraphStyle:
    lain.setdefault("leading", round(ukuran * 1.4, 1))
    return ParagraphStyle(nama, fontName="Vera", fontSize=ukuran, **lain)


GAYA = {
    "isi": _gaya("isi", 9.5, alignment=TA_JUSTIFY, spaceAfter=5),
    "rapat": _gaya("rapat", 9.5),
    "butir": _gaya("butir", 9.5, alignment=TA_JUSTIFY, leftIndent=16, bulletIndent=0, spaceAfter=3),
    "bagian": _gaya("bagian", 9.5, spaceBefore=7, spaceAfter=4),
    "tengah": _gaya("tengah", 9.5, alignment=TA_CENTER),
    "judul": _gaya("judul", 11.5, alignment=TA_CENTER),
    "kop": _gaya("kop", 12, alignment=TA_CENTER),
    "kop-besar": _gaya("kop-besar", 15, alignment=TA_CENTER),
    "sel": _gaya("sel", 8, leading=10.4),
    "sel-kanan": _gaya("sel-kanan", 8, leading=10.4, alignment=TA_RIGHT),
    "sel-tengah": _gaya("sel-tengah", 8, leading=10.4, alignment=TA_CENTER),
    "kecil": _gaya("kecil", 7.5, leading=10),
}
_GARIS = ("GRID", (0, 0), (-1, -1), 0.5, colors.black)
_PADAT = [("LEFTPADDING", (0, 0), (-1, -1), 0), ("RIGHTPADDING", (0, 0), (-1, -1), 4), ("VALIGN", (0, 0), (-1, -1), "TOP"),
          ("TOPPADDING", (0, 0), (-1, -1), 1), ("BOTTOMPADDING", (0, 0), (-1, -1), 2)]  # fmt: skip


class _Tabel(Table):
    """Splits a row that misses the page by a hair too: reportlab asks for `splitInRow` points over, and forgets the padding below."""

    def __init__(self, data: Any, **lain: Any):
        super().__init__(data, **{"splitInRow": 1e-6, **lain})

    def _splitCell(self, value: Any, style: Any, oldHeight: float, newHeight: float, width: float) -> Any:
        return super()._splitCell(value, style, oldHeight, newHeight - style.bottomPadding, width)


def _huruf(c: str) -> str:
    """One character as the font can draw it; an accent it lacks (ā, ō) prints as the plain letter, never as an empty box."""
    if c == "\n" or ord(c) in _GLYPHS:
        return c
    kategori = unicodedata.category(c)
    if kategori == "Zs" or c == "\t":
        return " "
    if kategori in ("Cc", "Cf", "Mn"):  # invisible: direction marks, zero width, stray accents
        return ""
    if kategori == "Pd":
        return "-"
    dasar = "".join(d for d in unicodedata.normalize("NFKD", c) if ord(d) in _GLYPHS)
    return dasar.strip() or "?"


def huruf(nilai: object) -> str:
    """`nilai` as text the font can draw (see `_huruf`)."""
    teks = unicodedata.normalize("NFC", str(nilai))
    return teks if teks.isascii() and teks.isprintable() else "".join(map(_huruf, teks))


def _aman(nilai: object) -> str:
    return escape(huruf(nilai)).replace("\n", "<br/>")


def paragraf(pola: str, gaya: str = "isi", /, **data: object) -> Paragraph:
    """`pola` is our own text and may hold <b>, <i>, <u>; every {nama} is filled with escaped data."""
    return Paragraph(pola.format(**{k: _aman(v) for k, v in data.items()}), GAYA[gaya])


def teks(nilai: object, gaya: str = "isi") -> Paragraph:
    """Text of people, printed literally; line breaks stay."""
    return Paragraph(_aman(nilai), GAYA[gaya])


def jarak(tinggi: float) -> Spacer:
    """Empty space, `tinggi` in millimetres."""
    return Spacer(1, tinggi * mm)


def halaman_baru() -> PageBreak:
    return PageBreak()


def kop(baris: Sequence[str]) -> list[Flowable]:
    """Letterhead: offices from the highest to the issuing one (largest), then the double line."""
    isi: list[Flowable] = [paragraf("<b>{t}</b>", "kop", t=satu.upper()) for satu in baris[:-1]]
    isi += [paragraf("<b>{t}</b>", "kop-besar", t=satu.upper()) for satu in baris[-1:]]
    tebal = HRFlowable(width="100%", thickness=1.8, color=colors.black, spaceBefore=4, spaceAfter=1.2)
    tipis = HRFlowable(width="100%", thickness=0.5, color=colors.black, spaceBefore=0, spaceAfter=10)
    return [*isi, tebal, tipis]


def judul(*baris: str, nomor: str = "") -> list[Flowable]:
    """Centred title in capitals, then 'Nomor: …' when there is one."""
    isi: list[Flowable] = [paragraf("<b>{t}</b>", "judul", t=satu.upper()) for satu in baris]
    if nomor:
        isi.append(paragraf("Nomor: {n}", "tengah", n=nomor))
    return [*isi, jarak(4)]


def bagian(kata: str) -> list[Flowable]:
    """Heading of a part. It starts a new page when only a line or two would follow; keepWithNext would drag whole tables."""
    return [CondPageBreak(30 * mm), paragraf("<b>{t}</b>", "bagian", t=kata)]


def butir(isi: Iterable[str], *, huruf_kecil: bool = False) -> list[Flowable]:
    """Numbered paragraphs '1.' … or 'a.' …; the text is data and printed literally."""
    tanda = (chr(ord("a") + i) if huruf_kecil and i < 26 else str(i + 1) for i in range(10_000))
    return [
        Paragraph(_aman(satu), GAYA["butir"], bulletText=f"{t}.") for satu, t in zip(isi, tanda, strict=False)
    ]


def rincian(pasangan: Iterable[tuple[str, object]], *, label: float = 42, lebar: float = LEBAR) -> Table:
    """Rows 'label : value'. `label` is the width of the first column in millimetres."""
    baris = [[teks(a, "rapat"), teks(":", "rapat"), teks(b, "rapat")] for a, b in pasangan]
    kolom = [label * mm, 4 * mm, lebar - (label + 4) * mm]
    return _Tabel(baris, colWidths=kolom, style=_PADAT, hAlign="LEFT", spaceAfter=5)


def diktum(
    pasangan: Sequence[tuple[str, Sequence[str]]], *, huruf_kecil: bool = False, bernomor: bool = True
) -> list[Flowable]:
    """'Menimbang : a. …', 'KESATU : …': label beside paragraphs, numbered when there are several."""
    kolom = [30 * mm, 4 * mm, LEBAR - 34 * mm]
    hasil: list[Flowable] = []
    for label, isi in pasangan:
        sel = butir(isi, huruf_kecil=huruf_kecil) if bernomor else [teks(satu) for satu in isi]
        baris = [
            [teks(label if i == 0 else "", "rapat"), teks(":" if i == 0 else "", "rapat"), p]
            for i, p in enumerate(sel)
        ]
        hasil.append(_Tabel(baris, colWidths=kolom, style=_PADAT, hAlign="LEFT", spaceAfter=3))
    return hasil


def tabel(
    kepala: Sequence[str],
    baris: Iterable[Sequence[object]],
    lebar: Sequence[float],
    *,
    rata: str = "",
    total: bool = False,
    tinggi: float | None = None,
    penuh: float = LEBAR,
) -> Table:
    """Ruled table. The head repeats on each page; a row too tall for what is left of a page splits.

    `lebar`: shares per column, scaled to `penuh` points. `rata`: per column 'k' (left), 't' (centre) or 'n' (right).
    `total`: the last row is bold. `tinggi`: least height of a row in millimetres (room to sign).
    """
    gaya = [{"t": "sel-tengah", "n": "sel-kanan"}.get(r, "sel") for r in rata.ljust(len(lebar), "k")]
    isi = [[teks(sel, g) for sel, g in zip(satu, gaya, strict=True)] for satu in baris]
    if total and isi:
        isi[-1] = [Paragraph(f"<b>{p.text}</b>", p.style) for p in isi[-1]]
    kepala_sel = [paragraf("<b>{t}</b>", "sel-tengah", t=k) for k in kepala]
    tinggi_baris = [0] + [tinggi * mm] * len(isi) if tinggi else None
    return _Tabel(
        [kepala_sel, *isi],
        colWidths=[penuh * satu / sum(lebar) for satu in lebar],
        minRowHeights=tinggi_baris,
        repeatRows=1,
        spaceAfter=7,
        style=[
            _GARIS,
            ("BACKGROUND", (0, 0), (-1, 0), colors.HexColor("#E8E8E8")),
            ("VALIGN", (0, 0), (-1, 0), "MIDDLE"),
            ("VALIGN", (0, 1), (-1, -1), "TOP"),
            ("LEFTPADDING", (0, 0), (-1, -1), 3),
            ("RIGHTPADDING", (0, 0), (-1, -1), 3),
            ("TOPPADDING", (0, 0), (-1, -1), 2),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
        ],
    )


@dataclass(frozen=True)
class Tertanda:
    """One signature: lines above the name ('Kepala Desa X,'), the name ('' leaves a dotted line), a line below."""

    atas: Sequence[str]
    nama: str = ""
    bawah: str = ""


def tanda_tangan(*kolom: Tertanda, rata_bawah: bool = True, ruang: float = 18) -> KeepTogether:
    """Signatures side by side, room to sign of `ruang` millimetres; never torn over two pages."""
    atas = max(len(k.atas) for k in kolom)
    baris = [
        [_tengah(k.atas, i - (atas - len(k.atas)) if rata_bawah else i) for k in kolom] for i in range(atas)
    ]
    baris.append([Spacer(1, ruang * mm) for _ in kolom])
    baris.append([_nama_tertanda(k.nama) for k in kolom])
    if any(k.bawah for k in kolom):
        baris.append([teks(k.bawah, "tengah") for k in kolom])
    return KeepTogether(Table(baris, colWidths=[LEBAR / len(kolom)] * len(kolom), style=_PADAT))


def _tengah(baris: Sequence[str], i: int) -> Paragraph:
    return teks(baris[i] if 0 <= i < len(baris) else "", "tengah")


def _nama_tertanda(nama: str) -> Paragraph:
    if not nama:
        return teks("( ........................................ )", "tengah")
    return paragraf("<b><u>{nama}</u></b>", "tengah", nama=nama)


def kanan(satu: Tertanda) -> KeepTogether:
    """A single signature on the right half, where letters have it."""
    return tanda_tangan(Tertanda([""] * len(satu.atas), " "), satu)


def alamat_periksa(kode: str) -> str:
    """Where anyone checks the paper; this is what the QR holds."""
    return f"{settings.PUBLIC_URL.rstrip('/')}/v/{kode}/"


def susun(
    isi: Sequence[Flowable], *, judul: str, penerbit: str = "", kode: str = "", mendatar: bool = False
) -> bytes:
    """The finished A4 PDF. `kode` puts QR and address of the check page on every sheet; `judul` names loose sheets."""
    keluar = io.BytesIO()
    ukuran = landscape(A4) if mendatar else A4
    bawah = KAKI_BERKODE if kode else KAKI_POLOS
    bidang = Frame(
        TEPI_KIRI,
        bawah,
        ukuran[0] - TEPI_KIRI - TEPI_KANAN,
        ukuran[1] - TEPI_ATAS - bawah,
        leftPadding=0,
        rightPadding=0,
        topPadding=0,
        bottomPadding=0,
    )
    dokumen = BaseDocTemplate(
        keluar,
        pagesize=ukuran,
        pageTemplates=[PageTemplate(frames=[bidang])],
        title=huruf(judul),
        author=huruf(penerbit),
        creator="Portal DTKS",
        lang="id-ID",
        invariant=1,
        initialFontName="Vera",
    )
    dokumen.build(list(isi), canvasmaker=functools.partial(_Kanvas, judul=huruf(judul), kode=kode))
    return keluar.getvalue()


def lembar_foto(foto: Sequence[bytes]) -> bytes:
    """Photos (JPEG) of the pages of one paper as one PDF, a page each, turned as the photo is. Pixels are kept as sent."""
    keluar = io.BytesIO()
    kanvas = Canvas(keluar, invariant=1, pageCompression=1)
    tepi = 8 * mm
    for satu in foto:
        gambar = ImageReader(io.BytesIO(satu))
        lebar, tinggi = gambar.getSize()
        halaman = landscape(A4) if lebar > tinggi else A4
        skala = min((halaman[0] - 2 * tepi) / lebar, (halaman[1] - 2 * tepi) / tinggi)
        kanvas.setPageSize(halaman)
        kanvas.drawImage(
            gambar,
            (halaman[0] - lebar * skala) / 2,
            (halaman[1] - tinggi * skala) / 2,
            lebar * skala,
            tinggi * skala,
        )
        kanvas.showPage()
    kanvas.save()
    return keluar.getvalue()


class _Kanvas(Canvas):
    """Holds all pages back until the last, because 'halaman 1 dari 7' needs to know the 7."""

    def __init__(self, *args: Any, judul: str, kode: str, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self._judul, self._kode = judul, kode
        self._tertahan: list[dict[str, Any]] = []

    def showPage(self) -> None:
        self._tertahan.append(dict(self.__dict__))
        self._startPage()

    def save(self) -> None:
        halaman = self._tertahan
        for nomor, keadaan in enumerate(halaman, start=1):
            self.__dict__.update(keadaan)
            self._kaki(nomor, len(halaman))
            super().showPage()
        super().save()

    def _kaki(self, nomor: int, jumlah: int) -> None:
        lebar = self._pagesize[0]
        kiri, dasar = TEPI_KIRI, 10 * mm
        self.setLineWidth(0.4)
        if self._kode:
            atas = dasar + 18 * mm
            self.line(kiri, atas + 2 * mm, lebar - TEPI_KANAN, atas + 2 * mm)
            self._qr(kiri, dasar, 18 * mm)
            kiri += 21 * mm
            k = self._kode
            kelompok = " ".join(k[i : i + 4] for i in range(0, len(k), 4))
            self._baris(kiri, atas - 3.2 * mm, "Periksa keaslian surat ini: pindai kode QR atau buka")
            self._baris(kiri, atas - 6.8 * mm, alamat_periksa(k))
            self._baris(kiri, atas - 10.4 * mm, f"Kode: {kelompok}", "Vera-Bold")
        else:
            self.line(kiri, dasar + 5 * mm, lebar - TEPI_KANAN, dasar + 5 * mm)
        halaman = f"Halaman {nomor} dari {jumlah}"
        sisa = lebar - TEPI_KANAN - kiri - self.stringWidth(halaman, "Vera", 7.5) - 4 * mm
        self._baris(kiri, dasar + 1 * mm, _potong(self._judul, sisa))
        self.setFont("Vera", 7.5)
        self.drawRightString(lebar - TEPI_KANAN, dasar + 1 * mm, halaman)

    def _baris(self, x: float, y: float, kata: str, font: str = "Vera") -> None:
        self.setFont(font, 7.5)
        self.drawString(x, y, kata)

    def _qr(self, x: float, y: float, sisi: float) -> None:
        """Drawn as rectangles: sharp at any print size, no image file. Dark runs of one row are one rectangle."""
        gambar = self.beginPath()
        satuan = sisi / len(matriks := _matriks(alamat_periksa(self._kode)))
        for i, baris in enumerate(matriks):
            for mulai, panjang in _runtun(baris):
                gambar.rect(x + mulai * satuan, y + sisi - (i + 1) * satuan, panjang * satuan, satuan)
        self.setFillColor(colors.black)
        self.drawPath(gambar, stroke=0, fill=1)


@functools.lru_cache(maxsize=8)
def _matriks(alamat: str) -> tuple[bytes, ...]:
    return tuple(bytes(b) for b in segno.make_qr(alamat, error="m").matrix)


def _runtun(baris: bytes) -> Iterable[tuple[int, int]]:
    mulai = None
    for i, gelap in enumerate([*baris, 0]):
        if gelap and mulai is None:
            mulai = i
        elif not gelap and mulai is not None:
            yield mulai, i - mulai
            mulai = None


def _potong(kata: str, lebar: float) -> str:
    if pdfmetrics.stringWidth(kata, "Vera", 7.5) <= lebar:
        return kata
    while kata and pdfmetrics.stringWidth(kata + "…", "Vera", 7.5) > lebar:
        kata = kata[:-1]
    return kata.rstrip() + "…"
