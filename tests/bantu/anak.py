"""Work in a process of its own: its memory is its own too."""

import os
import tempfile
import traceback
from collections.abc import Callable

from django.db import connection


def terpisah(kerja: Callable[[], bytes]) -> bytes:
    """What `kerja` gives, made by a child; b"" when it failed (its traceback is printed)."""
    connection.close()
    with tempfile.TemporaryFile() as keluar:
        if (pid := os.fork()) == 0:
            try:
                keluar.write(kerja())
                keluar.flush()
            except BaseException:
                traceback.print_exc()
                os._exit(1)
            os._exit(0)
        _, status = os.waitpid(pid, 0)
        keluar.seek(0)
        return keluar.read() if status == 0 else b""
