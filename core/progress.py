"""How far a long job is, while its one transaction is still open.

An `effect` job of the queue works under the lock of its own row, so nobody could read a counter kept there. The hint
lies in the cache: losing it costs a number on a screen and never work (docs/adr/0003, 0009).
"""

import time
from uuid import UUID

from django.core.cache import cache

_SECONDS = 900
_PAUSE = 0.5  # a hint twice a second is enough for a person


def _key(job: UUID | str) -> str:
    return f"laju:{job}"


class Laju:
    """Call it with how many are done; it tells the screen at most twice a second."""

    def __init__(self, job: UUID | str | None, total: int = 0):
        self._job, self.total, self._next = job, total, 0.0

    def __call__(self, n: int, tahap: str = "") -> None:
        now = time.monotonic()
        if self._job is None or now < self._next:
            return
        self._next = now + _PAUSE
        try:
            cache.set(_key(self._job), {"n": n, "total": self.total, "tahap": tahap}, _SECONDS)
        except Exception:  # no cache, no hint
            self._job = None


def laju_dari(job: UUID | str | None) -> dict[str, object]:
    """`{"n", "total", "tahap"}` of a running job, {} when nothing is known."""
    if job is None:
        return {}
    try:
        return cache.get(_key(job)) or {}
    except Exception:
        return {}
