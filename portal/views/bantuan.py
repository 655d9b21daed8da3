"""/bantuan/: what people really ask, one page each, without an account and without JavaScript.

A visitor's browser keeps these pages for a week: once read, they open without a signal. Nothing personal is on them;
whoever is logged in gets his own header and therefore a page that is not kept.
"""

from functools import wraps

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.views.decorators.http import require_safe

from portal.queries import bantuan as tanya

SEMINGGU = 7 * 86_400
PANJANG_CARI = 100


def disimpan(view):
    """Kept by the browser of a visitor; by no proxy, because an answer may carry a cookie."""

    @wraps(view)
    def _view(request: HttpRequest, *args: str, **kwargs: str) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if response.status_code == 200 and not request.user.is_authenticated:
            patch_cache_control(response, private=True, max_age=SEMINGGU)
            patch_vary_headers(response, ["Cookie"])
        return response

    return _view


@require_safe
@disimpan
def bantuan(request: HttpRequest) -> HttpResponse:
    """All questions by topic, or those that fit the words of `cari`."""
    kata = " ".join(request.GET.get("cari", "").replace("\x00", "").split())[:PANJANG_CARI]
    isi = {"kata": kata, "hasil": tanya.cari(kata)[:10], "topik": tanya.per_topik(tanya.semua())}
    return render(request, "portal/bantuan.html", isi)


@require_safe
@disimpan
def satu(request: HttpRequest, kode: str) -> HttpResponse:
    ini = tanya.satu(kode)
    if ini is None:
        raise Http404
    lain = [t for t in tanya.semua() if t.topik == ini.topik and t != ini]
    return render(request, "portal/bantuan_satu.html", {"tanya": ini, "isi": tanya.html(ini), "lain": lain})


@require_safe
@disimpan
def semua(request: HttpRequest) -> HttpResponse:
    """Everything on one page, to print for the wall of the village office or to read without a signal."""
    topik = [(nama, [(t, tanya.html(t, 4)) for t in isi]) for nama, isi in tanya.per_topik(tanya.semua())]
    return render(request, "portal/bantuan_semua.html", {"topik": topik})


@require_safe
@disimpan
def istilah(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/bantuan_istilah.html", {"istilah": tanya.istilah()})
