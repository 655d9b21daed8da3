"""`/tenggat/`: what ran through its time."""

from django.urls import path

from dtks.views import tenggat

urlpatterns = [
    path("tenggat/", tenggat.daftar, name="tenggat_daftar"),
    path("tenggat/hitung-ulang/", tenggat.hitung_ulang, name="tenggat_hitung_ulang"),
]
