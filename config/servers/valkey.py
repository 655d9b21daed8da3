"""Life of the local Valkey: cache, counters and the bell that wakes the workers."""

import signal
import time
from pathlib import Path

from config.servers import places, processes

START_SECONDS = 60  # replaying the append-only file
OPTIONS = {
    "--port": "0",
    "--unixsocketperm": "700",
    "--appendonly": "yes",
    "--appendfsync": "everysec",
    "--save": "",
    "--maxmemory": "256mb",
    "--maxmemory-policy": "noeviction",
    "--daemonize": "no",
    "--set-proc-title": "no",  # argv stays readable, so a pid can be checked
}


def start(home: Path, sockets: Path) -> bool:
    """Make sure Valkey answers; True when this call started it. The caller holds the lock."""
    socket, data, log = sockets / "redis.sock", home / "redis", home / "redis.log"
    if processes.answers(socket):
        return False
    binary = places.valkey_binary()
    _end_deaf(home, socket)
    data.mkdir(exist_ok=True, mode=0o700)
    places.give_to_account(data)
    options = [part for pair in OPTIONS.items() for part in pair]
    process = processes.spawn([binary, "--unixsocket", socket, *options], log=log, cwd=data)
    places.write_private(home / "redis.pid", str(process.pid))
    deadline = time.monotonic() + START_SECONDS
    while not processes.answers(socket):
        if process.poll() is not None or time.monotonic() > deadline:
            raise places.LocalError(f"Valkey tidak mau jalan. Akhir dari {log}:\n{processes.tail(log)}")
        time.sleep(0.02)
    return True


def _end_deaf(home: Path, socket: Path) -> None:
    """A Valkey whose socket file was deleted still writes the same files: end it before the next starts."""
    _end(home, socket, [(signal.SIGTERM, 10), (signal.SIGKILL, 5)])


def stop(home: Path, sockets: Path) -> None:
    _end(home, sockets / "redis.sock", [(signal.SIGTERM, 15), (signal.SIGKILL, 5)])


def _end(home: Path, socket: Path, steps: list[tuple[signal.Signals, float]]) -> None:
    pid = processes.first_number(home / "redis.pid")
    if pid and str(socket) in processes.command_line(pid):
        processes.end(pid, str(socket), steps)
