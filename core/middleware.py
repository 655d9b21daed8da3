"""Request middleware of the ground floor."""

import uuid
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

from core import busy, dinding, ketersediaan
from core.logs import request_id, sealed
from core.privacy import saksi

Handler = Callable[[HttpRequest], HttpResponse]


def client_ip(request: HttpRequest) -> str:
    """Address of the client: the last hop our own proxy saw, never a header that the client wrote."""
    if settings.BEHIND_PROXY:
        return (
            request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")[-1].strip() or request.META["REMOTE_ADDR"]
        )
    return request.META.get("REMOTE_ADDR", "")


# What a sealed page may know of a request: where it goes, what it carries, how the answer is to be packed.
_KEPT = {"HTTP_HOST", "HTTP_X_FORWARDED_PROTO", "HTTP_ACCEPT_ENCODING"}


class SealedPathMiddleware:
    """The outermost: below `settings.SEALED_PATHS` nothing behind it learns who asks, and nothing is written down.

    Also where somebody typed it with a capital letter or two strokes, and finds no page.
    Address, agent, cookies, referrer and query are removed before anyone can read them: without its cookie no session is
    marked as "seen", without an address no limiter can count it. Log lines of the request are dropped (core.logs).
    """

    def __init__(self, get_response: Handler):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not f"/{request.path_info.lstrip('/').lower()}".startswith(settings.SEALED_PATHS):
            return self.get_response(request)
        token = sealed.set(True)
        try:
            self._forget(request)
            response = self.get_response(request)
        finally:
            sealed.reset(token)
        response.cookies.clear()
        response.headers.pop("X-Request-Id", None)
        response.headers["Cache-Control"] = "private, no-store"
        response.headers["Referrer-Policy"] = "no-referrer"
        if (
            request.method == "POST"
        ):  # an answer with a receipt or a talk on it; there is nothing else to clear
            response.headers["Clear-Site-Data"] = '"cache"'
        response._has_been_logged = True  # type: ignore[attr-defined] # or Django writes a line about every 4xx
        return response

    @staticmethod
    def _forget(request: HttpRequest) -> None:
        meta = request.META
        for key in [k for k in meta if k.startswith("HTTP_") and k not in _KEPT]:
            del meta[key]
        for key in ("REMOTE_ADDR", "REMOTE_PORT", "REMOTE_HOST", "REMOTE_USER", "QUERY_STRING", "RAW_URI"):
            if key in meta:
                meta[key] = ""


class BusyMiddleware:
    """Answers for requests that the web worker turned away, before anything asks the database (core/busy.py)."""

    def __init__(self, get_response: Handler):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if busy.turned_away.get():
            return busy.answer(request)
        response = self.get_response(request)
        busy.use_turn(request, response)
        return response


class RequestContextMiddleware:
    """Gives every request an id that its log lines and its answer carry; takes down the wall that it put up (core.dinding)."""

    def __init__(self, get_response: Handler):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = request_id.set(uuid.uuid4().hex[:12])
        try:
            response = ketersediaan.biarkan_mengalir(dinding.layani(lambda: self.get_response(request)))
            response.headers["X-Request-Id"] = request_id.get()
            return response
        finally:
            request_id.reset(token)


class KeyWitnessMiddleware:
    """Until this process has seen that its keys belong to the database it serves nothing but /healthz (core.privacy.saksi)."""

    def __init__(self, get_response: Handler):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info != "/healthz":
            saksi.pastikan()
        return self.get_response(request)


class CompressMiddleware(GZipMiddleware):
    """Words are sent small: a village pays for every kilobyte. Pictures and PDF are small already.

    BREACH guesses a secret from the length of compressed answers that also repeat what the attacker sent. Three things stand
    against it, so pages with people on them are compressed too: Django's GZipMiddleware adds 0 to `max_random_bytes` random
    bytes to every answer ("Heal The Breach", since 4.2), the form token is masked anew in every answer, and the session
    cookie is SameSite=Lax, so another site can ask for these pages only by a visit that the person sees, one at a time.
    """

    max_random_bytes = 100  # Django's own default, said here because the reason above depends on it

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if getattr(response, "tanpa_kompres", False):  # its length must not tell what is in it
            return response
        if response.headers.get("Content-Type", "").startswith(
            ("text/", "application/json", "application/manifest")
        ):
            return super().process_response(request, response)
        return response


class PrivateCacheMiddleware:
    """No page may be kept by a cache unless its view said so itself (reliability.md §0.10)."""

    def __init__(self, get_response: Handler):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response
