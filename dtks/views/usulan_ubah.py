"""`/usulan/<id>/ubah/`: what a draft asks for is corrected: programme, route, reason."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from core.web import act, refusal_status, send_once
from dtks.actions import usulan as langkah
from dtks.forms.usulan import POKOK, UbahDrafForm
from dtks.models import Usulan
from dtks.policies import usulan as policies
from dtks.views.usulan import _case


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def ubah(request: HttpRequest, pk: Any) -> HttpResponse:
    usulan = _case(request, pk)
    if policies.ubah(request.user, usulan):
        raise Http404
    form = _form(request, usulan)
    tujuan = reverse("usulan_lihat", args=[pk])

    def do() -> str:
        data = form.cleaned_data
        isi = {kolom: data[kolom] for kolom in POKOK}
        langkah.ubah(usulan, by=request.user, isi=isi, dilihat=data["dilihat"])
        return tujuan

    if form.is_valid() and act(request, lambda: send_once(request, form, do), form=form):
        messages.success(request, "Perubahan usulan disimpan.")
        return redirect(tujuan)
    if form.is_bound:
        form.renew(None)
    status = refusal_status(request, 422) if form.is_bound else 200
    return render(request, "dtks/usulan_ubah.html", {"form": form, "usulan": usulan}, status=status)


def _form(request: HttpRequest, usulan: Usulan) -> UbahDrafForm:
    awal = {kolom: getattr(usulan, kolom) for kolom in POKOK}
    operator = request.user.boleh("usulan.input", usulan.wilayah_id)
    return UbahDrafForm(
        request.POST or None, operator=operator, hanya=set(POKOK), initial={**awal, "dilihat": usulan.updated_at.isoformat()}
    )  # fmt: skip
