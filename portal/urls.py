"""Pages that cross fields: front page, component gallery, health."""

from django.urls import path

from portal.views import beranda, kesehatan, komponen

urlpatterns = [
    path("", beranda.beranda, name="beranda"),
    path("komponen/", komponen.komponen, name="komponen"),
    path("healthz", kesehatan.healthz, name="healthz"),
    path("readyz", kesehatan.readyz, name="readyz"),
]
