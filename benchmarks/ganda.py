"""Goal 4: precision and recall of the duplicate rules, and their time, on labelled sets that the rules never saw.

In `./bench` the time is compared with PostgreSQL's self-join on the NIK of the same people, the pairs with those of the smaller size. Judged is
the whole search in slices over worker processes, as the portal runs it (dtks/actions/calon.py: jobs of at most 20,000 persons; docker-compose.yml:
four processes a worker); beside it the same in one process. The slices are cut before the clock starts: the portal cuts them by stored columns. The long
tables of docs/ganda.md (two seeds, every kind of error) are made by

    .venv/bin/python -m benchmarks.ganda [--n 20000 100000] [--benih 77001 77002] [--tulis]

without a database: the rules and the generator are pure. There the exact join is a dictionary over the NIK in the same process.
"""

import argparse
import hashlib
import multiprocessing
import os
import platform
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import rapidfuzz

from benchmarks import alas
from core import bulk, duplicates
from core.names import name_key
from tests.bantu.populasi_ganda import BENIH_NILAI, JENIS_BARU, Himpunan, buat

AKAR = alas.AKAR

AMBANG = {"tinjau": 60, "kuat": 70}  # dtks/data/ketentuan.json ganda.ambang; a test compares the two
AWAL, AKHIR = "<!-- tabel: benchmarks/ganda.py -->", "<!-- /tabel -->"


@dataclass
class Hasil:
    himpunan: Himpunan
    skor: dict[tuple[int, int], int]
    pasangan: int
    detik: float
    detik_persis: float

    def kena(self, ambang: int) -> set[tuple[int, int]]:
        return {k for k, v in self.skor.items() if v >= ambang}

    def ukur(self, ambang: int) -> tuple[float, float, int]:
        """(recall, precision, pairs that are no duplicates)"""
        kena, benar = self.kena(ambang), self.himpunan.ganda
        tepat = len(kena & set(benar))
        return tepat / len(benar), tepat / max(len(kena), 1), len(kena) - tepat

    def per_jenis(self, ambang: int) -> dict[str, tuple[int, float]]:
        semua = Counter(self.himpunan.ganda.values())
        tepat = Counter(self.himpunan.ganda[k] for k in self.kena(ambang) if k in self.himpunan.ganda)
        return {j: (n, tepat[j] / n) for j, n in semua.items()}


def _orang(baris: Iterable[Any]) -> list[duplicates.Person]:
    return [
        duplicates.person(
            id=b.id, nik=b.nik, nama=b.nama, lahir=b.tgl, kelamin=b.jk, ibu=b.ibu, keluarga=b.kk
        )
        for b in baris
    ]


CARI: dict[str, tuple[Callable, Callable]] = {
    "tahun": (lambda p: p.lahir.year, duplicates.pairs_by_year),
    "nama": (lambda p: p.kunci, duplicates.pairs_by_name),
}


def _cari(jenis: str, orang: list[duplicates.Person]) -> tuple[dict[tuple[int, int], int], int]:
    """(pairs that reach `tinjau` -> points, how many were compared)"""
    kunci, cari = CARI[jenis]
    skor: dict[tuple[int, int], int] = {}
    jumlah = 0
    for kelompok in _menurut(orang, kunci).values():
        for a, b in cari(kelompok):
            jumlah += 1
            nilai = duplicates.compare(a, b, AMBANG["tinjau"]).skor
            if nilai >= AMBANG["tinjau"]:
                skor[(min(a.id, b.id), max(a.id, b.id))] = nilai
    return skor, jumlah


@bulk.without_collector  # as the nightly job runs
def jalankan(himpunan: Himpunan, *, persis: bool = True) -> Hasil:
    mulai = time.process_time()
    orang = _orang(himpunan.baris)
    semua = [_cari(jenis, orang) for jenis in CARI]
    detik = time.process_time() - mulai
    mulai = time.process_time()
    if persis:
        _menurut([b for b in himpunan.baris if b.nik], lambda b: b.nik)
    return _gabung(himpunan, semua, detik, time.process_time() - mulai)


def _gabung(himpunan: Himpunan, semua: Iterable[Any], detik: float, persis: float) -> Hasil:
    skor: dict[tuple[int, int], int] = {}
    jumlah = 0
    for satu, n in semua:
        skor |= satu
        jumlah += n
    return Hasil(himpunan, skor, jumlah, detik, persis)


# --- the same as jobs of worker processes -----------------------------------------------------------------

_ISI: list[tuple[str, list[Any]]] = []  # the slices; a worker process is a copy of this one and has them


def _iris(himpunan: Himpunan) -> list[tuple[str, list[Any]]]:
    """Slices as dtks.actions.calon.iris cuts them: neighbouring birth years, neighbouring beginnings of names."""
    from dtks.actions import calon

    cara: dict[str, Callable] = {
        "tahun": lambda b: b.tgl.year,
        "nama": lambda b: name_key(b.nama)[: calon.AWAL],
    }
    hasil = []
    for jenis, kunci in cara.items():
        kelompok = sorted(_menurut(himpunan.baris, kunci).items())
        for nilai in calon._kumpulkan((k, len(isi)) for k, isi in kelompok):
            hasil.append((jenis, [b for k, isi in kelompok if k in set(nilai) for b in isi]))
    return sorted(hasil, key=lambda satu: -len(satu[1]))


_putaran = [-2]


@bulk.without_collector
def _satu(ke_n: tuple[int, int]) -> tuple[dict[tuple[int, int], int], int]:
    ke, n = ke_n
    jenis, baris = _ISI[n]
    if ke != _putaran[0]:  # or a name that an earlier round saw would cost nothing any more
        duplicates._forms.cache_clear()
        _putaran[0] = ke
    return _cari(jenis, _orang(baris))


def _menurut(isi: Iterable, kunci: Callable) -> dict:
    hasil = defaultdict(list)
    for satu in isi:
        hasil[kunci(satu)].append(satu)
    return hasil


def ukur(n: int, putaran: int) -> list[alas.Hasil]:
    himpunan = buat(n, BENIH_NILAI[0], baru=True)
    n = len(himpunan.baris)
    alas.sql("create table uji_nik (id int, nik text)")
    bulk.copy("uji_nik", ("id", "nik"), (bulk.line((i, b.nik or None)) for i, b in enumerate(himpunan.baris)))
    alas.sql("analyze uji_nik")
    terakhir: list[Hasil] = []
    _ISI[:] = _iris(himpunan)
    pekerja = min(4, os.cpu_count() or 1)

    def sendiri(_: int) -> float:
        duplicates._forms.cache_clear()
        return alas.jam(lambda: jalankan(himpunan, persis=False))

    persis = "select count(*) from uji_nik a join uji_nik b on a.nik = b.nik and a.id < b.id"
    with multiprocessing.get_context("fork").Pool(pekerja) as kolam:

        def kami(ke: int) -> float:
            mulai = time.perf_counter()
            semua = kolam.map(_satu, [(ke, n) for n in range(len(_ISI))], 1)
            terakhir[:] = [_gabung(himpunan, semua, 0, 0)]
            return time.perf_counter() - mulai

        jam = alas.selang(
            putaran,
            {"rules": kami, "one": sendiri, "join": lambda _: alas.jam(lambda: alas.sql(persis))},
        )
    recall, presisi, salah = terakhir[0].ukur(AMBANG["tinjau"])
    return [
        alas.rasio(
            4, f"fuzzy duplicates by {pekerja} worker processes, seconds / an exact-NIK self-join", n, atas=jam["rules"], bawah=jam["join"], arah="<=", sasaran=12,
            kami=alas.laju(n, jam["rules"], "persons"), batas=alas.laju(n, jam["join"], "persons"),
        ),
        alas.rasio(4, "the same in one process", n, atas=jam["one"], bawah=jam["join"], kami=alas.laju(n, jam["one"], "persons")),
        alas.Hasil(4, "recall at the threshold `tinjau`", n, recall, ">=", 0.99, rinci=f"{len(himpunan.ganda):,} injected pairs"),
        alas.Hasil(4, "precision at the threshold `tinjau`", n, presisi, ">=", 0.99, rinci=f"{salah:,} pairs of two people"),
        alas.Hasil(4, "pairs compared for each person", n, terakhir[0].pasangan / n, kami=f"{terakhir[0].pasangan:,} pairs",
                   tumbuh=alas.Tumbuh("pangkat", terakhir[0].pasangan, 1.2)),
    ]  # fmt: skip


def tabel(n: Iterable[int], benih: Iterable[int]) -> str:
    semua = [(b, jumlah, jalankan(buat(jumlah, b, baru=True))) for jumlah in n for b in benih]
    aturan = b"".join((AKAR / "core" / f).read_bytes() for f in ("duplicates.py", "names.py"))
    versi = hashlib.sha256(aturan).hexdigest()[:12]
    baris = [
        f"Measured {date.today():%Y-%m-%d}; rules `core/duplicates.py` + `core/names.py` sha256 {versi}; Python {platform.python_version()}, "
        f"rapidfuzz {rapidfuzz.__version__}; one core of a shared machine, load {os.getloadavg()[0]:.0f}.", "",
        "| seed | rows | injected | threshold | recall | precision | false pairs | recall, known kinds | recall, unseen kinds |",
        "|---|---|---|---|---|---|---|---|---|",
    ]  # fmt: skip
    for b, _, h in semua:
        for nama, nilai in AMBANG.items():
            recall, presisi, salah = h.ukur(nilai)
            jenis = h.per_jenis(nilai)
            baris.append(
                f"| {b} | {len(h.himpunan.baris):,} | {len(h.himpunan.ganda):,} | {nama} ({nilai}) | {recall:.3f} | {presisi:.3f} "
                f"| {salah} | {_rata(jenis, False):.3f} | {_rata(jenis, True):.3f} |"
            )
    baris += [
        "",
        "| seed | rows | pairs compared | CPU seconds | exact NIK join, CPU seconds | ratio |",
        "|---|---|---|---|---|---|",
    ]
    for b, _, h in semua:
        baris.append(
            f"| {b} | {len(h.himpunan.baris):,} | {h.pasangan:,} | {h.detik:.2f} | {h.detik_persis:.3f} | {h.detik / h.detik_persis:.0f}x |"
        )
    besar = max(semua, key=lambda s: s[1])
    baris += [
        "",
        f"By kind (seed {besar[0]}, {besar[1]:,} rows):",
        "",
        "| kind | injected | recall, tinjau | recall, kuat |",
        "|---|---|---|---|",
    ]
    kuat = besar[2].per_jenis(AMBANG["kuat"])
    for jenis, (jumlah, r) in sorted(besar[2].per_jenis(AMBANG["tinjau"]).items()):
        baris.append(
            f"| `{jenis}`{' (unseen)' if jenis in JENIS_BARU else ''} | {jumlah} | {r:.2f} | {kuat[jenis][1]:.2f} |"
        )
    return "\n".join(baris)


def _rata(jenis: dict[str, tuple[int, float]], baru: bool) -> float:
    pilih = [(n, r) for j, (n, r) in jenis.items() if (j in JENIS_BARU) == baru]
    return sum(n * r for n, r in pilih) / max(sum(n for n, _ in pilih), 1)


def utama() -> None:
    arg = argparse.ArgumentParser(description=__doc__)
    arg.add_argument("--n", type=int, nargs="+", default=[20_000])
    arg.add_argument("--benih", type=int, nargs="+", default=list(BENIH_NILAI))
    arg.add_argument("--tulis", action="store_true")
    pilih = arg.parse_args()
    isi = tabel(pilih.n, pilih.benih)
    sys.stdout.write(f"{isi}\n")
    if pilih.tulis:
        halaman = AKAR / "docs" / "ganda.md"
        teks = halaman.read_text()
        depan, _, sisa = teks.partition(AWAL)
        halaman.write_text(f"{depan}{AWAL}\n{isi}\n{AKHIR}{sisa.partition(AKHIR)[2]}")


if __name__ == "__main__":
    utama()
