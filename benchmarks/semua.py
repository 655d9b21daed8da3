"""Every goal of speed in one run: `./bench`.

    ./bench                           100,000 and 1,000,000, four rounds, writes docs/kinerja.md (hours; leave the machine alone)
    ./bench --ukuran 10000000         other sizes, smallest first; the page is written from 100,000 on
    ./bench --cepat                   2,000 and 10,000, one round: does it work, not how fast is it; writes nothing
    ./bench --hanya impor padan       some of them
    ./bench --tulis FILE              where the page is written; what stands outside its marks is kept

Each benchmark runs in a process of its own on a database of its own, which it drops. One that fails is named in the table and the exit code
is 1; a goal that is missed is a finding, not a failure.
"""

import argparse
import importlib
import json
import math
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

from benchmarks import rencana
from benchmarks.alas import AKAR, Hasil, basis_data, sql

SEMUA = ("impor", "padan", "ganda", "antrean", "daftar", "cek", "rls", "jejak", "kelayakan", "ekspor")
UKURAN, CEPAT = (100_000, 1_000_000), (2_000, 10_000)
HALAMAN = AKAR / "docs" / "kinerja.md"
AWAL, AKHIR = "<!-- hasil: ./bench -->", "<!-- /hasil -->"
KEPALA = ("goal", "what", "n", "ours", "limit", "measured", "lowest - highest round", "wanted", "")


def main(argumen: Sequence[str]) -> int:
    pilih = _argumen(argumen)
    if pilih.satu:
        _satu(pilih)
        return 0
    from tests import servers

    servers.set_environment()
    from config import local_services

    local_services.hold()
    try:
        local_services.ensure()
        servers.drop_leftovers()
        return _jalankan(pilih)
    finally:
        local_services.release_and_stop()


def _argumen(argumen: Sequence[str]) -> argparse.Namespace:
    arg = argparse.ArgumentParser(
        prog="./bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arg.add_argument("--ukuran", type=int, nargs="+", metavar="N")
    arg.add_argument("--cepat", action="store_true")
    arg.add_argument("--putaran", type=int)
    arg.add_argument(
        "--hanya", nargs="+", choices=SEMUA, default=SEMUA, metavar="NAME", help=", ".join(SEMUA)
    )
    arg.add_argument("--tulis", type=Path, metavar="FILE")
    arg.add_argument("--satu", choices=SEMUA, help=argparse.SUPPRESS)
    arg.add_argument("--keluar", type=Path, help=argparse.SUPPRESS)
    pilih = arg.parse_args(argumen)
    pilih.ukuran = sorted(pilih.ukuran or (CEPAT if pilih.cepat else UKURAN))
    pilih.putaran = pilih.putaran or (1 if pilih.cepat else 4)
    return pilih


# --- one benchmark, in the child ----------------------------------------------------------------------


def _satu(pilih: argparse.Namespace) -> None:
    with basis_data():
        hasil = importlib.import_module(f"benchmarks.{pilih.satu}").ukur(pilih.ukuran[0], pilih.putaran)
        mesin = dict(
            sql(
                "select name, setting || coalesce(unit, '') from pg_settings where name = any(%s)",
                list(SETELAN),
            )
        )
    pilih.keluar.write_text(json.dumps({"hasil": [h.sebagai_json() for h in hasil], "server": mesin}))


SETELAN = ("server_version", "shared_buffers", "work_mem", "max_wal_size", "synchronous_commit", "fsync")


# --- all of them --------------------------------------------------------------------------------------


def _jalankan(pilih: argparse.Namespace) -> int:
    mulai, beban, commit = datetime.now().astimezone(), os.getloadavg()[0], _commit()
    hasil: list[list[Hasil]] = []
    gagal: list[str] = []
    server: dict[str, str] = {}
    for nama in pilih.hanya:
        for n in pilih.ukuran:
            print(f"== {nama}, n = {n:,}", flush=True)
            awal = time.perf_counter()
            satu = _anak(nama, n, pilih.putaran)
            print(f"   {time.perf_counter() - awal:.0f} s, load {os.getloadavg()[0]:.1f}", flush=True)
            if satu is None:
                gagal.append(f"{nama}, n = {n:,}")
                continue
            server = satu["server"]
            hasil.append([Hasil.dari_json(h) for h in satu["hasil"]])
            print("\n".join(map(_baris, hasil[-1])), flush=True)  # a run that is cut off has shown something
    isi = "\n".join([
        *_keadaan(pilih, mulai, beban, commit, server), "", *tabel([h for bagian in hasil for h in bagian]),
        *(f"\n**Not measured: {g} failed.** The output of the run says why." for g in gagal),
    ])  # fmt: skip
    print(f"\n{isi}", flush=True)
    # A trial does not replace the page's figures.
    ganti = set(pilih.hanya) == set(SEMUA) and pilih.ukuran[0] >= UKURAN[0]
    tujuan = pilih.tulis or (HALAMAN if ganti else None)
    if tujuan:
        tulis(tujuan, isi)
    if tujuan == HALAMAN:
        rencana.main()  # the plan for the country uses these rates
    return 1 if gagal else 0


def _anak(nama: str, n: int, putaran: int) -> dict | None:
    with tempfile.NamedTemporaryFile(suffix=".json") as keluar:
        perintah = [
            sys.executable,
            "-m",
            "benchmarks.semua",
            "--satu",
            nama,
            "--ukuran",
            str(n),
            "--putaran",
            str(putaran),
            "--keluar",
            keluar.name,
        ]
        if subprocess.run(perintah, cwd=AKAR, check=False).returncode:
            return None
        return json.loads(Path(keluar.name).read_text())


def _keadaan(
    pilih: argparse.Namespace, mulai: datetime, beban: float, commit: str, server: dict[str, str]
) -> list[str]:
    cpu = [
        b.split(":")[1].strip()
        for b in Path("/proc/cpuinfo").read_text().splitlines()
        if b.startswith("model name")
    ]
    memori = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    setelan = ", ".join(f"{k} {v}" for k, v in sorted(server.items()) if k != "server_version")
    return [
        f"`./bench {' '.join(_perintah(pilih))}`".replace(" `", "`") + f" from {mulai:%Y-%m-%d %H:%M %Z} to {datetime.now():%H:%M}, commit {commit}, "
        f"{pilih.putaran} rounds in turn.", "",
        f"{cpu[0] if cpu else platform.machine()}, {os.cpu_count()} cores, {memori:.0f} GB; {platform.system()} {platform.release()}; load {beban:.1f} at "
        f"the start, {os.getloadavg()[0]:.1f} at the end. PostgreSQL {server.get('server_version', '?')} ({setelan}), Python {platform.python_version()}, "
        f"Django {version('django')}, psycopg {version('psycopg')}, Celery {version('celery')}, gunicorn {version('gunicorn')}.",
    ]  # fmt: skip


def _perintah(pilih: argparse.Namespace) -> list[str]:
    bagian = ["--ukuran", *map(str, pilih.ukuran), "--putaran", str(pilih.putaran)]
    return bagian if set(pilih.hanya) == set(SEMUA) else [*bagian, "--hanya", *pilih.hanya]


def _commit() -> str:
    def git(*apa: str) -> str:
        return subprocess.run(
            ["git", *apa], cwd=AKAR, capture_output=True, text=True, check=False
        ).stdout.strip()

    ubah = git("status", "--porcelain", "--untracked-files=no", "--", ":!docs")
    return (git("rev-parse", "--short", "HEAD") or "?") + (" with changes on top" if ubah else "")


# --- the table ----------------------------------------------------------------------------------------


def tabel(hasil: Iterable[Hasil]) -> list[str]:
    """Markdown lines, by goal; growth between the smallest and the largest size stands below its own line."""
    semua = sorted(hasil, key=lambda h: (h.nomor or 99, h.n))
    baris = [_sel(KEPALA), _sel(["---"] * len(KEPALA))]
    baris += [_baris(h) for h in (*semua, *_tumbuh(semua))]
    kena = [h.kena for h in (*semua, *_tumbuh(semua)) if h.kena is not None]
    return [*baris, "", f'{sum(kena)} of {len(kena)} judged lines met. Lines without a wish are shown, not judged; "-" stands beside the ten.']  # fmt: skip


def _sel(isi: Iterable[str]) -> str:
    return "| " + " | ".join(isi) + " |"


def _baris(h: Hasil) -> str:
    nilai = "-" if h.nilai is None else angka(h.nilai)
    rentang = f"{angka(h.rentang[0])} - {angka(h.rentang[1])}" if h.rentang else ""
    mau = f"{'≥' if h.arah == '>=' else '≤'} {h.sasaran:g}" if h.arah else ""
    putus = {True: "met", False: "**missed**", None: "**not measured**" if h.arah else ""}[h.kena]
    apa = h.nama + (f" ({h.rinci})" if h.rinci else "")
    return _sel(
        [str(h.nomor) if h.nomor else "-", apa, f"{h.n:,}", h.kami, h.batas, nilai, rentang, mau, putus]
    )


def angka(x: float) -> str:
    return f"{x:,.0f}" if abs(x) >= 100 else f"{x:.3g}"


def _tumbuh(semua: Sequence[Hasil]) -> list[Hasil]:
    """One more line for each that says how its cost may grow, when two sizes were measured."""
    menurut: dict[tuple[int, str], list[Hasil]] = {}
    for h in semua:
        if h.tumbuh:
            menurut.setdefault((h.nomor, h.nama), []).append(h)
    hasil = []
    for (nomor, nama), ukuran in menurut.items():
        a, b = ukuran[0], ukuran[-1]
        if a.n == b.n or not a.tumbuh or not b.tumbuh:
            continue
        kali = b.tumbuh.biaya / a.tumbuh.biaya
        if b.tumbuh.jenis == "kali":
            apa, nilai = f"{nama.partition(':')[0]}: growth from {a.n:,}, times", kali
        else:
            apa, nilai = (
                f"{nama.partition(',')[0]}: growth from {a.n:,}, exponent of n",
                math.log(kali) / math.log(b.n / a.n),
            )
        hasil.append(Hasil(nomor, apa, b.n, nilai, "<=", b.tumbuh.sasaran))
    return sorted(hasil, key=lambda h: h.nomor)


def tulis(berkas: Path, isi: str) -> None:
    """Put the page's measured part between its marks; everything else on the page is somebody's words."""
    teks = berkas.read_text(encoding="utf-8") if berkas.exists() else f"# Speed\n\n{AWAL}\n{AKHIR}\n"
    depan, ada, sisa = teks.partition(AWAL)
    if not ada or AKHIR not in sisa:
        raise SystemExit(f"{berkas} has no marks {AWAL} … {AKHIR}; nothing was written")
    berkas.write_text(f"{depan}{AWAL}\n{isi}\n{AKHIR}{sisa.partition(AKHIR)[2]}", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
