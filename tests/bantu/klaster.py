"""A PostgreSQL cluster of one test's own, with a copy of the test database in it: to stop, crash and fill up."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from django.db import connection

from config.servers import places, postgres, processes
from tests.bantu.disk import disk_kecil


class Klaster:
    """`mb`: its data lie on a disk of that size."""

    def __init__(self, mb: int = 0) -> None:
        self.rumah, self.soket = (Path(tempfile.mkdtemp(prefix=f"dtks{n}", dir="/tmp")) for n in "pq")
        self._disk = ExitStack()
        if mb:
            self._disk.enter_context(disk_kecil(self.rumah, mb))
        for folder in (self.rumah, self.soket):
            folder.chmod(0o700)
            places.give_to_account(folder)
        postgres.start(self.rumah, self.soket)

    @property
    def pid(self) -> int:
        return processes.first_number(self.rumah / "pg" / "postmaster.pid")

    def mati(self, cara: signal.Signals) -> None:
        """SIGINT: fast shutdown. SIGQUIT: immediate, as after a crash. SIGKILL: the postmaster itself is gone."""
        pid = self.pid
        os.kill(pid, cara)
        batas = time.monotonic() + 60
        while processes.command_line(pid) and time.monotonic() < batas:
            time.sleep(0.02)
        assert not processes.command_line(pid)

    def hidup(self) -> None:
        postgres.start(self.rumah, self.soket)

    def buang(self) -> None:
        postgres.stop(self.rumah)
        self._disk.close()
        for folder in (self.rumah, self.soket):
            shutil.rmtree(folder, ignore_errors=True)

    def salin(self, asal: dict[str, str]) -> None:
        """Everything in the test database, as pg_dump knows it."""
        alat = places.postgres_binaries()
        dari = [
            alat / "pg_dump",
            "-h",
            asal["HOST"],
            "-p",
            str(asal["PORT"] or 5432),
            "-U",
            asal["USER"],
            "--no-owner",
            asal["NAME"],
        ]
        ke = [
            alat / "psql",
            "-h",
            self.soket,
            "-p",
            "5432",
            "-U",
            postgres.USER,
            "-d",
            postgres.DATABASE,
            "-XqAt",
            "-v",
            "ON_ERROR_STOP=1",
        ]
        peran = [alat / "pg_dumpall", "--roles-only", *dari[1:7]]
        teks = subprocess.run(
            [*map(str, peran)], capture_output=True, check=True, env=processes.clean_environment()
        ).stdout
        subprocess.run(
            [*map(str, ke[:-2])],
            input=teks,
            capture_output=True,
            check=False,
            env=processes.clean_environment(),
        )
        with tempfile.TemporaryFile() as isi:
            subprocess.run([*map(str, dari)], stdout=isi, check=True, env=processes.clean_environment())
            isi.seek(0)
            subprocess.run(
                [*map(str, ke)],
                stdin=isi,
                stdout=subprocess.DEVNULL,
                check=True,
                env=processes.clean_environment(),
            )


@contextmanager
def klaster_sendiri(mb: int = 0) -> Iterator[Klaster]:
    """Inside, Django's connection leads to the new cluster."""
    d = connection.settings_dict
    semula = {n: d[n] for n in ("HOST", "PORT", "USER", "NAME")}
    connection.close()
    satu = Klaster(mb)
    try:
        satu.salin(semula)
        d.update(HOST=str(satu.soket), PORT="5432", USER=postgres.USER, NAME=postgres.DATABASE)
        yield satu
    finally:
        connection.close()
        d.update(semula)
        satu.buang()
