"""The portal with two more addresses behind the same middleware: `/kosong/`, an empty view, and `/redis/`, a cache hit. For benchmarks/cek.py."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.core.cache import cache  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.http import HttpRequest, HttpResponse, JsonResponse  # noqa: E402
from django.urls import path  # noqa: E402

from config import urls  # noqa: E402

JAWABAN = {
    "nama": "SIT* A*****",
    "program": "PKH",
    "keadaan": "penerima",
    "periode": "2026-4",
    "wilayah": "32.05.01.1001",
}


def kosong(request: HttpRequest) -> HttpResponse:
    return HttpResponse(b"")


def redis(request: HttpRequest) -> HttpResponse:
    return JsonResponse(cache.get_or_set("uji-cek", JAWABAN, 3600))


urls.urlpatterns += [path("kosong/", kosong), path("redis/", redis)]
application = get_wsgi_application()
