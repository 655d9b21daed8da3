"""Is an error ours, or was the database away, full or busy for a moment? The second is a 503 with a time to come again."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import TypeVar

from django.conf import settings
from django.db import DatabaseError, InterfaceError, OperationalError, connection
from django.db.transaction import TransactionManagementError
from django.http import FileResponse
from django.http.response import HttpResponseBase

from core.files import NoRoom
from core.privacy.saksi import WrongKey

J = TypeVar("J", bound=HttpResponseBase)
_SUSULAN = (
    TransactionManagementError,
)  # what code says that goes on in a transaction which the database ended


def tidak_siap(error: BaseException | None) -> bool:
    """True for a lost connection, a server that starts or stops, no free connection, a full disk (files too), a lock or a time-out.

    So is a process with the keys of another database: it does nothing until somebody sets it right. PostgreSQL's classes 08, 53, 55P03, 57 and 58 and a refused or exhausted connection all arrive as OperationalError;
    a statement on a connection that has gone is an InterfaceError.
    """
    if isinstance(error, _SUSULAN):
        error = error.__context__
    return isinstance(error, OperationalError | InterfaceError | WrongKey | NoRoom)


@contextmanager
def tanpa_batas() -> Iterator[None]:
    """Statements inside may take as long as they need, where a page's would be ended (WEB_STATEMENT_SECONDS)."""
    if "statement_timeout" not in settings.SESSION_LIMITS:
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("set statement_timeout = 0")
    try:
        yield
    finally:
        with suppress(DatabaseError, InterfaceError), connection.cursor() as cursor:
            cursor.execute("reset statement_timeout")  # what the connection began with


def biarkan_mengalir(jawab: J) -> J:
    """A stream is one statement that lasts as long as its reader: no end for it. What is wrong before it begins still ends in time."""
    if jawab.streaming and not isinstance(jawab, FileResponse):
        jawab.streaming_content = _alir(jawab.streaming_content)  # type: ignore[attr-defined]
    return jawab


def _alir(isi: Iterable[bytes]) -> Iterator[bytes]:
    with tanpa_batas():
        yield from isi
