"""Is an error ours, or was the database away, full or busy for a moment? The second is a 503 with a time to come again."""

from django.db import InterfaceError, OperationalError
from django.db.transaction import TransactionManagementError

from core.privacy.saksi import WrongKey

_SUSULAN = (
    TransactionManagementError,
)  # what code says that goes on in a transaction which the database ended


def tidak_siap(error: BaseException | None) -> bool:
    """True for a lost connection, a server that starts or stops, no free connection, a full disk, a lock or a time-out.

    So is a process with the keys of another database: it does nothing until somebody sets it right. PostgreSQL's classes 08, 53, 55P03, 57 and 58 and a refused or exhausted connection all arrive as OperationalError;
    a statement on a connection that has gone is an InterfaceError.
    """
    if isinstance(error, _SUSULAN):
        error = error.__context__
    return isinstance(error, OperationalError | InterfaceError | WrongKey)
