"""HTTP client for the Dukcapil verification service. Standard library only; called by tasks, outside any
transaction.

``verify`` never raises and never guesses: an outage or an answer that is not understood gives
``GAGAL_LAYANAN`` with a reason (``sebab``), and the caller leaves the state of the check untouched. The peer
is not trusted: no redirects, no compression, at most 1 MB, one deadline for the whole exchange. Nothing is
logged here, so no NIK is.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

from core.integrations.dukcapil.verdict import (
    SERVICE_VERSION,
    Ambang,
    Kategori,
    MatchResult,
    PersonQuery,
    failure,
    parse,
)

MAX_BODY = 1_000_000
MAX_QUOTED_VERSION = 60
# Failures of access, not of the service: they do not open the breaker, the caller stops the batch and tells
# an officer.
ACCESS_FAILURES = frozenset({"kuota_habis", "login_gagal", "pengguna_tidak_aktif", "ip_ditolak"})


class Breaker:
    """Stops calling a service that is down: open for ``seconds`` after ``after`` failures in a row, then one
    trial.

    Shared by the threads of one process. ``clock`` gives monotonic seconds.
    """

    def __init__(
        self, after: int = 5, seconds: float = 30, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._after, self._seconds, self._clock = after, seconds, clock
        self._failures = 0
        self._open_until = 0.0
        self._lock = threading.Lock()

    def allow(self) -> bool:
        """True when a call may go out. After the pause the first caller gets the trial, the others keep
        waiting."""
        with self._lock:
            if self._failures < self._after:
                return True
            if self._clock() < self._open_until:
                return False
            self._open_until = self._clock() + self._seconds
            return True

    def success(self) -> None:
        with self._lock:
            self._failures = 0

    def failure(self) -> None:
        with self._lock:
            self._failures += 1
            if self._failures >= self._after:
                self._open_until = self._clock() + self._seconds

    @property
    def is_open(self) -> bool:
        with self._lock:
            return self._failures >= self._after and self._clock() < self._open_until


class DukcapilClient:
    """``url``: base address ('http://127.0.0.1:8390'); ``timeout``: seconds for the whole exchange.

    ``ip``: the address registered with Dukcapil, sent as IP_USER. Raises ``ValueError`` only here, for a
    wrong ``url``.
    """

    def __init__(
        self,
        url: str,
        user: str,
        password: str,
        ip: str,
        timeout: float = 2.0,
        *,
        breaker: Breaker | None = None,
        versi_layanan: str = SERVICE_VERSION,
    ) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
            raise ValueError("the Dukcapil address must be http(s)://host[:port][/path] without a user")
        self._https = parts.scheme == "https"
        self._host, self._port = parts.hostname, parts.port
        self._path = parts.path.rstrip("/") + "/verifikasi"
        self._access = {"user_id": user, "password": password, "IP_USER": ip}
        self._timeout = timeout
        self._version = versi_layanan
        self.breaker = breaker or Breaker()

    def __repr__(self) -> str:
        return f"<DukcapilClient {self._host}>"

    def verify(self, query: PersonQuery, threshold: float = 90, review: float = 60) -> MatchResult:
        """Check one person. ``threshold``: name score accepted at once; from ``review`` a person decides.

        ``review`` is what goes out as TRESHOLD: below it the service answers without a score.
        """
        ambang = Ambang(float(threshold), float(review))
        if not re.fullmatch(r"[0-9]{16}", query.nik):
            # Not worth a call under a daily quota.
            return MatchResult(Kategori.FORMAT_SALAH, "", {}, ambang, self._version, "NIK harus 16 angka")
        if not self.breaker.allow():
            return failure("pemutus_terbuka", ambang=ambang, versi_layanan=self._version)
        result = self._ask(query, ambang)
        if result.ada_putusan or result.sebab in ACCESS_FAILURES:
            self.breaker.success()
        else:
            self.breaker.failure()
        return result

    def _ask(self, query: PersonQuery, ambang: Ambang) -> MatchResult:
        body = json.dumps(self._access | query.fields() | {"TRESHOLD": f"{ambang.tinjau:g}"}).encode()
        try:
            raw, version = self._exchange(body)
        except _Failed as error:
            return failure(error.sebab, ambang=ambang, versi_layanan=self._version)
        return parse(raw, query, ambang, versi_layanan=version)

    def _exchange(self, body: bytes) -> tuple[object, str]:
        """Send, receive, decode. Raises only ``_Failed``; after the deadline it is always
        'waktu_habis'."""
        deadline = time.monotonic() + self._timeout
        connection = self._connection()
        try:
            connection.connect()
            with _cut_off(connection.sock, deadline - time.monotonic()):
                connection.request("POST", self._path, body, _HEADERS)
                response = connection.getresponse()
                received = _body(response)
            if time.monotonic() >= deadline:
                raise _Failed("waktu_habis")
            return _decode(received), _version(response, self._version)
        except (OSError, http.client.HTTPException, ValueError, _Failed) as error:
            sebab = "waktu_habis" if time.monotonic() >= deadline else _reason(error)
            raise _Failed(sebab) from None
        finally:
            connection.close()

    def _connection(self) -> http.client.HTTPConnection:
        if self._https:
            context = ssl.create_default_context()
            return http.client.HTTPSConnection(self._host, self._port, timeout=self._timeout, context=context)
        return http.client.HTTPConnection(self._host, self._port, timeout=self._timeout)


_HEADERS = {"Content-Type": "application/json", "Accept": "application/json", "Accept-Encoding": "identity"}


class _Failed(Exception):
    """Carries the reason code from the place of the failure to ``verify``."""

    def __init__(self, sebab: str) -> None:
        super().__init__(sebab)
        self.sebab = sebab


def _reason(error: Exception) -> str:
    if isinstance(error, _Failed):
        return error.sebab
    if isinstance(error, TimeoutError):
        return "waktu_habis"
    return "tls_gagal" if isinstance(error, ssl.SSLError) else "tidak_terhubung"


@contextlib.contextmanager
def _cut_off(sock: socket.socket, seconds: float) -> Iterator[None]:
    """Break the connection after ``seconds``: a peer that drips bytes never trips the socket's own
    timeout."""

    def cut() -> None:
        with contextlib.suppress(OSError):
            sock.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(max(0.0, seconds), cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _body(response: http.client.HTTPResponse) -> bytes:
    if 300 <= response.status < 400:
        raise _Failed("pengalihan")  # never followed: it could point into our own network
    if response.status != 200:
        raise _Failed(f"http_{response.status}")
    if response.getheader("Content-Encoding", "identity").strip().lower() not in ("", "identity"):
        raise _Failed("terkompresi")  # we asked for none; a bomb is never unpacked
    announced = response.length
    if announced is not None and announced > MAX_BODY:
        raise _Failed("terlalu_besar")
    try:
        body = response.read(MAX_BODY + 1)
    except http.client.IncompleteRead:
        raise _Failed("terpotong") from None
    if len(body) > MAX_BODY:
        raise _Failed("terlalu_besar")
    if announced is not None and len(body) < announced:
        raise _Failed("terpotong")
    return body


def _decode(body: bytes) -> object:
    try:
        return json.loads(body.decode("utf-8"))
    except (ValueError, RecursionError):  # ValueError: not UTF-8, not JSON, a number of 5,000 digits
        raise _Failed("bukan_json") from None


def _version(response: http.client.HTTPResponse, default: str) -> str:
    stated = response.getheader("X-Versi-Layanan", "")
    return stated if re.fullmatch(rf"[\w./-]{{1,{MAX_QUOTED_VERSION}}}", stated, re.ASCII) else default
