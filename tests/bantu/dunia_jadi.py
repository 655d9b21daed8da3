"""A world that costs half a minute to make is made once a run, committed to a database of its own, and copied for each process.

The name of the database begins as that of every test database does, so `tests.servers` clears it away when a run was killed.
"""

import contextlib
import fcntl
import io
import os
import pickle
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from django.apps import apps
from django.db import connection, models, transaction
from django.test import override_settings

from tests.bantu import basis, templat

_salinan: dict[str, tuple[str, Path, bytes]] = {}


@contextmanager
def pakai(nama: str, bangun: Callable[[], Any], tempat: Path) -> Iterator[Any]:
    """Inside, the tests' connection is to this process's copy of world `nama`; gives what `bangun` returned, undoes what is written.

    `tempat`: a folder that all processes of the run share.
    """
    if nama not in _salinan:
        _salinan[nama] = _salin(nama, bangun, tempat)
    basis_data, berkas, isi = _salinan[nama]
    with _di(basis_data), override_settings(FILES_DIR=berkas), transaction.atomic():
        yield baca(isi)
        transaction.set_rollback(True)


def hapus() -> None:
    """Drop every world of this run. For the process that started the others, once they are gone."""
    with contextlib.suppress(psycopg.OperationalError), templat.server() as pg:
        pola = f"{_awalan()}%".replace("_", r"\_")
        for (nama,) in pg.execute("select datname from pg_database where datname like %s", [pola]).fetchall():
            pg.execute(f'drop database if exists "{nama}" with (force)')


def _awalan() -> str:
    return f"test_dtks_{os.environ['DTKS_TEST_RUN']}_dunia_"


def _salin(nama: str, bangun: Callable[[], Any], tempat: Path) -> tuple[str, Path, bytes]:
    proses = os.environ.get("PYTEST_XDIST_WORKER", "utama")
    asal, rumah, sendiri = _awalan() + nama, tempat / f"dunia-{nama}", tempat / f"dunia-{nama}-{proses}"
    with _satu_per_satu(tempat / f"dunia-{nama}.kunci"):
        if not (rumah / "isi").exists():
            _buat(asal, rumah, bangun)
    shutil.copytree(rumah, sendiri)
    _tiru(asal, f"{asal}_{proses}")
    return f"{asal}_{proses}", sendiri / "berkas", (sendiri / "isi").read_bytes()


def _buat(asal: str, rumah: Path, bangun: Callable[[], Any]) -> None:
    """In one transaction, as the tests that undo theirs would make it. What it would ring for after the commit is not rung."""
    shutil.rmtree(rumah, ignore_errors=True)
    (rumah / "berkas").mkdir(parents=True)
    _tiru(_kosong(), asal)
    with _di(asal), override_settings(FILES_DIR=rumah / "berkas"):
        with transaction.atomic():
            hasil = bangun()
            connection.run_on_commit = []
        with connection.cursor() as cursor:
            cursor.execute("vacuum analyze")
        isi = tulis(hasil)
    (rumah / "isi").write_bytes(isi)


def _kosong() -> str:
    """A database with areas, reference data and cast, and nobody in it."""
    jadi = templat.nama()
    if jadi is not None and templat.ada(jadi):
        return jadi
    basis.kosongkan()
    connection.close()
    return connection.settings_dict["NAME"]


@contextmanager
def _di(nama: str) -> Iterator[None]:
    semula = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = nama
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = semula


def _tiru(asal: str, nama: str) -> None:
    with templat.server() as pg:
        pg.execute(f'drop database if exists "{nama}" with (force)')
        pg.execute(f'create database "{nama}" template "{asal}"')


@contextmanager
def _satu_per_satu(kunci: Path) -> Iterator[None]:
    with kunci.open("w") as berkas:
        fcntl.flock(berkas, fcntl.LOCK_EX)
        yield


def tulis(hasil: Any) -> bytes:
    keluar = io.BytesIO()
    _Penulis(keluar, pickle.HIGHEST_PROTOCOL).dump(hasil)
    return keluar.getvalue()


def baca(isi: bytes) -> Any:
    return _Pembaca(io.BytesIO(isi)).load()


class _Penulis(pickle.Pickler):
    """Rows go by their key: whoever reads has them fresh from his own copy."""

    def persistent_id(self, obj: Any) -> tuple[str, Any] | None:
        return (obj._meta.label, obj.pk) if isinstance(obj, models.Model) else None


class _Pembaca(pickle.Unpickler):
    def persistent_load(self, pid: tuple[str, Any]) -> models.Model:
        return apps.get_model(pid[0])._base_manager.get(pk=pid[1])
