"""Life of the local PostgreSQL cluster: initdb, start after any kind of death, stop."""

import contextlib
import os
import shutil
import signal
import tempfile
import time
from pathlib import Path

import psutil

from config.servers import places, processes

USER = DATABASE = "dtks"
START_SECONDS = 120  # crash recovery may replay a long log
ORPHAN_SECONDS = 10
BUILTIN_LOCALE_SINCE = 17

# Statements carry names and numbers of poor families: the log keeps errors, never a statement or its values.
CONFIGURATION = """
listen_addresses = ''
unix_socket_permissions = 0700
max_connections = 200
wal_buffers = 32MB
work_mem = 16MB
maintenance_work_mem = 128MB
random_page_cost = 1.1
wal_compression = on
max_wal_size = 2GB
jit = off
log_min_error_statement = panic
log_error_verbosity = terse
log_min_duration_statement = -1
log_parameter_max_length = 0
log_parameter_max_length_on_error = 0
"""


def start(home: Path, sockets: Path) -> bool:
    """Make sure the cluster answers; True when this call started it. The caller holds the lock."""
    binaries = places.postgres_binaries()
    data, log = home / "pg", home / "pg.log"
    if data.exists() and ready(binaries, sockets):
        return False
    major = _major(binaries)
    for leftover in home.glob("pg.baru-*"):  # an initdb that was killed
        shutil.rmtree(leftover, ignore_errors=True)
    if not data.exists():
        _create(home, data, binaries, major)
    _check_version(data, major)
    _forget_the_dead(data, sockets)
    process = None
    if not (data / "postmaster.pid").exists():
        process = processes.spawn([binaries / "postgres", "-D", data, "-k", sockets], log=log, cwd=data)
    deadline = time.monotonic() + START_SECONDS
    while not ready(binaries, sockets):
        if (process and process.poll() is not None) or time.monotonic() > deadline:
            raise places.LocalError(f"PostgreSQL tidak mau jalan. Akhir dari {log}:\n{processes.tail(log)}")
        time.sleep(0.03)
    _create_database(binaries, sockets)
    return True


def ready(binaries: Path, sockets: Path) -> bool:
    arguments = [
        binaries / "pg_isready",
        "-q",
        "-h",
        sockets,
        "-p",
        "5432",
        "-U",
        USER,
        "-d",
        "postgres",
        "-t",
        "3",
    ]
    return processes.run(arguments).returncode == 0


def _major(binaries: Path) -> int:
    answer = processes.run([binaries / "postgres", "--version"], as_account=True, cwd=Path("/"))
    if answer.returncode:
        raise places.LocalError(f"{binaries}/postgres tidak bisa dijalankan: {answer.stderr.strip()[-400:]}")
    return int(answer.stdout.split()[2].split(".")[0])


def _create(home: Path, data: Path, binaries: Path, major: int) -> None:
    """initdb into a temporary folder and rename: a killed initdb never looks finished."""
    temporary = Path(tempfile.mkdtemp(prefix="pg.baru-", dir=home))
    places.give_to_account(temporary)
    options = ["-U", USER, "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-instructions"]
    if major >= BUILTIN_LOCALE_SINCE:
        options += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    with places.without_quotes(binaries) as plain:
        answer = processes.run([plain / "initdb", "-D", temporary, *options], cwd=temporary, as_account=True)
    if answer.returncode:
        shutil.rmtree(temporary, ignore_errors=True)
        raise places.LocalError(
            "PostgreSQL tidak bisa membuat folder datanya: " + answer.stderr.strip()[-800:]
        )
    with (temporary / "postgresql.conf").open("a") as file:
        file.write(CONFIGURATION)
        file.write(f"shared_buffers = {_shared_buffers_mb()}MB\n")
    temporary.rename(data)


def _shared_buffers_mb() -> int:
    """A quarter of the machine's memory, between 128 and 512 MB: a list of a kabupaten is written without throwing pages out."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    return max(128, min(512, memory // 4))


def _check_version(data: Path, major: int) -> None:
    made_by = (data / "PG_VERSION").read_text().strip()
    if made_by != str(major):
        raise places.LocalError(
            f"Data di {data} dibuat PostgreSQL {made_by}, sedangkan yang terpasang {major}. Cadangkan "
            f"dengan versi {made_by} (manage.py cadangkan), pindahkan foldernya, lalu pulihkan."
        )


def _forget_the_dead(data: Path, sockets: Path) -> None:
    """Clear the lock files of a postmaster that is gone, a zombie, or whose pid is another program's now.

    Backends that outlive their postmaster still share memory with the data, so they must be gone first.
    """
    pid_file, socket_lock = data / "postmaster.pid", sockets / ".s.PGSQL.5432.lock"
    if not pid_file.exists() and not socket_lock.exists():
        return
    if any(
        str(data) in processes.command_line(processes.first_number(file)) for file in (pid_file, socket_lock)
    ):
        return
    _wait_for_orphans(data)
    for file in (pid_file, socket_lock, sockets / ".s.PGSQL.5432"):
        file.unlink(missing_ok=True)


def _wait_for_orphans(data: Path) -> None:
    deadline = time.monotonic() + ORPHAN_SECONDS
    while (orphans := processes.working_in(data, "postgres")) and time.monotonic() < deadline:
        time.sleep(0.1)
    for orphan in orphans:
        with contextlib.suppress(psutil.NoSuchProcess):
            orphan.kill()
    _, alive = psutil.wait_procs(orphans, timeout=10)
    if alive:
        raise places.LocalError(
            f"Sisa proses PostgreSQL tidak mau berhenti: {[process.pid for process in alive]}"
        )


def _create_database(binaries: Path, sockets: Path) -> None:
    connection = ["-h", sockets, "-p", "5432", "-U", USER]
    question = f"select 1 from pg_database where datname = '{DATABASE}'"  # noqa: S608 - a constant
    answer = processes.run([binaries / "psql", *connection, "-d", "postgres", "-XAtc", question])
    if answer.stdout.strip() == "1":
        return
    answer = processes.run([binaries / "createdb", *connection, DATABASE])
    if answer.returncode:
        raise places.LocalError("Basis data tidak bisa dibuat: " + answer.stderr.strip())


def stop(home: Path) -> None:
    """Fast shutdown, then immediate: both keep every committed row."""
    data = home / "pg"
    pid = processes.first_number(data / "postmaster.pid")
    if not pid or str(data) not in processes.command_line(pid):
        return
    processes.end(pid, os.fspath(data), [(signal.SIGINT, 60), (signal.SIGQUIT, 10)])
