"""`/impor/…`: files in. Kinds of this floor are registered by importing their modules."""

from django.urls import path

from dtks.actions.impor import hasil_siks, usulan_v4  # noqa: F401 - the kinds register themselves
from dtks.views import impor

urlpatterns = [
    path("impor/", impor.daftar, name="impor_daftar"),
    path("impor/templat/<slug:jenis>/", impor.templat, name="impor_templat"),
    path("impor/<uuid:pk>/", impor.lihat, name="impor_lihat"),
    path("impor/<uuid:pk>/terapkan/", impor.terapkan, name="impor_terapkan"),
    path("impor/<uuid:pk>/periksa-ulang/", impor.periksa_ulang, name="impor_periksa_ulang"),
    path("impor/<uuid:pk>/batalkan/", impor.batalkan, name="impor_batalkan"),
    path("impor/<uuid:pk>/buang/", impor.buang, name="impor_buang"),
    path("impor/<uuid:pk>/galat/", impor.galat, name="impor_galat"),
]
