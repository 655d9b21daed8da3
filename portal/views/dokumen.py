"""Checking a paper: anyone with its code learns whether it is in force, and may compare a PDF. Nothing is stored."""

import hashlib

from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from portal.forms import BandingForm, KodeForm
from portal.queries.dokumen import Cek, cari_dokumen


@require_safe
def periksa(request: HttpRequest) -> HttpResponse:
    """Type the code from the paper."""
    form = KodeForm(request.GET if "kode" in request.GET else None)
    if form.is_valid():
        return redirect("dokumen", kode=form.cleaned_data["kode"])
    return render(request, "portal/dokumen_cari.html", {"form": form}, status=422 if form.is_bound else 200)


@csrf_exempt
def dokumen(request: HttpRequest, kode: str) -> HttpResponse:
    """Uploads stay in memory: the handler must be set before the body is read, which is what the CSRF check does."""
    if request.method == "POST":
        request.upload_handlers = [MemoryFileUploadHandler(request)]
    return _dokumen(request, kode)


@csrf_protect
@require_http_methods(["GET", "HEAD", "POST"])
def _dokumen(request: HttpRequest, kode: str) -> HttpResponse:
    cek = cari_dokumen(kode)
    if cek is None:
        return render(request, "portal/dokumen_tidak_dikenal.html", {"form": KodeForm()}, status=404)
    if request.method != "POST":
        return _tampil(request, cek, BandingForm(), None)
    form = BandingForm(request.POST, request.FILES)
    return _tampil(request, cek, form, _banding(form, cek) if form.is_valid() else None)


def _banding(form: BandingForm, cek: Cek) -> bool:
    sidik = hashlib.sha256()
    for potong in form.cleaned_data["berkas"].chunks():
        sidik.update(potong)
    return sidik.hexdigest() == cek.sha256


def _tampil(request: HttpRequest, cek: Cek, form: BandingForm, sama: bool | None) -> HttpResponse:
    return render(
        request,
        "portal/dokumen.html",
        {"cek": cek, "d": cek.dokumen, "form": form, "sama": sama},
        status=422 if form.is_bound and not form.is_valid() else 200,
    )
