"""Too many at once: the answer "not now" that costs nearly nothing and loses nothing that was typed (docs/adr/0037).

`config/web_worker.py` decides who is sent away. A page that was only asked for comes back by itself after a while that differs
from person to person; a form comes back whole inside the answer, with a button that sends it again.
"""

import json
import re
import secrets
import time
from contextvars import ContextVar
from http import HTTPStatus

from django.conf import settings
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.http.request import RawPostDataException, UnreadablePostError
from django.template.loader import render_to_string
from django.utils.crypto import constant_time_compare, salted_hmac

# Set by the web worker around a request that waited too long.
turned_away: ContextVar[bool] = ContextVar("turned_away", default=False)

# The crowd comes back spread over half a minute, not all at the same second.
SOONEST, LATEST = 8, 40
# Who comes back at his time goes first, this many seconds long; a hurried one gains nothing.
TURN_EARLY, TURN_LATE = 2, 30
TURN = re.compile(rb"\n[Cc]ookie:[^\r\n]*\b(?:__Host-)?giliran=(\d{10})\.([0-9a-f]{20})")
LARGEST_ECHO = 500_000
# What a person types there is a secret, and is asked again anyway.
SECRET_PATHS = ("/masuk/", "/akun/", "/kata-sandi")
API = "/api/v1/"
PROBLEM = {
    "type": "about:blank", "title": "Terlalu banyak yang memakai portal.", "status": 503, "code": "sibuk",
    "detail": "Permintaan ini belum dikerjakan. Kirim lagi sesudah `Retry-After`, dengan Idempotency-Key yang sama.",
}  # fmt: skip


def pause() -> int:
    """Seconds until somebody who was sent away should ask again: another number for each."""
    return SOONEST + secrets.randbelow(LATEST - SOONEST + 1)


def turn_cookie() -> str:
    return "__Host-giliran" if settings.SESSION_COOKIE_SECURE else "giliran"


def use_turn(request: HttpRequest, response: HttpResponse) -> None:
    """A turn is for one page: the next ones wait like everybody's. Not told to caches that many share."""
    if turn_cookie() in request.COOKIES and "public" not in response.headers.get("Cache-Control", ""):
        response.set_cookie(
            turn_cookie(), "", max_age=0, secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax"
        )


def turn(back_at: int) -> str:
    """The cookie's value for somebody who was told to come back at this second (Unix time). It says nothing about him."""
    return f"{back_at}.{_mac(back_at)}"


def has_turn(head: bytes) -> bool:
    """Does this request come from somebody who was sent away and is back at his time?"""
    found = TURN.search(head)
    if found is None:
        return False
    back_at = int(found[1])
    in_time = back_at - TURN_EARLY <= time.time() <= back_at + TURN_LATE
    return in_time and constant_time_compare(found[2].decode(), _mac(back_at))


def _mac(back_at: int) -> str:
    return salted_hmac("core.busy.turn", str(back_at), algorithm="sha256").hexdigest()[:20]


def headers() -> dict[str, str]:
    """`X-Belum-Dikerjakan`: nothing was done, so the service worker may send the same again without asking anybody."""
    kepala = {"Retry-After": str(pause()), "Cache-Control": "private, no-store"}
    return kepala | ({"X-Belum-Dikerjakan": "1"} if turned_away.get() else {})


def answer(request: HttpRequest) -> HttpResponse:
    """503 without session or database. What a form sent comes back in hidden fields; files and passwords do not."""
    if request.path.startswith(API) or "text/html" not in request.headers.get("Accept", "text/html"):
        return HttpResponse(
            json.dumps(PROBLEM), content_type="application/problem+json", status=503, headers=headers()
        )
    if request.method in ("GET", "HEAD"):
        kepala = headers()
        return HttpResponse(
            render_to_string("503.html"), status=503, headers=kepala | {"Refresh": kepala["Retry-After"]}
        )
    # Turned away at the door: nothing was done. After a lost database the commit may have come through.
    isi = {
        "alamat": request.get_full_path(),
        "isian": _typed(request),
        "berkas": _files(request),
        "pasti": turned_away.get(),
    }
    return HttpResponse(render_to_string("503.html", isi), status=503, headers=headers())


def _typed(request: HttpRequest) -> list[tuple[str, str]]:
    if request.path.startswith(SECRET_PATHS):
        return []
    try:
        pairs = [(name, value) for name, values in request.POST.lists() for value in values]
    except (
        SuspiciousOperation,
        BadRequest,
        MultiPartParserError,
        UnreadablePostError,
        RawPostDataException,
    ):
        return []
    if any("sandi" in name or "password" in name for name, _ in pairs):
        return []
    return pairs if sum(len(n) + len(v) for n, v in pairs) <= LARGEST_ECHO else []


def _files(request: HttpRequest) -> bool:
    try:
        return bool(request.FILES)
    except (
        SuspiciousOperation,
        BadRequest,
        MultiPartParserError,
        UnreadablePostError,
        RawPostDataException,
    ):
        return False


def _path(head: bytes) -> bytes:
    return b"".join(head.split(b" ", 2)[1:2])


class Canned:
    """The whole answer to a GET as bytes, made once per process: sending it away costs no thread and no template."""

    def __init__(self) -> None:
        self._page = render_to_string("503.html").encode()
        self._problem = json.dumps(PROBLEM).encode()
        # Behind these bytes there is no middleware: what every page carries is said here.
        self._fixed = (
            "Content-Security-Policy: default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'\r\n"
            "X-Content-Type-Options: nosniff\r\nX-Frame-Options: DENY\r\nReferrer-Policy: same-origin\r\n"
            "Cross-Origin-Opener-Policy: same-origin\r\n"
        )
        if settings.SECURE_HSTS_SECONDS:
            self._fixed += f"Strict-Transport-Security: max-age={settings.SECURE_HSTS_SECONDS}; includeSubDomains; preload\r\n"

    def get(self, head: bytes) -> bytes:
        """`head`: the request as far as it was read."""
        page = self._wants_page(head)
        body, kind = (
            (self._page, "text/html; charset=utf-8") if page else (self._problem, "application/problem+json")
        )
        kepala = headers() | {"X-Belum-Dikerjakan": "1"}
        if page:
            kepala["Refresh"] = kepala["Retry-After"]
        if not _path(head).lower().startswith(tuple(p.encode() for p in settings.SEALED_PATHS)):
            pause_ = int(kepala["Retry-After"])
            kepala["Set-Cookie"] = (
                f"{turn_cookie()}={turn(int(time.time()) + pause_)}; Path=/; Max-Age={pause_ + TURN_LATE}; HttpOnly; SameSite=Lax"
                f"{'; Secure' if settings.SESSION_COOKIE_SECURE else ''}"
            )
        lines = "".join(f"{name}: {value}\r\n" for name, value in kepala.items())
        status = HTTPStatus.SERVICE_UNAVAILABLE
        start = f"HTTP/1.1 {status.value} {status.phrase}\r\nConnection: close\r\nContent-Type: {kind}\r\n"
        answer = f"{start}Content-Length: {len(body)}\r\n{lines}{self._fixed}\r\n".encode()
        return answer if head.startswith(b"HEAD ") else answer + body

    @staticmethod
    def _wants_page(head: bytes) -> bool:
        if _path(head).startswith(API.encode()):
            return False
        lower = head.lower()
        return b"\naccept:" not in lower or b"text/html" in lower or b"*/*" in lower
