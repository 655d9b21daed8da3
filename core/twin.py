"""Large answers of one snapshot, made by two connections: while one is sent, the next two are already worked on (docs/adr/0044)."""

import logging
import re
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from typing import Any

from django.db import DEFAULT_DB_ALIAS, Error, OperationalError, connections, transaction

from core import bulk

log = logging.getLogger(__name__)
Question = tuple[str, dict[str, Any]]
# One answer of a process at a time has a second connection: the pool holds one more than there are threads (config/settings.py).
_second = threading.BoundedSemaphore(1)
_NAME = re.compile(r"[0-9A-F-]+")


def blobs(questions: Iterable[Question], using: str = DEFAULT_DB_ALIAS) -> Iterator[tuple[Any, ...]]:
    """`bulk.blob` of every question, in their order and of one snapshot; at most three answers are held at a time.

    Inside a transaction of the caller, whose rows no other connection sees, and when no second one is free: with one connection.
    """
    asked = connections[using]
    if asked.in_atomic_block:
        yield from (bulk.blob(query, values, using) for query, values in questions)
        return
    with transaction.atomic(using=using):
        with asked.cursor() as cursor:
            cursor.execute("set transaction isolation level repeatable read, read only")
        with _pair(asked) as both:
            yield from _in_order(both, questions)


def _in_order(both: list[Any], questions: Iterable[Question]) -> Iterator[tuple[Any, ...]]:
    """Question n goes to connection n % len(both), as soon as that one has handed over its last answer and before this is given out."""
    ahead: deque[Future[tuple[Any, ...]]] = deque()
    with ThreadPoolExecutor(len(both), "twin") as threads:  # the end of it waits for what still runs
        for n, (query, values) in enumerate(questions):
            ready = [_take(both[0], ahead)] if len(ahead) == len(both) else []
            one = both[n % len(both)]
            ahead.append(threads.submit(bulk.fetch, one.connection, bulk.written(one, query, values)))
            yield from ready
        while ahead:
            yield _take(both[0], ahead)


def _take(asked: Any, ahead: deque[Future[tuple[Any, ...]]]) -> tuple[Any, ...]:
    with asked.wrap_database_errors:
        return ahead.popleft().result()


@contextmanager
def _pair(asked: Any) -> Iterator[list[Any]]:
    """The connection, and a second one that sees the same rows through the same wall until the end of this; or the first alone."""
    if not _second.acquire(blocking=False):
        yield [asked]
        return
    other = asked.copy()
    try:
        yield [asked, other] if _join(asked, other) else [asked]
    finally:
        try:
            if other.connection is not None:
                with suppress(Error):  # the pool would undo it too, with a warning in the log
                    other.rollback()
            other.close()
        finally:
            _second.release()


def _join(asked: Any, other: Any) -> bool:
    """Whether the second connection now stands in the snapshot of the first. Its own wrapper writes the wall in front."""
    with asked.cursor() as cursor:
        cursor.execute("select pg_export_snapshot()")
        (name,) = cursor.fetchone()
    assert _NAME.fullmatch(name)
    try:
        other.set_autocommit(False)
        with other.cursor() as cursor:
            cursor.execute("set transaction isolation level repeatable read, read only")
            cursor.execute(f"set transaction snapshot '{name}'")
    except OperationalError as error:
        log.warning("no second connection: %s", error)
        return False
    return True
