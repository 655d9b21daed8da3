"""Keeps a set of child processes running, and ends them all, also those that a killed run left behind."""

import contextlib
import fcntl
import json
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from secrets import token_hex
from types import FrameType
from typing import IO

import psutil

# Inherited by everything a child starts: the one mark that survives a dead parent and a re-used pid.
MARK = "DTKS_JALAN"
TURN_SECONDS = 0.1
SERVERS_SECONDS = 2.0
STOP_SECONDS = 15.0
STEADY_SECONDS = 60.0  # a child that lived this long starts over with a short wait
LONGEST_WAIT = 30.0
READY_TIMEOUT = 2.0


@dataclass
class Child:
    """One process of the portal: its log prefix, argv, what it gets on top of our environment."""

    name: str
    command: list[str]
    environment: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen | None = None
    started_at: float = 0.0
    failures: int = 0
    start_again_at: float = 0.0


class Supervisor:
    """Runs `children` until SIGINT, SIGTERM or SIGHUP.

    `note` lets a later run find the children of a killed one; its lock lives as long as this process.
    """

    def __init__(self, note: Path, children: list[Child], ready_url: str, say: Callable[[str], None]) -> None:
        self.note = note
        self.children = children
        self.ready_url = ready_url
        self.say = say
        self.mark = token_hex(16)
        self.leaving = threading.Event()

    def run(self, *, each_turn: Callable[[], None], when_ready: Callable[[], None]) -> int:
        """Exit code: 0 after a signal. `each_turn` runs every two seconds, `when_ready` once."""
        previous = {number: signal.signal(number, self._leave) for number in heard_signals()}
        with _locked_note(self.note, self.mark):
            try:
                self._watch(each_turn, when_ready)
            finally:
                self._stop()
                for number, handler in previous.items():
                    signal.signal(number, handler)
        return 0

    def _leave(self, number: int, frame: FrameType | None) -> None:
        self.leaving.set()

    def _watch(self, each_turn: Callable[[], None], when_ready: Callable[[], None]) -> None:
        for child in self.children:
            self._start(child)
        threading.Thread(target=self._wait_until_ready, args=(when_ready,), daemon=True).start()
        next_turn = time.monotonic() + SERVERS_SECONDS
        while not self.leaving.wait(TURN_SECONDS):
            for child in self.children:
                self._revive(child)
            if time.monotonic() >= next_turn:
                each_turn()
                next_turn = time.monotonic() + SERVERS_SECONDS

    def _start(self, child: Child) -> None:
        child.process = subprocess.Popen(
            child.command,
            env=os.environ | child.environment | {MARK: self.mark},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        child.started_at, child.start_again_at = time.monotonic(), 0.0
        threading.Thread(target=_copy_output, args=(child.name, child.process.stdout), daemon=True).start()

    def _revive(self, child: Child) -> None:
        now = time.monotonic()
        if child.process is None:
            if now >= child.start_again_at:
                self._start(child)
            return
        if (code := child.process.poll()) is None:
            return
        child.failures = 1 if now - child.started_at > STEADY_SECONDS else child.failures + 1
        wait = min(LONGEST_WAIT, 2.0 ** (child.failures - 1) / 2)
        self.say(f"{child.name} berhenti (kode {code}); dihidupkan lagi dalam {wait:g} detik.")
        _kill_group(child.process.pid)  # what a dead master leaves behind would hold its port
        child.process, child.start_again_at = None, now + wait

    def _wait_until_ready(self, when_ready: Callable[[], None]) -> None:
        while not self.leaving.wait(0.2):
            if _answers(self.ready_url):
                when_ready()
                return

    def _stop(self) -> None:
        self.say("Menghentikan ...")
        running = [child.process for child in self.children if child.process]
        for process in running:
            with contextlib.suppress(ProcessLookupError):
                process.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        for process in running:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(max(0.1, deadline - time.monotonic()))
        _end_marked(self.mark, seconds=0)
        for process in running:
            process.wait()


def heard_signals() -> list[signal.Signals]:
    """What ends a run. SIGHUP only where nobody asked us to outlive the terminal (nohup)."""
    hangup = [] if signal.getsignal(signal.SIGHUP) == signal.SIG_IGN else [signal.SIGHUP]
    return [signal.SIGINT, signal.SIGTERM, *hangup]


@contextlib.contextmanager
def _locked_note(note: Path, mark: str) -> Iterator[None]:
    """The note appears locked: it gets its name after its lock."""
    note.parent.mkdir(parents=True, exist_ok=True)
    draft = note.with_suffix(f".{os.getpid()}")
    with draft.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        json.dump({"pid": os.getpid(), "mark": mark}, file)
        file.flush()
        draft.rename(note)
        yield
        note.unlink(missing_ok=True)


def end_leftovers(folder: Path, say: Callable[[str], None]) -> None:
    """End the children of runs that were killed. A locked note belongs to a living run and is left alone."""
    for note in folder.glob("*.json"):
        with contextlib.suppress(FileNotFoundError), note.open("r+") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            if count := _end_marked(_mark_in(file), seconds=5):
                say(f"{count} proses sisa dari jalan sebelumnya dihentikan.")
            note.unlink(missing_ok=True)


def _mark_in(file: IO[str]) -> str:
    try:
        return str(json.load(file)["mark"])
    except (ValueError, KeyError, TypeError):
        return ""


def _end_marked(mark: str, *, seconds: float) -> int:
    """TERM, then KILL, every process that carries this mark; their number."""
    found = _marked(mark)
    if found and seconds:
        for process in found:
            with contextlib.suppress(psutil.Error):
                process.terminate()
        psutil.wait_procs(found, timeout=seconds)
    for process in _marked(mark):
        with contextlib.suppress(psutil.Error):
            process.kill()
    psutil.wait_procs(found, timeout=5)
    return len(found)


def _marked(mark: str) -> list[psutil.Process]:
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            if mark and process.environ().get(MARK) == mark:
                found.append(process)
    return found


def _kill_group(leader: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)


def _copy_output(name: str, stream: IO[bytes]) -> None:
    """Lines of a child with its name before them. Bytes: a child may print what our locale cannot."""
    prefix = f"{name:10}| ".encode()
    for line in stream:
        with contextlib.suppress(OSError):  # the terminal is gone; keep draining, or the child blocks
            sys.stdout.buffer.write(prefix + line)
            sys.stdout.buffer.flush()


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=READY_TIMEOUT) as response:  # noqa: S310 - our own address
            return response.status == 200
    except OSError:
        return False
