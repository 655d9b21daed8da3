"""CSV as it comes from Excel, and CSV that Excel may open: any delimiter in, no formula out."""

import csv
from collections.abc import Iterable, Iterator
from io import StringIO
from pathlib import Path

from core.ekspor import aman


class BerkasSalah(ValueError):
    """Not a CSV that we take; the text is an Indonesian sentence."""


def baca(path: Path, kolom: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str]]]:
    """(line number, cells by column) of each row that is not empty. The header must have `kolom`; more are ignored."""
    try:
        teks = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise BerkasSalah(f"Berkas tidak bisa dibaca: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise BerkasSalah("Berkas bukan teks UTF-8. Simpan ulang dari Excel sebagai CSV UTF-8.") from error
    baris_pertama = teks.split("\n", 1)[0]
    pemisah = max(",;\t", key=baris_pertama.count)
    pembaca = csv.DictReader(StringIO(teks, newline=""), delimiter=pemisah)
    judul = {(nama or "").strip().lower(): nama for nama in pembaca.fieldnames or []}
    kurang = [nama for nama in kolom if nama not in judul]
    if kurang:
        raise BerkasSalah(
            f"Kolom {', '.join(kurang)} tidak ada. Baris pertama harus berisi: {', '.join(kolom)}."
        )
    for row in pembaca:
        isi = {nama: (row.get(judul[nama]) or "").strip() for nama in kolom}
        if any(isi.values()):
            yield pembaca.line_num, isi


def tulis(path: Path, judul: Iterable[str], baris: Iterable[Iterable[str]]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as keluar:
        penulis = csv.writer(keluar)
        penulis.writerow(judul)
        penulis.writerows([aman(sel) for sel in row] for row in baris)
