"""What `./test` runs: chooses suites, starts the servers, runs pytest, stops them, keeps the exit code."""

import os
import shutil
import signal
import subprocess
import sys
from datetime import date
from pathlib import Path

from config import local_services
from config.servers import postgres, processes
from config.servers.places import postgres_binaries, server_home, socket_dir

BASE_DIR = Path(__file__).resolve().parent.parent
SEED = "3205"  # the same numbers every time; DTKS_SEED=N ./test --fuzz tries others
LONG_SUITES = ("faults", "fuzz", "load")
SUITES = ("browser", *LONG_SUITES)
HARD = "--keras"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MOST_WORKERS = 4
# Suites that measure, or that kill servers, want the machine for themselves.
ALONE = {"faults", "load"}
SKIPPED = """
!! Uji peramban DILEWATI: Chromium tidak ditemukan. Pasang chromium, atau isi CHROMIUM=/path/ke/chromium.
!! Browser tests SKIPPED: no Chromium found. Install chromium, or set CHROMIUM=/path/to/chromium.
"""


def main(arguments: list[str]) -> int:
    if HARD in arguments:  # full counts of the fault tests: hours
        os.environ["DTKS_KERAS"] = "1"
        arguments = [argument for argument in arguments if argument != HARD]
    chosen = [suite for suite in SUITES if f"--{suite}" in arguments]
    rest = [
        argument
        for argument in arguments
        if argument.removeprefix("--") not in SUITES or not argument.startswith("--")
    ]
    set_environment()
    if "fuzz" in chosen:
        os.environ["HYPOTHESIS_PROFILE"] = "fuzz"
        os.environ["DTKS_GILIRAN"] = "semua"  # whole matrices: tests/bantu/giliran.py
    chromium = find_chromium()
    if chromium:
        os.environ["CHROMIUM"] = chromium
    if "browser" in chosen and not chromium:
        print(SKIPPED, file=sys.stderr)
        return 1
    seed = f"--hypothesis-seed={os.environ['DTKS_SEED']}"
    options = [*workers(chosen, rest), seed, "-m", expression(chosen, bool(chromium)), *rest]
    print(f"./test: pytest {' '.join(options)}", flush=True)
    code = run(options)
    if not chromium:
        print(SKIPPED, file=sys.stderr, flush=True)
    return code


def set_environment() -> None:
    os.environ["DTKS_TESTING"] = os.environ["DTKS_LOCAL"] = "1"
    os.environ.setdefault("DTKS_LOCAL_DIR", str(BASE_DIR / ".lokal-test"))
    os.environ["DTKS_TEST_RUN"] = str(os.getpid())
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    os.environ.setdefault("PYTHONHASHSEED", "0")
    os.environ.setdefault("DTKS_SEED", SEED)
    os.environ.setdefault("WORKER_NICE", "0")  # a test waits for the worker, and its neighbours never rest
    os.environ.setdefault("DTKS_GILIRAN", str(date.today().toordinal()))
    for name in (
        "PORT",
        "DEMO",
        "DUKCAPIL_URL",
        "PUBLIC_URL",
    ):  # a shell that runs the portal must not lead the tests to it
        os.environ.pop(name, None)


def find_chromium() -> str:
    """Path of the Chromium to use, "" when there is none."""
    if chosen := os.environ.get("CHROMIUM"):
        return chosen if Path(chosen).exists() else ""
    return next((found for name in BROWSERS if (found := shutil.which(name))), "")


def expression(chosen: list[str], chromium: bool) -> str:
    """Marker expression: the named suites, or everything short."""
    if chosen:
        return " or ".join(chosen + ["bergilir"] * ("fuzz" in chosen))
    left_out = [*LONG_SUITES, *([] if chromium else ["browser"])]
    return " and ".join(f"not {suite}" for suite in left_out)


def workers(chosen: list[str], rest: list[str]) -> list[str]:
    if any(
        argument.startswith(("-n", "--numprocesses", "--pdb", "-s", "--collect-only", "--co"))
        for argument in rest
    ):
        return []
    number = 0 if ALONE.intersection(chosen) else min(MOST_WORKERS, os.cpu_count() or 1)
    return ["-n", str(number)]


def run(options: list[str]) -> int:
    local_services.hold()
    try:
        local_services.ensure()
        drop_leftovers()
        process = subprocess.Popen([sys.executable, "-m", "pytest", *options], cwd=BASE_DIR)
        signal.signal(signal.SIGTERM, lambda *_: process.terminate())
        return wait(process)
    finally:
        local_services.release_and_stop()


def wait(process: subprocess.Popen) -> int:
    """pytest hears Ctrl-C itself and cleans up; we wait for it. 5, nothing collected, stays a failure."""
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            continue


def drop_leftovers() -> None:
    """Databases and written-down journeys of runs that were killed: their name ends in a pid that is no more."""
    for folder in Path(os.environ["DTKS_LOCAL_DIR"]).glob("rekaman-*"):
        if not processes.command_line(int(folder.name.removeprefix("rekaman-"))):
            shutil.rmtree(folder, ignore_errors=True)
    if os.environ.get("DATABASE_URL"):
        return
    psql = [
        postgres_binaries() / "psql",
        "-h",
        socket_dir(server_home()),
        "-U",
        postgres.USER,
        "-d",
        "postgres",
        "-XAtc",
    ]
    for name in processes.run(
        [*psql, "select datname from pg_database where datname like 'test_dtks_%'"]
    ).stdout.split():
        pid = name.split("_")[2]
        if pid.isdigit() and not processes.command_line(int(pid)):
            processes.run([*psql, f'drop database if exists "{name}" with (force)'])


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except local_services.LocalError as error:
        sys.exit(str(error))
