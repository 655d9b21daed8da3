"""F28, F29: the last version with another schema is taken out of git and put to work; this version's `migrate` runs under it, or dies.

DTKS_LAMA=<commit> takes another old version. Without its history (a shallow clone, an archive) the tests are skipped.
"""

import os
import random
import shutil
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from config import local_services
from config.servers import places, postgres, processes
from tests.bantu.jaringan import Buku, Mesin, minta
from tests.bantu.klaster import Klaster
from tests.bantu.proses import AKAR, Panggung
from tests.browser.panggung import Portal, kumpulkan_berkas_statis
from tests.gangguan.test_basis_data_hilang import Pembaca, Penulis

pytestmark = [pytest.mark.faults, pytest.mark.timeout(1800)]
ISI = """
import django; django.setup()
from tests.bantu import alur, api, basis
basis.siapkan()
for n in range(8): alur.sampai("diajukan", nomor=n)
print(api.kunci("register", "usulan", "tulis"))
"""
MIGRASI = "import django; django.setup(); from django.core.management import call_command; call_command('migrate', verbosity=0)"
# Dies before its n-th statement.
MATI = """
import os, sys, django; django.setup()
from django.core.management import call_command
from django.db import connection
n = 0
def sebelum(execute, *isi):
    global n
    n += 1
    if n == int(sys.argv[1]): os.kill(os.getpid(), 9)
    return execute(*isi)
with connection.execute_wrapper(sebelum): call_command("migrate", verbosity=0)
"""


def git(*kata: str) -> str:
    jawab = subprocess.run(["git", *kata], cwd=AKAR, capture_output=True, text=True, check=False)
    return jawab.stdout.strip() if jawab.returncode == 0 else ""


@pytest.fixture
def lama(tmp_path) -> Path:
    """The tree of the old version."""
    ubah = git("log", "-1", "--format=%H", "--", "*/migrations/*.py")
    versi = os.environ.get("DTKS_LAMA") or (ubah and git("rev-parse", "--verify", f"{ubah}^"))
    if not versi:
        pytest.skip("the version before the last migration is not in this copy of the repository")
    (tmp_path / "lama").mkdir()
    arsip = subprocess.run(["git", "archive", versi], cwd=AKAR, capture_output=True, check=True).stdout
    subprocess.run(["tar", "-x"], cwd=tmp_path / "lama", input=arsip, check=True)
    print(f"old version {versi[:9]}")
    return tmp_path / "lama"


@pytest.fixture
def dunia_lama(lama, tmp_path, monkeypatch) -> Iterator[tuple[Klaster, dict[str, str], str]]:
    """A cluster with the old schema and people in it; the environment of the old version; a key to its API."""
    klaster = Klaster()
    try:
        (tmp_path / "keadaan").mkdir()
        shutil.copy(local_services.state_dir() / "rahasia.json", tmp_path / "keadaan")
        env = os.environ | {
            "DATABASE_URL": alamat(klaster, postgres.DATABASE), "REDIS_URL": os.environ.get("REDIS_URL") or "redis://127.0.0.1:1/0",
            "DTKS_LOCAL": "1", "DTKS_TESTING": "0", "DEMO": "0", "DTKS_LOCAL_DIR": str(tmp_path / "keadaan"), "FILES_DIR": str(tmp_path / "berkas"),
            "DJANGO_SETTINGS_MODULE": "config.settings", "PYTHONPATH": "",
        }  # fmt: skip
        jalankan(lama, env, "-c", MIGRASI)
        kunci = jalankan(lama, env, "-c", ISI).split()[-1]
        yield klaster, env, kunci
    finally:
        klaster.buang()


def alamat(klaster: Klaster, nama: str) -> str:
    return f"postgres://{postgres.USER}@{str(klaster.soket).replace('/', '%2F')}/{nama}"


def jalankan(pohon: Path, env: dict[str, str], *kata: str) -> str:
    jawab = subprocess.run(
        [sys.executable, *kata], cwd=pohon, env=env, capture_output=True, text=True, check=False
    )
    assert jawab.returncode == 0, jawab.stderr[-3000:]
    return jawab.stdout


class Menunggu(threading.Thread):
    """How long others waited for a lock, seen every twentieth of a second: the longest, and for what."""

    def __init__(self, klaster: Klaster):
        super().__init__()
        self.terlama, self.apa, self.selesai = 0.0, "", threading.Event()
        self._sambungan = psycopg.connect(host=str(klaster.soket), user=postgres.USER, dbname=postgres.DATABASE, autocommit=True)  # fmt: skip

    def run(self) -> None:
        while not self.selesai.wait(0.05):
            baris = self._sambungan.execute(
                "select extract(epoch from clock_timestamp() - l.waitstart)::float, coalesce(l.relation::regclass::text, l.locktype), l.mode"
                " from pg_locks l where not l.granted and l.waitstart is not null order by 1 desc limit 1"
            ).fetchone()
            if baris and baris[0] > self.terlama:
                self.terlama, self.apa = baris[0], f"{baris[1]} {baris[2]}"
        self._sambungan.close()


BANYAK = 100_000
BESAR = ("dtks_keluarga", "dtks_individu", "dtks_usulan")  # the tables that a kabupaten fills
# A value that no other row has, for a column of a unique index.
LAIN = {
    "uuid": "gen_random_uuid()", "bytea": "'\\x' || md5(random()::text || g) || md5(g::text)", "text": "left(md5(random()::text || g), 8) || g",
    "character varying": "left(md5(random()::text || g), 8) || g", "integer": "1000000 + g", "bigint": "1000000 + g",
}  # fmt: skip


def isi_banyak(klaster: Klaster) -> None:
    """So many copies of the rows that are there; what a unique index holds is made up. Triggers and keys to other rows do not see them."""
    with psycopg.connect(
        host=str(klaster.soket), user=postgres.USER, dbname=postgres.DATABASE, autocommit=True
    ) as c:
        c.execute("set session_replication_role = replica")
        for tabel in BESAR:
            kolom = c.execute(
                """select distinct a.attname, format_type(a.atttypid, null) from pg_index i join pg_attribute a on a.attrelid = i.indrelid
                   and a.attnum = any(i.indkey) where i.indisunique and i.indrelid = %s::regclass and a.attidentity = '' and a.attnum > 0""",
                [tabel],
            ).fetchall()
            baru = ", ".join(f"'{nama}', {LAIN[jenis]}" for nama, jenis in kolom if jenis in LAIN)
            c.execute(
                f"insert into {tabel} select (jsonb_populate_record(x.r, jsonb_build_object({baru}))).*"
                f" from (select r from {tabel} r limit 1) x, generate_series(1, {BANYAK}) g"
            )
            c.execute(f"analyze {tabel}")
            assert c.execute(f"select count(*) from {tabel}").fetchone()[0] > BANYAK


def test_migrasi_selagi_orang_bekerja(db_nyata, dunia_lama, lama, tmp_path):
    """The old version reads and writes before, while and after the schema becomes the new one, with a hundred thousand families in
    the register; then the new version beside it."""
    klaster, env, kunci = dunia_lama
    isi_banyak(klaster)
    kumpul = "import django; django.setup(); from django.core.management import call_command; call_command('collectstatic', interactive=False, verbosity=0)"
    jalankan(lama, env, "-c", kumpul)
    with Panggung(tmp_path, simulator=False) as panggung:
        panggung.worker.hentikan()
        panggung.beat.hentikan()
        panggung.env |= {"DATABASE_URL": env["DATABASE_URL"], "FILES_DIR": env["FILES_DIR"]}
        kumpulkan_berkas_statis(panggung.env)
        web = WebLama(panggung, tmp_path, lama, env)
        baru = None
        selesai, buku, menunggu = threading.Event(), Buku(tmp_path / "buku"), Menunggu(klaster)
        orang: list = []
        try:
            web.tunggu(180)  # it loads a second time, from its own tree
            orang = [Penulis(Mesin(web.alamat, kunci), buku, 10_000 * n, selesai) for n in range(2)]
            orang += [Pembaca(lambda a=a: minta(web.alamat + a), selesai) for a in ("/statistik/", "/lacak/")]
            for satu in (*orang, menunggu):
                satu.start()
            time.sleep(3)
            mulai = time.monotonic()
            jalankan(AKAR, panggung.env, "-c", MIGRASI)
            lama_migrasi = time.monotonic() - mulai
            time.sleep(3)  # old code on the new schema
            baru = Portal(panggung, tmp_path, demo=True, pekerja=1)
            baru.tunggu(180)
            assert minta(baru.alamat + "/readyz").status == 200
            jawab = Mesin(baru.alamat, kunci)
            tambah = Penulis(jawab, buku, 90_000, selesai)
            orang.append(tambah)
            tambah.start()
            time.sleep(3)
        finally:
            selesai.set()
            menunggu.selesai.set()
            for satu in orang:
                if satu.ident:
                    satu.join()
            for satu in (web, baru):
                if satu:
                    satu.hentikan()
        lihat = Counter(s for b in orang for _, s in b.lihat)
        print(
            f"migrated in {lama_migrasi:.1f} s under work, {BANYAK:,} families: answers {dict(lihat)}; longest wait for a lock {menunggu.terlama:.2f} s ({menunggu.apa})"
        )
        galat = [b.galat for b in orang if isinstance(b, Penulis) and b.galat]
        assert not galat, (galat, web.log.read_text()[-3000:])
        assert set(lihat) == {200, 201}, (lihat, web.log.read_text()[-3000:])
        assert menunggu.terlama < 2
        with psycopg.connect(host=str(klaster.soket), user=postgres.USER, dbname=postgres.DATABASE) as c:
            ada = {
                str(n)
                for (n,) in c.execute(
                    "select id from dtks_usulan where created_at > now() - interval '1 hour'"
                )
            }
            assert {v.split()[1] for v in buku.hasil.values()} <= ada


class WebLama(Portal):
    """The web process of the old tree, with the worker it had."""

    def __init__(self, panggung: Panggung, tmp: Path, pohon: Path, env: dict[str, str]):
        semula = panggung.env
        panggung.env = env | {"REDIS_URL": semula["REDIS_URL"]}
        (tmp / "lama.log").mkdir()
        try:
            super().__init__(panggung, tmp / "lama.log", demo=True, pekerja=2)
        finally:
            panggung.env = semula
        self.proses.bunuh()
        kelas = "config.web_worker.WebWorker" if (pohon / "config/web_worker.py").exists() else "gthread"
        argv = [kelas if kata == "config.web_worker.WebWorker" else kata for kata in self.proses._argv]
        self.proses._argv = ["env", "-C", str(pohon), *argv]
        self.proses.mulai()


def skema(klaster: Klaster, nama: str) -> str:
    """Of a database, without what pg_dump invents anew each time."""
    alat = places.postgres_binaries() / "pg_dump"
    teks = subprocess.run(
        [str(alat), "-h", str(klaster.soket), "-U", postgres.USER, "-s", nama],
        capture_output=True, text=True, check=True, env=processes.clean_environment(),
    ).stdout  # fmt: skip
    return "\n".join(b for b in teks.splitlines() if not b.startswith(("\\restrict", "\\unrestrict")))


def sidik(klaster: Klaster, nama: str, tabel: list[str] | None = None) -> dict[str, str]:
    with psycopg.connect(host=str(klaster.soket), user=postgres.USER, dbname=nama) as c:
        tabel = tabel or [
            t
            for (t,) in c.execute(
                "select tablename from pg_tables where schemaname = 'public' and tablename <> 'django_migrations' order by 1"
            )
        ]
        satu = "select '{0}', coalesce(md5(string_agg(x::text, '|' order by x::text)), '') from \"{0}\" x"
        return dict(c.execute(" union all ".join(satu.format(t) for t in tabel)).fetchall())


def test_migrasi_mati_di_tengah_bisa_diulang(db_nyata, dunia_lama, keras):
    """kill -9 of `migrate` before its n-th statement, again and again; run once more it ends as one that was never disturbed."""
    klaster, env, _ = dunia_lama
    acak = random.Random(os.environ.get("DTKS_SEED", "3205"))
    with psycopg.connect(
        host=str(klaster.soket), user=postgres.USER, dbname="postgres", autocommit=True
    ) as c:
        for nama in ("tenang", "terganggu"):
            c.execute(f"create database {nama} template {postgres.DATABASE}")
    jalankan(AKAR, env | {"DATABASE_URL": alamat(klaster, "tenang")}, "-c", MIGRASI)
    buruk, mati = env | {"DATABASE_URL": alamat(klaster, "terganggu")}, 0
    while True:
        n = 100_000 if mati >= (200 if keras else 12) else acak.randint(1, 60)
        jawab = subprocess.run(
            [sys.executable, "-c", MATI, str(n)],
            cwd=AKAR,
            env=buruk,
            capture_output=True,
            text=True,
            check=False,
        )
        if jawab.returncode == 0:
            break
        assert jawab.returncode == -9, jawab.stderr[-3000:]
        mati += 1
    print(f"migrate killed {mati} times, then ended by itself")
    assert mati >= 3
    assert skema(klaster, "terganggu") == skema(klaster, "tenang")
    a, b = sidik(klaster, "terganggu"), sidik(klaster, "tenang")
    assert {t for t in a if a[t] != b[t]} <= {"auth_permission", "django_content_type"}
