"""Calm error pages. None of them repeats the address or the reason that the visitor sent.

A row outside the caller's area answers with the same 404 page, byte for byte, as a row that does not
exist: nobody learns from the difference that a family is in the register (UU 27/2022 on personal data).
"""

import logging
import sys
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from core import busy, ketersediaan
from core.api import galat
from portal.queries import beku

log = logging.getLogger(__name__)

LAST_RESORT = (
    '<!DOCTYPE html><html lang="id"><head><meta charset="utf-8"><title>Ada gangguan</title></head>'
    "<body><h1>Ada gangguan di portal</h1>"
    "<p>Ini bukan salah Anda. Coba lagi beberapa menit lagi.</p></body></html>"
)


def tidak_ditemukan(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404, the same bytes for 'not there' and 'not yours'; hence drawn without menu, user or form token.

    Only an officer of the family's own area reads that its data is frozen: the link in his notice or list is not dead.
    """
    if _api(request):
        return galat.polos("tidak-ditemukan")
    if _dibekukan(request):
        return render(request, "portal/beku.html", status=404)
    return HttpResponse(_plain("404.html"), status=404)


def _dibekukan(request: HttpRequest) -> bool:
    cocok, user = request.resolver_match, getattr(request, "user", None)
    pk = next((nilai for nilai in cocok.kwargs.values() if isinstance(nilai, UUID)), None) if cocok else None
    return pk is not None and user is not None and user.is_authenticated and beku.dibekukan(user, pk)


def tidak_boleh(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403 for a page that this role does not have."""
    if _api(request):
        return galat.polos("tidak-berwenang")
    return render(request, "403.html", status=403)


def permintaan_rusak(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400 for a request that a browser form would not send."""
    if _api(request):
        return galat.polos("permintaan-salah")
    return render(request, "400.html", status=400)


def csrf(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 when the form's token is stale: open too long, or signed in again in another tab."""
    return render(request, "403_csrf.html", status=403)


def sibuk(request: HttpRequest) -> HttpResponse:
    """503 without touching session or database, for a portal that cannot reach its data now."""
    if _api(request):
        return galat.polos("tidak-siap", headers={"Retry-After": str(busy.pause())})
    return busy.answer(request)


def gangguan(request: HttpRequest) -> HttpResponse:
    """500. Rendered without request, so a broken session or database cannot break this page too.

    Django calls it while the error is being handled: a database that restarts, is full of callers or holds a lock too long
    is not a defect of ours, and the answer says when to come again.
    """
    if ketersediaan.tidak_siap(sys.exc_info()[1]):
        return sibuk(request)
    if _api(request):
        return galat.polos("gangguan")
    return HttpResponse(_plain("500.html"), status=500)


def _api(request: HttpRequest) -> bool:
    """A machine reads problem+json, not a page."""
    return request.path.startswith("/api/v1/")


def _plain(template: str) -> str:
    try:
        return render_to_string(template)
    except Exception:
        log.exception("error page failed")
        return LAST_RESORT
