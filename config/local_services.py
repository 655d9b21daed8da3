"""PostgreSQL, Valkey and secrets for a checkout that has none of its own (`./run`, `./test`, `manage.py`).

The servers listen on unix sockets in a private folder only; no port, account or system file is touched.
Whoever uses them keeps a shared lock (`hold`), which the kernel drops whatever way the process ends; the last
one out stops the servers. On servers of the operator (`DATABASE_URL`, `REDIS_URL`) nothing here is entered.
"""

import atexit
import base64
import contextlib
import fcntl
import json
import os
from collections.abc import Iterator
from pathlib import Path
from secrets import token_bytes, token_urlsafe
from typing import IO
from urllib.parse import quote, urlsplit

from config.servers import places, postgres, valkey
from config.servers.places import LocalError, state_dir

__all__ = [
    "LocalError",
    "as_celery_url",
    "attach",
    "database",
    "ensure",
    "hold",
    "is_local",
    "redis_url",
    "release_and_stop",
    "secrets",
    "state_dir",
    "stop",
]

SERVERS = ("pg", "redis")
SECRET_NAMES = ("SECRET_KEY", "DATA_KEYS", "INDEX_KEY", "SIGNING_KEY")
_held: IO | None = None


def is_local() -> bool:
    """True where the checkout may help itself: `./run`, `./test` and `manage.py` say so by DTKS_LOCAL=1."""
    return os.environ.get("DTKS_LOCAL") == "1" and os.environ.get("PRODUCTION", "0") in ("", "0")


def secrets() -> dict[str, str]:
    """Secrets of this checkout, made on first use, kept 0600 in its state folder; {} outside of local mode.

    Shapes: DATA_KEYS "k1:<base64 of 32 bytes>"; INDEX_KEY base64 of 32 bytes; SIGNING_KEY base64 of an
    Ed25519 seed.
    """
    if not is_local() or all(os.environ.get(name) for name in SECRET_NAMES):
        return {}
    path = places.make_state_dir() / "rahasia.json"
    with _lock(path.parent):
        if not path.exists():
            places.write_private(path, json.dumps(_new_secrets(), indent=1))
    try:
        return json.loads(path.read_text())
    except ValueError as error:
        raise LocalError(
            f"{path} rusak. Tanpa kunci lama, data lama tidak bisa dibaca: pulihkan dari cadangan."
        ) from error


def _new_secrets() -> dict[str, str]:
    def key() -> str:
        return base64.b64encode(token_bytes(32)).decode()

    return {
        "SECRET_KEY": token_urlsafe(48),
        "DATA_KEYS": f"k1:{key()}",
        "INDEX_KEY": key(),
        "SIGNING_KEY": key(),
        "DUKCAPIL_PASSWORD": token_urlsafe(24),
    }


def database() -> dict[str, str]:
    """Django DATABASES entry of the local PostgreSQL."""
    _require_local("DATABASE_URL")
    sockets = places.socket_dir(places.server_home())
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": postgres.DATABASE,
        "USER": postgres.USER,
        "HOST": str(sockets),
        "PORT": "5432",
    }


def redis_url() -> str:
    """URL of the local Valkey in redis-py's spelling, `unix://`."""
    _require_local("REDIS_URL")
    sockets = places.socket_dir(places.server_home())
    return f"unix://{quote(str(sockets / 'redis.sock'))}?db=0"


def _require_local(name: str) -> None:
    if not is_local():
        raise LocalError(
            f"{name} belum diisi. Lihat .env.example, atau pakai ./run untuk mencoba di komputer sendiri."
        )


def as_celery_url(url: str) -> str:
    """The same address in Celery's spelling: `unix://PATH?db=N` becomes `redis+socket://PATH?virtual_host=N`."""
    parts = urlsplit(url)
    if parts.scheme != "unix":
        return url
    return f"redis+socket://{parts.path}?{parts.query.replace('db=', 'virtual_host=')}"


def ensure() -> list[str]:
    """Start the servers that should be ours and are not up; names of those this call started.

    Safe from many processes at once: one starts, the others find it running.
    """
    wanted = _ours()
    if not wanted:
        return []
    home = places.server_home()
    sockets = places.socket_dir(home)
    with _lock(home):
        started = []
        if "pg" in wanted and postgres.start(home, sockets):
            started.append("pg")
        if "redis" in wanted and valkey.start(home, sockets):
            started.append("redis")
    return started


def _ours() -> tuple[str, ...]:
    if not is_local():
        return ()
    given = {"pg": os.environ.get("DATABASE_URL"), "redis": os.environ.get("REDIS_URL")}
    return tuple(name for name in SERVERS if not given[name])


def hold() -> None:
    """Mark this process as a user of the servers. Call before `ensure`: waits for a stop in progress."""
    global _held  # noqa: PLW0603 - one mark per process
    if _held is None and _ours():
        _held = (places.server_home() / "dipakai").open("a")
        fcntl.flock(_held, fcntl.LOCK_SH)


def release_and_stop() -> bool:
    """Give the mark back; stop the servers when nobody else holds one. True when they were stopped."""
    global _held  # noqa: PLW0603
    if _held is None:
        return False
    path = Path(_held.name)
    _held.close()
    _held = None
    with path.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        stop()
    return True


def attach() -> None:
    """Use the servers until this process ends, starting them when they are not up."""
    if _held is not None or not _ours():
        return
    hold()
    ensure()
    atexit.register(release_and_stop)


def stop() -> None:
    """Stop both servers, whoever uses them."""
    home = places.server_home()
    sockets = places.socket_dir(home)
    with _lock(home):
        valkey.stop(home, sockets)
        postgres.stop(home)


@contextlib.contextmanager
def _lock(home: Path) -> Iterator[None]:
    with (home / "kunci").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
