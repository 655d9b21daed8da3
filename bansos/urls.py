"""Addresses of the Dinas side: verification queue, batches, decrees, programmes."""

from django.urls import path

from bansos.views import penetapan, program, verifikasi

urlpatterns = [
    path("verifikasi/", verifikasi.verifikasi, name="verifikasi"),
    path("verifikasi/sahkan/", verifikasi.sahkan, name="sahkan"),
    path("penetapan/", penetapan.penetapan, name="penetapan"),
    path("penetapan/pengesahan/<uuid:pk>/", penetapan.pengesahan_detail, name="pengesahan_detail"),
    path("penetapan/pengesahan/<uuid:pk>/surat/", penetapan.pengesahan_surat, name="pengesahan_surat"),
    path("penetapan/pengesahan/<uuid:pk>/kirim/", penetapan.kirim, name="kirim"),
    path("penetapan/pengesahan/<uuid:pk>/tetapkan/", penetapan.tetapkan, name="tetapkan"),
    path("penetapan/<uuid:pk>/", penetapan.penetapan_detail, name="penetapan_detail"),
    path("penetapan/<uuid:pk>/surat/", penetapan.penetapan_surat, name="penetapan_surat"),
    path("penetapan/<uuid:pk>/ganti/", penetapan.ganti, name="ganti_sk"),
    path("penetapan/<uuid:pk>/cabut/", penetapan.cabut, name="cabut_sk"),
    path("program/", program.program, name="program"),
    path("program/<slug:kode>/", program.program_detail, name="program_detail"),
    path("program/<slug:kode>/kelayakan/", program.kelayakan, name="kelayakan"),
]
