"""`/asesmen/sampel/`: where not every family is visited, why, and how anybody can do the draw again."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.web import act, keyset, refusal_status, send_once
from dtks.actions import sampel as aksi
from dtks.forms.sampel import SampelForm
from dtks.models import KebijakanSampel, Usulan
from wilayah.kode import dalam

PER_HALAMAN = 20


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def daftar(request: HttpRequest) -> HttpResponse:
    if not request.user.punya("sampel.lihat"):
        raise Http404
    luas = request.user.cakupan("sampel.kelola")
    form = SampelForm(request.POST or None, luas=luas) if luas else None
    status = 200
    if request.method == "POST":
        if form is None:
            raise Http404

        def kirim() -> str:
            data = form.cleaned_data
            satu = aksi.tetapkan(
                by=request.user, wilayah=data["wilayah"].kode, periode=data["periode"], persen=data["persen"],
                tutup_at=data["tutup_at"], dasar_hukum=data["dasar_hukum"],
            )  # fmt: skip
            return reverse("sampel_lihat", args=[satu.pk])

        if form.is_valid() and (tujuan := act(request, lambda: send_once(request, form, kirim), form=form)):
            messages.success(request, "Kebijakan sampel terbit. Sidik benihnya tidak bisa diganti lagi.")
            return redirect(tujuan)
        status = refusal_status(request, 422)
    rows = KebijakanSampel.objects.visible_to(request.user).select_related("wilayah")
    halaman = keyset(request, rows, ("-periode", "-id"), PER_HALAMAN)
    return render(request, "dtks/sampel_daftar.html", {"halaman": halaman, "form": form}, status=status)


def _ambil(request: HttpRequest, pk: uuid.UUID) -> KebijakanSampel:
    rows = KebijakanSampel.objects.visible_to(request.user).select_related(
        "wilayah", "created_by", "dibuka_by"
    )
    satu: KebijakanSampel = get_object_or_404(rows, pk=pk)
    return satu


@login_required
@require_safe
def lihat(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    return _halaman(request, _ambil(request, pk))


def _halaman(request: HttpRequest, satu: KebijakanSampel, status: int = 200) -> HttpResponse:
    milik = dalam(
        "usulan__wilayah_id", request.user.cakupan("sampel.lihat")
    )  # of a wider draw only one's own lines
    halaman = keyset(request, satu.daftar.filter(milik).select_related("usulan"), ("angka", "id"))
    konteks: dict[str, Any] = {
        "satu": satu,
        "halaman": halaman,
        "jumlah": satu.daftar.count(),
        "terpilih": satu.daftar.filter(dikunjungi=True).count(),
        "boleh_buka": satu.dibuka_at is None
        and satu.tutup_at <= timezone.now()
        and request.user.boleh("sampel.kelola", satu.wilayah_id),
        "jalur": [kata for kode, kata in Usulan.Jalur.choices if kode in satu.kecuali_jalur],
        "contoh": halaman.rows[0].usulan_id if halaman.rows else None,
    }
    return render(request, "dtks/sampel_lihat.html", konteks, status=status)


@login_required
@require_POST
def buka(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    satu = _ambil(request, pk)
    if not request.user.boleh("sampel.kelola", satu.wilayah_id):
        raise Http404
    if act(request, lambda: aksi.buka(satu, by=request.user)):
        messages.success(request, "Benih dibuka. Yang tidak terpilih diteruskan ke verifikator.")
        return redirect("sampel_lihat", pk=pk)
    return _halaman(request, satu, refusal_status(request, 422))
