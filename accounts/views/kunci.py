"""API keys on the screen: asked for by an admin, approved by the Kepala Dinas, shown once."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.actions import kunci as tindakan
from accounts.forms_api import AlasanKunciForm, AmbilKunciForm, MintaKunciForm
from accounts.models import KunciApi, Webhook
from accounts.policies import kunci as policy
from accounts.views.pintu import punya_kuasa
from core.web import act, keyset, refusal_status, send_once


def _kunci(request: HttpRequest, pk: uuid.UUID) -> KunciApi:
    if not (request.user.punya(policy.KELOLA) or request.user.punya(policy.SETUJUI)):
        raise PermissionDenied
    rows = KunciApi.objects.visible_to(request.user).select_related("diminta_by", "diputus_by")
    return get_object_or_404(rows, pk=pk)


@login_required
@require_safe
def daftar(request: HttpRequest) -> HttpResponse:
    if not (request.user.punya(policy.KELOLA) or request.user.punya(policy.SETUJUI)):
        raise PermissionDenied
    halaman = keyset(request, KunciApi.objects.visible_to(request.user), ("-created_at", "-id"))
    konteks = {"halaman": halaman, "boleh_minta": request.user.punya(policy.KELOLA)}
    return render(request, "accounts/kunci.html", konteks)


@require_http_methods(["GET", "POST"])
@punya_kuasa(policy.KELOLA)
def minta(request: HttpRequest) -> HttpResponse:
    form = MintaKunciForm(request.POST or None, by=request.user)
    if request.method == "POST" and form.is_valid():

        def do() -> str:
            kunci = tindakan.minta(by=request.user, isi=form.isi())
            return reverse("kunci_rinci", args=[kunci.pk])

        if tujuan := act(request, lambda: send_once(request, form, do), form=form):
            messages.success(request, "Permintaan tersimpan. Kepala Dinas yang menyetujuinya.")
            return redirect(tujuan)
    status = refusal_status(request, 422) if request.method == "POST" else 200
    return render(request, "accounts/kunci_minta.html", {"form": form}, status=status)


@login_required
@require_safe
def rinci(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    kunci = _kunci(request, pk)
    konteks = {
        "kunci": kunci,
        "wilayah": kunci.akun.penugasan.select_related("wilayah").order_by("wilayah_id"),
        "cakupan": [
            label
            for kode, label in KunciApi._meta.get_field("cakupan").base_field.choices
            if kode in kunci.cakupan
        ],
        "pemakaian": kunci.pemakaian.order_by("-hari")[:14],
        "larangan_putus": policy.putus(request.user, kunci),
        "larangan_ambil": policy.ambil(request.user, kunci),
        "larangan_cabut": policy.cabut(request.user, kunci),
        "berlaku": kunci.berlaku(),
        "webhook": Webhook.objects.ada().filter(kunci=kunci),
        "boleh_webhook": all(request.user.boleh(policy.KELOLA, kode) for kode in kunci.wilayah()),
    }
    return render(request, "accounts/kunci_rinci.html", konteks)


@login_required
@require_POST
def setujui(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    kunci = _kunci(request, pk)
    _berhak(request, policy.SETUJUI)
    if act(request, lambda: tindakan.setujui(kunci, by=request.user)):
        messages.success(request, "Kunci disetujui. Admin bisa mengambilnya.")
    return redirect("kunci_rinci", pk=pk)


@login_required
@require_http_methods(["GET", "POST"])
def tolak(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    kunci = _kunci(request, pk)
    _berhak(request, policy.SETUJUI)
    return _beralasan(request, kunci, tindakan.tolak, "Tolak permintaan", "Permintaan ditolak.")


@login_required
@require_http_methods(["GET", "POST"])
def cabut(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    return _beralasan(
        request,
        _kunci(request, pk),
        tindakan.cabut,
        "Cabut kunci",
        "Kunci dicabut. Permintaan berikutnya ditolak.",
    )


@sensitive_post_parameters()
@login_required
@require_http_methods(["GET", "POST"])
def ambil(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The secret is in the answer to this POST and nowhere else: shown once."""
    kunci = _kunci(request, pk)
    _berhak(request, policy.KELOLA)
    if kunci.status != KunciApi.Status.DISETUJUI:
        raise Http404
    form = AmbilKunciForm(request.POST or None, baru=kunci.sidik is None)
    if request.method == "POST" and form.is_valid():
        tenggang = form.cleaned_data.get("tenggang", False)
        if rahasia := act(
            request, lambda: tindakan.ambil(kunci, by=request.user, tenggang=tenggang), form=form
        ):
            return render(request, "accounts/kunci_rahasia.html", {"kunci": kunci, "rahasia": rahasia})
    status = refusal_status(request, 422) if request.method == "POST" else 200
    return render(request, "accounts/kunci_ambil.html", {"kunci": kunci, "form": form}, status=status)


def _berhak(request: HttpRequest, kuasa: str) -> None:
    if not request.user.punya(kuasa):
        raise PermissionDenied


def _beralasan(request: HttpRequest, kunci: KunciApi, do, judul: str, selesai: str) -> HttpResponse:  # type: ignore[no-untyped-def]
    form = AlasanKunciForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        alasan = form.cleaned_data["alasan"]
        hasil = act(request, lambda: do(kunci, by=request.user, alasan=alasan), form=form)
        if hasil is not None:
            messages.success(request, selesai)
            return redirect("kunci_rinci", pk=kunci.pk)
    status = refusal_status(request, 422) if request.method == "POST" else 200
    return render(
        request, "accounts/kunci_alasan.html", {"kunci": kunci, "form": form, "judul": judul}, status=status
    )
