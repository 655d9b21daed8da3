"""`/keluarga/…`: the register; and `/berkas/<id>/`, the files of a case."""

from django.urls import path

from dtks.views import berkas, keluarga, reveal, usulan

urlpatterns = [
    path("keluarga/", keluarga.daftar, name="keluarga_daftar"),
    path("keluarga/cari-nomor/", keluarga.cari_nomor, name="keluarga_cari_nomor"),
    path("keluarga/<uuid:pk>/", keluarga.lihat, name="keluarga_lihat"),
    path("keluarga/<uuid:pk>/usulkan/", usulan.usulkan, name="keluarga_usulkan"),
    path("keluarga/<uuid:pk>/nomor/<slug:kolom>/", reveal.keluarga, name="keluarga_nomor"),
    path("keluarga/anggota/<uuid:pk>/nik/", reveal.anggota, name="anggota_nik"),
    path("keluarga/anggota/<uuid:pk>/ppks/", keluarga.catat_ppks, name="anggota_ppks"),
    path("keluarga/ppks/<uuid:pk>/akhiri/", keluarga.akhiri_ppks, name="ppks_akhiri"),
    path("berkas/<uuid:pk>/", berkas.berkas, name="berkas_lihat"),
]
