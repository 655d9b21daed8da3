"""The servers of a checkout, from the first start to every way they can die."""

import contextlib
import os
import shutil
import signal
import socket
import stat
import subprocess
import time
from pathlib import Path

import psutil
import pytest

from config import local_services
from config.servers import processes

BOTH = "pg,redis"


def wait_for(condition, seconds: float = 20.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.002)


def test_first_start_in_a_folder_with_spaces_and_quotes(make_home):
    home = make_home("""Data Desa O"k's""")
    assert home.ensure() == BOTH
    assert home.ensure() == ""  # found running
    assert home.sql("select current_database(), current_setting('listen_addresses')") == "[('dtks', '')]"
    assert home.redis("PING") == "True"
    home.python("lokal.stop()")
    assert home.ensure() == BOTH  # and again on its data


def test_secrets_are_made_once_and_private(home):
    first = home.python("print(sorted(lokal.secrets().items()))")
    assert first == home.python("print(sorted(lokal.secrets().items()))")
    assert stat.S_IMODE((home.path / "rahasia.json").stat().st_mode) == 0o600
    for name in ("SECRET_KEY", "DATA_KEYS", "INDEX_KEY", "SIGNING_KEY", "DUKCAPIL_PASSWORD"):
        assert name in first


def test_a_broken_secrets_file_is_never_replaced(home):
    home.python("lokal.secrets()")
    (home.path / "rahasia.json").write_text('{"SECRET')
    process = home.start("lokal.secrets()")
    _, errors = process.communicate(timeout=60)
    assert process.returncode != 0
    assert "rusak" in errors
    assert (home.path / "rahasia.json").read_text() == '{"SECRET'


def test_nothing_local_outside_of_run_test_and_manage(monkeypatch):
    monkeypatch.delenv("DTKS_LOCAL")
    assert local_services.secrets() == {}
    assert local_services.ensure() == []
    with pytest.raises(local_services.LocalError, match="DATABASE_URL"):
        local_services.database()
    with pytest.raises(local_services.LocalError, match="REDIS_URL"):
        local_services.redis_url()


def test_production_never_uses_local_secrets(monkeypatch):
    monkeypatch.setenv("DTKS_LOCAL", "1")
    monkeypatch.setenv("PRODUCTION", "1")
    assert local_services.secrets() == {}


def test_celery_spelling_of_an_address():
    assert local_services.as_celery_url("unix:///a/b.sock?db=2") == "redis+socket:///a/b.sock?virtual_host=2"
    assert local_services.as_celery_url("redis://h:6379/15") == "redis://h:6379/15"


def test_the_socket_folder_is_closed_to_other_accounts(home):
    home.ensure()
    sockets = home.python("print(lokal.database()['HOST'])")
    assert stat.S_IMODE(Path(sockets).stat().st_mode) == 0o700


def test_the_last_one_out_stops_the_servers(home):
    stay = "lokal.attach(); print('up', flush=True); import sys; sys.stdin.read()"
    first, second = (home.start(stay, stdin=subprocess.PIPE) for _ in range(2))
    assert [process.stdout.readline().strip() for process in (first, second)] == ["up", "up"]
    first.communicate("", timeout=60)
    assert home.redis("PING") == "True"
    second.communicate("", timeout=60)
    assert not processes.command_line(home.pid("pg/postmaster.pid"))
    assert home.ensure() == BOTH


@pytest.mark.faults
def test_ten_first_starts_at_once(home):
    starts = [home.start("print(','.join(lokal.ensure()))") for _ in range(10)]
    outputs = sorted(process.communicate(timeout=100)[0].strip() for process in starts)
    assert outputs == [""] * 9 + [BOTH]


@pytest.mark.faults
@pytest.mark.parametrize("attempt", range(3))
def test_postmaster_killed_under_a_busy_client(home, attempt):
    home.ensure()
    home.sql("create table baris (n int)")
    home.sql("insert into baris select generate_series(1, 2000)")
    code = "import psycopg; c = psycopg.connect(host=lokal.database()['HOST'], user='dtks', dbname='dtks')"
    busy = home.start(f"{code}\nprint('busy', flush=True)\nc.execute('select pg_sleep(60)')")
    busy.stdout.readline()
    time.sleep(0.2)
    os.kill(home.pid("pg/postmaster.pid"), signal.SIGKILL)
    assert home.ensure() == "pg"
    assert home.sql("select count(*) from baris") == "[(2000,)]"
    busy.kill()
    busy.communicate()
    assert len(processes.working_in(home.data / "pg", "postgres")) > 1


@pytest.mark.faults
def test_pid_of_the_dead_postmaster_belongs_to_another_program_now(home):
    home.ensure()
    home.sql("create table baris as select 1 as n")
    pid_file = home.data / "pg" / "postmaster.pid"
    lines = pid_file.read_text().splitlines()
    os.kill(int(lines[0]), signal.SIGKILL)
    wait_for(lambda: not processes.working_in(home.data / "pg", "postgres"))
    with subprocess.Popen(["sleep", "60"]) as stranger:
        pid_file.write_text("\n".join([str(stranger.pid), *lines[1:]]) + "\n")
        assert home.ensure() == "pg"
        assert home.sql("select n from baris") == "[(1,)]"
        assert stranger.poll() is None
        stranger.kill()


@pytest.mark.faults
def test_initdb_killed_half_way(home):
    start = home.start("lokal.ensure()", start_new_session=True)
    wait_for(lambda: any(home.path.glob("pg.baru-*/base")))
    for child in psutil.Process(start.pid).children(recursive=True):
        with contextlib.suppress(psutil.NoSuchProcess):
            child.kill()
    start.kill()
    start.communicate()
    assert not (home.path / "pg").exists()
    assert home.ensure() == BOTH
    assert not list(home.path.glob("pg.baru-*"))


@pytest.mark.faults
def test_valkey_killed_keeps_what_it_wrote(home):
    home.ensure()
    home.redis("RPUSH", "antrean", *map(str, range(1000)))
    time.sleep(1.5)  # appendfsync everysec
    os.kill(home.pid("redis.pid"), signal.SIGKILL)
    wait_for(lambda: not processes.command_line(home.pid("redis.pid")))
    assert home.ensure() == "redis"
    assert home.redis("LLEN", "antrean") == "1000"


@pytest.mark.faults
def test_socket_file_deleted_under_a_living_valkey(home):
    home.ensure()
    before = home.pid("redis.pid")
    home.redis("SET", "kunci", "nilai")
    sockets = home.python("print(lokal.database()['HOST'])")
    Path(sockets, "redis.sock").unlink()
    assert home.ensure() == "redis"
    assert not processes.command_line(before)
    assert home.redis("GET", "kunci") == "b'nilai'"


@pytest.mark.faults
def test_long_path_moves_the_socket_to_a_private_folder(make_home):
    home = make_home("panjang-" * 20)
    assert home.ensure() == BOTH
    place = home.python("print(lokal.database()['HOST'])")
    assert place.startswith("/tmp/dtks-")
    assert stat.S_IMODE(Path(place).stat().st_mode) == 0o700
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(f"{place}/.s.PGSQL.5432")


@pytest.mark.faults
@pytest.mark.skipif(os.geteuid() != 0, reason="only root has a home its servers' account cannot enter")
def test_a_private_home_of_root_stays_private(make_home):
    home = make_home("rumah/.lokal")
    home.path.parent.mkdir(mode=0o700)
    assert home.ensure() == BOTH
    assert home.data != home.path
    assert stat.S_IMODE(home.path.parent.stat().st_mode) == 0o700
    home.sql("create table baris as select 1 as n")
    home.python("lokal.stop()")
    assert home.ensure() == BOTH
    assert home.sql("select n from baris") == "[(1,)]"
    home.python("lokal.stop()")
    shutil.rmtree(home.data)


@pytest.mark.faults
def test_a_locale_that_is_not_installed(home):
    home.environment |= {"LANG": "id_ID.UTF-8", "LC_ALL": "id_ID.UTF-8"}
    assert home.ensure() == BOTH


@pytest.mark.faults
def test_settings_of_libpq_in_the_shell_do_not_lead_astray(home):
    home.environment |= {
        "PGHOST": "192.0.2.1",
        "PGPORT": "1",
        "PGSSLMODE": "verify-full",
        "PGOPTIONS": "-c x=1",
    }
    assert home.ensure() == BOTH
