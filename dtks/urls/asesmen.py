"""`/asesmen/…`: the field officer's day, and the visit to one family."""

from django.urls import path

from dtks.views import asesmen, penugasan, sampel

urlpatterns = [
    path("asesmen/", asesmen.daftar, name="asesmen_daftar"),
    path("asesmen/mulai/", asesmen.mulai, name="asesmen_mulai"),
    path("asesmen/hp/", asesmen.hp, name="asesmen_hp"),
    path("asesmen/bawa/", asesmen.bawa, name="asesmen_bawa"),
    path("asesmen/<uuid:pk>/kirim/", asesmen.kirim, name="asesmen_kirim"),
    path("asesmen/<uuid:pk>/foto/kirim/", asesmen.kirim_foto, name="asesmen_kirim_foto"),
    path("asesmen/<uuid:pk>/akhir/", asesmen.akhir, name="asesmen_akhir"),
    path("asesmen/sampel/", sampel.daftar, name="sampel_daftar"),
    path("asesmen/sampel/<uuid:pk>/", sampel.lihat, name="sampel_lihat"),
    path("asesmen/sampel/<uuid:pk>/buka/", sampel.buka, name="sampel_buka"),
    path("asesmen/bagi/", penugasan.bagikan, name="asesmen_bagi"),
    path("asesmen/<uuid:pk>/minta-diganti/", penugasan.minta_alih, name="asesmen_alih"),
    path("asesmen/<uuid:pk>/", asesmen.isi, name="asesmen_isi"),
    path("asesmen/<uuid:pk>/foto/<uuid:foto>/", asesmen.foto, name="asesmen_foto"),
    path("asesmen/<uuid:pk>/foto/<uuid:foto>/hapus/", asesmen.hapus_foto, name="asesmen_hapus_foto"),
]
