"""What makes the portal open without a signal: the service worker, the page it shows then, and the app's manifest."""

import hashlib
import json
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.http import require_safe

SUMBER = "js/sw.js"
BERKAS = (
    "css/portal.css", "vendor/htmx-2.0.10.min.js", "js/portal.js", "js/luring.js", "js/lengkap.js", "js/lokasi.js", "js/kunjungan.js",
    "js/wilayah.js", "img/logo.svg", "img/favicon.svg", "img/ikon.svg",
)  # fmt: skip


@lru_cache(maxsize=1)
def _isi() -> str:
    """The worker with the addresses of this release in it; another release is another worker."""
    folder = next(Path(d) for d in settings.STATICFILES_DIRS)
    dasar = [*(static(b) for b in BERKAS), reverse("luring")]
    kode = (folder / SUMBER).read_text()
    sidik = hashlib.sha256(kode.encode())
    for berkas in BERKAS:
        sidik.update((folder / berkas).read_bytes())
    return f"const VERSI = {json.dumps(sidik.hexdigest()[:12])}; const DASAR = {json.dumps(dasar)}\n{kode}"


@require_safe
def sw(request: HttpRequest) -> HttpResponse:
    """At the root, because a worker rules the folder that it comes from. Never cached: a browser must see a new release."""
    return HttpResponse(_isi(), content_type="text/javascript", headers={"Service-Worker-Allowed": "/"})


@require_safe
def luring(request: HttpRequest) -> HttpResponse:
    """No person, no case: kept on every phone."""
    return render(request, "portal/luring.html")


@require_safe
def manifest(request: HttpRequest) -> JsonResponse:
    nama = getattr(settings, "PORTAL_NAMA", "Portal DTKS")
    ikon = {"src": static("img/logo.svg"), "sizes": "any", "type": "image/svg+xml", "purpose": "any"}
    isi = {
        "name": nama, "short_name": nama[:12], "lang": "id", "start_url": reverse("dasbor"), "scope": "/", "display": "standalone",
        "background_color": "#f4f6f8", "theme_color": "#073763", "icons": [ikon],
    }  # fmt: skip
    return JsonResponse(isi, content_type="application/manifest+json")
