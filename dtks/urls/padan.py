"""`/padan/…`: people whose NIK does not match, and checks of a whole area."""

from django.urls import path

from dtks.views import padan, padan_batch

urlpatterns = [
    path("padan/", padan.daftar, name="padan_daftar"),
    path("padan/batch/", padan_batch.daftar, name="padan_batch"),
    path("padan/batch/<uuid:pk>/", padan_batch.lihat, name="padan_batch_lihat"),
    path("padan/<uuid:pk>/", padan.lihat, name="padan_lihat"),
    path("padan/<uuid:pk>/perbaiki/", padan.perbaiki, name="padan_perbaiki"),
    path("padan/<uuid:pk>/cek-ulang/", padan.cek_ulang, name="padan_cek_ulang"),
    path("padan/<uuid:pk>/minta-kecuali/", padan.minta_kecuali, name="padan_minta_kecuali"),
    path("padan/<uuid:pk>/setujui-kecuali/", padan.setujui_kecuali, name="padan_setujui_kecuali"),
    path("padan/<uuid:pk>/tolak-kecuali/", padan.tolak_kecuali, name="padan_tolak_kecuali"),
]
