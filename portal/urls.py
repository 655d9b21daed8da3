"""Pages that cross fields: front page, dashboard, document check, jobs, audit trail, gallery, health."""

from django.urls import path

from portal.views import beranda, dasbor, dokumen, jejak, kesehatan, komponen, pekerjaan, pemberitahuan

urlpatterns = [
    path("", beranda.beranda, name="beranda"),
    path("v/", dokumen.periksa, name="periksa_dokumen"),
    path("v/<str:kode>/", dokumen.dokumen, name="dokumen"),
    path("dasbor/", dasbor.dasbor, name="dasbor"),
    path("pemberitahuan/", pemberitahuan.pemberitahuan, name="pemberitahuan"),
    path("pemberitahuan/baca/", pemberitahuan.baca, name="baca_pemberitahuan"),
    path("pekerjaan/", pekerjaan.pekerjaan, name="pekerjaan"),
    path("pekerjaan/<uuid:pk>/", pekerjaan.pekerjaan_detail, name="pekerjaan_detail"),
    path("pekerjaan/<uuid:pk>/coba-lagi/", pekerjaan.coba_lagi, name="coba_lagi"),
    path("jejak/", jejak.jejak, name="jejak"),
    path("komponen/", komponen.komponen, name="komponen"),
    path("healthz", kesehatan.healthz, name="healthz"),
    path("readyz", kesehatan.readyz, name="readyz"),
]
