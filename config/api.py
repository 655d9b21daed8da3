"""Every address of the REST API (contract.md). An app's part lives in its own `api` package."""

from django.urls import include, path, re_path
from django.urls.resolvers import URLPattern
from rest_framework.views import APIView

from accounts.api import webhook
from bansos.api import kelayakan, penetapan, program
from core.api.lain import TidakAda
from dtks.api import garis, padan, register, usulan
from pengaduan.api import pengaduan
from portal.views import api as bacaan
from wilayah.api import WilayahDaftar, WilayahRincian


def _jalan(alamat: str, view: type[APIView]) -> URLPattern:
    return path(alamat, view.as_view(), name=f"api_{view.__name__}")


v1 = [
    _jalan("wilayah/", WilayahDaftar),
    _jalan("wilayah/<str:kode>/", WilayahRincian),
    _jalan("keluarga/", register.KeluargaDaftar),
    _jalan("keluarga/<uuid:pk>/", register.KeluargaRincian),
    _jalan("individu/", register.IndividuDaftar),
    _jalan("individu/<uuid:pk>/", register.IndividuRincian),
    _jalan("padan/", padan.PadanDaftar),
    _jalan("padan/<uuid:pk>/", padan.PadanRincian),
    _jalan("padan/<uuid:pk>/hasil/", padan.PadanHasil),
    _jalan("kelayakan/<str:program>/", kelayakan.KelayakanDaftar),
    _jalan("usulan/", usulan.UsulanDaftar),
    _jalan("usulan/<uuid:pk>/", usulan.UsulanRincian),
    _jalan("usulan/<uuid:pk>/langkah/<slug:nama>/", usulan.UsulanLangkah),
    _jalan("musyawarah/", garis.MusyawarahDaftar),
    _jalan("musyawarah/<uuid:pk>/", garis.MusyawarahRincian),
    _jalan("asesmen/", garis.AsesmenDaftar),
    _jalan("asesmen/<uuid:pk>/", garis.AsesmenRincian),
    _jalan("penetapan/", penetapan.PenetapanDaftar),
    _jalan("penetapan/<uuid:pk>/", penetapan.PenetapanRincian),
    _jalan("program/", program.ProgramDaftar),
    _jalan("program/<slug:kode>/", program.ProgramRincian),
    _jalan("program/<slug:kode>/kuota/", program.KuotaDaftar),
    _jalan("penerima/", penetapan.PenerimaDaftar),
    _jalan("pengaduan/", pengaduan.PengaduanDaftar),
    _jalan("pengaduan/<slug:tiket>/", pengaduan.PengaduanRincian),
    _jalan("webhook/", webhook.WebhookDaftar),
    _jalan("webhook/<uuid:pk>/", webhook.WebhookRincian),
    _jalan("webhook/<uuid:pk>/uji/", webhook.WebhookUji),
    _jalan("webhook/<uuid:pk>/aktifkan/", webhook.WebhookAktifkan),
    _jalan("webhook/<uuid:pk>/kiriman/", webhook.WebhookKiriman),
    re_path(
        "", TidakAda.as_view(), name="api_tidak_ada"
    ),  # the last: a wrong address is answered in the words of the API
]
urlpatterns = [
    path("v1/", include(v1)),
    path("schema/", bacaan.skema, name="api_skema"),
    path("docs/", bacaan.dokumentasi, name="api_docs"),
]
