"""A checkout's state folder to start, kill and stop servers in; every start is its own process."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.servers import processes

BASE_DIR = Path(__file__).resolve().parent.parent.parent
NOT_OURS = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "DATA_KEYS", "INDEX_KEY", "SIGNING_KEY", "DTKS_LOCAL")


class Home:
    """State folder `path`; `python()` runs code that uses it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        kept = {key: value for key, value in os.environ.items() if key not in NOT_OURS}
        self.environment = kept | {"DTKS_LOCAL": "1", "DTKS_LOCAL_DIR": str(path)}

    def start(self, code: str, **options) -> subprocess.Popen:
        command = [sys.executable, "-c", f"from config import local_services as lokal\n{code}"]
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        return subprocess.Popen(command, cwd=BASE_DIR, env=self.environment, **pipes | options)

    def python(self, code: str) -> str:
        """What `code` printed; fails when it failed."""
        process = self.start(code)
        output, errors = process.communicate(timeout=100)
        assert process.returncode == 0, errors
        return output.strip()

    def ensure(self) -> str:
        return self.python("print(','.join(lokal.ensure()))")

    def sql(self, statement: str) -> str:
        code = f"""
import psycopg
d = lokal.database()
with psycopg.connect(host=d['HOST'], user=d['USER'], dbname=d['NAME'], autocommit=True) as c:
    cursor = c.execute({statement!r})
    print(cursor.fetchall() if cursor.description else '')
"""
        return self.python(code)

    def redis(self, *command: str) -> str:
        return self.python(
            f"import redis\nprint(redis.Redis.from_url(lokal.redis_url()).execute_command(*{command!r}))"
        )

    @property
    def data(self) -> Path:
        """Folder of the servers, which is elsewhere when their account cannot reach the state folder."""
        note = self.path / "tempat"
        return Path(note.read_text().strip()) if note.exists() else self.path

    def pid(self, file: str) -> int:
        return processes.first_number(self.data / file)


@pytest.fixture
def make_home() -> Iterator:
    """Homes under a folder that the servers' account can enter; stopped and removed afterwards."""
    root = Path(tempfile.mkdtemp(prefix="dtks-uji-", dir="/tmp"))
    root.chmod(0o711)
    homes: list[Home] = []

    def make(name: str = "lokal") -> Home:
        homes.append(Home(root / name))
        return homes[-1]

    yield make
    for home in homes:
        if home.path.exists():
            sockets = home.python("lokal.stop(); print(lokal.database()['HOST'])")
            for folder in (home.data, sockets):
                shutil.rmtree(folder, ignore_errors=True)
    shutil.rmtree(root, ignore_errors=True)


@pytest.fixture
def home(make_home) -> Home:
    return make_home()
