"""Build kode_lama.csv: kabupaten and kecamatan codes that the Papua laws of 2022 replaced.

    python wilayah/data/buat_kode_lama.py wilayah_2022.sql

Input: db/archive/wilayah_2022.sql of github.com/cahyadsn/wilayah (MIT), the list of Kepmendagri 050-145 Tahun
2022, before the split. A pair is kept only when kabupaten and kecamatan carry the same name in the current
list, exactly once; everything else is left out and counted on screen. Standard library only.
"""

import csv
import gzip
import re
import sys
from pathlib import Path

DI_SINI = Path(__file__).parent
# New province -> day the law was promulgated, and the law.
UNDANG_UNDANG = {
    "93": ("2022-07-25", "UU 14/2022 tentang Pembentukan Provinsi Papua Selatan"),
    "94": ("2022-07-25", "UU 15/2022 tentang Pembentukan Provinsi Papua Tengah"),
    "95": ("2022-07-25", "UU 16/2022 tentang Pembentukan Provinsi Papua Pegunungan"),
    "96": ("2022-12-08", "UU 29/2022 tentang Pembentukan Provinsi Papua Barat Daya"),
}


def kunci(nama: str) -> str:
    """'KAB. FAK FAK' and 'Kabupaten Fakfak' are one name; a kota is not its kabupaten."""
    nama = re.sub(r"^kab\.?\s|^kabupaten\s", "kab ", nama.lower())
    return re.sub(r"[^a-z0-9]", "", nama)


def baca_lama(berkas: Path) -> dict[str, str]:
    teks = berkas.read_text(encoding="utf-8", errors="replace")
    pola = r"\('(9[12]\.[0-9]{2}(?:\.[0-9]{2})?)',\s*'((?:[^'\\]|''|\\.)*)'"
    return {kode: re.sub(r"\\(.)|''", lambda m: m[1] or "'", nama) for kode, nama in re.findall(pola, teks)}


def baca_kini() -> dict[str, str]:
    with gzip.open(DI_SINI / "wilayah.csv.gz", "rt", encoding="utf-8", newline="") as f:
        return {satu["kode"]: satu["nama"] for satu in csv.DictReader(f) if satu["kode"][:2] in UNDANG_UNDANG}


def pasangkan(lama: dict[str, str], kini: dict[str, str]) -> tuple[list[list[str]], int]:
    """Rows of kode_lama.csv, and how many kecamatan found no sure successor."""
    kab = {kunci(nama): kode for kode, nama in kini.items() if len(kode) == 5}
    pindah = {kode: kab[kunci(nama)] for kode, nama in lama.items() if len(kode) == 5 and kunci(nama) in kab}
    baris, ragu = [], 0
    for kode, nama in sorted(lama.items()):
        if kode[:5] not in pindah:
            continue
        baru = pindah[kode[:5]]
        calon = (
            [baru]
            if len(kode) == 5
            else [
                satu
                for satu, nama_kini in kini.items()
                if len(satu) == 8 and satu.startswith(baru + ".") and kunci(nama_kini) == kunci(nama)
            ]
        )
        if len(calon) != 1:
            ragu += 1
            continue
        tanggal, dasar = UNDANG_UNDANG[baru[:2]]
        baris.append([kode, kini[calon[0]], calon[0], tanggal, dasar])
    return baris, ragu


def utama(berkas: Path) -> None:
    baris, ragu = pasangkan(baca_lama(berkas), baca_kini())
    with (DI_SINI / "kode_lama.csv").open("w", encoding="utf-8", newline="") as f:
        penulis = csv.writer(f, lineterminator="\n")
        penulis.writerow(["kode", "nama", "pengganti", "berlaku_hingga", "dasar"])
        penulis.writerows(baris)
    sys.stdout.write(f"{len(baris)} pasangan, {ragu} kecamatan tanpa pengganti yang pasti\n")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    utama(Path(sys.argv[1]))
