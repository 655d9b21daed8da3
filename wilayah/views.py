"""Public pages and static JSON of areas. All GET, nothing personal."""

import datetime as dt
from collections.abc import Iterable

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.views.decorators.cache import cache_control
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import conditional_page, require_safe

from wilayah.actions.impor import BERKAS, baca_sumber
from wilayah.models import HASIL_CARI, Tingkat, Wilayah
from wilayah.queries import bakukan, bentuk_sah, kabupaten_dari, leluhur, pengganti_terakhir

# Kept by the browser, not by a proxy: the session middleware may add a cookie to any answer.
SEHARI = 86_400


@require_safe
def pilih(request: HttpRequest) -> HttpResponse:
    """Walk down by links, or search. `kembali` (a path of ours) gets the choice as `?wilayah=<kode>`."""
    induk = _induk(request)
    kata = request.GET.get("cari", "").replace("\x00", "").strip()[:200]
    kembali = _kembali(request)
    semua = Wilayah.objects.visible_to(request.user).berlaku()
    anak = semua.cari(kata, HASIL_CARI) if kata else semua.anak(induk.kode if induk else None)
    jejak = Wilayah.objects.filter(pk__in=leluhur(induk.kode)).order_by("kode") if induk else []
    isi = {
        "induk": induk,
        "pengganti": pengganti_terakhir(induk) if induk and not induk.masih_berlaku else None,
        "jejak": jejak,
        "anak": anak,
        "kata": kata,
        "kembali": kembali,
        "ekor": f"&{urlencode({'kembali': kembali})}" if kembali else "",
        "tautan_pilih": _tautan_pilih(kembali, induk),
        "tingkat_anak": Tingkat(induk.tingkat + 1).label
        if induk and induk.tingkat < Tingkat.RT
        else "provinsi",
    }
    return render(request, "wilayah/pilih.html", isi)


@require_safe
@gzip_page
@cache_control(private=True, max_age=SEHARI)
@conditional_page
def daftar_json(request: HttpRequest, kode: str) -> JsonResponse:
    """{"wilayah": [[kode, nama]]}: of `indonesia` the first two levels, of a kabupaten the two below it."""
    semua = Wilayah.objects.visible_to(request.user).berlaku()
    if kode == "indonesia":
        return _json(semua.filter(tingkat__lte=Tingkat.KABUPATEN))
    if kode != kabupaten_dari(kode) or not semua.filter(pk=kode, tingkat=Tingkat.KABUPATEN).exists():
        raise Http404("bukan kabupaten/kota yang berlaku")
    bawah = semua.di_dalam(kode).filter(tingkat__in=(Tingkat.KECAMATAN, Tingkat.DESA))
    return _json(bawah)


@require_safe
@gzip_page
@cache_control(private=True, max_age=60)
@conditional_page
def rtrw_json(request: HttpRequest, kode: str) -> JsonResponse:
    """RW and RT of one village. Made by the village itself at any time, so kept for a minute only."""
    semua = Wilayah.objects.visible_to(request.user).berlaku()
    get_object_or_404(semua, pk=kode, tingkat=Tingkat.DESA)
    return _json(semua.di_dalam(kode).filter(tingkat__gt=Tingkat.DESA))


@require_safe
def sumber(request: HttpRequest) -> HttpResponse:
    """Where the list comes from and under which licence (ODbL 1.0 asks for this notice)."""
    isi = baca_sumber()
    return render(
        request,
        "wilayah/sumber.html",
        {"sumber": isi, "tanggal": dt.date.fromisoformat(isi["tanggal_dasar"])},
    )


@require_safe
@cache_control(private=True, max_age=SEHARI)
def unduh(request: HttpRequest) -> HttpResponse:
    """The derived table itself: ODbL 1.0 §4.6 asks to offer it to whoever receives the work."""
    return HttpResponse(
        BERKAS.read_bytes(),
        content_type="application/gzip",
        headers={"Content-Disposition": 'attachment; filename="wilayah.csv.gz"'},
    )


def _json(semua: Iterable[Wilayah]) -> JsonResponse:
    isi = [[satu.kode, satu.sebutan] for satu in semua.order_by("kode").only("kode", "jalur")]
    return JsonResponse({"wilayah": isi}, json_dumps_params={"ensure_ascii": False, "separators": (",", ":")})


def _induk(request: HttpRequest) -> Wilayah | None:
    teks = request.GET.get("induk", "").strip()
    if not teks:
        return None
    kode = bakukan(teks)
    if kode is None or not bentuk_sah(kode):
        raise Http404("bukan kode wilayah")
    return get_object_or_404(Wilayah.objects.visible_to(request.user).select_related("pengganti"), pk=kode)


def _kembali(request: HttpRequest) -> str:
    """Only a path of this site: anything else would turn the page into an open redirect."""
    alamat = request.GET.get("kembali", "")
    aman = alamat.startswith("/") and url_has_allowed_host_and_scheme(alamat, allowed_hosts=None)
    return alamat if aman else ""


def _tautan_pilih(kembali: str, wilayah: Wilayah | None) -> str:
    if not kembali or wilayah is None or not wilayah.masih_berlaku:
        return ""
    sambung = "&" if "?" in kembali else "?"
    return f"{kembali}{sambung}{urlencode({'wilayah': wilayah.kode})}"
