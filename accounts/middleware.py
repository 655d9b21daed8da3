"""Session rules: idle and absolute limits, and a second factor for everyone who sees personal data."""

import time
from collections.abc import Callable
from datetime import timedelta
from zoneinfo import ZoneInfo

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from accounts.models import Pengguna
from accounts.views.masuk import terkunci
from core import dinding, limits
from core.api import galat
from wilayah.waktu import zona

Handler = Callable[[HttpRequest], HttpResponse]
OPEN_PREFIXES = (
    "/akun/",
    "/keluar/",
    "/masuk/",
    "/static/",
    "/healthz",
    "/readyz",
    "/bantuan/",
    "/sw.js",
    "/manifest.webmanifest",
    "/luring/",
)
CODE_PATHS = ("/akun/dua-langkah/authenticate/", "/akun/dua-langkah/reauthenticate/")
CODE_TRIES = 10
CODE_WINDOW = timedelta(minutes=15)


def _zona(user: Pengguna) -> ZoneInfo:
    """Time zone of the first area this person works for; whoever works for all of Indonesia reads WIB."""
    return zona(next((p.wilayah_id for p in user.penugasan_aktif if p.wilayah_id), ""))


class SessionRulesMiddleware:
    def __init__(self, get_response: Handler):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if self._guesses_codes(request):
            return terkunci(request)
        user = request.user
        if not user.is_authenticated:
            return self.get_response(request)
        if self._expired(request):
            logout(request)
            if request.path.startswith("/api/"):
                return galat.polos("belum-masuk", headers={"WWW-Authenticate": 'Bearer realm="api"'})
            messages.info(
                request, "Anda keluar otomatis karena sudah lama tidak ada kegiatan. Silakan masuk lagi."
            )
            query = f"?{urlencode({'next': request.path})}" if request.method == "GET" else ""
            return redirect(reverse("account_login") + query)
        self._mark(request)
        if self._needs_second_factor(request):
            return self._second_factor_first(request)
        dinding.pasang(p.wilayah_id for p in user.penugasan_aktif)
        with timezone.override(_zona(user)):  # "today" and every clock on the page are those of his area
            return self.get_response(request)

    @staticmethod
    def _guesses_codes(request: HttpRequest) -> bool:
        """Six digits fall to patience: allauth's own limit lives in the cache, ours in PostgreSQL."""
        if request.method != "POST" or request.path not in CODE_PATHS:
            return False
        waiting = request.session.get("account_login") or {}
        who = request.user.pk if request.user.is_authenticated else waiting.get("user_pk", "")
        if not who:
            return False  # nobody is half-way in: there is no code to guess
        return not limits.hit(f"dua-langkah:{who}", limit=CODE_TRIES, window=CODE_WINDOW)

    @staticmethod
    def _expired(request: HttpRequest) -> bool:
        now, started, seen = int(time.time()), request.session.get("mulai"), request.session.get("terlihat")
        if not (started and seen):
            return False
        return now - seen > settings.SESSION_IDLE_SECONDS or now - started > settings.SESSION_MAX_SECONDS

    @staticmethod
    def _mark(request: HttpRequest) -> None:
        now = int(time.time())
        request.session.setdefault("mulai", now)
        if now - request.session.get("terlihat", 0) >= 60:  # once a minute, not with every click
            request.session["terlihat"] = now

    @staticmethod
    def _needs_second_factor(request: HttpRequest) -> bool:
        if settings.DEMO or request.path.startswith(OPEN_PREFIXES):
            return False
        return bool(request.user.wajib_mfa and not is_mfa_enabled(request.user))

    @staticmethod
    def _second_factor_first(request: HttpRequest) -> HttpResponse:
        kalimat = "Peran Anda melihat data pribadi. Pasang dulu verifikasi dua langkah."
        if request.path.startswith("/api/"):
            return galat.polos("tidak-berwenang", rinci=kalimat)
        messages.warning(request, kalimat)
        return redirect("mfa_index")
