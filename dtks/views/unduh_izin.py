"""`/unduhan/izin/`: long lists wait for a second person of another unit; he sees what, how many and what for, and decides."""

import json
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.actions import unduh as izin
from accounts.actions.unduh import Pokok
from accounts.models import IzinUnduh
from accounts.models.unduh import SETUJUI
from accounts.policies import unduh as policies
from core.privacy import keys
from core.web import act, keyset, refusal_status, send_once
from dtks.forms.unduh_izin import MintaIzinForm, TolakIzinForm


def halaman_minta(request: HttpRequest, pokok: Pokok, baris: int) -> str:
    """Address where this list is asked for; '' when it may leave now. What was typed into the filter travels sealed."""
    if not izin.perlu(request.user, pokok, baris) or izin.siap(request.user, pokok, baris):
        return ""
    isi = {**vars(pokok), "kuasa": list(pokok.kuasa), "baris": baris}
    segel = keys.seal(json.dumps(isi).encode(), _tempat(request)).hex()
    return f"{reverse('izin_unduh_minta')}?{urlencode({'isi': segel})}"


def _tempat(request: HttpRequest) -> str:
    return f"izin_unduh:{request.user.pk}"


def _baca(request: HttpRequest) -> tuple[Pokok, int]:
    try:
        isi: dict[str, Any] = json.loads(
            keys.unseal(bytes.fromhex(request.GET.get("isi", "")), _tempat(request))
        )
    except (ValueError, keys.SealBroken) as error:
        raise Http404 from error
    baris = isi.pop("baris")
    return Pokok(**{**isi, "kuasa": tuple(isi["kuasa"])}), baris


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def minta(request: HttpRequest) -> HttpResponse:
    pokok, baris = _baca(request)
    form = MintaIzinForm(request.POST or None)

    def do() -> str:
        izin.minta(by=request.user, pokok=pokok, baris=baris, tujuan=form.cleaned_data["tujuan"])
        return reverse("unduhan")

    if form.is_valid() and (url := act(request, lambda: send_once(request, form, do), form=form)):
        messages.success(request, "Permintaan dikirim. Anda diberi tahu bila sudah diputus.")
        return redirect(url)
    aturan = izin.aturan(request.user, pokok.kuasa)
    konteks = {
        "pokok": pokok,
        "jumlah": baris,
        "aturan": aturan,
        "form": form,
        "batal": izin.batal(request.user, pokok, baris),
    }
    return render(
        request, "dtks/izin_unduh_minta.html", konteks, status=refusal_status(request, 422) if form.is_bound else 200
    )  # fmt: skip


def _satu(request: HttpRequest, pk: UUID) -> IzinUnduh:
    _pintu(request)
    rows = IzinUnduh.objects.visible_to(request.user).select_related("diminta_by", "diputus_by")
    return get_object_or_404(rows, pk=pk)


def _pintu(request: HttpRequest) -> None:
    if not request.user.punya(SETUJUI):
        raise PermissionDenied


@login_required
@require_safe
def daftar(request: HttpRequest) -> HttpResponse:
    _pintu(request)
    rows = IzinUnduh.objects.visible_to(request.user).select_related("diminta_by")
    halaman = keyset(request, rows, ("-created_at", "-id"))
    return render(request, "dtks/izin_unduh_daftar.html", {"halaman": halaman})


@login_required
@require_safe
def lihat(request: HttpRequest, pk: UUID) -> HttpResponse:
    return _halaman(request, _satu(request, pk), TolakIzinForm())


def _halaman(request: HttpRequest, satu: IzinUnduh, tolak: TolakIzinForm) -> HttpResponse:
    konteks = {
        "p": satu,
        "paling_banyak": policies.paling_banyak(satu),
        "batal": policies.pemberi(satu) if satu.masih_berlaku else "",
        "larangan": policies.putus(request.user, satu),
        "tolak": tolak,
    }
    status = refusal_status(request, 422) if request.method == "POST" else 200
    return render(request, "dtks/izin_unduh_lihat.html", konteks, status=status)


@login_required
@require_POST
def setujui(request: HttpRequest, pk: UUID) -> HttpResponse:
    satu = _satu(request, pk)
    if act(request, lambda: izin.putus(satu, by=request.user, setuju=True)):
        messages.success(request, "Disetujui. Peminta bisa mengunduhnya satu kali.")
    return redirect("izin_unduh_lihat", pk=pk)


@login_required
@require_POST
def tolak(request: HttpRequest, pk: UUID) -> HttpResponse:
    satu, form = _satu(request, pk), TolakIzinForm(request.POST)

    def do() -> IzinUnduh:
        return izin.putus(satu, by=request.user, setuju=False, alasan=form.cleaned_data["alasan"])

    if form.is_valid() and act(request, do, form=form):
        messages.success(request, "Permintaan ditolak.")
        return redirect("izin_unduh_lihat", pk=pk)
    return _halaman(request, satu, form)
