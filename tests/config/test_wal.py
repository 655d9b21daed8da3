"""The log archive: what is kept is sealed, and the runbook brings a database back to one second. Runs docs/operasi/wal.md itself."""

import base64
import json
import os
import re
import secrets
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from config.servers import places
from portal.queries.hak_tabel import DIHAPUS
from tests.config.conftest import BASE_DIR, NOT_OURS

RUNBOOK = BASE_DIR / "docs/operasi/wal.md"


@pytest.fixture
def wal(tmp_path):
    """`wal("simpan", ...)` as the server would call it."""
    key = tmp_path / "kunci"
    key.write_text(f"k2:{new_key()},k1:{new_key()}")

    def run(*arguments, stdin: bytes = b"", key=key) -> subprocess.CompletedProcess:
        command = [sys.executable, BASE_DIR / "config/wal.py", "--kunci", key, *arguments]
        return subprocess.run(list(map(str, command)), input=stdin, capture_output=True, check=False)

    return run


def new_key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


@pytest.fixture
def segment(tmp_path) -> Path:
    path = tmp_path / "000000010000000000000001"
    path.write_bytes(b"Siti Aminah, Tarogong" * 50_000 + secrets.token_bytes(3_000_000))
    return path


@pytest.fixture
def spool(tmp_path) -> Path:
    for name in ("spool", "arsip", "buka"):
        (tmp_path / name).mkdir()
    return tmp_path / "spool"


def test_a_segment_comes_back_as_it_was(wal, segment, spool, tmp_path):
    (spool / ".000000010000000000000002").write_bytes(b"masih ditulis")
    for _ in range(2):  # the server was killed before it noted the first copy, and gives it again
        (spool / segment.name).write_bytes(segment.read_bytes())
        assert wal("segel", spool, tmp_path / "arsip").returncode == 0
    assert [p.name for p in (tmp_path / "arsip").iterdir()] == [segment.name]
    assert [p.name for p in spool.iterdir()] == [".000000010000000000000002"]
    assert b"Siti Aminah" not in (tmp_path / "arsip" / segment.name).read_bytes()
    assert wal("buka", tmp_path / "arsip", tmp_path / "buka").returncode == 0
    assert (tmp_path / "buka" / segment.name).read_bytes() == segment.read_bytes()


def test_another_segment_of_the_same_name_is_refused_and_stays(wal, segment, spool, tmp_path):
    (spool / segment.name).write_bytes(segment.read_bytes())
    wal("segel", spool, tmp_path / "arsip")
    (spool / segment.name).write_bytes(b"klaster lain")
    answer = wal("segel", spool, tmp_path / "arsip")
    assert answer.returncode == 1 and b"milik basis data lain" in answer.stderr
    assert (spool / segment.name).read_bytes() == b"klaster lain"


def test_a_broken_segment_is_said(wal, segment, spool, tmp_path):
    (spool / segment.name).write_bytes(segment.read_bytes())
    wal("segel", spool, tmp_path / "arsip")
    sealed = tmp_path / "arsip" / segment.name
    content = bytearray(sealed.read_bytes())
    for damaged in (content[: len(content) // 3], content[:40], b""):
        sealed.write_bytes(damaged)
        assert wal("buka", tmp_path / "arsip", tmp_path / "buka").returncode == 1
    content[len(content) // 2] ^= 1
    sealed.write_bytes(content)
    answer = wal("buka", tmp_path / "arsip", tmp_path / "buka")
    assert answer.returncode == 1 and segment.name.encode() in answer.stderr


def test_an_older_key_still_opens_and_a_stranger_does_not(wal, segment, tmp_path):
    old, new, other = (tmp_path / name for name in ("lama", "baru", "asing"))
    old.write_text(f"k1:{new_key()}")
    new.write_text(f"k2:{new_key()},{old.read_text()}")
    other.write_text(f"k1:{new_key()}")
    assert wal("tulis", tmp_path / "dasar.tar", stdin=b"isi" * 1000, key=old).returncode == 0
    assert wal("baca", tmp_path / "dasar.tar", key=new).stdout == b"isi" * 1000
    answer = wal("baca", tmp_path / "dasar.tar", key=other)
    assert (answer.returncode, answer.stdout) == (1, b"")


def blocks() -> list[str]:
    return re.findall(r"```bash\n(.*?)```", RUNBOOK.read_text(), re.S)


def bash(code: str, environment: dict[str, str]) -> str:
    answer = subprocess.run(
        ["bash", "-c", f"set -euo pipefail\n{code}"],
        env=environment,
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
        timeout=500,
    )
    assert answer.returncode == 0, f"{code}\n--- {answer.stdout[-3000:]}\n--- {answer.stderr[-3000:]}"
    return answer.stdout


def runbook(name: str, number: int, environment: dict[str, str]) -> str:
    """A block of docs/operasi for the portal's own commands."""
    code = re.findall(r"```bash\n(.*?)```", (RUNBOOK.parent / name).read_text(), re.S)[number]
    return bash(f'cd "{BASE_DIR}"\n{code}', environment)


def timed(do: Callable[[], str]) -> tuple[float, str]:
    began = time.monotonic()
    answer = do()
    return time.monotonic() - began, answer


KELUARGA = int(os.environ.get("DTKS_KELUARGA") or (187_000 if os.environ.get("DTKS_KERAS") == "1" else 300))
BERKAS = max(KELUARGA // 10, 50)
RTO = 300  # seconds from the empty folder to "Pulih."
ISI = """
import django, sys; django.setup()
from tests.bantu import basis, hak
from tests.bantu.alur import sampai
basis.siapkan()
for n in range(8): sampai("diajukan", nomor=n)
print(hak.keluarga(401, "ditolak").pk)
"""
WARGA = """
import django, sys; django.setup()
from tests.bantu.daftar import warga_banyak
from wilayah.models import Wilayah
desa = list(Wilayah.objects.filter(pk__startswith="32.05.", pk__regex="^.{13}$").order_by("pk").values_list("pk", flat=True))
warga_banyak(int(sys.argv[1]), desa, awal=int(sys.argv[2]), jejak="cepat" not in sys.argv)
"""
BEKERJA = """
import django, sys; django.setup()
from django.db import transaction
from core import audit, files
for i in range(int(sys.argv[1])):
    with transaction.atomic():
        files.store(b"foto %d" % i * 4000, jenis="uji", nama="f", mime="image/jpeg")
        audit.catat(aksi="uji", jenis="uji", objek_id=str(i), by=None)
"""
HAPUS = """
import django, sys; django.setup()
from portal.actions import hapus, nisan
hapus.jalankan(sys.argv[1], lingkup="semua", sebab="retensi", by=None, kelas="uji")
print(nisan.tulis())
"""


@pytest.mark.faults
@pytest.mark.timeout(7200)
def test_the_runbook_brings_back_the_second_before_the_accident(make_home):
    """Base backup, work, an erasure, an accident; then only what the runbook says, into an empty folder, with the keys. Who was erased after the
    moment that comes back is erased again. `--keras`: an average kabupaten, 187,000 families with 561,000 people and 18,700 files
    (DTKS_KELUARGA for another size).
    """
    old, new, night = make_home("lama"), make_home("baru"), make_home("malam")
    root = old.path.parent
    names, on, works, seal, base, copies, back, start = blocks()
    owner = places.account()
    account = owner["user"] if owner else os.geteuid()
    old.python("lokal.secrets()")
    secret = json.loads((old.path / "rahasia.json").read_text())
    host = old.python("print(lokal.database()['HOST'])")
    keep = {
        k: v
        for k, v in os.environ.items()
        if k not in NOT_OURS and not k.startswith(("PG", "DTKS", "DJANGO"))
    }
    told = keep | {
        "PORTAL": str(BASE_DIR), "RUMAH": str(old.path), "BERKAS": str(old.path / "berkas"), "ARSIP": str(root / "arsip"),
        "AKUN": str(account), "PGBIN": str(places.postgres_binaries()), "PGHOST": host, "KUNCI": str(root / "kunci"), "DATA_KEYS": secret["DATA_KEYS"],
        "RUMAH_BARU": str(new.path), "KUNCI_DARI_BRANKAS": str(old.path / "rahasia.json"), "DEMO": "0",
    }  # fmt: skip
    env = keep | {
        "DTKS_LOCAL": "1", "DTKS_LOCAL_DIR": str(old.path), "FILES_DIR": str(old.path / "berkas"), "DEMO": "0",
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }  # fmt: skip
    portal = old.start(
        "lokal.attach(); print('up', flush=True); import sys; sys.stdin.read()", stdin=subprocess.PIPE
    )
    assert portal.stdout.readline().strip() == "up"

    def python(*arguments: str) -> str:
        answer = subprocess.run(
            [sys.executable, *arguments], cwd=BASE_DIR, env=env, capture_output=True, text=True, check=False
        )
        assert answer.returncode == 0, answer.stderr[-3000:]
        return answer.stdout.strip()

    python("manage.py", "migrate", "-v", "0")
    erased = python("-c", ISI).splitlines()[-1]
    parts = [KELUARGA * n // 3 for n in range(4)]
    with ThreadPoolExecutor(3) as pool:
        list(
            pool.map(
                lambda n: python("-c", WARGA, str(parts[n + 1] - parts[n]), str(10_000 + parts[n]), "cepat"),
                range(3),
            )
        )
    python(
        "-c", "import django; django.setup(); from tests.bantu.daftar import warga_terjejak; warga_terjejak()"
    )
    bash(names + on, told)
    bash(names + works, told)
    python("-c", BEKERJA, str(BERKAS * 2 // 5))
    bash(names + seal + base, told)
    python("-c", BEKERJA, str(BERKAS * 3 // 5))
    python("-c", WARGA, "1000", "900000")
    python("manage.py", "jangkar")
    bash(names + copies, told)
    count = (
        "select (select count(*) from core_jejak where aksi = 'uji'), (select count(*) from core_berkas where jenis = 'uji'),"
        f" (select md5(string_agg(x::text, '|' order by id)) from dtks_keluarga x where id <> '{erased}'),"
        f" (select md5(string_agg(x::text, '|' order by id)) from dtks_individu x where keluarga_id <> '{erased}')"
    )
    before, moment = old.sql(count), old.sql("select clock_timestamp()::text")
    size = old.sql("select pg_size_pretty(pg_database_size(current_database()))")
    kept = {"CADANGAN": str(root / "cadangan"), "JANGKAR": f"{root / 'arsip'}-jangkar"}
    made, _ = timed(lambda: runbook("cadangan.md", 0, env | kept))
    time.sleep(1.1)
    assert int(python("-c", HAPUS, erased)) > 0
    python("manage.py", "jangkar")
    bash(names + copies, told)
    old.sql(
        "begin; set local session_replication_role = replica; delete from core_berkas; delete from core_jejak; commit"
    )
    old.sql("select pg_switch_wal()")
    deadline = time.monotonic() + 120
    while (
        old.sql("select last_archived_wal >= pg_walfile_name(pg_current_wal_lsn() - 1) from pg_stat_archiver")
        != "[(True,)]"
    ):
        assert time.monotonic() < deadline, old.sql("select * from pg_stat_archiver")
        time.sleep(0.5)
        old.sql("select pg_switch_wal()")
    bash(names + seal, told)
    portal.communicate("", timeout=60)  # the last one out: the old server is gone
    assert not any(b"session_replication_role" in p.read_bytes() for p in (root / "arsip").iterdir())

    began = time.monotonic()
    output = bash(names + back + start, told | {"SAAT": re.search(r"'(.+)'", moment)[1]})
    seconds = time.monotonic() - began
    assert output.rstrip().endswith("Pulih. Portal boleh dijalankan.")
    assert "jangkar dibuat sesudah" in output, "the anchor of what is lost is not named"
    new.ensure()
    assert new.sql(count) == before
    assert new.sql("select cara from core_pemulihan") == "[('wal',)]"
    gone = f"select nama_kepala, no_kk from dtks_keluarga where id = '{erased}'"
    assert new.sql(gone) == f"[('{DIHAPUS}', None)]"

    # The other way: last night's backup, by its own runbook, into a third empty place with the same keys.
    night.path.mkdir(mode=0o711)
    shutil.copy(old.path / "rahasia.json", night.path)
    portal = night.start(
        "lokal.attach(); print('up', flush=True); import sys; sys.stdin.read()", stdin=subprocess.PIPE
    )
    assert portal.stdout.readline().strip() == "up"
    there = env | {"DTKS_LOCAL_DIR": str(night.path), "FILES_DIR": str(night.path / "berkas")}
    checked, text = timed(lambda: runbook("cadangan.md", 1, there | kept))
    assert "Cadangan utuh" in text
    restored, text = timed(lambda: runbook("pulihkan.md", 0, there | kept))
    assert text.rstrip().endswith("Pulih. Portal boleh dijalankan.")
    assert night.sql(count) == before and night.sql(gone) == f"[('{DIHAPUS}', None)]"
    portal.communicate("", timeout=60)
    print(
        f"{KELUARGA:,} families, {BERKAS:,} files, {size}: back at the second before the accident in {seconds:.0f} s; "
        f"backup made and read back in {made:.0f} s, checked in {checked:.0f} s, restored and looked over in {restored:.0f} s"
    )
    assert max(seconds, restored) < RTO
