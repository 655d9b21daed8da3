"""The log archive: what is kept is sealed, and the runbook brings a database back to one second. Runs docs/operasi/wal.md itself."""

import base64
import json
import os
import re
import secrets
import subprocess
import sys
import time
from pathlib import Path

import pytest

from config.servers import places
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


@pytest.mark.faults
def test_the_runbook_brings_back_the_second_before_the_accident(make_home):
    """Base backup, work, an accident, more work; then only what the runbook says, into an empty folder, with the keys."""
    old, new = make_home("lama"), make_home("baru")
    root = old.path.parent
    names, on, works, seal, base, back, start = blocks()
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
    manage = [sys.executable, "manage.py"]
    for command in (["migrate", "-v", "0"], ["muat_acuan"]):
        subprocess.run([*manage, *command], cwd=BASE_DIR, env=env, check=True, capture_output=True)

    def act(n: int) -> None:
        code = f"""
import django; django.setup()
from django.db import transaction
from core import audit, files
for i in range({n}):
    with transaction.atomic():
        files.store(b"foto %d" % i, jenis="uji", nama="f", mime="image/jpeg")
        audit.catat(aksi="uji", jenis="uji", objek_id=str(i), by=None)
"""
        subprocess.run(
            [sys.executable, "-c", code], cwd=BASE_DIR, check=True,
            env=env,
        )  # fmt: skip

    bash(names + on, told)
    bash(names + works, told)
    act(20)
    bash(names + seal + base, told)
    act(30)
    bash(names + '[ ! -d "$BERKAS" ] || cp -au "$BERKAS/." "$ARSIP-berkas/"', told)
    count = "select (select count(*) from core_jejak where aksi = 'uji'), (select count(*) from core_berkas)"
    before, moment = old.sql(count), old.sql("select clock_timestamp()::text")
    time.sleep(1.1)
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
    assert b"session_replication_role" not in b"".join(p.read_bytes() for p in (root / "arsip").iterdir())

    output = bash(names + back + start, told | {"SAAT": re.search(r"'(.+)'", moment)[1]})
    assert output.rstrip().endswith("Pulih. Portal boleh dijalankan.")
    new.ensure()
    assert new.sql(count) == before == "[(50, 50)]"
    assert new.sql("select cara from core_pemulihan") == "[('wal',)]"
