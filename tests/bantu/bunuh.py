"""SQLite's loop for our actions (reliability.md F4): the 1st, 2nd, 3rd, ... SQL statement fails because the server process dies.

    with SetiapPernyataan() as buku: sampai("ditetapkan")

Inside, every function of an `actions` module that is called from outside a transaction is first tried with its connection killed
just before its k-th statement (savepoints and the COMMIT count too). After each kill every table must hold what it held before;
the untouched last try is the retry of a user who was told "coba lagi". Work goes on from there.
"""

import copy
import importlib
import inspect
import pkgutil
from collections import Counter
from collections.abc import Callable
from contextlib import contextmanager, suppress
from functools import wraps
from types import ModuleType
from typing import Any

import psycopg
from django.db import DatabaseError, InterfaceError, connection, models, transaction

from core import workflow

APLIKASI = ("accounts", "bansos", "dtks", "pengaduan", "portal", "wilayah")
# Never written by an action here; and attempts, which count whether the act succeeds or not.
DIAM = {"wilayah_wilayah", "core_panah", "django_migrations", "dtks_kodeacuan", "core_pembatas"}
MATI = (DatabaseError, InterfaceError)  # what a dead connection becomes in Django


def modul_aksi() -> list[ModuleType]:
    hasil = []
    for aplikasi in APLIKASI:
        paket = importlib.import_module(f"{aplikasi}.actions")
        nama = [m.name for m in pkgutil.walk_packages(paket.__path__, f"{paket.__name__}.")]
        hasil += [paket, *(importlib.import_module(n) for n in nama)]
    return hasil


class SetiapPernyataan:
    """`tiap`: kill at every n-th statement only; the first is 1 + (number of the call mod n), so that all are met in time."""

    def __init__(self, *, tiap: int = 1):
        self.tiap = tiap
        self.bunuh: Counter[str] = Counter()  # action -> kills
        self.langkah: set[tuple[str, str]] = set()  # (line, step) that went through under kills
        self._sibuk = False
        self._panggilan = 0
        self._ditukar: list[tuple[Any, str, Any]] = []

    def __enter__(self) -> "SetiapPernyataan":
        d = connection.settings_dict
        self._lain = psycopg.connect(
            host=d["HOST"] or None, port=d["PORT"] or None, user=d["USER"], password=d["PASSWORD"] or None, dbname=d["NAME"], autocommit=True
        )  # fmt: skip
        self._tabel = self._baca_tabel()
        for modul in modul_aksi():
            for nama, fungsi in list(vars(modul).items()):
                if (
                    inspect.isfunction(fungsi)
                    and not nama.startswith("_")
                    and fungsi.__module__ == modul.__name__
                    and not inspect.isgeneratorfunction(inspect.unwrap(fungsi))
                ):
                    self._tukar(modul, nama, self._bungkus(fungsi))
        self._tukar(workflow, "step", self._catat_langkah(workflow.step))
        return self

    def __exit__(self, *galat: object) -> None:
        for tempat, nama, asli in reversed(self._ditukar):
            setattr(tempat, nama, asli)
        self._lain.close()

    def _tukar(self, tempat: Any, nama: str, baru: Any) -> None:
        self._ditukar.append((tempat, nama, getattr(tempat, nama)))
        setattr(tempat, nama, baru)

    def _catat_langkah(self, asli: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(asli)
        def step(alur: Any, objek: Any, nama: str, **isi: Any) -> Any:
            hasil = asli(alur, objek, nama, **isi)
            self.langkah.add((alur.nama, nama))
            return hasil

        return step

    def _bungkus(self, fungsi: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(fungsi)
        def jalan(*a: Any, **k: Any) -> Any:
            if self._sibuk or connection.in_atomic_block:
                return fungsi(*a, **k)
            self._sibuk = True
            try:
                return self._putar(fungsi, a, k)
            finally:
                self._sibuk = False

        return jalan

    def _putar(self, fungsi: Callable[..., Any], a: tuple, k: dict) -> Any:
        self._panggilan += 1
        ke = 1 + (self._panggilan % self.tiap if self.tiap > 1 else 0)
        nama = f"{fungsi.__module__}.{fungsi.__name__}"
        self._semula: dict[str, str] = {}
        while True:
            with _mati_di(ke, self._catat_semula, self._akhiri) as kena:
                try:
                    hasil = fungsi(*_salin(a), **_salin(k))
                except MATI:
                    if not kena:
                        raise
                else:
                    assert not kena, f"{nama} went on after its connection died at statement {ke}"
                    return hasil
            beda = {t for t, s in self.sidik().items() if self._semula[t] != s}
            assert not beda, f"{nama}, killed at statement {ke}: half of it stayed in {sorted(beda)}"
            self.bunuh[nama] += 1
            self._lain.execute("delete from core_pembatas")  # a hundred deaths are one attempt of this person
            ke += self.tiap

    def _catat_semula(self) -> None:
        self._semula = self._semula or self.sidik()

    def _akhiri(self) -> None:
        """The server process of our connection dies, before its next statement."""
        self._lain.execute("select pg_terminate_backend(%s, 5000)", [connection.connection.info.backend_pid])

    def _baca_tabel(self) -> list[str]:
        baris = self._lain.execute("select tablename from pg_tables where schemaname = 'public'").fetchall()
        return sorted(t for (t,) in baris if t not in DIAM)

    def sidik(self) -> dict[str, str]:
        """A fingerprint of what is committed in every table."""
        satu = "select '{0}', coalesce(md5(string_agg(x::text, '|' order by x::text)), '') from \"{0}\" x"
        baris = self._lain.execute(" union all ".join(satu.format(t) for t in self._tabel)).fetchall()
        return dict(baris)


def _salin(isi: Any) -> Any:
    """Fresh arguments for each try, as a new request would have them."""
    if type(isi) in (tuple, list):
        return type(isi)(_salin(v) for v in isi)
    if isinstance(isi, dict):
        return {n: _salin(v) for n, v in isi.items()}
    return copy.copy(isi) if isinstance(isi, models.Model) else isi


@contextmanager
def _mati_di(ke: int, pertama: Callable[[], None], bunuh: Callable[[], None]):
    """Counts what this connection sends: before the first `pertama` is called, before number `ke` its server process is ended.

    Yields a list that is empty until then.
    """
    hitung, kena = 0, []

    def sampai() -> None:
        nonlocal hitung
        hitung += 1
        if hitung == 1:
            pertama()
        if hitung == ke and not kena:
            kena.append(ke)
            bunuh()

    def sebelum(execute: Any, sql: Any, params: Any, many: Any, context: Any) -> Any:
        sampai()
        return execute(sql, params, many, context)

    sambungan = transaction.get_connection()
    asli = sambungan._commit

    def _commit() -> Any:
        sampai()
        return asli()

    sambungan._commit = _commit
    try:
        with sambungan.execute_wrapper(sebelum):
            yield kena
    finally:
        del sambungan._commit
        if kena:
            with suppress(Exception):
                sambungan.close()
            assert not sambungan.in_atomic_block
