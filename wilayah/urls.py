"""Addresses of the area pages; included at 'wilayah/'."""

from django.urls import path, re_path

from wilayah import views

app_name = "wilayah"
urlpatterns = [
    path("pilih/", views.pilih, name="pilih"),
    path("sumber/", views.sumber, name="sumber"),
    path("sumber/wilayah.csv.gz", views.unduh, name="unduh"),
    re_path(r"^json/(?P<kode>indonesia|[0-9]{2}\.[0-9]{2})\.json$", views.daftar_json, name="json"),
    re_path(
        r"^json/(?P<kode>[0-9]{2}\.[0-9]{2}\.[0-9]{2}\.[0-9]{4})\.json$", views.rtrw_json, name="json_rtrw"
    ),
]
