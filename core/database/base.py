"""Django's PostgreSQL, with the second wall (`core.dinding`) written in front of statements.

Outside a transaction role and codes travel in the same message as the statement and hold for it alone; inside one they go
with its first statement, and again whenever another wall is to stand or a savepoint may have taken the old one down.
"""

import re
from typing import Any

from django.db.backends.postgresql import base
from django.db.backends.postgresql.operations import DatabaseOperations
from django.db.backends.utils import CursorWrapper
from django.db.utils import NotSupportedError
from psycopg import OperationalError, ServerCursor
from psycopg_pool import ConnectionPool

from core import dinding

_TIDAK_TAHU = object()
_AWALAN = re.compile(r"^(?:set local [^;]*; )+")


def _mengakhiri(sql: Any) -> bool:
    """These work in a transaction that has failed, where nothing else does."""
    return isinstance(sql, str) and sql.startswith(("ROLLBACK TO ", "RELEASE SAVEPOINT "))


class _Berdinding:
    """Mixed into both cursors of Django: the innermost step, so that nobody who watches statements sees the prefix."""

    cursor: Any
    db: "DatabaseWrapper"

    def _execute(self, sql: Any, params: Any, *rest: Any) -> Any:
        awal = () if _mengakhiri(sql) else self.db.awalan()
        if awal and isinstance(self.cursor, ServerCursor):
            with self.db.cursor() as biasa:
                self.db.dirikan(biasa.cursor)
            awal = ()
        if not awal:
            return super()._execute(sql, params, *rest)  # type: ignore[misc]
        if not isinstance(sql, str):
            sql = sql.as_string(self.db.connection)
        hasil = super()._execute("; ".join((*awal, sql)), params, *rest)  # type: ignore[misc]
        for _ in awal:
            self.cursor.nextset()
        self.db.berdiri()
        return hasil

    def _executemany(self, sql: Any, param_list: Any, *rest: Any) -> Any:
        self.db.dirikan(self.cursor)
        return super()._executemany(sql, param_list, *rest)  # type: ignore[misc]


class Kursor(_Berdinding, CursorWrapper):
    def copy(self, statement: Any) -> Any:
        self.db.dirikan(self.cursor)
        return self.cursor.copy(statement)


class KursorTercatat(_Berdinding, base.CursorDebugWrapper):
    def copy(self, statement: Any) -> Any:
        self.db.dirikan(self.cursor)
        return super().copy(statement)


class Operasi(DatabaseOperations):
    def last_executed_query(self, cursor: Any, sql: Any, params: Any) -> Any:
        teks = super().last_executed_query(cursor, sql, params)
        return _AWALAN.sub("", teks) if teks else teks


class DatabaseWrapper(base.DatabaseWrapper):
    """`_tegak` is what stands in the transaction that is open; `_pernah`, whether anything stood in it."""

    ops_class = Operasi
    _tegak: Any = None
    _pernah = False

    def awalan(self) -> tuple[str, ...]:
        """Statements that must come first now, or ()."""
        mau = dinding.kini()
        if self.get_autocommit():
            return mau.sql if mau else ()
        if mau == self._tegak:
            return ()
        self._pernah = True
        return mau.sql if mau else dinding.TURUN

    def berdiri(self) -> None:
        if not self.get_autocommit():
            self._tegak = dinding.kini()

    def dirikan(self, cursor: Any) -> None:
        """For what no prefix can be written in front of (COPY, many parameters, a cursor of the driver): needs a transaction."""
        if not (awal := self.awalan()):
            return
        if self.get_autocommit():
            raise NotSupportedError("behind the wall this needs a transaction")
        cursor.execute("; ".join(awal))
        self.berdiri()

    def get_new_connection(self, conn_params: Any) -> Any:
        """One that is alive. The pool's own check sleeps one second, then two, then four between the dead ones that it finds."""
        while True:
            sambungan = super().get_new_connection(conn_params)
            if self.pool is None:
                return sambungan
            try:
                ConnectionPool.check_connection(sambungan)
            except OperationalError:
                self.pool.putconn(sambungan)  # thrown away there, and replaced
            else:
                return sambungan

    def chunked_cursor(self) -> Any:
        if self.get_autocommit() and (dinding.kini() or self.settings_dict.get("POOLER")):
            # One declared outside a transaction would live on without its wall, or on a connection that is somebody else's.
            return self.cursor()
        with self.cursor() as biasa:
            self.dirikan(biasa.cursor)
        return super().chunked_cursor()

    def make_cursor(self, cursor: Any) -> CursorWrapper:
        return Kursor(cursor, self)

    def make_debug_cursor(self, cursor: Any) -> base.CursorDebugWrapper:
        return KursorTercatat(cursor, self)

    def connect(self) -> None:
        self._lupa()
        super().connect()

    def _set_autocommit(self, autocommit: bool) -> None:
        super()._set_autocommit(autocommit)  # type: ignore[misc]
        self._lupa()

    def _commit(self) -> None:
        super()._commit()  # type: ignore[misc]
        self._lupa()

    def _rollback(self) -> None:
        super()._rollback()  # type: ignore[misc]
        self._lupa()

    def _savepoint_rollback(self, sid: str) -> None:
        super()._savepoint_rollback(sid)  # type: ignore[misc]
        if self._pernah:
            self._tegak = _TIDAK_TAHU

    def _lupa(self) -> None:
        self._tegak, self._pernah = None, False
