"""Eligibility lists of a kabupaten against one ORDER BY of the same rows: `python benchmarks/kelayakan.py [FAMILIES]`.

A = `bansos.actions.hitung.hitung_semua` for five programmes per family with quota, stored: reading the register, every condition,
    components, exclusion lists, rank, quota, sentences, rows with their indexes and guards, fingerprint, trail, commit.
D = the same as a dry run (nothing stored).
S = one ORDER BY (list, outcome, rank, decile, score, id) over all the rows that A left behind, every column, result thrown away.
T = the same ORDER BY into a temporary table.
Rounds are interleaved on a database of its own with the shape of a real kabupaten (3.5 persons a family, 3 quarters of deciles); the
medians and the ratios go to benchmarks/hasil/kelayakan.md. Every round of A reads changed data, else it would find its own list.
"""

# ruff: noqa: T201 - Django is set up first; a command prints
import os
import platform
import statistics
import sys
import time
from datetime import date
from pathlib import Path

AKAR = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(AKAR))
PUTARAN = int(os.environ.get("PUTARAN", "3"))
PROGRAM = ("PKH", "BPNT", "RST", "BLT-DESA", "APBD-LANSIA")
KAB, PERIODE = "32.05", "2026-4"
BARIS = "select b.* from bansos_barisdaftar b where b.daftar_id = any(%s) order by b.daftar_id, b.hasil, b.peringkat, b.desil, b.skor desc, b.id"


def main(keluarga: int) -> None:
    from tests import servers

    servers.set_environment()
    from config import local_services

    local_services.hold()
    try:
        local_services.ensure()
        ukur(keluarga)
    finally:
        local_services.release_and_stop()


def ukur(keluarga: int) -> None:
    import django

    django.setup()
    from django.test.utils import setup_databases, setup_test_environment, teardown_databases

    from tests.bantu import basis

    setup_test_environment()
    lama = setup_databases(verbosity=0, interactive=False, aliases=["default"])
    try:
        basis.siapkan()
        isi(keluarga)
        tulis(keluarga, *putar())
    finally:
        teardown_databases(lama, verbosity=0)


def isi(keluarga: int) -> None:
    """The register, hits of exclusion lists on 2 % of the persons, and a quota for each programme that does not suffice."""
    from django.db import connection, transaction

    from tests.bantu import warga_acak

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("set local session_replication_role = replica")
        warga_acak.isi(keluarga)
        for n, p in enumerate(PROGRAM):
            cursor.execute(
                "insert into bansos_kuota (id, program_id, wilayah_id, periode, jumlah, versi, terisi, terpakai, updated_at) "
                "values (gen_random_uuid(), %s, %s, %s, %s, 1, 0, 0, now())",
                [p, KAB, PERIODE, keluarga // (8 + 4 * n)],
            )
        cursor.execute(
            "insert into bansos_butirpengecualian (id, sumber_id, wilayah_id, nik_indeks, asal, tanggal_data, keterangan, status, "
            "impor_id, nomor, updated_at) select gen_random_uuid(), (array['ASN', 'UPAH', 'AHU', 'MENINGGAL'])[1 + row_number() over () %% 4], %s, "
            "nik_indeks, 'UJI', '2026-08-01', '', 'berlaku', gen_random_uuid(), row_number() over (), now() from dtks_individu "
            "where get_byte(nik_indeks, 0) < 5",
            [KAB],
        )
    with connection.cursor() as cursor:
        cursor.execute("vacuum analyze")


def putar() -> tuple[dict[str, float], dict[str, object]]:
    from django.db import connection

    from bansos.models import DaftarKelayakan

    jam: dict[str, list[float]] = {k: [] for k in "ADST"}
    for n in range(PUTARAN):
        with connection.cursor() as cursor:
            cursor.execute("set session_replication_role = replica")
            cursor.execute(
                "update dtks_keluarga set updated_at = updated_at + interval '1 day' where rt = '001' and left(id::text, 2) = %s",
                [f"0{n}"],
            )
            cursor.execute("reset session_replication_role")
        jam["D"].append(waktu(lambda: hitung(False)))
        jam["A"].append(waktu(lambda: hitung(True)))
        baru = list(DaftarKelayakan.objects.filter(status="dihitung").values_list("pk", flat=True))
        assert len(baru) == len(PROGRAM)
        jam["S"].append(waktu(lambda baru=baru: jalankan(f"select count(*) from ({BARIS} offset 0) q", baru)))  # noqa: S608
        jam["T"].append(waktu(lambda baru=baru, n=n: jalankan(f"create temp table t_{n} as {BARIS}", baru)))
        print({k: round(v[-1], 2) for k, v in jam.items()}, flush=True)
    daftar = DaftarKelayakan.objects.filter(status="dihitung").order_by("program_id")
    return {k: statistics.median(v) for k, v in jam.items()}, {d.program_id: d.jumlah for d in daftar}


def hitung(simpan: bool) -> None:
    from bansos.actions.hitung import hitung_semua

    hitung_semua(program=PROGRAM, periode=PERIODE, wilayah=KAB, by=None, simpan=simpan)


def jalankan(query: str, daftar: list) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(query, [daftar])


def waktu(kerja) -> float:
    mulai = time.perf_counter()
    kerja()
    return time.perf_counter() - mulai


def tulis(keluarga: int, jam: dict[str, float], jumlah: dict[str, object]) -> None:
    baris = [
        "# Eligibility lists", "",
        f"`python benchmarks/kelayakan.py {keluarga}`, {date.today():%Y-%m-%d}, {platform.machine()}, {os.cpu_count()} cores shared with others, "
        f"load {os.getloadavg()[0]:.0f}; medians of {PUTARAN} interleaved rounds.", "",
        f"{keluarga:,} families, {len(PROGRAM)} programmes with quota, {keluarga * len(PROGRAM):,} rows.", "",
        "| what | seconds | against S | against T |", "|---|---|---|---|",
        *(
            f"| {nama} | {jam[k]:.2f} | {jam[k] / jam['S']:.1f}x | {jam[k] / jam['T']:.1f}x |"
            for k, nama in (
                ("A", "A: computed, stored, fingerprinted"), ("D", "D: dry run"), ("S", "S: one ORDER BY of the same rows"),
                ("T", "T: the ORDER BY into a table"),
            )
        ),
        "", "| programme | layak | daftar tunggu | tidak layak |", "|---|---|---|---|",
        *(f"| {p} | {j['layak']:,} | {j['daftar_tunggu']:,} | {j['tidak_layak']:,} |" for p, j in jumlah.items()),  # type: ignore[index]
        "",
    ]  # fmt: skip
    teks = "\n".join(baris)
    print(teks)
    (AKAR / "benchmarks/hasil/kelayakan.md").write_text(teks)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200_000)
