"""Lists out: no formula leaves the house, every cell comes back as it was, memory stays flat."""

import csv
import io
import tracemalloc
import zipfile
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from core import ekspor

RUMUS = [
    "=1+1", "+62812", "-1", "@SUM(A1)", "|cmd", "%0A", "=cmd|'/c calc'!A0", "\t=1", "\n=1", "\r=1", " =1", "\ufeff=1", "\u200b=1",
    "＝1", "＋1", "－1", "＠A1", "﹦1", "﹢1", "﹣1", "﹫A", "−1", "⁺1", "⁻1", "'=1", "''=1", "\x00=1", '=HYPERLINK("http://a.b","x")',
    "\xa0=1", "\u2009@a",
]  # fmt: skip
BIASA = [
    "3205012001900001", "0001", "Siti Aisyah", "'Aisyah", "Kp. Cikajang", "a=b", "3-4", "x\ny", "_x0041_", "<b>&", "é", "漢", "😀",
    "", " spasi ", "1e5", "TRUE", "'",
]  # fmt: skip
KOSONG = ekspor.Lembar(["kolom"])
# Invented rows, and tables of areas that the portal itself reads.
BUKAN_UNTUK_ORANG = {"portal/demo/salur.py", "wilayah/data/buat_data.py", "wilayah/data/buat_kode_lama.py"}


def tulis(format: str, baris, lembar: ekspor.Lembar) -> bytes:
    keluar = io.BytesIO()
    ekspor.tulis(keluar, format, lembar, baris)
    return keluar.getvalue()


def baca(format: str, isi: bytes) -> list[list[object]]:
    if format == "csv":
        return [list(r) for r in csv.reader(io.StringIO(isi.decode("utf-8-sig"), newline=""))]
    return (
        CalamineWorkbook.from_filelike(io.BytesIO(isi)).get_sheet_by_index(0).to_python(skip_empty_area=False)
    )


@pytest.mark.parametrize("format", ["csv", "xlsx"])
def test_tidak_ada_rumus_yang_keluar_dan_semua_sel_kembali_seperti_semula(format):
    isi = tulis(format, [[sel, "x"] for sel in RUMUS + BIASA], ekspor.Lembar(["=judul", "x"]))
    baris = baca(format, isi)
    assert baris[0][0] == "'=judul"
    for sel, (keluar, _) in zip(RUMUS + BIASA, baris[1:], strict=True):
        assert isinstance(keluar, str)
        assert keluar.startswith("'") or sel not in RUMUS
        harap = sel.replace("\x00", " ")
        assert ekspor.asli(keluar).replace("\r\n", "\n") == harap, (sel, keluar)
    if format == "xlsx":
        with zipfile.ZipFile(io.BytesIO(isi)) as paket:
            assert all(b"<f>" not in paket.read(n) and b"<f " not in paket.read(n) for n in paket.namelist())


def test_setiap_csv_yang_ditulis_lewat_penjaga_rumus():
    """Also those of commands that only an administrator runs: he opens them in a spreadsheet."""
    akar = Path(__file__).resolve().parents[2]
    berkas = [
        p
        for a in ("accounts", "core", "wilayah", "dtks", "bansos", "pengaduan", "portal")
        for p in (akar / a).rglob("*.py")
    ]
    penulis = {p.relative_to(akar).as_posix() for p in berkas if "csv.writer(" in p.read_text()}
    penulis -= BUKAN_UNTUK_ORANG
    assert len(penulis) >= 3
    assert not [p for p in penulis if "aman(" not in (akar / p).read_text()]


@given(st.text())
@example("''=")
@example("' =")
def test_apostrof_yang_ditambah_dilepas_lagi(teks):
    assert ekspor.asli(ekspor.aman(teks)) == teks
    assert not ekspor._computes(ekspor.aman(teks)) or ekspor.aman(teks).startswith("'")


def test_nik_tetap_teks_di_excel():
    (nik,) = baca("xlsx", tulis("xlsx", [["3205012001900001"]], KOSONG))[1]
    assert nik == "3205012001900001"
    with zipfile.ZipFile(io.BytesIO(tulis("xlsx", [["3205012001900001"]], KOSONG))) as paket:
        lembar = paket.read("xl/worksheets/sheet1.xml").decode()
        gaya = paket.read("xl/styles.xml").decode()
    assert 't="inlineStr"' in lembar and 'state="frozen"' in lembar
    assert 'numFmtId="49"' in gaya, "the text format stands on the cells"


def test_sel_panjang_dipotong_bukan_dibuang():
    (sel,) = baca("xlsx", tulis("xlsx", [["a" * 40_000]], KOSONG))[1]
    assert len(sel) == ekspor.XLSX_CELL


def test_keterangan_ada_di_lembar_kedua_dan_baris_terakhir():
    lembar = ekspor.Lembar(["a"], keterangan=[("Isi", "=Daftar"), ("Oleh", "Siti")])
    buku = CalamineWorkbook.from_filelike(io.BytesIO(tulis("xlsx", [["1"]], lembar)))
    assert buku.sheet_names == ["Data", "Keterangan"]
    assert buku.get_sheet_by_name("Keterangan").to_python() == [["Isi", "'=Daftar"], ["Oleh", "Siti"]]
    assert baca("csv", tulis("csv", [["1"]], lembar))[-1] == ["Isi: =Daftar; Oleh: Siti"]


def test_daftar_kosong_tetap_berjudul():
    for format in ("csv", "xlsx"):
        assert baca(format, tulis(format, [], KOSONG)) == [["kolom"]]


@pytest.mark.parametrize("format", ["csv", "xlsx"])
def test_ingatan_tidak_tumbuh_dengan_jumlah_baris(format):
    def puncak(n: int) -> int:
        tracemalloc.start()
        with ekspor.berkas_baru() as keluar:
            assert ekspor.tulis(keluar, format, KOSONG, ([f"sel {i}"] for i in range(n))) == n
        _, atas = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return atas

    puncak(10)
    assert puncak(20_000) < puncak(2_000) + 200_000


@pytest.mark.parametrize(
    ("nama", "harap"),
    [
        (
            "TEMPLATE_PENGUSULAN_GARUT KOTA – KOTA KULON - PKH",
            "TEMPLATE_PENGUSULAN_GARUT KOTA – KOTA KULON - PKH.xlsx",
        ),
        ('a/b\\c:d*e?f"g<h>i|j', "a-b-c-d-e-f-g-h-i-j.xlsx"),
        ("con", "_con.xlsx"),
        ("  titik. ", "titik.xlsx"),
        ("../../etc/passwd", "-..-etc-passwd.xlsx"),
        ("\u202egpj.", "gpj.xlsx"),
        ("", "unduhan.xlsx"),
    ],
)
def test_nama_berkas_diterima_windows_dan_telepon(nama, harap):
    assert ekspor.nama_berkas(nama, "xlsx") == harap


def test_nama_berkas_panjang_dipotong():
    assert len(ekspor.nama_berkas("desa " * 60, "csv")) < 130


def test_kepala_unduhan_memuat_nama_asli_dan_nama_polos():
    kepala = ekspor.lampiran('A – "B" é.xlsx')
    assert (
        kepala
        == "attachment; filename=\"A - 'B' e.xlsx\"; filename*=UTF-8''A%20%E2%80%93%20%22B%22%20%C3%A9.xlsx"
    )
    assert kepala.isascii() and "\n" not in ekspor.lampiran("a\nb.xlsx")
