"""Connections that another thread may cut: a server that neither answers nor hangs up holds whoever waits for it (docs/adr/0043)."""

import contextlib
import os
import socket
import threading
from typing import Any
from weakref import WeakSet

import psycopg

_lock = threading.Lock()
_open: WeakSet["Line"] = WeakSet()


class Line(psycopg.Connection[Any]):
    """A connection of this process that `cut_all` finds."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        with _lock:
            _open.add(self)


def cut_all() -> None:
    """Whoever waits on one of them gets an OperationalError at once."""
    with _lock:
        lines = list(_open)
    for line in lines:
        with (
            contextlib.suppress(psycopg.Error, OSError),
            socket.socket(fileno=os.dup(line.fileno())) as its_own,
        ):
            its_own.shutdown(socket.SHUT_RDWR)
