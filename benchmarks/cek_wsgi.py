"""The portal with one more address, `/kosong/`: an empty Django view behind the same middleware. Only for benchmarks/cek.py."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.http import HttpResponse  # noqa: E402
from django.urls import path  # noqa: E402

from config import urls  # noqa: E402

urls.urlpatterns.append(path("kosong/", lambda request: HttpResponse(b"")))
application = get_wsgi_application()
