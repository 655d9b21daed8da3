"""A stand-in for the Dukcapil service over an invented population; its own process, standard library only.

    DUKCAPIL_PASSWORD=... python -m core.integrations.dukcapil.simulator --port 8390 --seed 3205

Environment: DUKCAPIL_PASSWORD (needed), DUKCAPIL_USER (default 'dinsos'), DUKCAPIL_IP (registered IP_USER
values, comma separated, default '127.0.0.1'). Service: POST /verifikasi and /data as in domain.md §3.4.
Control, for tests and the demo, from this machine only: POST /_atur, GET /_keadaan, GET /_contoh. Modes:
docs/dukcapil.md. Nothing is logged.
"""

from __future__ import annotations

import argparse
import gzip
import hmac
import json
import os
import signal
import socket
import struct
import sys
import threading
from collections import Counter
from datetime import date
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from core.integrations.dukcapil.population import CASES, Family, Member, Person, Population
from core.integrations.dukcapil.verdict import answer, envelope, register_fields

MAX_REQUEST = 65_536
VERSION = "simulator/1"
HTML = b"<html><body><h1>503 Service Unavailable</h1></body></html>"


class State:
    """Mode, counters and quotas; shared by the request threads under one lock."""

    def __init__(self, quota: int) -> None:
        self.lock = threading.Lock()
        self.stopping = threading.Event()
        self.mode, self.seconds, self.quota = "normal", 30.0, quota
        self.requests = 0
        self.per_nik: Counter[str] = Counter()
        self._used: Counter[tuple[str, date]] = Counter()

    def seen(self, nik: object) -> None:
        with self.lock:
            self.requests += 1
            if isinstance(nik, str):
                self.per_nik[nik[:32]] += 1

    def spend(self, user: str) -> int | None:
        """Take one call of today's quota of ``user``; calls left, or None when it is used up."""
        today = (user, date.today())
        with self.lock:
            if self._used[today] >= self.quota:
                return None
            self._used[today] += 1
            return self.quota - self._used[today]

    def change(self, wanted: dict[str, Any]) -> str:
        """Apply a control message; an empty string, or what is wrong with it."""
        mode, seconds, quota = (
            wanted.get("mode", self.mode),
            wanted.get("detik", self.seconds),
            wanted.get("kuota"),
        )
        if mode not in MODES:
            return f"mode: salah satu dari {', '.join(MODES)}"
        if not _is_number(seconds) or not 0 <= seconds <= 600:
            return "detik: 0 sampai 600"
        if quota is not None and (not isinstance(quota, int) or isinstance(quota, bool) or quota < 0):
            return "kuota: bilangan bulat mulai 0"
        with self.lock:
            self.mode, self.seconds = mode, float(seconds)
            if quota is not None:
                self.quota = quota
                self._used.clear()
            if wanted.get("kosongkan") is True:
                self.requests = 0
                self.per_nik.clear()
        return ""

    def report(self) -> dict[str, Any]:
        with self.lock:
            return {
                "mode": self.mode,
                "detik": self.seconds,
                "kuota": self.quota,
                "permintaan": self.requests,
                "per_nik": dict(self.per_nik),
            }


class Simulator(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 128

    def __init__(
        self,
        address: tuple[str, int],
        population: Population,
        *,
        user: str,
        password: str,
        ips: set[str],
        quota: int,
    ) -> None:
        self.population, self.user, self.password, self.ips = population, user, password, ips
        self.state = State(quota)
        super().__init__(address, Handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A caller that hangs up is part of the tests; a traceback could show a NIK."""

    def refusal(self, request: dict[str, Any]) -> str:
        """Why this caller gets no service, in the words of the real one; '' when welcome."""
        password = request.get("password")
        same = isinstance(password, str) and hmac.compare_digest(password.encode(), self.password.encode())
        if request.get("user_id") != self.user or not same:
            return "Login Gagal"
        if request.get("IP_USER") not in self.ips:
            return "IP Client Tidak terdaftar"
        return ""


class Handler(BaseHTTPRequestHandler):
    server: Simulator
    timeout = 30
    server_version = "SimulatorDukcapil"
    sys_version = ""

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        if not self._local():
            return self._json({"galat": "tidak ada"}, 404)
        if url.path == "/_keadaan":
            return self._json(self.server.state.report())
        if url.path == "/_contoh":
            return self._json(self._samples(parse_qs(url.query)))
        return self._json({"galat": "tidak ada"}, 404)

    def do_POST(self) -> None:
        request = self._request()
        path = urlsplit(self.path).path
        if request is None:
            return self._json({"galat": "JSON tidak sah"}, 400)
        if path == "/_atur" and self._local():
            return self._control(request)
        if path not in ("/verifikasi", "/data"):
            return self._json({"galat": "tidak ada"}, 404)
        self.server.state.seen(request.get("NIK"))
        return _FAULTS.get(self.server.state.mode, Handler._serve)(self, path, request)

    def log_message(self, format: str, *args: object) -> None:
        """Silent: request lines and bodies are nobody's business."""

    # --- the service ---

    def _serve(self, path: str, request: dict[str, Any]) -> None:
        self._json(self._answer(path, request))

    def _answer(self, path: str, request: dict[str, Any]) -> dict:
        refusal = self.server.refusal(request)
        if refusal:
            return envelope({"RESPON": refusal}, None)
        left = self.server.state.spend(self.server.user)
        if left is None:
            return envelope({"RESPON": "Kuota Akses Hari ini telah Habis"}, 0)
        reply = answer(self.server.population, request, quota_left=left)
        if path == "/verifikasi" or "RESPONSE_CODE" in reply["content"][0]:
            return reply
        record = self.server.population.lookup(request["NIK"])
        return envelope(register_fields(record), left) if record else reply

    # --- faults ---

    def _slow(self, path: str, request: dict[str, Any]) -> None:
        self.server.state.stopping.wait(self.server.state.seconds)
        self._serve(path, request)

    def _dead(self, path: str, request: dict[str, Any]) -> None:
        self.close_connection = True  # hangs up without a word

    def _error(self, path: str, request: dict[str, Any]) -> None:
        self._send(500, HTML, "text/html")

    def _reset(self, path: str, request: dict[str, Any]) -> None:
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()  # linger 0: the peer sees RST

    def _half(self, path: str, request: dict[str, Any]) -> None:
        body = json.dumps(self._answer(path, request)).encode()
        self._send(200, body[: len(body) // 2], length=len(body))

    def _html(self, path: str, request: dict[str, Any]) -> None:
        self._send(200, HTML, "text/html")

    def _garbage(self, path: str, request: dict[str, Any]) -> None:
        self._send(200, b'{"content":[{"NIK":\xff\xfe,,,]')

    def _other_nik(self, path: str, request: dict[str, Any]) -> None:
        reply = self._answer(path, request)
        reply["content"][0]["NIK"] = "3205014107850099"
        self._json(reply)

    def _gzip_bomb(self, path: str, request: dict[str, Any]) -> None:
        self._send(200, _bomb(), extra={"Content-Encoding": "gzip"})

    def _redirect(self, path: str, request: dict[str, Any]) -> None:
        self._send(302, b"", extra={"Location": "http://169.254.169.254/latest/meta-data/"})

    def _huge(self, path: str, request: dict[str, Any]) -> None:
        self._send(200, b" " * 5_000_000, length=None)

    def _drip(self, path: str, request: dict[str, Any]) -> None:
        """One byte every tenth of a second: alive for a socket timeout, dead for a person waiting."""
        self._send(200, b"", length=100_000)
        for _ in range(int(self.server.state.seconds * 10)):
            if self.server.state.stopping.wait(0.1):
                return
            self.wfile.write(b" ")
            self.wfile.flush()

    # --- control ---

    def _control(self, request: dict[str, Any]) -> None:
        wrong = self.server.state.change(request)
        self._json({"galat": wrong} if wrong else self.server.state.report(), 400 if wrong else 200)

    def _samples(self, query: dict[str, list[str]]) -> dict[str, Any]:
        asked = query.get("n", ["5"])[0]
        count = min(50, int(asked)) if asked.isascii() and asked.isdigit() and len(asked) < 4 else 5
        families = self.server.population.families()
        if query.get("usulkan", ["0"])[0] == "1":
            return {"keluarga": [_as_told(family) for family in _of_every_case(families)[:count]]}
        return {"keluarga": [_as_told(family) for family in families[:count]]}

    # --- plumbing ---

    def _local(self) -> bool:
        return self.client_address[0] in ("127.0.0.1", "::1")

    def _request(self) -> dict[str, Any] | None:
        length = self.headers.get("Content-Length", "")
        if not (length.isascii() and length.isdigit() and len(length) < 7 and int(length) <= MAX_REQUEST):
            return None
        try:
            body = json.loads(self.rfile.read(int(length)))
        except (ValueError, RecursionError):
            return None
        return body if isinstance(body, dict) else None

    def _json(self, content: dict, status: int = 200) -> None:
        self._send(status, json.dumps(content).encode())

    def _send(
        self,
        status: int,
        body: bytes,
        content_type: str = "application/json",
        *,
        length: int | None = -1,
        extra: dict[str, str] | None = None,
    ) -> None:
        """``length``: -1 announces the true length, None announces nothing, a number lies."""
        self.send_response(status)
        headers = {"Content-Type": content_type, "X-Versi-Layanan": VERSION, "Cache-Control": "no-store"}
        if length is not None:
            headers["Content-Length"] = str(len(body) if length == -1 else length)
        for name, value in (headers | (extra or {})).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


_FAULTS = {
    "lambat": Handler._slow,
    "mati": Handler._dead,
    "500": Handler._error,
    "reset": Handler._reset,
    "setengah": Handler._half,
    "html": Handler._html,
    "sampah": Handler._garbage,
    "nik_lain": Handler._other_nik,
    "gzip_bom": Handler._gzip_bomb,
    "redirect": Handler._redirect,
    "besar": Handler._huge,
    "tetes": Handler._drip,
}


MODES = ("normal", *_FAULTS)


@cache
def _bomb() -> bytes:
    return gzip.compress(b"\0" * 50_000_000, 1)


def _of_every_case(families: list[Family]) -> list[Family]:
    """First a family that matches wholly, then one for each kind of trouble, then the rest."""
    picked: dict[str, Family] = {}
    for family in families:
        cases = {member.kasus for member in family.members}
        trouble = cases - {"padan"}
        if len(trouble) <= 1:
            picked.setdefault(next(iter(trouble), "padan"), family)
    first = [picked[case] for case in CASES if case in picked]
    chosen = {family.kk for family in first}
    return first + [family for family in families if family.kk not in chosen]


def _as_told(family: Family) -> dict[str, Any]:
    desa = family.desa
    return {
        "kk": family.kk,
        "alamat": family.alamat,
        "dusun": family.dusun,
        "rt": family.rt,
        "rw": family.rw,
        "kode_desa": desa.kode,
        "desa": desa.nama,
        "kecamatan": desa.kecamatan,
        "kabupaten": desa.kabupaten,
        "provinsi": desa.provinsi,
        "anggota": [_member(member) for member in family.members],
    }


def _member(member: Member) -> dict[str, str]:
    told: Person = member.told
    fields = told._asdict() | {"tanggal_lahir": told.tanggal_lahir.isoformat()}
    return fields | {"kasus": member.kasus, "kategori": member.kategori}


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="simulator", description="Simulator layanan Dukcapil, data rekaan.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8390, help="0: port bebas mana saja")
    parser.add_argument("--seed", type=int, default=3205)
    parser.add_argument("--families", type=int, default=4000)
    parser.add_argument("--quota", type=int, default=200_000, help="panggilan per pengguna per hari")
    options = parser.parse_args(arguments)
    password = os.environ.get("DUKCAPIL_PASSWORD", "")
    if not password:
        sys.stderr.write("DUKCAPIL_PASSWORD belum diisi. Isi dulu kata sandinya di lingkungan.\n")
        return 2
    server = Simulator(
        (options.host, options.port),
        Population(options.seed, options.families),
        user=os.environ.get("DUKCAPIL_USER", "dinsos"),
        password=password,
        ips={ip.strip() for ip in os.environ.get("DUKCAPIL_IP", "127.0.0.1").split(",")},
        quota=options.quota,
    )
    _stop_on_signal(server)
    sys.stdout.write(
        f"Simulator Dukcapil (data rekaan) siap di http://{options.host}:{server.server_address[1]}\n"
    )
    sys.stdout.flush()
    with server:
        server.serve_forever(poll_interval=0.1)
    return 0


def _stop_on_signal(server: Simulator) -> None:
    def stop(signum: int, frame: object) -> None:
        server.state.stopping.set()
        threading.Thread(target=server.shutdown, daemon=True).start()  # shutdown waits for serve_forever

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)


if __name__ == "__main__":
    raise SystemExit(main())
