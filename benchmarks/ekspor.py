"""Fifty thousand rows out, against COPY of the same rows in the same run: `python benchmarks/ekspor.py`.

Needs nothing but the checkout: it runs the load test of the same name on servers of its own and writes benchmarks/hasil/ekspor.md.
Memory is what Python holds at the highest point above the start; a list that is built in memory would show its size there.
"""

import os
import platform
import subprocess
import sys
import time
import tracemalloc
import uuid
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

BASE_DIR = Path(__file__).resolve().parent.parent
BANYAK = 50_000
SALIN = """
copy (select u.tiket, k.nama_kepala, i.nik, k.no_kk, k.alamat, k.rt, k.rw, w.jalur, u.program, u.jalur, u.periode, u.status,
             u.status_sejak, u.tenggat
      from dtks_usulan u join dtks_keluarga k on k.id = u.keluarga_id join wilayah_wilayah w on w.kode = u.wilayah_id
      left join dtks_individu i on i.keluarga_id = k.id and i.aktif and i.hubungan = '1'
      order by u.wilayah_id, k.nama_kepala, u.id) to stdout (format csv)
"""


def isi(n: int, desa: str) -> None:
    """`n` families, each with a head and a proposal, straight into the tables with the triggers off."""
    from django.db import connection, transaction

    from dtks.models import Individu, Keluarga, Usulan

    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("set local session_replication_role = replica")
        for awal in range(0, n, 5000):
            keluarga, kepala, usulan = [], [], []
            for i in range(awal, min(awal + 5000, n)):
                k = Keluarga(
                    id=uuid.uuid4(),
                    nama_kepala=f"Kepala {i:06d}",
                    wilayah_id=desa,
                    alamat=f"Kp. Cikajang {i}",
                    rt="001",
                    rw="005",
                )
                k.no_kk = f"3205010101{i:06d}"
                o = Individu(
                    id=uuid.uuid4(), keluarga=k, nama=k.nama_kepala, tgl_lahir=date(1980, 1, 1), jenis_kelamin="1", hubungan="1",
                    status_kawin="2", ibu_kandung="Siti", tempat_lahir="Garut",
                )  # fmt: skip
                o.nik = f"3205010101{i:06d}"
                keluarga.append(k)
                kepala.append(o)
                usulan.append(
                    Usulan(
                        keluarga=k,
                        wilayah_id=desa,
                        program="PKH",
                        periode="2026-11",
                        tiket=f"BEBAN-{i:06d}",
                        pin_indeks=b"\0" * 32,
                    )
                )
            for model, rows in ((Keluarga, keluarga), (Individu, kepala), (Usulan, usulan)):
                model.objects.bulk_create(rows, batch_size=1000)
        with connection.cursor() as cursor:
            cursor.execute("analyze dtks_keluarga, dtks_individu, dtks_usulan")


def ukur(apa: Callable[[], Any]) -> tuple[float, float]:
    """(seconds, highest megabytes above the start) of two runs: tracing memory costs time."""
    mulai = time.perf_counter()
    apa()
    detik = time.perf_counter() - mulai
    tracemalloc.start()
    apa()
    puncak = tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.stop()
    return detik, puncak


def tabel(hasil: dict[str, tuple[float, float]], n: int) -> str:
    dasar = hasil["COPY (dasar)"][0]
    baris = [f"| {n:,} baris | detik | baris/s | x COPY | puncak Python (MB) |", "|---|---|---|---|---|"]
    baris += [f"| {k} | {d:.2f} | {n / d:,.0f} | {d / dasar:.1f} | {m:.1f} |" for k, (d, m) in hasil.items()]
    return "\n".join(baris)


def utama() -> int:
    beban = os.getloadavg()
    jalan = subprocess.run(
        ["./test", "--load", "tests/dtks/test_ekspor_beban.py", "-s", "-q"],
        cwd=BASE_DIR, stdout=subprocess.PIPE, text=True, check=False,
    )  # fmt: skip
    sys.stdout.write(jalan.stdout)
    if jalan.returncode == 0:
        isi = "\n".join(b for b in jalan.stdout.splitlines() if b.startswith("|"))
        (BASE_DIR / "benchmarks" / "hasil" / "ekspor.md").write_text(
            f"""# Unduhan 50.000 baris dibanding COPY

`python benchmarks/ekspor.py`, {date.today():%Y-%m-%d}, Python {platform.python_version()}, {os.cpu_count()} inti; beban {beban[0]:.1f} saat mulai, {os.getloadavg()[0]:.1f}
saat selesai (dipakai bersama proses lain). COPY = kueri yang sama ke csv tanpa membuka NIK. Tiap cara dijalankan dua kali: sekali untuk waktu, sekali untuk
memori. Puncak Python = di atas keadaan awal; daftar 50.000 baris di memori akan tampak di situ.

{isi}
"""
        )
    return jalan.returncode


if __name__ == "__main__":
    sys.exit(utama())
