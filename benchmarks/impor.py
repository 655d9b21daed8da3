"""Import of a V.4 file against a raw COPY of the same rows into the same tables: `python benchmarks/impor.py [ROWS …]`.

A = the whole import: open the file, every rule, the register, staging, confirm, write, trail, one job's transaction each.
P = the second half of A alone: what happens after the operator presses "Simpan".
B = COPY of the rows that A left behind (families, persons, proposals, acts, staging, jobs), from ready text, in one transaction,
    into the same tables with the same indexes and triggers; the fingerprints of the trail and the seal are made by both.
C = the same without staging and jobs: only the register and its acts.
Each import runs in a child that has done a small one before, as a worker has. Besides the clock, CPU seconds are counted (this process and its PostgreSQL backend): a machine that others use too stretches
the clock and hardly the CPU time. Rounds are interleaved (A B C A B C …) on an emptied database of its own; medians are printed and written to
benchmarks/hasil/impor.md. Files above 20,000 rows are measured once (PUTARAN_BESAR). Needs the servers of `./test` (it makes and drops its own test database).
"""

# ruff: noqa: T201, S607 - Django is set up first; a command prints
import os
import platform
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import psutil

AKAR = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(AKAR))

PUTARAN, PUTARAN_BESAR = int(os.environ.get("PUTARAN", "4")), int(os.environ.get("PUTARAN_BESAR", "1"))
BESAR = 20_000
REGISTER = ("dtks_keluarga", "dtks_individu", "dtks_usulan", "core_jejak")
SEMUA = (*REGISTER, "dtks_barisimpor", "core_pekerjaan")


def main(jumlah: list[int]) -> None:
    from tests import servers

    servers.set_environment()
    from config import local_services

    local_services.hold()
    try:
        local_services.ensure()
        ukur(jumlah)
    finally:
        local_services.release_and_stop()


def ukur(jumlah: list[int]) -> None:
    import django

    django.setup()
    from django.test.utils import setup_databases, setup_test_environment, teardown_databases

    from tests.bantu import basis
    from tests.bantu.anak import terpisah

    setup_test_environment()
    lama = setup_databases(verbosity=0, interactive=False, aliases=["default"])
    try:
        basis.siapkan()
        baris = []
        for n in jumlah:
            baris.append(putaran(n, terpisah(lambda n=n: berkas(n))))
            print(baris[-1], flush=True)
        tulis(baris)
    finally:
        teardown_databases(lama, verbosity=0)


def berkas(n: int) -> bytes:
    from tests.bantu import berkas_v4
    from tests.bantu.pemain import DESA

    return berkas_v4.xlsx(berkas_v4.berkas(n, seed=1, desa=berkas_v4.nama_desa(DESA))[:n])


def putaran(n: int, isi: bytes) -> str:
    jam: dict[str, list[float]] = {"A": [], "P": [], "B": [], "C": []}
    cpu: dict[str, list[float]] = {"A": [], "P": [], "B": [], "C": []}
    rss = (0, 0)
    for _ in range(PUTARAN if n <= BESAR else PUTARAN_BESAR):
        ukuran, teks, puncak = impor(isi)
        for nama, (detik, proses) in ukuran.items():
            jam[nama].append(detik)
            cpu[nama].append(proses)
        rss = max(rss, puncak)
        for nama, tabel in (("B", SEMUA), ("C", REGISTER)):
            detik, proses = salin(teks, tabel)
            jam[nama].append(detik)
            cpu[nama].append(proses)
        del teks  # the next import must not inherit it
        kini = "  ".join(f"{k} {jam[k][-1]:.1f}s/cpu {cpu[k][-1]:.1f}s" for k in jam)
        print(f"  {n}: {kini}  RSS {puncak[0]} -> {puncak[1]} MB", flush=True)
    sel = [f"{n:,}"]
    for satu in (jam, cpu):
        sel += [f"{statistics.median(satu[k]):.2f}" for k in "APBC"]
        sel += [
            f"{statistics.median(y / x for x, y in zip(satu[a], satu['B'], strict=True)):.2f}" for a in "AP"
        ]
    return (
        "| " + " | ".join([*sel, f"{n / statistics.median(jam['A']):,.0f}", str(rss[0]), str(rss[1])]) + " |"
    )


def ukur_waktu(kerja: Callable[[], object]) -> tuple[float, float]:
    """(seconds by the clock, CPU seconds of this process and of its backend) of one piece of work."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("select pg_backend_pid()")
        server = psutil.Process(cursor.fetchone()[0])
    lama, jam, klien = sum(server.cpu_times()[:2]), time.perf_counter(), time.process_time()
    kerja()
    return (
        time.perf_counter() - jam,
        time.process_time() - klien + sum(server.cpu_times()[:2]) - lama,
    )


def impor(isi: bytes) -> tuple[dict[str, tuple[float, float]], dict[str, bytes], tuple[int, int]]:
    """Times of the import (in a process of its own, so that its memory is its own), and the rows it left, as COPY text."""
    from tests.bantu import basis
    from tests.bantu.anak import terpisah

    basis.kosongkan()
    hasil = terpisah(lambda: anak(isi).encode()).decode().split()
    if len(hasil) != 6:
        raise SystemExit("import failed")
    teks = baca(SEMUA)
    semua, simpan = (float(hasil[0]), float(hasil[1])), (float(hasil[2]), float(hasil[3]))
    return {"A": semua, "P": simpan}, teks, (int(hasil[4]), int(hasil[5]))


def anak(isi: bytes) -> str:
    from dtks.actions.impor import inti
    from dtks.actions.impor.usulan_v4 import JENIS
    from dtks.models import Impor, Individu
    from tests.bantu import basis
    from tests.bantu.alur import orang

    by = orang("operator")
    inti.unggah(by=by, jenis=JENIS, isi=berkas(30), nama="hangat.xlsx", langsung=True)
    inti.terapkan(Impor.objects.get(), by=by, langsung=True)
    basis.kosongkan()
    by = orang("operator")
    awal = puncak_kini()
    periksa = ukur_waktu(lambda: inti.unggah(by=by, jenis=JENIS, isi=isi, nama="uji.xlsx", langsung=True))
    simpan = ukur_waktu(lambda: inti.terapkan(Impor.objects.get(), by=by, langsung=True))
    detik, proses = periksa[0] + simpan[0], periksa[1] + simpan[1]
    kasus = Impor.objects.get()
    if kasus.hitung.get("baru") != kasus.jumlah or Individu.objects.count() != kasus.jumlah:
        raise SystemExit(f"rows are missing: {kasus.hitung}")
    return f"{detik} {proses} {simpan[0]} {simpan[1]} {awal} {puncak_kini()}"


def puncak_kini() -> int:
    """Most megabytes that this process held so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def baca(tabel: tuple[str, ...]) -> dict[str, bytes]:
    from django.db import connection

    teks = {}
    with connection.cursor() as cursor:
        for satu in tabel:
            with cursor.copy(f"copy {satu} to stdout") as keluar:
                teks[satu] = b"".join(bytes(x) for x in keluar)
    return teks


def salin(teks: dict[str, bytes], tabel: tuple[str, ...]) -> tuple[float, float]:
    """Time of one transaction that COPYs the same rows back, seal at commit included."""
    from django.db import connection, transaction

    from tests.bantu import basis

    induk = baca(("core_berkas", "dtks_impor"))

    @transaction.atomic
    def tulis_kembali(isi: dict[str, bytes], urutan: tuple[str, ...]) -> None:
        with connection.cursor() as cursor:
            for satu in urutan:
                with cursor.copy(f"copy {satu} from stdin") as masuk:
                    for i in range(0, len(isi[satu]), 1 << 16):
                        masuk.write(isi[satu][i : i + (1 << 16)])

    basis.kosongkan()
    tulis_kembali(induk, tuple(induk))
    return ukur_waktu(lambda: tulis_kembali(teks, tabel))


def tulis(baris: list[str]) -> None:
    cpu = next(
        (
            b.split(":")[1].strip()
            for b in Path("/proc/cpuinfo").read_text().splitlines()
            if b.startswith("model name")
        ),
        "?",
    )
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, cwd=AKAR, check=False
    ).stdout.strip()
    beban = os.getloadavg()
    keluar = AKAR / "benchmarks" / "hasil" / "impor.md"
    keluar.parent.mkdir(exist_ok=True)
    keluar.write_text(
        f"""# Impor V.4 dibanding COPY mentah

`python benchmarks/impor.py`, {date.today():%Y-%m-%d}, commit {commit}, {PUTARAN} putaran bergantian (A B C), median; di atas {BESAR:,} baris {PUTARAN_BESAR} putaran.
Mesin: {cpu}, {os.cpu_count()} inti, Python {platform.python_version()}, beban saat selesai {beban[0]:.1f} (dipakai bersama proses lain).

A = impor lengkap (periksa + simpan); P = bagian simpan saja; B = COPY semua baris yang ditinggalkannya; C = COPY register dan jejaknya saja. CPU = proses ini + backend.
Tiap impor berjalan di proses anak yang sudah pernah mengerjakan satu impor kecil, seperti pekerja antrean.

| baris | A (s) | P (s) | B (s) | C (s) | B/A | B/P | A CPU (s) | P CPU (s) | B CPU (s) | C CPU (s) | B/A CPU | B/P CPU | baris/s | RSS awal (MB) | RSS puncak A (MB) |
|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|
"""
        + "\n".join(baris)
        + "\n"
    )
    print(keluar.read_text())


if __name__ == "__main__":
    main([int(x) for x in sys.argv[1:]] or [10_000, 100_000])
