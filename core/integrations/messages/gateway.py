"""HTTP client of a WhatsApp/SMS gateway. Standard library only.

    POST <url>/messages   Authorization: Bearer <token>   Idempotency-Key: <key>
    {"to": "+628…", "channel": "whatsapp", "text": "…"}   ->   202 {"id": "…"}

A gateway that speaks otherwise needs an adapter of this size. The peer is not trusted: no redirects, at most 64 kB, a
deadline. An answer that is not understood is `Busy`, never success. Nothing is logged: neither number nor text.
"""

import http.client
import json
import ssl
from typing import Any
from urllib.parse import urlsplit

from core.integrations.dukcapil.client import Breaker
from core.integrations.messages import Busy, Refused

MAX_BODY = 65_536
OUTAGE, ACCESS, QUOTA = 30, 900, 3600  # seconds until it is asked again


class GatewaySender:
    """``breaker`` is shared by the threads of a process, so a dead gateway costs one attempt now and then."""

    def __init__(
        self, url: str, token: str, *, channel: str = "whatsapp", timeout: float = 5.0, breaker: Breaker | None = None
    ):  # fmt: skip
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
            raise ValueError("the gateway address must be http(s)://host[:port][/path] without a user")
        self._https, self._host, self._port = parts.scheme == "https", parts.hostname, parts.port
        self._path = parts.path.rstrip("/") + "/messages"
        self._token, self._channel, self._timeout = token, channel, timeout
        self._breaker = breaker or Breaker()

    def __repr__(self) -> str:
        return f"<GatewaySender {self._host}>"

    def send(self, *, to: str, title: str, text: str, key: str) -> str:
        if not self._breaker.allow():
            raise Busy(OUTAGE, "Gateway pesan sedang tidak menjawab.")
        try:
            status, headers, body = self._exchange({"to": to, "channel": self._channel, "text": text}, key)
        except (OSError, http.client.HTTPException):
            self._breaker.failure()
            raise Busy(OUTAGE, "Gateway pesan tidak menjawab.") from None
        if status >= 500 or 300 <= status < 400:
            self._breaker.failure()
            raise Busy(OUTAGE, f"Gateway pesan menjawab {status}.")
        self._breaker.success()
        return _read(status, headers, body)

    def _exchange(self, content: dict[str, str], key: str) -> tuple[int, Any, bytes]:
        kind = http.client.HTTPSConnection if self._https else http.client.HTTPConnection
        more: dict[str, Any] = {"context": ssl.create_default_context()} if self._https else {}
        connection = kind(self._host, self._port, timeout=self._timeout, **more)
        headers = {
            "Content-Type": "application/json", "Accept": "application/json", "Accept-Encoding": "identity",
            "Authorization": f"Bearer {self._token}", "Idempotency-Key": key,
        }  # fmt: skip
        try:
            connection.request("POST", self._path, json.dumps(content).encode(), headers)
            response = connection.getresponse()
            return response.status, response.headers, response.read(MAX_BODY + 1)
        finally:
            connection.close()


def _read(status: int, headers: Any, body: bytes) -> str:
    if status in (401, 403):
        raise Busy(ACCESS, "Gateway pesan menolak kunci portal.")
    if status == 402:
        raise Busy(QUOTA, "Kuota gateway pesan habis.")
    if status == 429:
        wait = headers.get("Retry-After", "")
        seconds = int(wait) if wait.isascii() and wait.isdigit() else 60
        raise Busy(min(max(seconds, 5), QUOTA), "Gateway pesan meminta menunggu.")
    try:
        answer = json.loads(body[:MAX_BODY].decode())
    except (ValueError, RecursionError):
        answer = None
    if status in (400, 404, 422) or (isinstance(answer, dict) and "error" in answer):
        raise Refused(f"Gateway menolak pesan ini ({_code(answer)}).")
    number = answer.get("id") if isinstance(answer, dict) else None
    if status not in (200, 202) or not isinstance(number, str) or not 0 < len(number) <= 100:
        raise Busy(60, "Jawaban gateway pesan tidak terbaca.")
    return number


def _code(answer: object) -> str:
    """The gateway's code only: its sentence may repeat the number."""
    code = answer.get("error") if isinstance(answer, dict) else None
    return code if isinstance(code, str) and code.isidentifier() and len(code) <= 40 else "tanpa kode"
