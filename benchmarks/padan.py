"""A million persons against the population table, by Celery, against one SQL join in the same run: `python benchmarks/padan.py`.

Needs nothing but the checkout: it runs the load test of the same name on servers of its own and writes benchmarks/hasil/padan.md.
A = one `INSERT .. SELECT .. LEFT JOIN` on one connection, the result stored. B = the portal's own cross-check: ranges of 100,000
persons, two Celery workers, with its counts, its queue rows, and the names that have to be weighed in Python. A B A B.
"""

import os
import platform
import subprocess
import sys
from datetime import date
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent
BANYAK = int(os.environ.get("PADAN_BANYAK", "1000000"))
PUTARAN = int(os.environ.get("PADAN_PUTARAN", "4"))
BEDA = 200  # every so many-th person is missing, dead, or has another name


def isi(n: int, desa: str, kabupaten: str) -> None:
    """`n` persons in families of four, and their rows of the civil registry, straight into the tables with the triggers off."""
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("set local session_replication_role = replica")
        cursor.execute(
            """insert into dtks_keluarga (id, nama_kepala, wilayah_id, alamat, rt, rw, alamat_kk, patokan, nama_suku, status, tanda, versi, updated_at)
               select md5('k' || g)::uuid, 'Kepala ' || g, %s, 'Kp. Uji', '001', '001', '', '', '', 'terdaftar', '{}', 0, now()
               from generate_series(0, %s / 4) g""",
            [desa, n],
        )
        cursor.execute(
            """insert into dtks_individu (id, keluarga_id, nik_indeks, tanpa_nik_alasan, nama, kunci_nama, tempat_lahir, tgl_lahir, jenis_kelamin,
                 hubungan, status_kawin, ibu_kandung, keberadaan, alamat_capil, partisipasi_sekolah, jenjang, kelas, ijazah, lapangan_usaha,
                 status_kerja, pendapatan, usaha_lapangan, usaha_omzet, disabilitas, jamkes, penyakit_menahun, gizi, versi_kode, aktif,
                 nonaktif_alasan, padan, tanda, updated_at)
               select md5('i' || g)::uuid, md5('k' || g / 4)::uuid, sha256(convert_to('n' || g, 'UTF8')), '', 'Warga Uji ' || g, '', '',
                 date '1960-01-01' + g %% 18000, (1 + g %% 2)::text, case g %% 4 when 0 then '1' else '3' end, '1', 'Siti', '1', '', '', '',
                 '', '', '', '', '', '', '', '', '', '', '', 'DTSEN-2025', true, '', 'PADAN', '{}', now()
               from generate_series(0, %s - 1) g""",
            [n],
        )
        cursor.execute(
            """insert into dtks_penduduk (nik_indeks, nama, tgl_lahir, jenis_kelamin, wilayah, status, per_tanggal)
               select sha256(convert_to('n' || g, 'UTF8')), upper(case when g %% %s = 2 then 'Orang Lain' else 'Warga Uji ' || g end),
                 date '1960-01-01' + g %% 18000, (1 + g %% 2)::text, %s, case when g %% %s = 1 then '11' else '' end, current_date
               from generate_series(0, %s - 1) g where g %% %s <> 0""",
            [BEDA, kabupaten, BEDA, n, BEDA],
        )
    with connection.cursor() as cursor:
        cursor.execute("vacuum analyze dtks_keluarga, dtks_individu, dtks_penduduk")


def tabel(satu: list[float], kami: list[float], n: int) -> str:
    a, b = sorted(satu)[len(satu) // 2], sorted(kami)[len(kami) // 2]
    rasio = sorted(x / y for x, y in zip(satu, kami, strict=True))[len(satu) // 2]
    return "\n".join((
        f"| {n:,} orang, median dari {len(satu)} | detik | orang/s |",
        "|---|---|---|",
        f"| A: satu INSERT .. SELECT .. LEFT JOIN | {a:.2f} | {n / a:,.0f} |",
        f"| B: cek silang portal, dua pekerja Celery | {b:.2f} | {n / b:,.0f} |",
        f"| laju B / laju A (median rasio) | {rasio:.2f} | sasaran >= 0,70 |",
    ))  # fmt: skip


def utama() -> int:
    beban = os.getloadavg()
    jalan = subprocess.run(
        ["./test", "--load", "tests/dtks/test_padan_beban.py", "-s", "-q"],
        cwd=BASE_DIR, stdout=subprocess.PIPE, text=True, check=False,
    )  # fmt: skip
    sys.stdout.write(jalan.stdout)
    if jalan.returncode == 0:
        isi_tabel = "\n".join(b for b in jalan.stdout.splitlines() if b.startswith("|"))
        (BASE_DIR / "benchmarks" / "hasil" / "padan.md").write_text(
            f"""# Cek silang sejuta orang dibanding satu JOIN

`python benchmarks/padan.py`, {date.today():%Y-%m-%d}, Python {platform.python_version()}, {os.cpu_count()} inti; beban {beban[0]:.1f} saat mulai,
{os.getloadavg()[0]:.1f} saat selesai (dipakai bersama proses lain). A dan B bergantian di basis data yang sama.

{isi_tabel}
"""
        )
    return jalan.returncode


if __name__ == "__main__":
    sys.exit(utama())
