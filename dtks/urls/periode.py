"""`/periode/…`: the windows of the month."""

from django.urls import path

from dtks.views import periode

urlpatterns = [
    path("periode/", periode.daftar, name="periode_daftar"),
    path("periode/<uuid:pk>/ubah/", periode.ubah, name="periode_ubah"),
]
