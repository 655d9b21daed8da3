"""`/usulan/…`: the village side of a proposal."""

from django.urls import path

from dtks.views import anggota, keluarga, langkah, rumah, usulan

urlpatterns = [
    path("usulan/", usulan.daftar, name="usulan_daftar"),
    path("usulan/baru/", usulan.baru, name="usulan_baru"),
    path("usulan/baru/isian/", usulan.isian, name="usulan_isian"),
    path("usulan/<uuid:pk>/", usulan.lihat, name="usulan_lihat"),
    path("usulan/<uuid:pk>/tanda-terima/", usulan.resi, name="usulan_resi"),
    path("usulan/<uuid:pk>/pin/", usulan.ganti_pin, name="usulan_ganti_pin"),
    path("usulan/<uuid:pk>/cek-nik/", usulan.cek_nik, name="usulan_cek_nik"),
    path("usulan/<uuid:pk>/sptjm/", langkah.sptjm, name="usulan_sptjm"),
    path("usulan/<uuid:pk>/sptjm/surat/", langkah.surat_sptjm, name="usulan_sptjm_surat"),
    path("usulan/<uuid:pk>/langkah/<slug:nama>/", langkah.langkah, name="usulan_langkah"),
    path("usulan/<uuid:pk>/keluarga/", keluarga.ubah, name="usulan_keluarga"),
    path("usulan/<uuid:pk>/anggota/baru/", anggota.baru, name="anggota_baru"),
    path("usulan/<uuid:pk>/anggota/<uuid:orang>/", anggota.ubah, name="anggota_ubah"),
    path("usulan/<uuid:pk>/anggota/<uuid:orang>/keluarkan/", anggota.keluarkan, name="anggota_keluarkan"),
    path("usulan/<uuid:pk>/rumah/", rumah.rumah, name="usulan_rumah"),
    path("usulan/<uuid:pk>/aset/", rumah.aset, name="usulan_aset"),
    path("usulan/<uuid:pk>/foto/", rumah.foto, name="usulan_foto"),
]
