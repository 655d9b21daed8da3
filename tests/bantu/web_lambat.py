"""The portal with slow addresses behind the same middleware, for tests/config/test_web_worker.py: `/lambat/?s=0.5` sleeps, `/dikunjungi/` counts."""

import os
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.urls import path  # noqa: E402
from django.views.decorators.csrf import csrf_exempt  # noqa: E402

from config import urls  # noqa: E402

kunjungan: list[str] = []


@csrf_exempt
def lambat(request: HttpRequest) -> HttpResponse:
    kunjungan.append(request.GET.get("siapa", ""))
    time.sleep(float(request.GET.get("s", "0")))
    return HttpResponse(f"{request.method} selesai")


def dikunjungi(request: HttpRequest) -> HttpResponse:
    return HttpResponse(",".join(kunjungan))


urls.urlpatterns += [path("lambat/", lambat), path("dikunjungi/", dikunjungi)]
application = get_wsgi_application()
