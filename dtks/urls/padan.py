"""`/padan/…`: people whose NIK does not match, checks of a whole area, and numbers proposed in two places."""

from django.urls import path

from dtks.forms.unduh import PADAN
from dtks.views import calon, ganda, padan, padan_batch, surat_padan, unduh

urlpatterns = [
    path("padan/", padan.daftar, name="padan_daftar"),
    path("padan/unduh/", unduh.unduh, {"daftar": PADAN}, name="padan_unduh"),
    path("padan/batch/", padan_batch.daftar, name="padan_batch"),
    path("padan/batch/<uuid:pk>/", padan_batch.lihat, name="padan_batch_lihat"),
    path("padan/ganda/", ganda.daftar, name="ganda_daftar"),
    path("padan/ganda/calon/", calon.daftar, name="calon_daftar"),
    path("padan/ganda/calon/<uuid:pk>/", calon.lihat, name="calon_lihat"),
    path("padan/ganda/calon/<uuid:pk>/berbeda/", calon.berbeda, name="calon_berbeda"),
    path("padan/ganda/calon/<uuid:pk>/dukcapil/", calon.dukcapil, name="calon_dukcapil"),
    path("padan/ganda/calon/<uuid:pk>/usulkan/", calon.usulkan, name="calon_usulkan"),
    path("padan/ganda/calon/<uuid:pk>/setujui/", calon.setujui, name="calon_setujui"),
    path("padan/ganda/calon/<uuid:pk>/tolak/", calon.tolak, name="calon_tolak"),
    path("padan/ganda/calon/<uuid:pk>/pisahkan/", calon.pisahkan, name="calon_pisahkan"),
    path("padan/ganda/<uuid:pk>/", ganda.lihat, name="ganda_lihat"),
    path("padan/ganda/<uuid:pk>/tengahi/", ganda.tengahi, name="ganda_tengahi"),
    path("padan/ganda/<uuid:pk>/catat/", ganda.catat, name="ganda_catat"),
    path("padan/surat/", surat_padan.daftar, name="surat_padan_daftar"),
    path("padan/surat/baru/", surat_padan.baru, name="surat_padan_baru"),
    path("padan/surat/<uuid:pk>/", surat_padan.lihat, name="surat_padan_lihat"),
    path("padan/surat/<uuid:pk>/unduh/", surat_padan.unduh, name="surat_padan_unduh"),
    path("padan/surat/<uuid:pk>/kirim/", surat_padan.kirim, name="surat_padan_kirim"),
    path("padan/surat/<uuid:pk>/batalkan/", surat_padan.batalkan, name="surat_padan_batalkan"),
    path("padan/surat/<uuid:pk>/balas/", surat_padan.balas, name="surat_padan_balas"),
    path("padan/<uuid:pk>/", padan.lihat, name="padan_lihat"),
    path("padan/<uuid:pk>/perbaiki/", padan.perbaiki, name="padan_perbaiki"),
    path("padan/<uuid:pk>/cek-ulang/", padan.cek_ulang, name="padan_cek_ulang"),
    path("padan/<uuid:pk>/tandai-dukcapil/", padan.tandai_dukcapil, name="padan_tandai_dukcapil"),
    path("padan/<uuid:pk>/minta-kecuali/", padan.minta_kecuali, name="padan_minta_kecuali"),
    path("padan/<uuid:pk>/setujui-kecuali/", padan.setujui_kecuali, name="padan_setujui_kecuali"),
    path("padan/<uuid:pk>/tolak-kecuali/", padan.tolak_kecuali, name="padan_tolak_kecuali"),
]
