"""Real processes for the tests that kill: a Valkey, a Celery worker, beat and the Dukcapil simulator of their own.

Every process runs in a group of its own and is killed by pid only. They use the test database through DATABASE_URL.
"""

import contextlib
import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.db import connection

from config.servers import places, processes, valkey

AKAR = Path(__file__).resolve().parents[2]
_hidup: set["Proses"] = set()


def ada_yang_hidup() -> bool:
    return bool(_hidup)


@contextlib.contextmanager
def diam() -> Iterator[None]:
    """Inside, no process of a stage does anything: it can neither write behind a clean-up nor lock against it."""
    semua = list(_hidup)
    for satu in semua:
        satu.isyarat(signal.SIGSTOP)
    try:
        yield
    finally:
        for satu in semua:
            satu.isyarat(signal.SIGCONT)


def port_kosong() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def url_basis_data() -> str:
    d = connection.settings_dict
    user = quote(d["USER"] or "", safe="")
    if d["PASSWORD"]:
        user += ":" + quote(d["PASSWORD"], safe="")
    host = quote(d["HOST"] or "127.0.0.1", safe="")
    return f"postgres://{user}@{host}{':' + str(d['PORT']) if d['PORT'] else ''}/{d['NAME']}"


class Proses:
    """One child process in its own group."""

    def __init__(self, argv: list[str], env: dict[str, str], log: Path):
        self._argv, self._env, self._log = argv, env, log
        self.popen: subprocess.Popen | None = None
        self.mulai()

    def mulai(self) -> None:
        with self._log.open("ab") as out:
            self.popen = subprocess.Popen(
                self._argv,
                cwd=AKAR,
                env=self._env,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,
            )
        _hidup.add(self)

    def isyarat(self, nomor: signal.Signals) -> None:
        """To the whole group."""
        assert self.popen is not None
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.popen.pid, nomor)

    def bunuh(self) -> None:
        """kill -9 of the whole group, at once."""
        assert self.popen is not None
        self.isyarat(signal.SIGKILL)
        self.popen.wait()
        _hidup.discard(self)

    def bunuh_anak(self) -> None:
        """kill -9 of one child only; the parent goes on."""
        assert self.popen is not None
        anak = subprocess.run(
            ["ps", "--ppid", str(self.popen.pid), "-o", "pid="], capture_output=True, text=True, check=False
        )
        for pid in anak.stdout.split()[:1]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(pid), signal.SIGKILL)

    def hentikan(self) -> None:
        assert self.popen is not None
        if self.popen.poll() is None:
            self.isyarat(signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.popen.wait(8)
        self.bunuh()  # also the children that a parent left behind


class Panggung:
    """Valkey, simulator, worker and beat on the test database. Use as a context manager."""

    def __init__(self, tmp: Path, *, simulator: bool = True):
        self._tmp, self._with_simulator = tmp, simulator
        self.sandi = secrets.token_hex(8)
        self.port = port_kosong()

    def __enter__(self) -> "Panggung":
        self.soket = Path(tempfile.mkdtemp(prefix="dtksf", dir="/tmp"))
        self.rumah = Path(tempfile.mkdtemp(prefix="dtksh", dir="/tmp"))
        for folder in (self.soket, self.rumah):
            folder.chmod(0o700)
            places.give_to_account(folder)
        self.valkey_hidup()
        self.env = os.environ | {
            "DATABASE_URL": url_basis_data(),
            "REDIS_URL": f"unix://{self.soket}/redis.sock?db=0",
            "DTKS_LOCAL": "1",
            "DTKS_TESTING": "0",
            "DEMO": "0",
            "DB_POOL": "4",
            "FILES_DIR": str(settings.FILES_DIR),
            "DUKCAPIL_URL": f"http://127.0.0.1:{self.port}",
            "DUKCAPIL_PASSWORD": self.sandi,
            "DJANGO_SETTINGS_MODULE": "config.settings",
        }
        py = sys.executable
        if self._with_simulator:
            self.simulator = Proses(
                [
                    py,
                    "-m",
                    "core.integrations.dukcapil.simulator",
                    "--port",
                    str(self.port),
                    "--seed",
                    "3205",
                ],
                self.env,
                self._tmp / "simulator.log",
            )
        self.worker = Proses(
            [py, "-m", "celery", "-A", "config.celery", "worker", "-Q", "dtks", "-c", "2", "--without-gossip", "--without-mingle"],
            self.env, self._tmp / "worker.log",
        )  # fmt: skip
        self.beat = Proses(
            [py, "-m", "celery", "-A", "config.celery", "beat", "--pidfile="],
            self.env,
            self._tmp / "beat.log",
        )
        return self

    def __exit__(self, *exc: object) -> None:
        for nama in ("beat", "worker", "simulator"):
            if (proses := getattr(self, nama, None)) is not None:
                proses.hentikan()
        valkey.stop(self.rumah, self.soket)

    def valkey_hidup(self) -> None:
        valkey.start(self.rumah, self.soket)

    def valkey_mati(self) -> None:
        """kill -9 of the broker."""
        pid = int((self.rumah / "redis.pid").read_text())
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        end = time.monotonic() + 5
        while time.monotonic() < end and processes.answers(self.soket / "redis.sock"):
            time.sleep(0.02)

    def kosongkan_valkey(self) -> None:
        with socket.socket(socket.AF_UNIX) as s:
            s.settimeout(3)
            s.connect(str(self.soket / "redis.sock"))
            s.sendall(b"*1\r\n$8\r\nFLUSHALL\r\n")
            s.recv(16)
