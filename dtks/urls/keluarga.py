"""`/keluarga/…`: the register; and `/berkas/<id>/`, the files of a case."""

from django.urls import path

from dtks.forms.unduh import KELUARGA
from dtks.views import berkas, keluarga, peristiwa, reveal, unduh, usulan

urlpatterns = [
    path("keluarga/", keluarga.daftar, name="keluarga_daftar"),
    path("keluarga/unduh/", unduh.unduh, {"daftar": KELUARGA}, name="keluarga_unduh"),
    path("keluarga/cari-nomor/", keluarga.cari_nomor, name="keluarga_cari_nomor"),
    path("keluarga/<uuid:pk>/", keluarga.lihat, name="keluarga_lihat"),
    path("keluarga/<uuid:pk>/usulkan/", usulan.usulkan, name="keluarga_usulkan"),
    path("keluarga/<uuid:pk>/peristiwa/", peristiwa.menu, name="peristiwa_menu"),
    path("keluarga/<uuid:pk>/peristiwa/<slug:jenis>/", peristiwa.catat, name="peristiwa_catat"),
    path("keluarga/<uuid:pk>/riwayat/", peristiwa.riwayat, name="keluarga_riwayat"),
    path("pindah/", peristiwa.daftar_pindah, name="pindah_daftar"),
    path("pindah/<uuid:pk>/", peristiwa.lihat_pindah, name="pindah_lihat"),
    path("pindah/<uuid:pk>/terima/", peristiwa.terima, name="pindah_terima"),
    path("pindah/<uuid:pk>/tolak/", peristiwa.tolak, name="pindah_tolak"),
    path("pindah/<uuid:pk>/batalkan/", peristiwa.batalkan, name="pindah_batalkan"),
    path("keluarga/<uuid:pk>/nomor/<slug:kolom>/", reveal.keluarga, name="keluarga_nomor"),
    path("keluarga/anggota/<uuid:pk>/nik/", reveal.anggota, name="anggota_nik"),
    path("keluarga/anggota/<uuid:pk>/ppks/", keluarga.catat_ppks, name="anggota_ppks"),
    path("keluarga/ppks/<uuid:pk>/akhiri/", keluarga.akhiri_ppks, name="ppks_akhiri"),
    path("berkas/<uuid:pk>/", berkas.berkas, name="berkas_lihat"),
]
