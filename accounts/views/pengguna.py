"""Screens of an admin: accounts, their roles and their codes."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import queries
from accounts.actions import pengguna as tindakan
from accounts.forms import AkhiriPeranForm, BeriPeranForm, BuatPenggunaForm, CariPenggunaForm, SetelUlangForm
from accounts.models import Pengguna
from accounts.policies import pengguna as policy
from accounts.views.pintu import punya_kuasa, tampilkan
from core.workflow import StepRefused


@require_safe
@punya_kuasa(policy.KUASA)
def daftar(request: HttpRequest) -> HttpResponse:
    saring = CariPenggunaForm(request.GET)
    pilihan = saring.cleaned_data if saring.is_valid() else {}
    halaman = queries.daftar_pengguna(request.user, kursor=request.GET.get("kursor", "")[:60], **pilihan)
    return render(request, "accounts/pengguna.html", {"saring": saring, "halaman": halaman})


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
@punya_kuasa(policy.KUASA)
def buat_pengguna(request: HttpRequest) -> HttpResponse:
    form = BuatPenggunaForm(request.POST or None, by=request.user)
    if form.is_valid():
        try:
            pengguna, kode = tindakan.buat_pengguna(by=request.user, **form.isi())
        except StepRefused as refused:
            tampilkan(form, refused)
        else:
            return render(request, "accounts/kode.html", {"pengguna": pengguna, "kode": kode, "baru": True})
    return render(request, "accounts/buat_pengguna.html", {"form": form})


@require_safe
@punya_kuasa(policy.KUASA)
def rinci(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    pengguna = _pengguna(request, pk)
    isi = {
        "pengguna": pengguna,
        "penugasan": [
            (p, policy.sudah_berakhir(p), policy.akhiri_peran(request.user, p))
            for p in queries.semua_penugasan(pengguna)
        ],
        "larangan": policy.setel_ulang(request.user, pengguna),
        "larangan_aktif": policy.aktifkan(request.user, pengguna),
        "larangan_nonaktif": policy.nonaktifkan(request.user, pengguna),
        "diri": pengguna.orang_id == request.user.orang_id,
    }
    return render(request, "accounts/rinci.html", isi)


@require_http_methods(["GET", "POST"])
@punya_kuasa(policy.KUASA)
def beri_peran(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    pengguna = _pengguna(request, pk)
    form = BeriPeranForm(request.POST or None, by=request.user)
    if form.is_valid():
        try:
            penugasan = tindakan.beri_peran(by=request.user, pengguna=pengguna, **form.isi())
        except StepRefused as refused:
            tampilkan(form, refused)
        else:
            messages.success(request, f"Peran {penugasan.peran.nama} diberikan kepada {pengguna.nama}.")
            return redirect("pengguna_rinci", pk=pk)
    return render(request, "accounts/beri_peran.html", {"form": form, "pengguna": pengguna})


@require_http_methods(["GET", "POST"])
@punya_kuasa(policy.KUASA)
def akhiri_peran(request: HttpRequest, pk: uuid.UUID, penugasan_pk: uuid.UUID) -> HttpResponse:
    pengguna = _pengguna(request, pk)
    penugasan = get_object_or_404(pengguna.penugasan.visible_to(request.user), pk=penugasan_pk)
    form = AkhiriPeranForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            tindakan.akhiri_peran(by=request.user, penugasan=penugasan, **form.cleaned_data)
        except StepRefused as refused:
            tampilkan(form, refused)
        else:
            messages.success(request, "Peran diakhiri. Riwayatnya tetap tersimpan.")
            return redirect("pengguna_rinci", pk=pk)
    return render(
        request, "accounts/akhiri_peran.html", {"form": form, "pengguna": pengguna, "penugasan": penugasan}
    )


@require_POST
@punya_kuasa(policy.KUASA)
def nonaktifkan(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    return _ubah_aktif(request, pk, aktif=False)


@require_POST
@punya_kuasa(policy.KUASA)
def aktifkan(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    return _ubah_aktif(request, pk, aktif=True)


@require_http_methods(["GET", "POST"])
@punya_kuasa(policy.KUASA)
def setel_ulang(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The code is in the answer to this POST and nowhere else: shown once."""
    pengguna = _pengguna(request, pk)
    form = SetelUlangForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            kode = tindakan.setel_ulang(by=request.user, pengguna=pengguna, **form.cleaned_data)
        except StepRefused as refused:
            tampilkan(form, refused)
        else:
            return render(request, "accounts/kode.html", {"pengguna": pengguna, "kode": kode, "baru": False})
    return render(request, "accounts/setel_ulang.html", {"form": form, "pengguna": pengguna})


def _pengguna(request: HttpRequest, pk: uuid.UUID) -> Pengguna:
    return get_object_or_404(Pengguna.objects.visible_to(request.user).select_related("orang"), pk=pk)


def _ubah_aktif(request: HttpRequest, pk: uuid.UUID, *, aktif: bool) -> HttpResponse:
    pengguna = _pengguna(request, pk)
    ubah = tindakan.aktifkan if aktif else tindakan.nonaktifkan
    try:
        ubah(by=request.user, pengguna=pengguna)
        messages.success(request, "Akun aktif lagi." if aktif else "Akun tidak bisa dipakai masuk lagi.")
    except StepRefused as refused:
        messages.error(request, refused.halangan[0].kalimat)
    return redirect("pengguna_rinci", pk=pk)
