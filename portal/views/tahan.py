"""Legal holds and what was thrown away when its time was over."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from core.web import act, keyset, refusal_status, send_once
from portal.actions import hak, retensi
from portal.forms_hak import LepasTahanForm, TahanForm
from portal.models import Pemusnahan, TahanHukum
from portal.queries import masa_simpan

FORM = ["GET", "HEAD", "POST"]
TERAKHIR = 50


@login_required
@require_safe
def daftar(request: HttpRequest) -> HttpResponse:
    if not request.user.punya("retensi.tahan"):
        raise PermissionDenied
    rows = TahanHukum.objects.visible_to(request.user).select_related("keluarga", "dipasang_by", "dilepas_by")
    halaman = keyset(request, rows, ("-dipasang_at", "-id"))
    musnah = list(Pemusnahan.objects.visible_to(request.user).order_by("-dibuat_at", "-pk")[:TERAKHIR])
    for satu in musnah:
        satu.rinci = hak.nama_tabel(satu.jumlah)
    isi = {"baris": halaman.rows, "berikutnya": halaman.next, "musnah": musnah, "masa": masa_simpan.semua()}
    return render(request, "portal/tahan_daftar.html", isi)


@login_required
@require_http_methods(FORM)
def pasang(request: HttpRequest) -> HttpResponse:
    if not request.user.punya("retensi.tahan"):
        raise PermissionDenied
    form = TahanForm(request.POST or None)

    def do() -> str:
        d = form.cleaned_data
        retensi.tahan(by=request.user, nik=d["nik"], dasar=d["dasar"], alasan=d["alasan"])
        return reverse("tahan_daftar")

    if form.is_valid() and (url := act(request, lambda: send_once(request, form, do), form=form)):
        messages.success(request, "Data keluarga ini ditahan. Tidak ada yang dibuang sampai Anda melepasnya.")
        return redirect(url)
    status = refusal_status(request, 422) if form.is_bound else 200
    return render(request, "portal/tahan_pasang.html", {"form": form}, status=status)


@login_required
@require_http_methods(FORM)
def lepas(request: HttpRequest, pk: UUID) -> HttpResponse:
    if not request.user.punya("retensi.tahan"):
        raise PermissionDenied
    satu = get_object_or_404(TahanHukum.objects.visible_to(request.user).select_related("keluarga"), pk=pk)
    form = LepasTahanForm(request.POST or None)

    def do() -> str:
        retensi.lepas(satu, by=request.user, alasan=form.cleaned_data["alasan"])
        return reverse("tahan_daftar")

    if form.is_valid() and (url := act(request, lambda: send_once(request, form, do), form=form)):
        messages.success(request, "Tahanan dilepas. Masa simpannya berlaku lagi.")
        return redirect(url)
    status = refusal_status(request, 422) if form.is_bound else 200
    return render(request, "portal/tahan_lepas.html", {"form": form, "t": satu}, status=status)
