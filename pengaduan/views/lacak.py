"""/lacak/: where a ticket stands, for whoever holds its PIN."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from core.middleware import client_ip
from pengaduan.actions.lacak import TooMany
from pengaduan.actions.lacak import lacak as cari
from pengaduan.forms import LacakForm
from pengaduan.queries.usulan import TAHAP, status_publik

TIDAK_COCOK = "Nomor tiket atau PIN tidak cocok. Periksa lagi tanda terima Anda."

Tampil = Callable[[HttpRequest, Any], HttpResponse]
_TAMPIL: dict[tuple[str, type[Any] | None], Tampil] = {}


def daftarkan(awalan: str, tampil: Tampil, model: type[Any] | None = None) -> None:
    """The page of one kind of ticket. Its forms carry `pegangan` (pengaduan.actions.tiket) instead of ticket and PIN.
    `model` tells kinds apart that share a prefix; without it the page serves the prefix."""
    _TAMPIL[awalan, model] = tampil


def _usulan(request: HttpRequest, usulan: Any) -> HttpResponse:
    return render(
        request, "pengaduan/lacak_hasil.html", {"status": status_publik(usulan), "tahap": list(TAHAP)}
    )


daftarkan("USL", _usulan)


@sensitive_post_parameters("tiket", "pin")
@require_http_methods(["GET", "HEAD", "POST"])
def lacak(request: HttpRequest) -> HttpResponse:
    """Status of a ticket for whoever holds ticket and PIN. The answer is the POST's own page: nothing secret in a URL."""
    form = LacakForm(request.POST if request.method == "POST" else None)
    if not form.is_bound:
        return _form(request, form, 200)
    if not form.is_valid():
        return _form(request, form, 422)
    try:
        row = cari(**form.cleaned_data, alamat=client_ip(request))
    except TooMany as banyak:
        form.add_error(
            None,
            f"Sudah terlalu sering dicoba. Tunggu {banyak.menit} menit, lalu coba lagi. "
            "PIN hilang? Tanyakan ke petugas yang mencatatnya.",
        )
        response = _form(request, form, 429)
        response["Retry-After"] = str(banyak.menit * 60)
        return response
    if row is None:
        form.add_error(None, TIDAK_COCOK)
        return _form(request, form, 422)
    awalan = row.tiket.split("-")[0]
    return (_TAMPIL.get((awalan, type(row))) or _TAMPIL[awalan, None])(request, row)


def _form(request: HttpRequest, form: LacakForm, status: int) -> HttpResponse:
    return render(request, "pengaduan/lacak.html", {"form": form}, status=status)
