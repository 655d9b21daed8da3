"""An eligibility list over HTTP against `psql \\copy` of the same rows, and pages against page numbers: `python benchmarks/daftar.py`.

Needs nothing but the checkout: it runs the load test of the same name on servers of its own and writes benchmarks/hasil/daftar.md.
A = `psql \\copy` of the same columns as CSV, one connection. B = `GET /api/v1/kelayakan/PKH/` by a gunicorn of its own, read by
curl, one connection to the database. A B A B. Pages: the portal's cursor and a DRF view with a serializer and PageNumberPagination
over the same rows, both through the whole stack in process, at pages spread over the whole list.
"""

import os
import platform
import subprocess
import sys
from datetime import date
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent
BANYAK = int(os.environ.get("DAFTAR_BANYAK", "400000"))
PUTARAN = int(os.environ.get("DAFTAR_PUTARAN", "4"))
SALIN = """\\copy (select b.id, b.keluarga_id, b.individu_id, b.nama_kepala, b.wilayah_id, b.desil, b.skor, b.peringkat, b.hasil, b.manfaat,
 s.komponen, s.isi, a.program_id || '/' || a.versi, d.snapshot, b.data_per from bansos_barisdaftar b join bansos_daftarkelayakan d on d.id = b.daftar_id
 join bansos_aturanprogram a on a.id = d.aturan_id join bansos_sebabdaftar s on s.daftar_id = d.id and s.nomor = b.sebab
 where b.daftar_id = '{daftar}' order by b.id) to /dev/null csv"""


def median(angka: list[float]) -> float:
    return sorted(angka)[len(angka) // 2]


def tabel(
    n: int, salin: list[float], hasil: dict[str, list[float]], halaman: dict[str, float], rss: int
) -> str:
    dasar = median(salin)
    baris = [f"| {n:,} baris, median dari {len(salin)} | detik | baris/s | x psql |", "|---|---|---|---|"]
    baris.append(f"| psql \\copy csv (dasar) | {dasar:.2f} | {n / dasar:,.0f} | 1.00 |")
    for nama, detik in hasil.items():
        rasio = median([a / b for a, b in zip(salin, detik, strict=True)])
        baris.append(f"| {nama} | {median(detik):.2f} | {n / median(detik):,.0f} | {rasio:.2f} |")
    naif, kami = halaman["DRF PageNumberPagination"], halaman["kursor portal"]
    baris += [
        f"| halaman 100 baris: DRF PageNumberPagination | {naif:.4f} | {100 / naif:,.0f} | - |",
        f"| halaman 100 baris: kursor portal | {kami:.4f} | {100 / kami:,.0f} | {naif / kami:.0f} x DRF (sasaran >= 20) |",
        f"| memori server di atas awal, seluruh aliran | {rss / 1024:.0f} MB | - | - |",
    ]
    return "\n".join(baris)


def utama() -> int:
    beban = os.getloadavg()
    jalan = subprocess.run(
        ["./test", "--load", "tests/api/test_daftar_beban.py", "-s", "-q"],
        cwd=BASE_DIR, stdout=subprocess.PIPE, text=True, check=False,
    )  # fmt: skip
    sys.stdout.write(jalan.stdout)
    if jalan.returncode == 0:
        isi_tabel = "\n".join(b for b in jalan.stdout.splitlines() if b.startswith("|"))
        (BASE_DIR / "benchmarks" / "hasil" / "daftar.md").write_text(
            f"""# Daftar kelayakan lewat HTTP dibanding psql

`python benchmarks/daftar.py`, {date.today():%Y-%m-%d}, Python {platform.python_version()}, {os.cpu_count()} inti; beban {beban[0]:.1f} saat mulai,
{os.getloadavg()[0]:.1f} saat selesai (dipakai bersama proses lain). Bergantian di basis data yang sama; sasaran NDJSON >= 0,40 x psql di satu sambungan.

{isi_tabel}
"""
        )
    return jalan.returncode


if __name__ == "__main__":
    sys.exit(utama())
