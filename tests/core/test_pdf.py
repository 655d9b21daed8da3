"""Printed letters: what a reader can read on the paper, and that the same rows give the same bytes."""

import base64
import datetime as dt
import re
import time
import zlib

import pytest
import segno
from django.utils import timezone

from core import pdf, terbilang

_OBJEK = re.compile(rb"(\d+) 0 obj\n(.*?)endobj", re.S)
_UCAP = re.compile(rb"/(F\d+(?:\+\d+)?) [\d.]+ Tf|\(((?:\\.|[^\\()])*)\) Tj|(T\*)|( Tm)", re.S)


def _bongkar(objek: bytes) -> bytes:
    isi = objek.split(b"stream\r\n" if b"stream\r\n" in objek else b"stream\n", 1)[1].split(b"endstream")[0]
    if b"/ASCII85Decode" in objek:
        isi = base64.a85decode(isi.strip().removesuffix(b"~>"))
    return zlib.decompress(isi) if b"/FlateDecode" in objek else isi


def _peta(cmap: bytes) -> dict[int, str]:
    """ToUnicode: code in the embedded font -> characters."""
    peta: dict[int, str] = {}
    for blok in re.findall(rb"beginbfchar(.*?)endbfchar", cmap, re.S):
        for dari, ke in re.findall(rb"<(\w+)> <(\w+)>", blok):
            peta[int(dari, 16)] = bytes.fromhex(ke.decode()).decode("utf-16-be")
    for awal, akhir, ke in re.findall(rb"<(\w+)> <(\w+)> \[(.*?)\]", cmap, re.S):
        huruf = [bytes.fromhex(h.decode()).decode("utf-16-be") for h in re.findall(rb"<(\w+)>", ke)]
        peta |= dict(zip(range(int(awal, 16), int(akhir, 16) + 1), huruf, strict=True))
    return peta


def _lepas(mentah: bytes) -> bytes:
    return re.sub(
        rb"\\([0-7]{3}|.)",
        lambda m: (
            bytes([int(m[1], 8)])
            if m[1].isdigit()
            else {b"n": b"\n", b"r": b"\r", b"t": b"\t"}.get(m[1], m[1])
        ),
        mentah,
        flags=re.S,
    )


def halaman(isi: bytes) -> list[str]:
    """Text of each page, words separated by one space, as a reader meets them."""
    objek = {int(n): badan for n, badan in _OBJEK.findall(isi)}
    peta_huruf = {}
    for badan in objek.values():
        if (nama := re.search(rb"/Name /(F\d+\+\d+)", badan)) and (
            m := re.search(rb"/ToUnicode (\d+) 0 R", badan)
        ):
            peta_huruf[nama[1]] = _peta(_bongkar(objek[int(m[1])]))
    hasil = []
    for badan in objek.values():
        if b"/Type /Page\n" not in badan and b"/Type /Page " not in badan:
            continue
        kata, kini = [], {}
        for font, ucap, *_ in _UCAP.findall(
            _bongkar(objek[int(re.search(rb"/Contents (\d+) 0 R", badan)[1])])
        ):
            if font:
                kini = peta_huruf.get(font, {})
            elif ucap:
                kata.append("".join(kini.get(b, chr(b)) for b in _lepas(ucap)))
            else:
                kata.append(" ")
        hasil.append(" ".join("".join(kata).split()))
    return hasil


def tulisan(isi: bytes) -> str:
    return " ".join(halaman(isi))


def surat(*isi, **lain) -> bytes:
    return pdf.susun(list(isi), judul="Surat Uji", **lain)


@pytest.mark.parametrize(
    "nama", ["<b>", "Tom & Co", "a</para>b", "D'Jamaluddin", "{nama}", "&lt;", "Ma’ruf", "André"]
)
def test_a_name_prints_as_it_was_typed(nama):
    isi = tulisan(surat(pdf.teks(nama), pdf.paragraf("<b>Nama:</b> {n}", n=nama), *pdf.butir([nama])))
    assert isi.count(nama) == 3
    assert f"Nama: {nama}" in isi


def test_a_letter_the_font_lacks_prints_as_its_plain_form_and_never_as_a_box():
    assert pdf.huruf("Khadījah Ō’Nang\u202e\x00 ‒1 ﷺ") == "Khadijah O’Nang -1 ?"


def test_typed_line_breaks_stay():
    assert "satudua" not in tulisan(surat(pdf.teks("satu\ndua")))
    assert "satu dua" in tulisan(surat(pdf.teks("satu\ndua")))


def test_the_same_rows_give_the_same_bytes_on_another_day(monkeypatch):
    def sekali():
        return surat(
            *pdf.kop(["Pemerintah Kabupaten Garut", "Dinas Sosial"]), pdf.teks("Isi"), kode="ABCDEFGHJKMN"
        )

    pertama = sekali()
    monkeypatch.setattr(time, "time", lambda: 2_000_000_000.0)
    assert sekali() == pertama


def test_each_sheet_carries_the_code_its_address_and_page_x_of_y(settings):
    settings.PUBLIC_URL = "https://dtks.garutkab.go.id/"
    isi = halaman(surat(pdf.teks("satu"), pdf.halaman_baru(), pdf.teks("dua"), kode="ABCDEFGHJKMN"))
    assert len(isi) == 2
    for nomor, satu in enumerate(isi, 1):
        assert "https://dtks.garutkab.go.id/v/ABCDEFGHJKMN/" in satu
        assert "Kode: ABCD EFGH JKMN" in satu
        assert f"Halaman {nomor} dari 2" in satu


def test_the_qr_holds_the_address_of_the_check_page(settings):
    """The rectangles on the sheet cover the dark modules of a QR made here from the address, and no other."""
    settings.PUBLIC_URL = "https://dtks.garutkab.go.id"
    isi = surat(pdf.teks("satu"), kode="ABCDEFGHJKMN")
    objek = dict(_OBJEK.findall(isi))
    konten = _bongkar(objek[re.search(rb"/Contents (\d+) 0 R", isi)[1]])
    kotak = [tuple(map(float, k)) for k in re.findall(rb"([\d.]+) ([\d.]+) ([\d.]+) ([\d.]+) re", konten)]
    harap = segno.make_qr("https://dtks.garutkab.go.id/v/ABCDEFGHJKMN/", error="m").matrix
    satuan = kotak[0][3]
    kiri, atas = min(k[0] for k in kotak), max(k[1] for k in kotak)
    gelap = {
        (round((atas - y) / satuan), round((x - kiri) / satuan) + i)
        for x, y, lebar, _ in kotak
        for i in range(round(lebar / satuan))
    }
    assert gelap == {(i, j) for i, baris in enumerate(harap) for j, hitam in enumerate(baris) if hitam}


def test_a_form_without_code_has_no_address():
    assert "/v/" not in tulisan(surat(pdf.teks("satu")))


def test_five_hundred_rows_are_all_there_in_order_with_the_head_on_each_page_and_quickly():
    baris = [
        (i, f"Keluarga nomor {i:03d}", f"Kampung Contoh RT 001/RW {i % 20:03d}", "disepakati")
        for i in range(1, 501)
    ]
    mulai = time.process_time()
    lembar = halaman(
        surat(
            pdf.tabel(("No.", "Nama", "Alamat rumah", "Putusan"), baris, (8, 50, 60, 30)), kode="ABCDEFGHJKMN"
        )
    )
    assert time.process_time() - mulai < 10
    assert len(lembar) > 10
    assert all("Alamat rumah" in satu for satu in lembar)
    assert re.findall(r"Keluarga nomor (\d{3})", " ".join(lembar)) == [f"{i:03d}" for i in range(1, 501)]


def test_a_row_taller_than_a_page_splits_and_loses_nothing():
    isi = surat(pdf.tabel(("Nama", "Alasan"), [("A", "W" * 4000)], (1, 1)))
    assert len(halaman(isi)) > 1
    assert tulisan(isi).count("W") == 4000


def test_a_paragraph_that_misses_the_page_by_the_padding_splits():
    """52 lines fill a page with a code but for 2.9 points: the row with its padding does not fit, its text does."""
    for n in (51, 52, 53):
        isi = halaman(
            surat(*pdf.diktum([("KESATU", ["\n".join(["baris"] * n)])], bernomor=False), kode="ABCD" * 4)
        )
        assert [h.count("baris") for h in isi] == ([n] if n == 51 else [51, n - 51])


def test_an_empty_table_is_still_a_letter():
    assert "Nama" in tulisan(surat(pdf.tabel(("Nama", "Alasan"), [], (1, 1))))


def test_a_signature_without_a_name_leaves_room_to_write_it():
    isi = tulisan(
        surat(
            pdf.tanda_tangan(pdf.Tertanda(("Mengetahui,", "Lurah")), pdf.Tertanda(("Notulis,",), "Siti <b>"))
        )
    )
    assert "( ...." in isi
    assert "Siti <b>" in isi


@pytest.mark.parametrize(
    ("n", "kata"),
    [(0, "nol"), (10, "sepuluh"), (11, "sebelas"), (17, "tujuh belas"), (20, "dua puluh"), (100, "seratus"), (115, "seratus lima belas"),
     (1000, "seribu"), (1001, "seribu satu"), (2026, "dua ribu dua puluh enam"), (11_111, "sebelas ribu seratus sebelas"),
     (100_000, "seratus ribu"), (1_000_000, "satu juta"), (21_000_305, "dua puluh satu juta tiga ratus lima")],
)  # fmt: skip
def test_numbers_in_words(n, kata):
    assert terbilang.terbilang(n) == kata


@pytest.mark.parametrize("n", [-1, 10**9])
def test_a_number_no_letter_counts_is_refused(n):
    with pytest.raises(ValueError, match="terbilang"):
        terbilang.terbilang(n)


def test_dates_and_periods_in_words():
    hari = dt.date(2026, 10, 5)
    assert terbilang.tanggal_kata(hari) == "Senin tanggal lima bulan Oktober tahun dua ribu dua puluh enam"
    assert terbilang.tanggal_panjang(hari) == "5 Oktober 2026"
    assert [terbilang.hari(dt.date(2026, 10, h)) for h in (2, 3, 4)] == ["Jumat", "Sabtu", "Minggu"]
    assert terbilang.angka(12500) == "12.500 (dua belas ribu lima ratus)"
    assert terbilang.periode_kata("2026-10") == "Oktober 2026"
    assert terbilang.periode_kata("2026-4") == "triwulan IV tahun 2026"
    assert terbilang.periode_kata("2026-13") == "2026-13"


def test_an_hour_is_told_in_local_time():
    assert timezone.get_default_timezone_name() == "Asia/Jakarta"
