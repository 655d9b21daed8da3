"""Addresses of accounts. Included before allauth's own, so that what is closed here stays closed."""

from django.urls import path
from django.views.generic import RedirectView

from accounts.views import kabar, kunci, masuk, pengguna, profil, webhook

_ke_kode = RedirectView.as_view(pattern_name="pakai_kode")
_ke_masuk = RedirectView.as_view(pattern_name="account_login", query_string=True)

urlpatterns = [
    path("masuk/kode/", masuk.pakai_kode, name="pakai_kode"),
    path("profil/", profil.profil, name="profil"),
    path("profil/keluar-semua/", profil.keluar_semua, name="keluar_semua"),
    path("profil/pemberitahuan/", kabar.pilihan, name="pilihan_kabar"),
    path("profil/nomor/", kabar.nomor, name="nomor_hp"),
    path("profil/nomor/kode/", kabar.pastikan, name="pastikan_nomor"),
    path("profil/nomor/hapus/", kabar.hapus_nomor, name="hapus_nomor"),
    path("pesan/", kabar.pesan, name="pesan"),
    path("pengguna/", pengguna.daftar, name="pengguna"),
    path("pengguna/baru/", pengguna.buat_pengguna, name="buat_pengguna"),
    path("pengguna/<uuid:pk>/", pengguna.rinci, name="pengguna_rinci"),
    path("pengguna/<uuid:pk>/beri-peran/", pengguna.beri_peran, name="beri_peran"),
    path("pengguna/<uuid:pk>/akhiri-peran/<uuid:penugasan_pk>/", pengguna.akhiri_peran, name="akhiri_peran"),
    path("pengguna/<uuid:pk>/nonaktifkan/", pengguna.nonaktifkan, name="nonaktifkan"),
    path("pengguna/<uuid:pk>/aktifkan/", pengguna.aktifkan, name="aktifkan"),
    path("pengguna/<uuid:pk>/setel-ulang/", pengguna.setel_ulang, name="setel_ulang"),
    path("kunci-api/", kunci.daftar, name="kunci"),
    path("kunci-api/baru/", kunci.minta, name="kunci_minta"),
    path("kunci-api/<uuid:pk>/", kunci.rinci, name="kunci_rinci"),
    path("kunci-api/<uuid:pk>/setujui/", kunci.setujui, name="kunci_setujui"),
    path("kunci-api/<uuid:pk>/tolak/", kunci.tolak, name="kunci_tolak"),
    path("kunci-api/<uuid:pk>/ambil/", kunci.ambil, name="kunci_ambil"),
    path("kunci-api/<uuid:pk>/cabut/", kunci.cabut, name="kunci_cabut"),
    path("kunci-api/webhook/<uuid:pk>/aktifkan/", webhook.aktifkan, name="webhook_aktifkan"),
    path("kunci-api/webhook/<uuid:pk>/hapus/", webhook.hapus, name="webhook_hapus"),
    # A password is reset by a code from an admin, not by mail; one login page, not two.
    path("akun/password/reset/", _ke_kode),
    path("akun/password/set/", _ke_kode),
    path("akun/login/", _ke_masuk),
    path("akun/email/", RedirectView.as_view(pattern_name="profil")),
]
