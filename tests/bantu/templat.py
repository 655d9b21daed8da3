"""The finished test database, kept on our own test server and copied: made once, not once for each worker and each run.

Its name is a fingerprint of what goes into it, so that any change of a migration, of SQL, data or cast makes a new one.
"""

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection, connections
from django.test.utils import setup_databases

from tests.bantu import basis

AKAR = Path(__file__).resolve().parents[2]
POLA = (
    "*/migrations/*.py", "*/sql/*.sql", "*/data/*", "*/acuan.py", "*/models.py", "*/models/*.py", "wilayah/actions/impor.py", "core/audit.py",
    "portal/management/commands/muat_acuan.py", "tests/bantu/basis.py", "tests/bantu/pemain.py", "requirements.txt",
)  # fmt: skip
KOSONG = "_kosong"


def nama() -> str | None:
    """Name of the kept database, or None on a server that is not ours: nothing is left behind there."""
    if os.environ.get("DATABASE_URL"):
        return None
    sidik = hashlib.sha256()
    for berkas in sorted({b for pola in POLA for b in AKAR.glob(pola) if b.is_file()}):
        sidik.update(f"{berkas.relative_to(AKAR)}\0".encode() + berkas.read_bytes())
    return f"uji_templat_{sidik.hexdigest()[:16]}"


def buat() -> Any:
    """The test database of this process, with areas, reference data and cast. What comes back is for `teardown_databases`."""
    templat = nama()
    if templat is None:
        lama = setup_databases(verbosity=0, interactive=False, aliases=["default"], serialized_aliases=[])
        basis.siapkan()
        connection.close()
        return lama
    with satu_per_satu():
        sudah = ada(templat)
        if sudah:
            settings.DATABASES["default"]["TEST"]["TEMPLATE"] = templat
        lama = setup_databases(verbosity=0, interactive=False, aliases=["default"], serialized_aliases=[])
        if not sudah:
            connection.close()
            simpan(templat + KOSONG)
            basis.siapkan()
            connection.close()
            simpan(templat)
    return lama


@contextmanager
def satu_per_satu() -> Iterator[None]:
    with (Path(os.environ["DTKS_LOCAL_DIR"]) / "templat.kunci").open("w") as berkas:
        fcntl.flock(berkas, fcntl.LOCK_EX)
        yield


def ada(templat: str) -> bool:
    with server() as pg:
        return pg.execute("select 1 from pg_database where datname = %s", [templat]).fetchone() is not None


def kosong() -> str | None:
    """Name of the kept database with the schema and nothing in it; None where there is none."""
    templat = nama()
    return templat + KOSONG if templat and ada(templat + KOSONG) else None


def simpan(templat: str) -> None:
    """Keep a copy of this worker's database, to which nobody may be connected; drop the copies of older code."""
    asal = connections["default"].settings_dict["NAME"]
    with server() as pg:
        lama = pg.execute(
            r"select datname from pg_database where datname like 'uji\_templat\_%%' and not starts_with(datname, %s)",
            [templat.removesuffix(KOSONG)],
        ).fetchall()
        for usang in (*(n for (n,) in lama), f"{templat}_baru", templat):
            pg.execute(f'drop database if exists "{usang}"')
        pg.execute(f'create database "{templat}_baru" template "{asal}"')
        pg.execute(f'alter database "{templat}_baru" rename to "{templat}"')


def server() -> psycopg.Connection:
    d = connections["default"].settings_dict
    return psycopg.connect(
        host=d["HOST"], port=d["PORT"] or None, user=d["USER"], password=d["PASSWORD"] or None, dbname="postgres", autocommit=True,
    )  # fmt: skip
