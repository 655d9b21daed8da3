"""Build wilayah.csv.gz and SUMBER.json from the unpacked npm package idn-area-data.

    npm pack idn-area-data@4.0.1 && tar xzf idn-area-data-4.0.1.tgz
    python wilayah/data/buat_data.py package [target folder]

Name the version: node below 22 silently packs 3.1.2. Same input, same bytes out. Standard library only, so
that it runs where the portal is not installed. What each field of SUMBER.json means: docs/data-wilayah.md.
"""

import csv
import gzip
import hashlib
import io
import json
import sys
from pathlib import Path

SHEETS = ("provinces.csv", "regencies.csv", "districts.csv", "villages.csv")
LEVELS = ("provinsi", "kabupaten_kota", "kecamatan", "desa_kelurahan")
SUMBER = {
    "nama": "idn-area-data",
    "pembuat": "Fityan Nugroho dan para penyumbang idn-area-data",
    "alamat": "https://github.com/fityannugroho/idn-area-data",
    "paket": "https://www.npmjs.com/package/idn-area-data",
    "dasar": "Keputusan Menteri Dalam Negeri Nomor 300.2.2-2138 Tahun 2025",
    "tanggal_dasar": "2025-04-25",
    "lisensi": "Open Database License (ODbL) 1.0",
    "alamat_lisensi": "https://opendatacommons.org/licenses/odbl/1-0/",
}


def rapikan(nama: str) -> str:
    """Whitespace, and the inch sign that the decree's PDF prints for a glottal stop (Ra"as is Ra'as).

    Capitals stay as the source spells them: 'RD. PJKA' and 'Pasi ie Leubeue' are both right.
    """
    return " ".join(nama.replace('"', "'").replace("’", "'").split())


def baca(folder: Path) -> list[tuple[str, str, int]]:
    """All areas as (dotted code, name, level 1..4), in code order."""
    baris = []
    for tingkat, berkas in enumerate(SHEETS, start=1):
        with (folder / "data" / berkas).open(encoding="utf-8", newline="") as f:
            baris += [(satu["code"].strip(), rapikan(satu["name"]), tingkat) for satu in csv.DictReader(f)]
    return sorted(baris)


def susun(baris: list[tuple[str, str, int]]) -> bytes:
    teks = io.StringIO()
    penulis = csv.writer(teks, lineterminator="\n")
    penulis.writerow(["kode", "nama", "tingkat"])
    penulis.writerows(baris)
    return teks.getvalue().encode()


def utama(folder: Path, tujuan: Path) -> None:
    paket = json.loads((folder / "package.json").read_text())
    baris = baca(folder)
    isi = susun(baris)
    (tujuan / "wilayah.csv.gz").write_bytes(gzip.compress(isi, compresslevel=9, mtime=0))
    sumber = SUMBER | {
        "versi": paket["version"],
        "jumlah": {
            nama: sum(1 for satu in baris if satu[2] == tingkat)
            for tingkat, nama in enumerate(LEVELS, start=1)
        },
        "sha256_csv": hashlib.sha256(isi).hexdigest(),
        "sha256_asal": {
            berkas: hashlib.sha256((folder / "data" / berkas).read_bytes()).hexdigest() for berkas in SHEETS
        },
    }
    (tujuan / "SUMBER.json").write_text(json.dumps(sumber, indent=2, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    utama(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) == 3 else Path(__file__).parent)
