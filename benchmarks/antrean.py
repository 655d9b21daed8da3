"""The queue page and the dashboards with 200,000 families and 1,000,000 proposals: `python benchmarks/antrean.py [PROPOSALS …]`.

Rows are copies of one real case (taken to 'diases' through the actions), made by `insert … select` with the triggers off: no
fingerprints of the audit trail, two history rows for each proposal, three members for each family, no photos. Villages are those
of Kabupaten Garut; one proposal in ten is open. The counts are then made anew and the tables of the reports by their job.

Handler = the whole Django stack by the test client in this process (middleware, session, query, template), logged in.
Bare SQL = every statement of that same page, sent by a plain cursor and fetched, in the same process.
`SIMPAN=1` keeps the database, `ANTREAN_DB=name,name` measures kept ones again (one for each size); `HANYA=antrean` leaves out the dashboards. Rounds are interleaved; p50 and p95 are printed and written to benchmarks/hasil/antrean.md. Makes and drops its own test database.
"""

# ruff: noqa: T201, S607 - Django is set up first; a command prints; SQL of our own
import os
import platform
import re
import statistics
import subprocess
import sys
import time
from pathlib import Path

AKAR = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(AKAR))
PUTARAN = int(os.environ.get("PUTARAN", "40"))
SASARAN_KALI, SASARAN_TUMBUH, SASARAN_DASBOR = 2.5, 1.5, 300
HALAMAN = (
    ("verifikator", "/verifikasi/?antrean=diinput", "Antrean: perlu ditugaskan"),
    ("verifikator", "/verifikasi/?antrean=diases", "Antrean: perlu diverifikasi"),
    ("kadis", "/verifikasi/?antrean=terverifikasi", "Antrean: perlu disahkan"),
)
DASBOR = (
    ("kadis", "/laporan/", "Laporan, halaman depan"),
    ("kadis", "/laporan/usulan/", "Laporan usulan"),
    ("kadis", "/laporan/umur/", "Laporan lama menunggu"),
    ("kadis", "/laporan/diam/", "Laporan desa diam"),
    ("provinsi", "/laporan/?wilayah=32", "Laporan provinsi (disamarkan)"),
    ("kadis", "/dasbor/", "Dasbor (menunggu Anda)"),
)


if os.environ.get("HANYA") == "antrean":
    DASBOR = ()


def main(jumlah: list[int]) -> None:
    from tests import servers

    servers.set_environment()
    from config import local_services

    local_services.hold()
    try:
        local_services.ensure()
        ukur(sorted(jumlah))
    finally:
        local_services.release_and_stop()


def ukur(jumlah: list[int]) -> None:
    import django

    django.setup()
    from django.conf import settings
    from django.db import connection
    from django.test.utils import setup_databases, setup_test_environment, teardown_databases

    from tests.bantu import basis

    setup_test_environment()
    settings.DEMO = True  # no second factor for the clients
    settings.TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = ""
    polos()
    pakai = [nama for nama in os.environ.get("ANTREAN_DB", "").split(",") if nama]
    lama = []
    if not pakai:
        lama = setup_databases(verbosity=0, interactive=False, aliases=["default"])
    hasil: dict[int, dict[str, tuple[float, ...]]] = {}
    catatan: list[str] = []
    try:
        sudah = 0
        if not pakai:
            basis.siapkan()
        for n in jumlah:
            mulai = time.perf_counter()
            if pakai:
                connection.close()
                connection.settings_dict["NAME"] = pakai[jumlah.index(n)]
            else:
                isi(n - sudah, sudah)
                sudah = n
            catatan.append(f"{n:,} proposals: loaded and analysed in {time.perf_counter() - mulai:.0f} s")
            print(catatan[-1], flush=True)
            catatan += segarkan(n) if DASBOR else []
            if not pakai:
                hasil[n] = {nama: satu_halaman(siapa, url) for siapa, url, nama in (*HALAMAN, *DASBOR)}
        for siapa, url, nama in (
            (*HALAMAN, *DASBOR) if pakai else ()
        ):  # the sizes right after each other: the same noise
            for n, basis_data in zip(jumlah, pakai, strict=True):
                connection.close()
                connection.settings_dict["NAME"] = basis_data
                hasil.setdefault(n, {})[nama] = satu_halaman(siapa, url)
        tulis(jumlah, hasil, catatan)
    finally:
        if os.environ.get("SIMPAN"):
            print("kept:", connection.settings_dict["NAME"], flush=True)
        elif lama:
            teardown_databases(lama, verbosity=0)


def polos() -> None:
    """Templates as they are served: the test environment's copies of every context would be counted as ours."""
    from django.template.base import Template

    Template._render = lambda self, context: self.nodelist.render(context)  # type: ignore[method-assign]


def sql(teks: str, *nilai: object) -> list[tuple]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(teks, nilai or None)
        return cursor.fetchall() if cursor.description else []


def isi(tambah: int, sudah: int) -> None:
    """Copies of one case: families 1 in 5 of the proposals, each proposed five times in different programmes and months."""
    from django.db import transaction

    from dtks.actions import hitungan
    from tests.bantu import alur
    from tests.bantu.pemain import KABUPATEN

    if not sudah:
        alur.sampai("diases")
    keluarga, awal = max(tambah // 5, 1), sudah // 5
    with transaction.atomic():
        sql("set local session_replication_role = replica")
        sql("create temp table desa on commit drop as select row_number() over (order by kode) - 1 as n, kode from wilayah_wilayah "
            "where tingkat = 4 and kode like %s", f"{KABUPATEN}.%")  # fmt: skip
        sql("create temp table k on commit drop as select g as n, gen_random_uuid() as id, d.kode from generate_series(%s, %s) g "
            "join desa d on d.n = g %% (select count(*) from desa)", awal + 1, awal + keluarga)  # fmt: skip
        sql("""insert into dtks_keluarga select (jsonb_populate_record(t, jsonb_build_object('id', k.id, 'wilayah_id', k.kode,
            'no_kk_indeks', null, 'no_kk', null, 'nama_kepala', 'WARGA ' || k.n, 'status', case when k.n %% 3 = 0 then 'terdaftar' else 'calon' end))).*
            from k, dtks_keluarga t where t.id = (select id from dtks_keluarga order by created_at limit 1)""".replace("%%", "%"))  # fmt: skip
        sql("""insert into dtks_individu select (jsonb_populate_record(t, jsonb_build_object('id', gen_random_uuid(), 'keluarga_id', k.id,
            'nik_indeks', null, 'nik', null, 'tanpa_nik_alasan', 'uji beban', 'hubungan', i::text, 'nama', 'WARGA ' || k.n || ' ' || i,
            'padan', (array['PADAN','PADAN','PADAN','TIDAK_DITEMUKAN','BELUM'])[1 + (k.n + i) % 5]))).*
            from k, generate_series(1, 3) i, dtks_individu t where t.id = (select id from dtks_individu where hubungan = '1' order by created_at limit 1)""")
        sql(
            """insert into dtks_desil (id, keluarga_id, tahun, triwulan, desil, sumber) select gen_random_uuid(), id, 2026, 3, 1 + n % 10, 'uji' from k"""
        )
        sql("""create temp table u on commit drop as
            select k.n * 5 + p as n, gen_random_uuid() as id, k.id as keluarga, k.kode, (array['PKH','BPNT','PBI','ATENSI','RST'])[p + 1] as program,
                   case when (k.n * 5 + p) % 10 = 0
                        then (array['draf','diajukan','disepakati','diinput','ditugaskan','diases','diases','terverifikasi','disahkan','dikirim'])[1 + (k.n / 2) % 10]
                        else (array['ditetapkan','ditetapkan','ditolak','tidak_ditetapkan','daftar_tunggu','ditarik'])[1 + (k.n + p) % 6] end as status,
                   to_char(date_trunc('month', now()) - make_interval(months => case when (k.n * 5 + p) % 10 = 0 then k.n % 2 else (k.n * 7 + p) % 36 end), 'YYYY-MM') as periode
            from k, generate_series(0, 4) p""")
        sql("""insert into dtks_usulan select (jsonb_populate_record(t, jsonb_build_object('id', u.id, 'tiket', 'B' || lpad(u.n::text, 11, '0'),
            'keluarga_id', u.keluarga, 'wilayah_id', u.kode, 'program', u.program, 'status', u.status, 'periode', u.periode, 'sptjm_id', null,
            'status_sejak', now() - make_interval(mins => (u.n % 80000)::int), 'tenggat', (current_date + (u.n % 30)::int - 20),
            'created_at', now() - make_interval(mins => (u.n % 500000)::int), 'updated_at', now() - make_interval(mins => (u.n % 500000)::int)))).*
            from u, dtks_usulan t where t.id = (select id from dtks_usulan where tiket not like 'B0%' limit 1)""")
        sql("""insert into dtks_riwayatusulan select (jsonb_populate_record(t, jsonb_build_object('id', gen_random_uuid(), 'usulan_id', u.id, 'urut', i,
            'langkah', case when i = 2 and u.n % 7 = 0 then 'kembalikan' else 'ajukan' end))).*
            from u, generate_series(1, 2) i, dtks_riwayatusulan t where t.id = (select id from dtks_riwayatusulan order by pada limit 1)""")
    hitungan.hitung_ulang()
    for tabel in (
        "dtks_keluarga",
        "dtks_individu",
        "dtks_usulan",
        "dtks_riwayatusulan",
        "dtks_desil",
        "dtks_hitunganusulan",
    ):
        sql(f"vacuum analyze {tabel}")


def segarkan(n: int) -> list[str]:
    from portal.actions import ringkasan
    from portal.queries.laporan.ukuran import UKURAN

    baris = []
    for u in UKURAN:
        mulai = time.perf_counter()
        jumlah = ringkasan.segarkan([u.kode])[u.kode]
        baris.append(
            f"{n:,}: table `{u.kode}` ({u.tiap}) made anew in {time.perf_counter() - mulai:.1f} s, {jumlah:,} rows"
        )
    sql("vacuum analyze portal_ringkasan")
    print("\n".join(baris), flush=True)
    return baris


def satu_halaman(siapa: str, url: str) -> tuple[float, ...]:
    """(handler p50, p95, bare SQL p50, p95, number of statements, CPU p50 of the handler) in milliseconds."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from accounts.models import Pengguna

    klien = Client()
    klien.force_login(
        Pengguna.objects.get(username=siapa), backend="django.contrib.auth.backends.ModelBackend"
    )
    for _ in range(3):
        jawab = klien.get(url)
        assert jawab.status_code == 200, (url, jawab.status_code)
    with CaptureQueriesContext(connection) as q:
        klien.get(url)
    teks = [x["sql"] for x in q if re.match(r"\s*(SELECT|WITH)", x["sql"], re.I)]
    penuh, polos, cpu = [], [], []
    for _ in range(PUTARAN):
        mulai, awal = time.perf_counter(), time.process_time()
        klien.get(url)
        cpu.append((time.process_time() - awal) * 1000)
        penuh.append((time.perf_counter() - mulai) * 1000)
        mulai = time.perf_counter()
        with connection.cursor() as cursor:
            for satu in teks:
                cursor.execute(satu)
                cursor.fetchall()
        polos.append((time.perf_counter() - mulai) * 1000)
    hasil = p(penuh, 50), p(penuh, 95), p(polos, 50), p(polos, 95), float(len(teks)), p(cpu, 50)
    print(f"  {url}: " + "  ".join(f"{x:.1f}" for x in hasil), flush=True)
    return hasil


def p(nilai: list[float], persen: int) -> float:
    return statistics.quantiles(nilai, n=100, method="inclusive")[persen - 1]


def tulis(jumlah: list[int], hasil: dict[int, dict[str, tuple[float, ...]]], catatan: list[str]) -> None:
    kecil, besar = jumlah[0], jumlah[-1]
    baris = [
        "# Queue page and dashboards", "", *(__doc__ or "").strip().splitlines()[2:], "",
        f"{platform.platform()}, {os.cpu_count()} cores shared with other work, {PUTARAN} rounds, commit "
        + subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=AKAR, capture_output=True, text=True, check=False).stdout.strip(), "",
        "| page | proposals | handler p50 ms | handler p95 ms | handler CPU p50 ms | bare SQL p50 ms | bare SQL p95 ms | statements | p95 handler / bare | p95 against smallest | goal |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---|",
    ]  # fmt: skip
    for nama in hasil[besar]:
        for n in jumlah:
            a, b, c, d, m, cpu = hasil[n][nama]
            kali, tumbuh = b / d, b / hasil[kecil][nama][1]
            antrean = nama.startswith("Antrean")
            baik = (kali <= SASARAN_KALI and tumbuh <= SASARAN_TUMBUH) if antrean else b <= SASARAN_DASBOR
            baris.append(
                f"| {nama} | {n:,} | {a:.1f} | {b:.1f} | {cpu:.1f} | {c:.1f} | {d:.1f} | {m:.0f} | {kali:.2f} | {tumbuh:.2f} | {'met' if baik else 'MISSED'} |"
            )
    baris += ["", "Goals: queue p95 at most 2.5 times the bare SQL of the same page and at most 1.5 times itself at the smallest load;", "dashboards p95 under 300 ms.", "", *(f"- {c}" for c in catatan), ""]  # fmt: skip
    keluar = AKAR / "benchmarks" / "hasil" / "antrean.md"
    keluar.parent.mkdir(exist_ok=True)
    keluar.write_text("\n".join(baris), encoding="utf-8")
    print("\n".join(baris))


if __name__ == "__main__":
    main([int(n) for n in sys.argv[1:]] or [100_000, 1_000_000])
