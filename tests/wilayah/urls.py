"""The portal's addresses and one form that asks for an area."""

from django import forms
from django.http import HttpResponse
from django.template import engines
from django.urls import include, path

from wilayah.forms import PilihWilayahField

HALAMAN = "{{ form.wilayah.errors }}{{ form.wilayah }}{{ form.catatan }}"


def formulir(request):
    luas = request.GET.getlist("luas") or None

    class Formulir(forms.Form):
        wilayah = PilihWilayahField(dalam=luas, label="Desa/kelurahan")
        catatan = forms.CharField(required=False)

    form = Formulir(request.POST or None)
    if form.is_valid():
        return HttpResponse(f"DITERIMA {form.cleaned_data['wilayah'].kode}")
    return HttpResponse(engines["django"].from_string(HALAMAN).render({"form": form}, request))


urlpatterns = [path("uji-pilih/", formulir), path("", include("config.urls"))]
