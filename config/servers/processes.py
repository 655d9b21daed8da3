"""Looking at and talking to the servers' processes. A zombie counts as dead, a re-used pid as a stranger."""

import contextlib
import os
import signal
import socket
import subprocess
import time
from pathlib import Path

import psutil

from config.servers import places


def command_line(pid: int) -> list[str]:
    """argv of a living process that is no zombie; [] when there is none."""
    try:
        process = psutil.Process(pid)
        return [] if process.status() == psutil.STATUS_ZOMBIE else process.cmdline()
    except psutil.Error:
        return []


def first_number(path: Path) -> int:
    """The pid on the first line of a pid file; 0 when there is none."""
    try:
        return int(path.read_text().split()[0])
    except (OSError, ValueError, IndexError):
        return 0


def working_in(folder: Path, name: str) -> list[psutil.Process]:
    """Living processes called `name*` in this working folder: a backend has no other trace of its cluster."""
    found = []
    for process in psutil.process_iter(("name", "status")):
        if (
            not (process.info["name"] or "").startswith(name)
            or process.info["status"] == psutil.STATUS_ZOMBIE
        ):
            continue
        with contextlib.suppress(psutil.Error, OSError):
            if process.cwd() == str(folder):
                found.append(process)
    return found


def clean_environment() -> dict[str, str]:
    """Ours without locale (LANG may not be installed) and without PG* (they would redirect the tools)."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("LC_", "LANG", "PG"))}
    return kept | {"LC_ALL": "C", "LANG": "C"}


def run(arguments: list, *, cwd: Path | None = None, as_account: bool = False) -> subprocess.CompletedProcess:
    return subprocess.run(
        [str(argument) for argument in arguments],
        capture_output=True,
        text=True,
        errors="replace",
        stdin=subprocess.DEVNULL,
        env=clean_environment(),
        cwd=cwd,
        check=False,
        **(places.account() if as_account else {}),
    )


def spawn(arguments: list, *, log: Path, cwd: Path) -> subprocess.Popen:
    """Start a server in a session of its own, so that Ctrl-C in the terminal does not reach it."""
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        return subprocess.Popen(
            [str(argument) for argument in arguments],
            stdin=subprocess.DEVNULL,
            stdout=descriptor,
            stderr=descriptor,
            cwd=cwd,
            env=clean_environment(),
            start_new_session=True,
            **places.account(),
        )
    finally:
        os.close(descriptor)


def answers(path: Path) -> bool:
    """True when something accepts connections on this unix socket."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(2)
        try:
            connection.connect(str(path))
        except OSError:
            return False
        return True


def end(pid: int, marker: str, steps: list[tuple[signal.Signals, float]]) -> bool:
    """Send each signal and wait that many seconds, as long as `marker` stands in the process's argv."""
    for number, seconds in steps:
        deadline = time.monotonic() + seconds
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)
        while time.monotonic() < deadline:
            if marker not in " ".join(command_line(pid)):
                return True
            time.sleep(0.05)
    return False


def tail(path: Path, lines: int = 15) -> str:
    try:
        return "\n".join(path.read_text(errors="replace").splitlines()[-lines:])
    except OSError:
        return ""
