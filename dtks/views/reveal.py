"""Showing one masked number in full, with a reason that is kept."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from core.web import act, refusal_status
from dtks.actions import reveal
from dtks.forms.keluarga import BukaNomorForm
from dtks.models import Individu, Keluarga

LABEL = {"nik": "NIK", "no_kk": "Nomor KK", "telepon": "Nomor HP"}


@login_required
@require_http_methods(["GET", "POST"])
def keluarga(request: HttpRequest, pk: Any, kolom: str) -> HttpResponse:
    objek = get_object_or_404(Keluarga.objects.visible_to(request.user), pk=pk)
    if kolom not in ("no_kk", "telepon"):
        raise Http404
    return _page(request, objek, kolom, objek)


@login_required
@require_http_methods(["GET", "POST"])
def anggota(request: HttpRequest, pk: Any) -> HttpResponse:
    objek = get_object_or_404(Individu.objects.visible_to(request.user).select_related("keluarga"), pk=pk)
    return _page(request, objek, "nik", objek.keluarga)


def _page(request: HttpRequest, objek: Individu | Keluarga, kolom: str, rumah: Keluarga) -> HttpResponse:
    """The form; after POST the value, once, on a page that no cache keeps."""
    if not request.user.boleh("nik.buka", rumah.wilayah_id):
        raise Http404
    form = BukaNomorForm(request.POST or None)
    nilai = None
    if request.method == "POST" and form.is_valid():
        nilai = act(
            request,
            lambda: reveal.buka(objek, kolom=kolom, by=request.user, alasan=form.cleaned_data["alasan"]),
            form=form,
        )
    konteks = {
        "form": form,
        "nilai": nilai,
        "label": LABEL[kolom],
        "samar": getattr(objek, kolom) or "",
        "nama": str(objek),
        "kembali": reverse("keluarga_lihat", args=[rumah.pk]),
    }
    status = 200 if request.method == "GET" or nilai is not None else refusal_status(request, 422)
    answer = render(request, "dtks/keluarga_nomor.html", konteks, status=status)
    answer.headers["Cache-Control"] = "no-store, private"
    return answer
