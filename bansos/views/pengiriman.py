"""What was sent on: its receipt, the same file again, and what came back for repair."""

import io
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from bansos.actions import pengiriman as tindakan
from bansos.forms import KembalikanPusatForm, TandaTerimaForm, UnduhKirimanForm
from bansos.models import Pengesahan, Pengiriman
from bansos.queries import penetapan as baca
from core import ekspor
from core.web import act, refusal_status, send_once

FORM = ["GET", "HEAD", "POST"]


def _kiriman(request: HttpRequest, pk: UUID) -> Pengiriman:
    rows = Pengiriman.objects.filter(pengesahan__in=Pengesahan.objects.visible_to(request.user))
    satu = get_object_or_404(rows.select_related("pengesahan__program", "berkas"), pk=pk)
    if not request.user.boleh(tindakan.KUASA, satu.pengesahan.wilayah_id):
        raise PermissionDenied
    return satu


@login_required
@require_http_methods(FORM)
def tanda_terima(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The receipt of one send-off, when it comes."""
    satu = _kiriman(request, pk)
    form = TandaTerimaForm(request.POST or None)

    def do() -> str:
        tindakan.catat_tanda_terima(satu, by=request.user, **_isi(form))
        return reverse("pengesahan_detail", args=[satu.pengesahan_id])

    if form.is_valid() and (url := act(request, lambda: send_once(request, form, do), form=form)):
        messages.success(request, "Tanda terima dicatat.")
        return redirect(url)
    return _halaman(request, satu, form, "Catat tanda terima", "Simpan tanda terima")


def _isi(form: TandaTerimaForm) -> dict[str, object]:
    return {"nomor": form.cleaned_data["nomor"], "tanggal": form.cleaned_data["tanggal"]}


@login_required
@require_http_methods(FORM)
def unduh(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The same bytes again, for a reason; counted and recorded."""
    satu = _kiriman(request, pk)
    form = UnduhKirimanForm(request.POST or None)
    if form.is_valid():
        isi = act(
            request,
            lambda: tindakan.unduh(satu, by=request.user, alasan=form.cleaned_data["alasan"]),
            form=form,
        )
        if isi is not None:
            return ekspor.jawaban(io.BytesIO(isi), satu.nama_berkas)
    return _halaman(request, satu, form, "Unduh berkas kiriman", "Unduh")


def _halaman(
    request: HttpRequest, satu: Pengiriman, form: TandaTerimaForm | UnduhKirimanForm, judul: str, tombol: str
) -> HttpResponse:
    return render(
        request,
        "bansos/kiriman.html",
        {"kiriman": satu, "batch": satu.pengesahan, "form": form, "judul": judul, "tombol": tombol},
        status=refusal_status(request, 422) if form.is_bound else 200,
    )


@login_required
@require_http_methods(FORM)
def kembalikan(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What the ministry or the bupati sent back: the rows, where they are mended, and why."""
    satu = get_object_or_404(
        Pengesahan.objects.visible_to(request.user).select_related("program", "wilayah"), pk=pk
    )
    if not request.user.boleh(tindakan.KUASA, satu.wilayah_id):
        raise PermissionDenied
    form = KembalikanPusatForm(request.POST or None)

    def do() -> str:
        data = form.cleaned_data
        n = tindakan.kembalikan_pusat(
            satu, data["usulan"], by=request.user, tujuan=data["tujuan"], alasan=data["alasan"], catatan=data["catatan"]
        )  # fmt: skip
        messages.success(request, f"{n} usulan kembali untuk diperbaiki.")
        return reverse("pengesahan_detail", args=[satu.pk])

    if form.is_valid() and (url := act(request, lambda: send_once(request, form, do), form=form)):
        return redirect(url)
    return render(
        request,
        "bansos/kembalikan_pusat.html",
        {
            "batch": satu,
            "form": form,
            "usulan": baca.siap_tetap(satu),
            "dipilih": set(request.POST.getlist("usulan")),
        },
        status=refusal_status(request, 422) if form.is_bound else 200,
    )
