"""`/draf/…`: half-filled forms on the server, and the key of the phone's store."""

from django.urls import path

from dtks.views import draf

urlpatterns = [
    path("draf/", draf.draf, name="draf"),
    path("draf/buang/", draf.buang, name="draf_buang"),
    path("draf/kunci/", draf.kunci_hp, name="draf_kunci"),
]
