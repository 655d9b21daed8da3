"""gunicorn's threaded worker with a waiting room: `--worker-class config.web_worker.WebWorker` (docs/adr/0037).

gunicorn hands every connection to its threads in the order of arrival and never says no: in a crowd each waits behind all others,
mostly behind people who have given up. Here a request waits in the main thread until a thread is free, and

* what was typed goes before what is only looked at (three to one), health checks before both;
* a page that waited longer than WEB_WAIT_READ seconds is answered "not now, come back in n seconds" by the main thread, without a
  thread, a template or a query; a form waits WEB_WAIT_WRITE and is then given back whole (core/busy.py);
* who comes back when he was told to goes before those who come for the first time;
* where the line has stood that long without ever being empty, waiting helps nobody: a page waits WEB_WAIT_CROWD then;
* whoever hung up is forgotten;
* a connection on which nothing was said yet takes no thread at all (gunicorn's own worker gives it one for five seconds).

Everything but `handle` runs in the main thread, so nothing here needs a lock.
"""

import contextlib
import errno
import gc
import os
import select
import selectors
import socket
import time
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import Any

from gunicorn.workers.gthread import TConn, ThreadWorker

from core import busy

WAIT_READ = float(os.environ.get("WEB_WAIT_READ") or 3)
WAIT_CROWD = float(os.environ.get("WEB_WAIT_CROWD") or 0.7)
WAIT_WRITE = float(os.environ.get("WEB_WAIT_WRITE") or 20)
FIRST_BYTES = 5.0  # for a connection that says nothing
AHEAD = 1  # handed over before a thread is free, so that none waits for the main thread
HUNG_UP = 0.5  # whoever waited less is believed to be there
LOOK = 0.25  # how often the waiting room is looked through
HEAD = 4096
WRITES_IN_A_ROW = 3
NO_ROOM = (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM)
NO_ROOM_PAUSE = 0.05

HEALTH, WRITE, AGAIN, READ = range(4)


class WebWorker(ThreadWorker):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rooms: tuple[deque[TConn], ...] = (deque(), deque(), deque(), deque())
        self.calm = time.monotonic()  # when nobody waited for a page the last time
        self.running = 0
        self.writes_in_a_row = 0

    def init_process(self) -> None:
        # Forms that are given back have a thread of their own: the others may all be stuck.
        self.give_back = ThreadPoolExecutor(max_workers=1)
        super().init_process()

    def load_wsgi(self) -> None:
        super().load_wsgi()
        self.canned = busy.Canned()
        # What is loaded now stays: the collector need not walk through it again and again in the middle of a request.
        gc.collect()
        gc.freeze()

    # --- coming in --------------------------------------------------------------------------------------------------

    def accept(self, listener: socket.socket) -> None:
        """Into the poller, not to a thread: the request may never come."""
        try:
            sock, address = listener.accept()
        except OSError as error:
            if isinstance(error, (BlockingIOError, ConnectionAbortedError)):
                return
            if (
                error.errno in NO_ROOM
            ):  # wait until somebody leaves; dying would drop those who are being served
                time.sleep(NO_ROOM_PAUSE)
                return
            raise
        self.nr_conns += 1
        conn = TConn(self.cfg, sock, address, listener.getsockname())
        conn.timeout = time.monotonic() + FIRST_BYTES
        self.pending_conns.append(conn)
        self.poller.register(conn.sock, selectors.EVENT_READ, partial(self.on_pending_socket_readable, conn))

    def enqueue_req(self, conn: TConn) -> None:
        conn.since = time.monotonic()
        conn.head = _peek(conn.sock)
        if not (self.rooms[AGAIN] or self.rooms[READ]):
            self.calm = conn.since
        self.rooms[_kind(conn.head)].append(conn)
        self._serve()

    # --- being served -----------------------------------------------------------------------------------------------

    def _serve(self) -> None:
        while self.running < self.cfg.threads + AHEAD and (conn := self._next()) is not None:
            self._hand_over(conn, self.tpool, turned_away=False)

    def _next(self) -> TConn | None:
        health, writes, again, reads = self.rooms
        if health:
            return health.popleft()
        if writes and (self.writes_in_a_row < WRITES_IN_A_ROW or not (again or reads)):
            self.writes_in_a_row += 1
            return writes.popleft()
        self.writes_in_a_row = 0
        for room in (again, reads):
            while room:
                conn = room.popleft()
                if time.monotonic() - conn.since < HUNG_UP or not _hung_up(conn.sock):
                    return conn
                self._drop(conn)
        return writes.popleft() if writes else None

    def _hand_over(self, conn: TConn, pool: ThreadPoolExecutor, *, turned_away: bool) -> None:
        self.running += not turned_away
        future = pool.submit(self._handle, conn, turned_away)
        future.add_done_callback(lambda done: self.method_queue.defer(self._served, conn, done, turned_away))

    def _handle(self, conn: TConn, turned_away: bool) -> Any:
        """In a thread."""
        token = busy.turned_away.set(turned_away)
        try:
            return self.handle(conn)
        finally:
            busy.turned_away.reset(token)

    def _served(self, conn: TConn, done: "Future[Any]", turned_away: bool) -> None:
        self.running -= not turned_away
        self.finish_request(conn, done)
        self._serve()

    # --- being sent away --------------------------------------------------------------------------------------------

    def wait_for_and_dispatch_events(self, timeout: float) -> None:
        super().wait_for_and_dispatch_events(min(timeout, LOOK) if any(self.rooms) else timeout)
        self._send_away()

    def _send_away(self) -> None:
        now = time.monotonic()
        _, writes, again, reads = self.rooms
        if not (again or reads):
            self.calm = now
        patience = WAIT_READ if now - self.calm < WAIT_READ else min(WAIT_CROWD, WAIT_READ)
        for room in (again, reads):
            while room and now - room[0].since > patience:
                self._not_now(room.popleft())
        while writes and now - writes[0].since > WAIT_WRITE:
            self._hand_over(writes.popleft(), self.give_back, turned_away=True)

    def _not_now(self, conn: TConn) -> None:
        """Read what was asked, so that closing does not cut the answer off, then answer from memory."""
        with contextlib.suppress(OSError):
            conn.sock.setblocking(False)
            conn.sock.recv(65536)
            conn.sock.send(self.canned.get(conn.head))
            conn.sock.shutdown(socket.SHUT_WR)
        self._drop(conn)

    def _drop(self, conn: TConn) -> None:
        self.nr_conns -= 1
        conn.close()


def _peek(sock: socket.socket) -> bytes:
    """The beginning of the request, left where it is; b"" when gunicorn has read it already."""
    try:
        return sock.recv(HEAD, socket.MSG_PEEK | socket.MSG_DONTWAIT)
    except OSError:
        return b""


def _kind(head: bytes) -> int:
    if head.startswith((b"GET /healthz", b"GET /readyz")):
        return HEALTH
    if not head.startswith((b"GET ", b"HEAD ")):
        return WRITE
    return AGAIN if busy.has_turn(head) else READ


def _hung_up(sock: socket.socket) -> bool:
    poll = select.poll()
    poll.register(sock, select.POLLRDHUP | select.POLLHUP | select.POLLERR)
    return bool(poll.poll(0))
