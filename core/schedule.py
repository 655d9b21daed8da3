"""The calendar of recurring jobs. `(job, period)` is a unique key in PostgreSQL, so two beats are harmless."""

from collections.abc import Callable
from datetime import datetime

from core import outbox

_entries: dict[str, Callable[[datetime], str | None]] = {}


def register(jenis: str, period: Callable[[datetime], str | None]) -> None:
    """`period(now)` names the period whose run is due (e.g. '2026-11-21' after 01.00), or None."""
    _entries[jenis] = period


def daily(hour: int) -> Callable[[datetime], str | None]:
    """Once a day, from `hour` o'clock local time on (late starts catch up the same day)."""
    return lambda now: now.date().isoformat() if now.hour >= hour else None


def enqueue_due(now: datetime) -> int:
    count = 0
    for jenis, period in _entries.items():
        name = period(now)
        if name is not None and outbox.antre(jenis, {"periode": name}, kunci=f"{jenis}@{name}"):
            count += 1
    return count
