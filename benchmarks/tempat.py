"""How many bytes a person, a family, a proposal and a list row take, with each index: what docs/rencana-nasional.md is calculated from.

    python -m benchmarks.tempat [N]     N persons, 100,000 unless said; writes the tables between the marks of that page (--lihat: prints only),
                                        then the plan below them anew (benchmarks/rencana.py)

The register of the other benchmarks (tests/bantu/warga_acak.py: NIK, KK and mother's name sealed and indexed as in real life), eligibility
lists of five programmes for one quarter, the public table with one row a person, and one V.4 file of a fifth of N (at most 20,000)
through the real import with the trail on. Sizes are those of freshly written tables after `vacuum`: what years of changes add is said on the page.
"""

import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import rencana
from benchmarks.alas import AKAR, basis_data, jam, sql

HALAMAN = AKAR / "docs" / "rencana-nasional.md"
AWAL, AKHIR = "<!-- hasil: python -m benchmarks.tempat -->", "<!-- /hasil -->"
ORANG, KELUARGA = 290_130_000, 95_980_000  # DTSEN v3, 10 July 2026 (domain.md §8)
PALING_IMPOR = 20_000

# table -> (rows for the country, of what). None: shown, not planned.
RENCANA: dict[str, tuple[int, str]] = {
    "dtks_individu": (ORANG, "persons"),
    "dtks_keluarga": (KELUARGA, "families"),
    "dtks_rumah": (KELUARGA, "families"),
    "dtks_desil": (KELUARGA * 4, "families x 4 quarters, one year"),
    "dtks_usulan": (30_000_000, "proposals, one year"),
    "dtks_barisimpor": (30_000_000, "file rows that still wait or were just applied, one year"),
    "bansos_barisdaftar": (KELUARGA * 5, "families x 5 programmes, one quarter"),
    "bansos_cekbansos": (100_000_000, "persons who receive something"),
    "core_jejak": (100_000_000, "acts, one year"),
    "core_jejakbaris": (300_000_000, "rows written by those acts, one year"),
}


def main(argumen: list[str]) -> int:
    from tests import servers

    servers.set_environment()
    from config import local_services

    n = next((int(a) for a in argumen if a.isdigit()), 100_000)
    local_services.hold()
    try:
        local_services.ensure()
        servers.drop_leftovers()
        with basis_data():
            teks = laporan(n)
    finally:
        local_services.release_and_stop()
    print(teks)
    if "--lihat" not in argumen:
        tulis(HALAMAN, teks)
        rencana.main()
    return 0


def tulis(halaman: Path, teks: str) -> None:
    lama = halaman.read_text()
    kepala, ekor = lama.split(AWAL)[0], lama.split(AKHIR)[1]
    halaman.write_text(f"{kepala}{AWAL}\n{teks}\n{AKHIR}{ekor}")


def laporan(n: int) -> str:
    from bansos.actions.hitung import hitung_semua
    from benchmarks import cek, impor, kelayakan
    from tests.bantu.anak import terpisah

    keluarga = n * 2 // 7
    kelayakan.isi(keluarga)
    detik = jam(
        lambda: hitung_semua(
            program=kelayakan.PROGRAM, periode=kelayakan.PERIODE, wilayah=kelayakan.KAB, by=None, simpan=True
        )
    )
    cek.isi(n, 10)
    sql("vacuum analyze")
    sebelum = tabel()
    baris = min(n // 5, PALING_IMPOR)
    isi = impor._berkas(baris)
    masuk = float(terpisah(lambda: impor._anak([isi]).encode()).decode().split()[0])
    sql("vacuum analyze")
    sesudah = tabel()
    (pg,) = sql("select current_setting('server_version')")[0]
    kata = [
        f"{n:,} persons in {keluarga:,} families, {datetime.now(UTC):%Y-%m-%d %H:%M} UTC, PostgreSQL {pg}; import of {baris:,} rows in {masuk:.1f} s, "
        f"lists of five programmes in {detik:.1f} s.",
        "",
        "| table | rows | bytes a row: heap and TOAST | indexes | together | rows for the country | GB |",
        "|---|---:|---:|---:|---:|---|---:|",
    ]
    jumlah = 0.0
    for nama, (banyak, heap, indeks) in sorted(sesudah.items()):
        if banyak < max(n // 200, 50):
            continue
        satu = (heap + indeks) / banyak
        rencana, apa = RENCANA.get(nama, (0, ""))
        gb = rencana * satu / 1e9
        jumlah += gb
        kata.append(
            f"| `{nama}` | {banyak:,} | {heap / banyak:,.0f} | {indeks / banyak:,.0f} | {satu:,.0f} | "
            f"{f'{rencana / 1e6:,.0f} M {apa}' if rencana else ''} | {f'{gb:,.0f}' if rencana else ''} |"
        )
    tambah = sum(sum(v[1:]) for v in sesudah.values()) - sum(sum(v[1:]) for v in sebelum.values())
    kata += [
        f"| **together** |  |  |  |  |  | **{jumlah:,.0f}** |",
        "",
        *tabel_indeks(),
        "",
        f"| rate of this run, one process, load {os.getloadavg()[0]:.0f} | a second |",
        "|---|---:|",
        f"| import, rows | {baris / masuk:,.0f} |",
        f"| eligibility lists, rows | {sesudah['bansos_barisdaftar'][0] / detik:,.0f} |",
        "",
        f"One imported row leaves {tambah / baris:,.0f} bytes behind in all tables together: register, proposal, staging, acts, fingerprints.",
    ]
    return "\n".join(kata)


def tabel_indeks() -> list[str]:
    """Every index of the planned tables that takes a hundredth of them, largest for the country first."""
    kata = ["| index | bytes a row | GB for the country |", "|---|---:|---:|"]
    semua = []
    for nama, (banyak, _) in RENCANA.items():
        ((ada,),) = sql(f'select count(*) from "{nama}"')
        for (satu, byte) in sql("select indexrelid::regclass::text, pg_relation_size(indexrelid) from pg_index where indrelid = %s::regclass", nama):  # fmt: skip
            if ada:
                semua.append((banyak * byte / ada / 1e9, satu, byte / ada))
    semua.sort(reverse=True)
    kata += [f"| `{satu}` | {byte:,.0f} | {gb:,.1f} |" for gb, satu, byte in semua if gb >= 1]
    return kata


def tabel() -> dict[str, tuple[int, int, int]]:
    """Table -> rows, bytes of heap with TOAST, bytes of indexes."""
    hasil = {}
    for (nama,) in sql("select relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace order by 1"):  # fmt: skip
        ((banyak, heap, indeks),) = sql(
            f'select (select count(*) from "{nama}"), pg_table_size(%s::regclass), pg_indexes_size(%s::regclass)',
            nama,
            nama,
        )
        hasil[nama] = (banyak, heap, indeks)
    return hasil


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
