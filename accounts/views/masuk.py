"""Pages around signing in that allauth does not bring."""

from typing import Any

from allauth.account.views import LogoutView
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.actions import diri
from accounts.forms import PakaiKodeForm
from accounts.views.pintu import tampilkan
from core.middleware import client_ip
from core.workflow import StepRefused


def sapu(response: HttpResponse) -> HttpResponse:
    """Whoever leaves leaves nothing on the phone: its store, its kept pages and its worker go with the session."""
    response.headers["Clear-Site-Data"] = '"storage"'
    return response


class KeluarView(LogoutView):
    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        return sapu(super().post(*args, **kwargs))


def terkunci(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    """Too many wrong passwords from here for this name. Says when to try again, not whether the name exists."""
    response = render(request, "accounts/terkunci.html", status=429)
    response["Retry-After"] = "900"
    return response


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def pakai_kode(request: HttpRequest) -> HttpResponse:
    form = PakaiKodeForm(request.POST or None)
    if form.is_valid():
        isi = {nama: form.cleaned_data[nama] for nama in ("username", "kode", "sandi")}
        try:
            diri.pakai_kode(**isi, ip=client_ip(request))
        except StepRefused as refused:
            tampilkan(form, refused)
        else:
            messages.success(request, "Kata sandi baru tersimpan. Silakan masuk.")
            return redirect("account_login")
    return render(request, "accounts/pakai_kode.html", {"form": form})
