"""Reads from a streaming replica, where the code names them; decisions never (docs/adr/0038).

How old the replica is, is proved and not believed: the primary's position in its log, noted at a known moment, has been replayed
over there, so the replica holds everything that was committed before that moment. No clock but our own is asked, and neither an
idle primary nor a cut line is mistaken for the other. What is too old, unknown or gone is read from the primary; one that takes
questions and answers none is found out by `_Patience`.
"""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, TypeVar

import psycopg
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, DatabaseError, InterfaceError, OperationalError, connections
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from core import lines

log = logging.getLogger(__name__)
T = TypeVar("T")
View = Callable[..., HttpResponseBase]

REPLICA = "replika"
# What may be read there at all. Accounts, powers, sessions, keys, limits and the queue decide something: never.
APPS = frozenset({"wilayah", "dtks", "bansos", "pengaduan", "portal"})
NOW = 0.0  # everything committed before the question
WAIT = 0.3  # seconds that NOW waits for the replica
EVERY = 1.0  # seconds between two looks, for readers that take older rows
PAUSE = 15.0  # seconds without the replica after it failed
PATIENCE = 3.0  # seconds of waiting until it is asked whether it is still there at all
GONE = (OperationalError, InterfaceError)

_chosen: ContextVar[bool] = ContextVar("replica_chosen", default=False)
_reading: ContextVar[bool] = ContextVar(
    "replica_reading", default=False
)  # inside `read`, with a replica or without

# What is committed is flushed, unless somebody told the server not to wait for that (the portal does so for counts of limits only).
_PRIMARY = """select (case current_setting('synchronous_commit') when 'off' then pg_current_wal_insert_lsn()
                           else pg_current_wal_flush_lsn() end - '0/0')::bigint, system_identifier from pg_control_system()"""
_THERE = """select case when pg_is_in_recovery() then (pg_last_wal_replay_lsn() - '0/0')::bigint end, system_identifier
            from pg_control_system()"""


class Router:
    """Of Django: a read goes to the replica only inside `read`, only of `APPS`, and never in a transaction of the primary."""

    def db_for_read(self, model: Any, **hints: Any) -> str:
        apart = _chosen.get() and model._meta.app_label in APPS
        return REPLICA if apart and not connections[DEFAULT_DB_ALIAS].in_atomic_block else DEFAULT_DB_ALIAS

    def db_for_write(self, model: Any, **hints: Any) -> str:
        """Also asked before a row is locked, so no act can run inside `read`: it would run twice, or on old rows."""
        if _reading.get():
            raise RuntimeError(f"inside core.replica.read nothing is written or locked: {model.__name__}")
        return DEFAULT_DB_ALIAS

    def allow_relation(self, one: Any, other: Any, **hints: Any) -> bool:
        return True  # the same rows, read here and there

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        return db == DEFAULT_DB_ALIAS


class _Patience:
    """One read over there. A machine whose disk or processes stand still keeps its connections: nothing would ever end the wait.

    After `PATIENCE` seconds a connection of our own asks. Answered in time: the read is only long. Not: every line of this process
    to the replica is cut, and who waited reads from the primary.
    """

    def __init__(self) -> None:
        self._over = threading.Event()
        self._arm()

    def _arm(self) -> None:
        self._timer = threading.Timer(PATIENCE, self._ask)
        self._timer.daemon = True
        self._timer.start()

    def end(self) -> None:
        self._over.set()
        self._timer.cancel()

    def _ask(self) -> None:
        if self._over.is_set():
            return
        try:
            isi = connections[REPLICA].get_connection_params()
            with psycopg.connect(**isi, autocommit=True) as own:  # connect_timeout covers the whole greeting
                own.execute("select 1")
        except psycopg.Error:
            watch.give_up("does not answer")
            lines.cut_all()
        else:
            self._arm()


@contextmanager
def _patience() -> Iterator[None]:
    one = _Patience()
    try:
        yield
    finally:
        one.end()


class Watch:
    """One for each process. `age()`: seconds within which the replica is known to be up to date; None = not known, do not use."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._notes: deque[tuple[float, int]] = deque(maxlen=600)  # (moment, the primary's position then)
        self._fresh: float | None = None  # everything committed before this moment is over there
        self._looked = self._until = float("-inf")
        self.why = ""

    def note(self, moment: float, lsn: int) -> None:
        if not self._notes or moment - self._notes[-1][0] >= EVERY / 2:
            self._notes.append((moment, lsn))

    def learn(self, lsn: int) -> None:
        """The replica has replayed so far: the newest moment before which nothing is missing."""
        notes = self._notes  # another thread may give up, and begin new ones, meanwhile
        while notes and notes[0][1] <= lsn:
            self._prove(notes.popleft()[0])

    def _prove(self, moment: float) -> None:
        fresh = self._fresh  # read once: another thread may give up meanwhile
        self._fresh = moment if fresh is None else max(fresh, moment)

    def age(self) -> float | None:
        fresh = self._fresh
        return None if fresh is None else time.monotonic() - fresh

    def give_up(self, why: str) -> None:
        log.warning("replica not used for %s s: %s", PAUSE, why)
        self.why, self._until, self._fresh = why, time.monotonic() + PAUSE, None
        self._notes = deque(maxlen=600)
        connections[REPLICA].close()

    def usable(self, at_most: float) -> bool:
        if time.monotonic() < self._until:
            return False
        try:
            return self._caught_up() if at_most <= NOW else self._recent(at_most)
        except GONE as error:
            self.give_up(type(error).__name__)
            return False

    def _recent(self, at_most: float) -> bool:
        if time.monotonic() - self._looked >= EVERY and self._lock.acquire(blocking=False):
            try:
                self._look()
            finally:
                self._lock.release()
        age = self.age()
        return age is not None and age <= at_most

    @_patience()
    def _look(self) -> None:
        moment, lsn, system = _primary()
        self._looked = moment
        self.note(moment, lsn)
        if (there := self._replayed(system)) is not None:
            self.learn(there)

    @_patience()
    def _caught_up(self) -> bool:
        moment, lsn, system = _primary()
        while (there := self._replayed(system)) is not None:
            if there >= lsn:
                self._prove(moment)
                return True
            if time.monotonic() >= moment + WAIT:
                return False
            time.sleep(0.01)
        return False

    def _replayed(self, system: int) -> int | None:
        """How far the replica is; None, and it is left alone, when it is no replica of this primary."""
        with connections[REPLICA].cursor() as cursor:
            cursor.execute(_THERE)
            lsn, other = cursor.fetchone()
        if lsn is None or other != system:
            self.give_up("takes writes of its own" if lsn is None else "of another cluster")
            return None
        return int(lsn)


def _primary() -> tuple[float, int, int]:
    moment = time.monotonic()
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute(_PRIMARY)
        return (moment, *cursor.fetchone())


watch = Watch()


def configured() -> bool:
    return REPLICA in settings.DATABASES


def read(do: Callable[[str], T], *, at_most: float) -> T:
    """`do(alias)` with reads on the replica when it holds all that was committed `at_most` seconds ago; else on the primary.

    When the replica fails on the way, `do` runs once more on the primary: it may write nothing (`Router` refuses). Inside, querysets of `APPS`
    that no transaction of the primary surrounds go there by themselves; raw cursors and everything else take `alias`.
    """
    reading = _reading.set(True)
    try:
        if configured() and watch.usable(at_most):
            token = _chosen.set(True)
            try:
                with _patience():
                    return do(REPLICA)
            except DatabaseError as error:
                if not isinstance(error, GONE):  # a read that is wrong here is wrong there
                    raise
                watch.give_up(type(error).__name__)
            finally:
                _chosen.reset(token)
        return do(DEFAULT_DB_ALIAS)
    finally:
        _reading.reset(reading)


def stream(do: Callable[[str], Iterator[T]], *, at_most: float) -> Iterator[T]:
    """`read` for what comes piece by piece: before the first piece a failure is not noticed, later it is the reader's to go on."""
    if configured() and watch.usable(at_most):
        begun = False
        try:
            for piece in _each(do(REPLICA)):
                begun = True
                yield piece
        except GONE as error:
            watch.give_up(type(error).__name__)
            if begun:
                raise
        else:
            return
    yield from do(DEFAULT_DB_ALIAS)


def _each(pieces: Iterator[T]) -> Iterator[T]:
    """With patience for each piece, and none counted while the reader is at it."""
    while True:
        with _patience():
            try:
                piece = next(pieces)
            except StopIteration:
                return
        yield piece


def old() -> float:
    """Seconds that what is read just now may be old. On the primary none."""
    return (watch.age() or 0.0) if _chosen.get() else 0.0


def page(*, at_most: float | None = None) -> Callable[[View], View]:
    """For a view whose GET only shows: `at_most` seconds old rows will do (settings.REPLICA_MAX_AGE when not said)."""

    def wrap(view: View) -> View:
        @wraps(view)
        def run(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.method not in ("GET", "HEAD"):
                return view(request, *args, **kwargs)
            old = settings.REPLICA_MAX_AGE if at_most is None else at_most
            return read(lambda alias: view(request, *args, **kwargs), at_most=old)

        return run

    return wrap


def state() -> dict[str, Any]:
    """For `/readyz`: is it used, and within how many seconds is it up to date. Nothing without a replica."""
    if not configured():
        return {}
    used, age = watch.usable(settings.REPLICA_MAX_AGE), watch.age()
    return {
        "replika": {
            "dipakai": used,
            "umur_detik": None if age is None else round(age, 1),
            "sebab": "" if used else watch.why or "tertinggal",
        }
    }
