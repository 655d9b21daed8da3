"""Files as people send them: what can be read is read, what cannot be is told in a clear sentence, and nothing explodes."""

import io
import re
import zipfile
from datetime import date, datetime

import pytest
import xlsxwriter

from core import sheets
from core.sheets import GABUNG, RUMUS, Kolom, SheetError, buka

KOLOM = (Kolom("NIK"), Kolom("NAMA"), Kolom("TANGGAL LAHIR (31/01/2000)"), Kolom("ALAMAT"))
JUDUL = [k.judul for k in KOLOM]
BARIS = ["3205010101800001", "SITI", "31/01/2000", "KP A"]


def xlsx(isi=None, lembar="Data", **opsi) -> bytes:
    keluar = io.BytesIO()
    buku = xlsxwriter.Workbook(keluar, opsi)
    if isi is None:
        isi = lambda ws: [ws.write_row(0, 0, JUDUL), ws.write_row(1, 0, BARIS)]  # noqa: E731
    isi(buku.add_worksheet(lembar))
    buku.close()
    return keluar.getvalue()


def gagal(isi: bytes, **opsi) -> str:
    with pytest.raises(SheetError) as salah:
        buka(isi, KOLOM, **opsi)
    assert salah.value.kalimat.endswith((".", ")", "."))
    return salah.value.kode


def rakit(bagian: dict[str, bytes]) -> bytes:
    keluar = io.BytesIO()
    with zipfile.ZipFile(keluar, "w", zipfile.ZIP_DEFLATED) as arsip:
        for nama, isi in bagian.items():
            arsip.writestr(nama, isi)
    return keluar.getvalue()


def ganti(isi: bytes, nama: str, baru) -> bytes:
    with zipfile.ZipFile(io.BytesIO(isi)) as arsip:
        return rakit({n: baru(arsip.read(n)) if n == nama else arsip.read(n) for n in arsip.namelist()})


def test_a_plain_table_is_read_with_its_row_numbers():
    def isi(ws):
        ws.merge_range(0, 0, 0, 3, "DAFTAR USULAN DESA")
        ws.write_row(3, 0, JUDUL)
        ws.write_row(4, 0, BARIS)
        ws.write_row(6, 0, BARIS)

    lembar = buka(xlsx(isi), KOLOM)
    berisi = [(n, list(b)) for n, b in lembar.baris() if any(b)]
    assert berisi == [(5, BARIS), (7, BARIS)]


def test_headings_in_another_order_and_spelling_are_found():
    def isi(ws):
        ws.write_row(0, 0, ["Alamat", "TANGGAL  LAHIR", "nama", "NIK ", "CATATAN"])
        ws.write_row(1, 0, ["KP A", "31/01/2000", "SITI", "1", "x"])

    assert next(buka(xlsx(isi), KOLOM).baris())[1] == ["1", "SITI", "31/01/2000", "KP A"]


def test_the_sheet_with_the_header_is_taken_and_two_are_refused():
    keluar = io.BytesIO()
    buku = xlsxwriter.Workbook(keluar)
    buku.add_worksheet("Catatan").write(0, 0, "halo")
    ws = buku.add_worksheet("Usulan")
    ws.write_row(0, 0, JUDUL)
    ws.write_row(1, 0, BARIS)
    buku.close()
    assert buka(keluar.getvalue(), KOLOM).nama == "Usulan"
    keluar = io.BytesIO()
    buku = xlsxwriter.Workbook(keluar)
    for nama in ("Satu", "Dua"):
        ws = buku.add_worksheet(nama)
        ws.write_row(0, 0, JUDUL)
        ws.write_row(1, 0, BARIS)
    buku.close()
    assert gagal(keluar.getvalue()) == "LEMBAR_GANDA"


def test_formulas_merged_cells_numbers_and_dates_are_told_apart():
    keluar = io.BytesIO()
    buku = xlsxwriter.Workbook(keluar)
    ws = buku.add_worksheet()
    ws.write_row(0, 0, JUDUL)
    ws.write_formula(1, 1, '=UPPER("siti")', None, "SITI")
    ws.write_number(1, 0, 3205010101800001)
    ws.write_datetime(1, 2, date(2000, 1, 31), buku.add_format({"num_format": "dd/mm/yyyy"}))
    ws.merge_range(1, 3, 2, 3, "KP A")
    ws.write(2, 0, "x")
    buku.close()
    satu, dua = (b for _, b in buka(keluar.getvalue(), KOLOM).baris())
    assert satu[1] is RUMUS and isinstance(satu[0], float) and satu[2] == date(2000, 1, 31)
    assert dua[3] is GABUNG


def test_invisible_characters_around_a_value_are_dropped():
    assert sheets.bersih("\ufeff\u00a0'3205\u200b ") == "3205"


@pytest.mark.parametrize("pemisah", [";", ",", "\t", "|"])
@pytest.mark.parametrize("kode", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_csv_of_any_office(pemisah, kode):
    teks = "\r\n".join([pemisah.join(JUDUL), pemisah.join(["1", '"MA\'RUF é"', "31/01/2000", '"KP\nA"'])])
    ((nomor, isi),) = buka(teks.encode(kode), KOLOM).baris()
    assert (nomor, list(isi)) == (2, ["1", "MA'RUF é", "31/01/2000", "KP\nA"])


@pytest.mark.parametrize(
    ("isi", "kode"),
    [
        (lambda: b"", "BERKAS_KOSONG"),
        (lambda: b"PK\x03\x04rusak", "BERKAS_RUSAK"),
        (lambda: xlsx()[:-40], "BERKAS_RUSAK"),
        (lambda: b"%PDF-1.4 ...", "BUKAN_TABEL"),
        (lambda: b"\x89PNG\r\n", "BUKAN_TABEL"),
        (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "EXCEL_LAMA"),
        (
            lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "BERKAS_BERSANDI",
        ),
        (lambda: rakit({"xl/workbook.xml": b"<x/>", "xl/vbaProject.bin": b"1"}), "BERKAS_MAKRO"),
        (lambda: rakit({"word/document.xml": b"<x/>"}), "BUKAN_TABEL"),
        (lambda: rakit({"xl/workbook.xml": b"<x/>", "../../etc/passwd": b"1"}), "BOM_ZIP"),
        (lambda: rakit({"xl/workbook.xml": b"<x/>", **{f"a{i}": b"" for i in range(1100)}}), "BOM_ZIP"),
        (lambda: rakit({"xl/workbook.xml": b"<x/>", "xl/sharedStrings.xml": b" " * 30_000_000}), "BOM_ZIP"),
        (lambda: xlsx(lambda ws: ws.write(0, 0, "bukan templat")), "LEMBAR_SALAH"),
        (lambda: xlsx(lambda ws: ws.write_row(0, 0, JUDUL[:3])), "KOLOM_KURANG"),
        (lambda: xlsx(lambda ws: ws.write_row(0, 0, [*JUDUL, "NIK"])), "KOLOM_GANDA"),
        (
            lambda: xlsx(lambda ws: [ws.merge_range(0, 0, 0, 1, "NIK"), ws.write_row(0, 2, JUDUL[2:])]),
            "KEPALA_GABUNG",
        ),
        (lambda: xlsx(lambda ws: [ws.write_row(0, 0, JUDUL), ws.write(5, 16_000, "x")]), "KOLOM_TERLALU_BANYAK"),
        (lambda: xlsx(lambda ws: [ws.write_row(0, 0, JUDUL), ws.write(1_048_575, 0, "x")]), "BARIS_TERLALU_BANYAK"),
        (
            lambda: ganti(xlsx(), "xl/worksheets/sheet1.xml", lambda x: x.replace(b"<worksheet", b'<!DOCTYPE a [<!ENTITY b "c">]><worksheet', 1)),
            "XML_BERBAHAYA",
        ),
        (lambda: ganti(xlsx(), "xl/worksheets/sheet1.xml", lambda x: x[: len(x) // 2]), "BERKAS_RUSAK"),
        (lambda: b"halo dunia\nini bukan tabel\n", "LEMBAR_SALAH"),
        (lambda: b"a,b\x00\x00\x00", "BUKAN_TABEL"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_used_says_why(isi, kode):
    assert gagal(isi()) == kode


def test_more_rows_than_allowed():
    def isi(ws):
        ws.write_row(0, 0, JUDUL)
        for i in range(40):
            ws.write_row(i + 1, 0, BARIS)

    assert gagal(xlsx(isi), maks_baris=30) == "BARIS_TERLALU_BANYAK"
    assert (
        gagal(("\n".join([";".join(JUDUL)] + [";".join(BARIS)] * 60)).encode(), maks_baris=30)
        == "BARIS_TERLALU_BANYAK"
    )


def test_the_error_file_holds_no_formula_and_the_template_text_cells():
    isi = sheets.tulis_galat(KOLOM, [(["=1+1", "@SUM(A1)", "-1", "+1"], {"NIK": "salah"})], lembar="X")
    with zipfile.ZipFile(io.BytesIO(isi)) as arsip:
        assert b"<f>" not in arsip.read("xl/worksheets/sheet1.xml")
    assert [list(b) for _, b in buka(isi, KOLOM).baris()] == [["=1+1", "@SUM(A1)", "-1", "+1"]]
    kosong = sheets.tulis_templat(KOLOM, lembar="X", petunjuk=["Isi di sini."])
    assert not any(any(b) for _, b in buka(kosong, KOLOM).baris())


def besar(ubah=lambda xml: xml, **opsi) -> bytes:
    """A table with all that a cell can be: gaps, an empty first column in the middle, dates, formulas, merged cells."""

    def isi(ws):
        tanggal = ws.tanggal
        ws.write_row(1, 0, JUDUL)
        for i in range(2, 400):
            if i % 50:
                ws.write_row(
                    i,
                    1 if 100 < i < 200 else 0,
                    [f"32050101018{i:05d}", f"SITI <{i}> & 'A'", "31/01/2000"][: 2 + i % 2],
                )
        ws.write_datetime(70, 2, datetime(2001, 5, 6), tanggal)
        ws.write_number(71, 0, 3205010101800001)
        ws.write_formula(300, 1, "=1+1")
        ws.merge_range(310, 2, 312, 3, "GABUNG")

    keluar = io.BytesIO()
    buku = xlsxwriter.Workbook(keluar, opsi)
    buku.add_worksheet("Catatan").write(0, 0, "halo")
    ws = buku.add_worksheet("Usulan")
    ws.tanggal = buku.add_format({"num_format": "dd/mm/yyyy"})
    isi(ws)
    buku.close()
    return ganti(keluar.getvalue(), "xl/worksheets/sheet2.xml", ubah)


@pytest.mark.parametrize(
    "ubah",
    [
        lambda xml: xml,
        lambda xml: re.sub(rb'<row r="[0-9]+"', b"<row", xml),  # no numbers: read whole
        lambda xml: xml.replace(b'<row r="5"', b'<row r="6"', 1),
        lambda xml: xml.replace(
            b"</sheetData>", b'<row r="401" s="1"/><row r="402"><c r="A402" s="1"/></row></sheetData>'
        ),
    ],
)
@pytest.mark.parametrize("opsi", [{}, {"date_1904": True}])
def test_a_big_sheet_is_read_in_pieces_to_the_same_rows(monkeypatch, ubah, opsi):
    isi = besar(ubah, **opsi)
    utuh = [(n, b) for n, b in buka(isi, KOLOM).baris() if any(b)]
    assert len(utuh) > 380 and {RUMUS, GABUNG} < {s for _, b in utuh for s in b}
    monkeypatch.setattr(sheets, "WHOLE", 1000)
    monkeypatch.setattr(sheets, "PIECE", 3000)
    assert [(n, b) for n, b in buka(isi, KOLOM).baris() if any(b)] == utuh
    with pytest.raises(SheetError) as salah:
        list(buka(isi, KOLOM, maks_baris=390).baris())
    assert salah.value.kode == "BARIS_TERLALU_BANYAK"
    putus = ganti(isi, "xl/worksheets/sheet2.xml", lambda xml: xml[: len(xml) * 2 // 3])
    with pytest.raises(SheetError):
        list(buka(putus, KOLOM).baris())
