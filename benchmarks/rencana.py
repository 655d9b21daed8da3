"""The plan for one country: docs/rencana-nasional.md, calculated from its own table of bytes and from the rates of docs/kinerja.md.

    python -m benchmarks.rencana            writes rates, connections, machines and cost between the marks; no server is needed

Every number of the plan is one of three: measured (bytes: benchmarks/tempat.py; rates: ./bench or tempat.py), an assumption
of `ANGGAPAN` (marked **g** on the page: a guess to be replaced), or arithmetic on these. tests/benchmarks/test_rencana.py does it again.
"""

import re
import sys
from dataclasses import dataclass
from math import ceil
from pathlib import Path

AKAR = Path(__file__).resolve().parents[1]
HALAMAN, KINERJA = AKAR / "docs" / "rencana-nasional.md", AKAR / "docs" / "kinerja.md"
AWAL, AKHIR = "<!-- hasil: python -m benchmarks.rencana -->", "<!-- /rencana -->"

# name -> (value, what it is). All of them are guesses of an order; the page shows them.
ANGGAPAN: dict[str, tuple[float, str]] = {
    "longgar": (0.3, "of the tables: room that changes leave behind in tables and indexes after a year"),
    "sibuk": (0.5, "busy at most: what a machine is planned for at its worst hour"),
    "foto": (3, "photographs a proposal"),
    "foto_byte": (250_000, "bytes a photograph (1600 pixels, JPEG 80)"),
    "usulan": (30e6, "proposals a year"),
    "orang": (290e6, "persons"),
    "baris_daftar": (480e6, "rows of eligibility lists a quarter (96 million families, five programmes)"),
    "jejak": (300e6, "rows of the audit trail a year"),
    "desa": (84_000, "desa, each with one operator"),
    "bekerja": (0.2, "of them at work in the same hour"),
    "jeda": (10, "seconds between two pages of one of them"),
    "cek": (20_000, "public look-ups a second on a launch day"),
    "cek_biasa": (0.1, "of that on an ordinary day"),
    "kabupaten": (8, "kabupaten or files worked on at once by the workers"),
    "kerja": (16, "processes that import at once on the first day, if the disk keeps up"),
    "web_inti": (8, "cores, and processes, of a web or worker node"),
    "pool": (4, "connections a web process keeps (`DB_POOL`)"),
    "pool_inti": (3, "server connections for each core of the database behind pgbouncer"),
    "db_inti": (32, "cores of the database machine"),
    "db_gb": (256, "GB of its memory"),
    "harga_inti": (250_000, "rupiah a core and month"),
    "harga_gb": (60_000, "rupiah a GB of memory and month"),
    "harga_nvme": (3_000, "rupiah a GB of NVMe and month"),
    "harga_objek": (500, "rupiah a GB of object storage and month"),
    "salinan": (2, "copies of each file, and of backup with log"),
}  # fmt: skip
A = {nama: nilai for nama, (nilai, _) in ANGGAPAN.items()}

TAHUNAN = ("dtks_desil", "dtks_usulan", "dtks_barisimpor", "core_jejak", "core_jejakbaris")  # grow every year


@dataclass(frozen=True)
class Laju:
    """A measured rate: the number, and which line of which page it is."""

    nilai: float
    asal: str


def main() -> int:
    lama = HALAMAN.read_text()
    kepala, ekor = lama.split(AWAL)[0], lama.split(AKHIR)[1]
    HALAMAN.write_text(
        f"{kepala}{AWAL}\n{susun(gigabyte(lama), laju(lama, KINERJA.read_text()))}\n{AKHIR}{ekor}"
    )
    return 0


def gigabyte(halaman: str) -> dict[str, float]:
    """Table -> GB for the country, unrounded: bytes a row as printed, times the rows of benchmarks/tempat.py."""
    from benchmarks.tempat import RENCANA

    ada = {m[1]: float(m[2].replace(",", "")) for m in re.finditer(r"^\| `(\w+)` \| [\d,]+ \| [\d,]+ \| [\d,]+ \| ([\d,]+) \|", halaman, re.M)}  # fmt: skip
    return {nama: banyak * ada[nama] / 1e9 for nama, (banyak, _) in RENCANA.items()}


_BENCH = {
    "silang": (r"NIK cross-check by Celery.*?", r"\(([\d,.]+) persons/s\)"),
    "alir": (r"list as NDJSON over HTTP.*?", r"\(([\d,.]+) rows/s\)"),
    "cek": (r"public lookup, found, requests/s / an empty view.*?", r"([\d,.]+) requests/s"),
    "antrean": (r"queue, perlu ditugaskan.*?", r"p95 ([\d,.]+) ms"),
    "periksa": (r"one altered row is found.*?", r"([\d,.]+) s for the whole check"),
}
_SENDIRI = {
    "impor": "import, rows",
    "daftar": "eligibility lists, rows",
}


def laju(halaman: str, kinerja: str) -> dict[str, Laju]:
    """Of the largest size that was measured."""
    hasil = {}
    for nama, kata in _SENDIRI.items():
        (nilai,) = re.findall(rf"^\| {kata} \| ([\d,]+) \|", halaman, re.M)
        hasil[nama] = Laju(_angka(nilai), "this page, above")
    for nama, (baris, angka) in _BENCH.items():
        ada = []
        for m in re.finditer(rf"^\| \d+ \| ({baris}) \| ([\d,]+) \| ([^|]*) \|", kinerja, re.M):
            if nilai := re.search(angka, m[3]):
                ada.append((_angka(m[2]), _angka(nilai[1])))
        n, nilai_ = max(ada)
        hasil[nama] = Laju(n / nilai_ if nama == "periksa" else nilai_, f"kinerja.md, n = {n:,.0f}")
    return hasil


def _angka(teks: str) -> float:
    return float(teks.replace(",", ""))


def susun(gb: dict[str, float], laju: dict[str, Laju]) -> str:
    from benchmarks.tempat import RENCANA

    total, tahun = sum(gb.values()), sum(gb[n] for n in TAHUNAN)
    triwulan, berkas = gb["bansos_barisdaftar"], A["usulan"] * A["foto"] * A["foto_byte"] / 1e12
    pertama = total * (1 + A["longgar"])
    # Demand.
    halaman = A["desa"] * A["bekerja"] / A["jeda"]
    inti_web = halaman * laju["antrean"].nilai / 1000 / A["sibuk"]
    web = ceil(inti_web / A["web_inti"])
    kerja = ceil(A["kabupaten"] / A["web_inti"] / A["sibuk"]) + 2
    loket, loket_biasa = (ceil(A["cek"] * bagian / laju["cek"].nilai) for bagian in (1, A["cek_biasa"]))
    klien = (web + kerja) * A["web_inti"] * A["pool"] + loket * 4 * A["pool"]
    server = A["pool_inti"] * A["db_inti"]
    nvme = ceil(
        1.5 * (pertama + tahun + 3 * triwulan) / 1000
    )  # a second year and a year's lists, half as much again free
    assert len(gb) == len(RENCANA)

    def biaya(n: float, inti: float, memori: float, disk_gb: float = 0) -> float:
        return n * (inti * A["harga_inti"] + memori * A["harga_gb"] + disk_gb * A["harga_nvme"]) / 1e6

    mesin = [
        ("primary, standby for take-over, replica for reads", 3, A["db_inti"], A["db_gb"], nvme * 1000.0),
        ("web", web, A["web_inti"], 16, 0),
        ("workers and beat", kerja, A["web_inti"], 16, 0),
        ("public look-up, ordinary day", loket_biasa, 4, 8, 0),
        ("pgbouncer, nginx, Redis", 6, 4, 8, 0),
    ]
    objek = [
        ("photographs of the first year", berkas * 1000 * A["salinan"]),
        ("base backup, a year of log (as much again)", 2 * pertama * A["salinan"]),
    ]
    bulan = sum(biaya(n, i, m, d) for _, n, i, m, d in mesin) + sum(
        g * A["harga_objek"] / 1e6 for _, g in objek
    )
    puncak = biaya(loket - loket_biasa, 4, 8)
    jam = {
        "first load by V.4 files": (laju["impor"], A["orang"], A["kerja"]),
        "cross-check of NIK by Celery": (laju["silang"], A["orang"], 1),
        "eligibility lists, five programmes": (laju["daftar"], A["baris_daftar"], A["kabupaten"]),
        "a whole list as NDJSON, from a replica": (laju["alir"], A["baris_daftar"] / 5, 1),
        "check of a year of the audit trail": (laju["periksa"], A["jejak"], A["kabupaten"]),
    }
    return "\n".join([
        "### Assumptions", "",
        "| **g** | value | what |", "|---|---:|---|",
        *(f"| {nama} | {nilai:{',.0f' if nilai >= 1 else 'g'}} | {kata} |" for nama, (nilai, kata) in ANGGAPAN.items()), "",
        "### Storage", "",
        "| what | GB |", "|---|---:|",
        f"| tables and indexes after the first year, as written | {total:,.0f} |",
        f"| the same with the room of changes | {pertama:,.0f} |",
        f"| each year more (deciles, proposals, staging, acts and their rows) | {tahun:,.0f} |",
        f"| each quarter whose lists are kept | {triwulan:,.0f} |",
        f"| photographs, each year | {berkas * 1000:,.0f} |",
        f"| disk of a database machine: two years, four quarters of lists, half as much again free | {nvme * 1000:,.0f} |", "",
        "### Time", "",
        "| work | measured, a second | from | for the country | alone | side by side |", "|---|---:|---|---:|---:|---:|",
        *(f"| {kata} | {satu.nilai:,.0f} | {satu.asal} | {n / 1e6:,.0f} M | {_lama(n / satu.nilai)} | "
          f"{_lama(n / satu.nilai / sejajar) + f' by {sejajar:.0f}' if sejajar > 1 else ''} |" for kata, (satu, n, sejajar) in jam.items()), "",
        f"Pages of the desks: {halaman:,.0f} a second x {laju['antrean'].nilai:.0f} ms (p95, {laju['antrean'].asal}) / {A['sibuk']:g} busy = "
        f"**{inti_web:,.0f} cores**. Look-ups: {A['cek']:,.0f} a second / {laju['cek'].nilai:,.0f} ({laju['cek'].asal}, 4 cores with the generator on them) = "
        f"**{loket:,} machines** of 4 cores on a launch day, {loket_biasa:,} else.", "",
        "### Connections", "",
        f"{web} web and {kerja} worker nodes x {A['web_inti']:g} processes x {A['pool']:g}, {loket:,} machines for look-ups x 4 x {A['pool']:g}: "
        f"**{klien:,.0f} clients** on a launch day. Behind pgbouncer {A['pool_inti']:g} for each core of the database: **{server:,.0f} server connections**, "
        f"`max_connections` {server + 60:,.0f} with replicas, backup and people.", "",
        "### Machines and what they cost", "",
        "| machines | each | number | Rp million a month |", "|---|---|---:|---:|",
        *(f"| {kata} | {i:g} cores, {m:g} GB{f', {d / 1000:g} TB NVMe' if d else ''} | {n} | {biaya(n, i, m, d):,.1f} |" for kata, n, i, m, d in mesin),
        *(f"| {kata}, {A['salinan']:g} copies | object storage | {g / 1000:,.1f} TB | {g * A['harga_objek'] / 1e6:,.1f} |" for kata, g in objek),
        f"| **ordinary month** |  |  | **{bulan:,.0f}** |",
        f"| a month with the machines of a launch day in it | {loket - loket_biasa:,} x 4 cores, 8 GB | | + {puncak:,.0f} |",
    ])  # fmt: skip


def _lama(detik: float) -> str:
    return f"{detik / 3600:,.1f} h" if detik >= 7200 else f"{detik / 60:,.0f} min"


if __name__ == "__main__":
    sys.exit(main())
