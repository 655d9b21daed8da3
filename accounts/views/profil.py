"""Who am I, what may I do, and out of here everywhere."""

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from accounts.actions import diri
from accounts.forms import KeluarSemuaForm
from accounts.views.masuk import sapu
from accounts.views.pintu import tampilkan
from core.workflow import StepRefused


@require_safe
@login_required
def profil(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/profil.html", {"penugasan": request.user.penugasan_aktif})


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
@login_required
def keluar_semua(request: HttpRequest) -> HttpResponse:
    form = KeluarSemuaForm(request.POST or None)
    if form.is_valid():
        try:
            diri.keluar_semua(by=request.user, sandi=form.cleaned_data["sandi"])
        except StepRefused as refused:
            tampilkan(form, refused)
        else:
            logout(request)
            messages.success(request, "Anda sudah keluar dari semua perangkat.")
            return sapu(redirect("account_login"))
    return render(request, "accounts/keluar_semua.html", {"form": form})
