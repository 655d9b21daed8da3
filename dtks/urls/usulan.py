"""`/usulan/…`: the village side of a proposal."""

from django.urls import path

from dtks.forms.unduh import USULAN
from dtks.views import anggota, bendera, bnba, keluarga, langkah, lengkap, rumah, unduh, usulan

urlpatterns = [
    path("usulan/", usulan.daftar, name="usulan_daftar"),
    path("usulan/unduh/", unduh.unduh, {"daftar": USULAN}, name="usulan_unduh"),
    path("usulan/cari-nomor/", usulan.cari_nomor, name="usulan_cari_nomor"),
    path("usulan/bnba/", bnba.unduh, name="bnba_unduh"),
    path("unduhan/", unduh.unduhan, name="unduhan"),
    path("unduhan/<uuid:pk>/", unduh.ambil, name="unduhan_ambil"),
    path("usulan/baru/", usulan.baru, name="usulan_baru"),
    path("usulan/baru/isian/", usulan.isian, name="usulan_isian"),
    path("usulan/baru/lengkap/", lengkap.lengkap, name="usulan_lengkap"),
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
    path("usulan/<uuid:pk>/rumah/", rumah.rumah, name="usulan_rumah"),
    path("usulan/<uuid:pk>/aset/", rumah.aset, name="usulan_aset"),
    path("usulan/<uuid:pk>/foto/", rumah.foto, name="usulan_foto"),
    path("usulan/<uuid:pk>/foto/<uuid:foto>/ganti/", rumah.ganti_foto, name="usulan_ganti_foto"),
    path("usulan/<uuid:pk>/foto/<uuid:foto>/hapus/", rumah.hapus_foto, name="usulan_hapus_foto"),
    path("usulan/<uuid:pk>/bendera/", bendera.lihat, name="usulan_bendera"),
    path("usulan/<uuid:pk>/bendera/usul-tutup/", bendera.usul_tutup, name="bendera_usul_tutup"),
    path("usulan/<uuid:pk>/bendera/tutup/", bendera.tutup, name="bendera_tutup"),
    path("usulan/<uuid:pk>/bendera/nyatakan/", bendera.nyatakan, name="bendera_nyatakan"),
    path("usulan/<uuid:pk>/foto/kirim/", lengkap.kirim_foto, name="usulan_foto_kirim"),
]
