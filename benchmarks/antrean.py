"""Goal 5: the queue page of n proposals; beside the ten goals, the dashboards.

Rows are copies of one real case (taken to 'diases' through the actions), made by `insert … select` with the triggers off: no
fingerprints of the audit trail, two history rows for each proposal, five proposals and three members for each family, no photos. Villages are
those of Kabupaten Garut; one proposal in ten is open. The counts are then made anew and the tables of the reports by their job.

Handler = the whole Django stack by the test client in this process (middleware, session, query, template), logged in.
Bare SQL = every statement of that same page, sent by a plain cursor and fetched, in the same process. They take turns.
"""

import re
import time

from benchmarks.alas import Hasil, Tumbuh, masuk_sebagai, persen, sql, tanpa_pemicu

SASARAN_DASBOR = 300  # milliseconds
HALAMAN = (
    ("verifikator", "/verifikasi/?antrean=diinput", "perlu ditugaskan"),
    ("verifikator", "/verifikasi/?antrean=diases", "perlu diverifikasi"),
    ("kadis", "/verifikasi/?antrean=terverifikasi", "perlu disahkan"),
)
DASBOR = (
    ("kadis", "/laporan/", "front page of the reports"),
    ("kadis", "/laporan/usulan/", "report of proposals"),
    ("kadis", "/laporan/umur/", "report of waiting times"),
    ("kadis", "/laporan/diam/", "report of silent desa"),
    ("provinsi", "/laporan/?wilayah=32", "reports of a province (masked)"),
    ("kadis", "/dasbor/", "dashboard (waiting for you)"),
)


def ukur(n: int, putaran: int) -> list[Hasil]:
    from django.conf import settings

    settings.DEMO = True  # no second factor for the clients
    isi(n)
    kali = min(25, max(n // 50, 5)) * putaran
    hasil = []
    for siapa, url, nama in HALAMAN:
        penuh, polos, banyak = _satu_halaman(siapa, url, kali)
        hasil.append(
            Hasil(
                5, f"queue, {nama}: handler p95 / bare SQL p95", n, persen(penuh, 95) / persen(polos, 95), "<=", 1.5,
                kami=_ms(penuh), batas=_ms(polos), rinci=f"{banyak} statements; p50 {persen(penuh, 50) / persen(polos, 50):.2f} times",
                tumbuh=Tumbuh("kali", persen(penuh, 95), 1.3),
            )
        )  # fmt: skip
    detik = _segarkan()
    for siapa, url, nama in DASBOR:
        penuh, polos, banyak = _satu_halaman(siapa, url, kali)
        hasil.append(
            Hasil(0, f"{nama}: handler p95, ms", n, persen(penuh, 95), "<=", SASARAN_DASBOR, kami=_ms(penuh), batas=_ms(polos),
                  rinci=f"{banyak} statements; all tables of the reports made anew in {detik:.0f} s")
        )  # fmt: skip
    return hasil


def _ms(detik: list[float]) -> str:
    return f"p50 {persen(detik, 50):.1f} ms, p95 {persen(detik, 95):.1f} ms"


def isi(n: int) -> None:
    """Copies of one case: families 1 in 5 of the proposals, each proposed five times in different programmes and months."""
    from dtks.actions import hitungan
    from tests.bantu import alur
    from tests.bantu.pemain import KABUPATEN

    alur.sampai("diases")
    keluarga = max(n // 5, 1)
    with tanpa_pemicu():
        sql("create temp table desa on commit drop as select row_number() over (order by kode) - 1 as n, kode from wilayah_wilayah "
            "where tingkat = 4 and kode like %s", f"{KABUPATEN}.%")  # fmt: skip
        sql("create temp table k on commit drop as select g as n, gen_random_uuid() as id, d.kode from generate_series(1, %s) g "
            "join desa d on d.n = g %% (select count(*) from desa)", keluarga)  # fmt: skip
        sql("""insert into dtks_keluarga select r.* from k, dtks_keluarga t cross join lateral jsonb_populate_record(t, jsonb_build_object('id', k.id, 'wilayah_id', k.kode,
            'no_kk_indeks', null, 'no_kk', null, 'nama_kepala', 'WARGA ' || k.n, 'status', case when k.n %% 3 = 0 then 'terdaftar' else 'calon' end)) r
            where t.id = (select id from dtks_keluarga order by created_at limit 1)""".replace("%%", "%"))  # fmt: skip
        sql("""insert into dtks_individu select r.* from k, generate_series(1, 3) i, dtks_individu t cross join lateral jsonb_populate_record(t, jsonb_build_object('id', gen_random_uuid(), 'keluarga_id', k.id,
            'nik_indeks', null, 'nik', null, 'tanpa_nik_alasan', 'uji beban', 'hubungan', i::text, 'nama', 'WARGA ' || k.n || ' ' || i, 'kunci_nama', 'WARGA' || k.n || i,
            'padan', (array['PADAN','PADAN','PADAN','TIDAK_DITEMUKAN','BELUM'])[1 + (k.n + i) % 5])) r
            where t.id = (select id from dtks_individu where hubungan = '1' order by created_at limit 1)""")
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
        sql("""insert into dtks_usulan select r.* from u, dtks_usulan t cross join lateral jsonb_populate_record(t, jsonb_build_object('id', u.id, 'tiket', 'B' || lpad(u.n::text, 11, '0'),
            'keluarga_id', u.keluarga, 'wilayah_id', u.kode, 'program', u.program, 'status', u.status, 'periode', u.periode, 'sptjm_id', null,
            'status_sejak', now() - make_interval(mins => (u.n % 80000)::int), 'tenggat', (current_date + (u.n % 30)::int - 20),
            'created_at', now() - make_interval(mins => (u.n % 500000)::int), 'updated_at', now() - make_interval(mins => (u.n % 500000)::int))) r
            where t.id = (select id from dtks_usulan where tiket not like 'B0%' limit 1)""")
        sql("""insert into dtks_riwayatusulan select r.* from u, generate_series(1, 2) i, dtks_riwayatusulan t cross join lateral jsonb_populate_record(t, jsonb_build_object('id', gen_random_uuid(), 'usulan_id', u.id, 'urut', i,
            'langkah', case when i = 2 and u.n % 7 = 0 then 'kembalikan' else 'ajukan' end)) r
            where t.id = (select id from dtks_riwayatusulan order by pada limit 1)""")
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


def _segarkan() -> float:
    """Seconds for the tables of the reports, all made anew."""
    from portal.actions import ringkasan
    from portal.queries.laporan.ukuran import UKURAN

    mulai = time.perf_counter()
    ringkasan.segarkan([u.kode for u in UKURAN])
    detik = time.perf_counter() - mulai
    sql("vacuum analyze portal_ringkasan")
    return detik


def _satu_halaman(siapa: str, url: str, kali: int) -> tuple[list[float], list[float], int]:
    """Milliseconds of the handler, of the bare SQL, and the number of statements."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    klien = masuk_sebagai(siapa)
    for _ in range(3):
        jawab = klien.get(url)
        assert jawab.status_code == 200, (url, jawab.status_code)
    with CaptureQueriesContext(connection) as q:
        klien.get(url)
    teks = [x["sql"] for x in q if re.match(r"\s*(SELECT|WITH)", x["sql"], re.I)]
    penuh, polos = [], []
    for _ in range(kali):
        mulai = time.perf_counter()
        klien.get(url)
        penuh.append((time.perf_counter() - mulai) * 1000)
        mulai = time.perf_counter()
        with connection.cursor() as cursor:
            for satu in teks:
                cursor.execute(satu)
                cursor.fetchall()
        polos.append((time.perf_counter() - mulai) * 1000)
    print(f"    {url}: handler {_ms(penuh)}; bare SQL {_ms(polos)}", flush=True)
    return penuh, polos, len(teks)
