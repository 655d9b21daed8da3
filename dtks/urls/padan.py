"""`/padan/…`: people whose NIK does not match, checks of a whole area, and numbers proposed in two places."""

from django.urls import path

from dtks.views import ganda, padan, padan_batch

urlpatterns = [
    path("padan/", padan.daftar, name="padan_daftar"),
    path("padan/batch/", padan_batch.daftar, name="padan_batch"),
    path("padan/batch/<uuid:pk>/", padan_batch.lihat, name="padan_batch_lihat"),
    path("padan/ganda/", ganda.daftar, name="ganda_daftar"),
    path("padan/ganda/<uuid:pk>/", ganda.lihat, name="ganda_lihat"),
    path("padan/ganda/<uuid:pk>/tengahi/", ganda.tengahi, name="ganda_tengahi"),
    path("padan/ganda/<uuid:pk>/catat/", ganda.catat, name="ganda_catat"),
    path("padan/<uuid:pk>/", padan.lihat, name="padan_lihat"),
    path("padan/<uuid:pk>/perbaiki/", padan.perbaiki, name="padan_perbaiki"),
    path("padan/<uuid:pk>/cek-ulang/", padan.cek_ulang, name="padan_cek_ulang"),
    path("padan/<uuid:pk>/minta-kecuali/", padan.minta_kecuali, name="padan_minta_kecuali"),
    path("padan/<uuid:pk>/setujui-kecuali/", padan.setujui_kecuali, name="padan_setujui_kecuali"),
    path("padan/<uuid:pk>/tolak-kecuali/", padan.tolak_kecuali, name="padan_tolak_kecuali"),
]
