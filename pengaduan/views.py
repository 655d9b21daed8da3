"""Public pages of this field."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from core.middleware import client_ip
from pengaduan.actions.lacak import TooMany
from pengaduan.actions.lacak import lacak as cari
from pengaduan.forms import LacakForm
from pengaduan.queries import TAHAP, status_publik

TIDAK_COCOK = "Nomor usulan atau PIN tidak cocok. Periksa lagi tanda terima Anda."


@sensitive_post_parameters("tiket", "pin")
@require_http_methods(["GET", "HEAD", "POST"])
def lacak(request: HttpRequest) -> HttpResponse:
    """Status of a proposal for whoever holds ticket and PIN. The answer is the POST's own page: nothing secret in a URL."""
    form = LacakForm(request.POST if request.method == "POST" else None)
    if not form.is_bound:
        return _form(request, form, 200)
    if not form.is_valid():
        return _form(request, form, 422)
    try:
        usulan = cari(**form.cleaned_data, alamat=client_ip(request))
    except TooMany as banyak:
        form.add_error(
            None,
            f"Sudah terlalu sering dicoba. Tunggu {banyak.menit} menit, lalu coba lagi. "
            "PIN hilang? Minta yang baru ke petugas desa tempat usulan dibuat.",
        )
        response = _form(request, form, 429)
        response["Retry-After"] = str(banyak.menit * 60)
        return response
    if usulan is None:
        form.add_error(None, TIDAK_COCOK)
        return _form(request, form, 422)
    return render(
        request, "pengaduan/lacak_hasil.html", {"status": status_publik(usulan), "tahap": list(TAHAP)}
    )


def _form(request: HttpRequest, form: LacakForm, status: int) -> HttpResponse:
    return render(request, "pengaduan/lacak.html", {"form": form}, status=status)
