"""`/asesmen/…`: the field officer's day, and the visit to one family."""

from django.urls import path

from dtks.views import asesmen

urlpatterns = [
    path("asesmen/", asesmen.daftar, name="asesmen_daftar"),
    path("asesmen/<uuid:pk>/", asesmen.isi, name="asesmen_isi"),
    path("asesmen/<uuid:pk>/foto/<uuid:foto>/", asesmen.foto, name="asesmen_foto"),
    path("asesmen/<uuid:pk>/foto/<uuid:foto>/hapus/", asesmen.hapus_foto, name="asesmen_hapus_foto"),
]
