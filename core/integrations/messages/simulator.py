"""A stand-in for a WhatsApp/SMS gateway; its own process, standard library only. No message leaves this machine.

    PESAN_TOKEN=... python -m core.integrations.messages.simulator --port 8391

Service: POST /messages as in gateway.py. Control, for tests and the demo: POST /_atur {"mode", "kuota", "kosongkan"},
GET /_keadaan, GET /_pesan (what was sent). A key seen before gets the answer of the first time. Nothing is logged.
"""

from __future__ import annotations

import argparse
import hmac
import json
import os
import re
import signal
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

MAX_REQUEST = 65_536
# "hilang": taken, but the answer is lost on the way. "galat": 200 with an error in the body.
MODES = ("normal", "500", "mati", "hilang", "lambat", "429", "html", "galat")


class Simulator(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, address: tuple[str, int], *, token: str, quota: int = 10_000) -> None:
        super().__init__(address, Handler)
        self.token, self.quota, self.mode = token, quota, "normal"
        self.lock = threading.Lock()
        self.sent: dict[str, dict[str, str]] = {}
        self.requests = 0

    def take(self, key: str, message: dict[str, str]) -> str | None:
        """Number of the message, the same for a key seen before; None when the quota is spent."""
        with self.lock:
            if key not in self.sent:
                if len(self.sent) >= self.quota:
                    return None
                self.sent[key] = message | {"id": f"sim-{len(self.sent) + 1}", "key": key}
            return self.sent[key]["id"]

    def change(self, wanted: dict[str, Any]) -> bool:
        if wanted.get("mode", self.mode) not in MODES:
            return False
        with self.lock:
            self.mode = wanted.get("mode", self.mode)
            if isinstance(wanted.get("kuota"), int):
                self.quota = wanted["kuota"]
            if wanted.get("kosongkan") is True:
                self.sent.clear()
                self.requests = 0
        return True


_FAULTS: dict[str, tuple[int, dict[str, str], dict[str, str]]] = {
    "500": (500, {"error": "internal"}, {}),
    "429": (429, {"error": "slow_down"}, {"Retry-After": "7"}),
    "galat": (200, {"error": "blocked_number"}, {}),
}


class Handler(BaseHTTPRequestHandler):
    server: Simulator
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: Any) -> None:
        """Numbers and texts are nobody's business."""

    def do_GET(self) -> None:
        if self.path == "/_keadaan":
            self._answer(200, {"mode": self.server.mode, "permintaan": self.server.requests})
        elif self.path == "/_pesan":
            self._answer(200, {"pesan": list(self.server.sent.values())})
        else:
            self._answer(404, {"error": "not_found"})

    def do_POST(self) -> None:
        body = self._body()
        if self.path == "/_atur":
            ok = isinstance(body, dict) and self.server.change(body)
            self._answer(200 if ok else 422, {"mode": self.server.mode})
        elif self.path == "/messages":
            self._message(body)
        else:
            self._answer(404, {"error": "not_found"})

    def _message(self, body: object) -> None:
        with self.server.lock:
            self.server.requests += 1
            mode = self.server.mode
        if mode == "lambat":
            time.sleep(3)
        if mode == "mati":
            self.close_connection = True
        elif mode == "html":
            self._raw(200, b"<html>Maintenance</html>", "text/html")
        elif mode in _FAULTS:
            self._answer(*_FAULTS[mode])
        else:
            status, content = self._take(body)
            if mode == "hilang":
                self.close_connection = True
            else:
                self._answer(status, content)

    def _take(self, body: object) -> tuple[int, dict[str, str]]:
        told = self.headers.get("Authorization", "")
        if not hmac.compare_digest(told.encode(), f"Bearer {self.server.token}".encode()):
            return 401, {"error": "unauthorized"}
        if not isinstance(body, dict) or not isinstance(body.get("text"), str):
            return 400, {"error": "bad_request"}
        if not re.fullmatch(r"\+628[0-9]{7,11}", str(body.get("to"))):
            return 422, {"error": "invalid_number"}
        kept = {"to": str(body["to"]), "channel": str(body.get("channel")), "text": body["text"]}
        number = self.server.take(self.headers.get("Idempotency-Key", ""), kept)
        return (202, {"id": number, "status": "queued"}) if number else (402, {"error": "quota"})

    def _body(self) -> object:
        length = int(self.headers.get("Content-Length") or 0)
        try:
            return json.loads(self.rfile.read(min(length, MAX_REQUEST)))
        except ValueError:
            return None

    def _answer(self, status: int, content: object, extra: dict[str, str] | None = None) -> None:
        self._raw(status, json.dumps(content).encode(), "application/json", extra)

    def _raw(self, status: int, body: bytes, kind: str, extra: dict[str, str] | None = None) -> None:
        self.send_response(status)
        headers = {"Content-Type": kind, "Content-Length": str(len(body)), "Cache-Control": "no-store"}
        for name, value in (headers | (extra or {})).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="simulator", description="Simulator gateway WhatsApp/SMS.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8391, help="0: port bebas mana saja")
    options = parser.parse_args(arguments)
    token = os.environ.get("PESAN_TOKEN", "")
    if not token:
        sys.stderr.write("PESAN_TOKEN belum diisi. Isi dulu kuncinya di lingkungan.\n")
        return 2
    server = Simulator((options.host, options.port), token=token)

    def stop(signum: int, frame: object) -> None:
        threading.Thread(target=server.shutdown, daemon=True).start()  # shutdown waits for serve_forever

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    sys.stdout.write(f"Simulator pesan siap di http://{options.host}:{server.server_address[1]}\n")
    sys.stdout.flush()
    with server:
        server.serve_forever(poll_interval=0.1)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
