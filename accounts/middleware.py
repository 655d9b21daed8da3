"""Session rules: idle and absolute limits, and a second factor for everyone who sees personal data."""

import time
from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

Handler = Callable[[HttpRequest], HttpResponse]
OPEN_PREFIXES = ("/akun/", "/keluar/", "/masuk/", "/static/", "/healthz", "/readyz", "/bantuan/")


class SessionRulesMiddleware:
    def __init__(self, get_response: Handler):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if not user.is_authenticated:
            return self.get_response(request)
        now = int(time.time())
        started = request.session.get("mulai")
        seen = request.session.get("terlihat")
        if (
            started
            and seen
            and (now - seen > settings.SESSION_IDLE_SECONDS or now - started > settings.SESSION_MAX_SECONDS)
        ):
            logout(request)
            messages.info(
                request, "Anda keluar otomatis karena sudah lama tidak ada kegiatan. Silakan masuk lagi."
            )
            return redirect(
                f"{reverse('account_login')}?next={request.path}"
                if request.method == "GET"
                else "account_login"
            )
        if not started:
            request.session["mulai"] = now
        if not seen or now - seen >= 60:  # once a minute, not with every click
            request.session["terlihat"] = now
        if self._needs_second_factor(request):
            messages.warning(request, "Peran Anda melihat data pribadi. Pasang dulu verifikasi dua langkah.")
            return redirect("mfa_index")
        return self.get_response(request)

    @staticmethod
    def _needs_second_factor(request: HttpRequest) -> bool:
        if settings.DEMO or request.path.startswith(OPEN_PREFIXES):
            return False
        return bool(request.user.wajib_mfa and not is_mfa_enabled(request.user))
