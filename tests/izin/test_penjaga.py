"""The guards of the tests do bark: each is shown the fault that it is there for."""

import pytest
from django.http import HttpResponse
from django.template import Context, engines
from django.template.base import Origin, Template
from django.urls import path

from accounts.models import Pengguna
from core.models import NomorSeri
from tests.bantu import jaga


def _template(isi: str, berkas: str) -> Template:
    return Template(isi, origin=Origin(name=berkas), engine=engines["django"].engine)


def test_nama_yang_tidak_dikenal_template_kami_gagal():

    kami = str(jaga.AKAR / "templates" / "uji.html")
    for isi in (
        "{{ tidak_ada }}",
        "{{ ada.tidak_ada }}",
        "{% if ada %}{{ tidak_ada|default:'x' }}{% endif %}",
    ):
        with pytest.raises(jaga.TidakDikenal, match="templates/uji"):
            _template(isi, kami).render(Context({"ada": 1}))
    assert _template("{{ ada }}{% if tidak_ada %}x{% endif %}", kami).render(Context({"ada": 1})) == "1"
    assert _template("{{ tidak_ada }}", "/usr/lib/python/allauth/x.html").render(Context({})) == ""


def menulis(request):
    NomorSeri.objects.all().delete()
    return HttpResponse("ok")


def mengunci(request):
    list(Pengguna.objects.select_for_update()[:1])
    return HttpResponse("ok")


def handler500(request):
    return HttpResponse("gangguan", status=500)


urlpatterns = [path("menulis/", menulis), path("mengunci/", mengunci)]


@pytest.mark.urls(__name__)
@pytest.mark.parametrize("alamat", ["/menulis/", "/mengunci/"])
def test_get_yang_menulis_atau_mengunci_gagal(db, client, settings, alamat, get_tidak_menulis):
    settings.MIDDLEWARE = []
    for metode in (client.get, client.head):
        with pytest.raises(jaga.GetMenulis):
            metode(alamat)


def test_baris_tanpa_urutan_datang_teracak(db):
    rapi = list(Pengguna.objects.order_by("username").values_list("username", flat=True))
    acak = {tuple(Pengguna.objects.order_by().values_list("username", flat=True)) for _ in range(5)}
    assert len(acak) > 1 and all(sorted(satu) == rapi for satu in acak)
    assert {
        tuple(Pengguna.objects.order_by("username").values_list("username", flat=True)) for _ in range(3)
    } == {tuple(rapi)}
