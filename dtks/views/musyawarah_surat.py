"""The invitation of a meeting, and the start of corrected minutes."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from core.web import act, refusal_status
from dtks.actions import musyawarah as aksi
from dtks.forms import musyawarah as forms
from dtks.policies import musyawarah as policies
from dtks.queries import kuorum
from dtks.queries import undangan as queries
from dtks.views.musyawarah import ambil, kerangka, kiriman


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def undangan(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    rapat = ambil(request, pk)
    form = forms.UndanganForm(kiriman(request))
    if form.is_valid() and act(
        request,
        lambda: aksi.undang(rapat, by=request.user, per_orang=form.cleaned_data["bentuk"] == "orang"),
        form=form,
    ):
        messages.success(request, "Undangan sudah dibuat. Unduh, tanda tangani, lalu bagikan.")
        return redirect("musyawarah_undangan", pk=pk)
    isi = kerangka(request, rapat, "Undangan") | {
        "form": form,
        "halangan": queries.terhalang(rapat),
        "usang": queries.usang(rapat),
        "aturan": kuorum.aturan(rapat),
        "unsur_wajib": kuorum.unsur_wajib(rapat),
        "unsur": dict(forms.pilihan_unsur()),
        "peserta": rapat.peserta.all(),
    }
    status = refusal_status(request, 422) if request.method == "POST" else 200
    return render(request, "dtks/musyawarah_undangan.html", isi, status=status)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def perbaiki(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Begin a berita acara perbaikan for approved minutes."""
    rapat = ambil(request, pk)
    halangan = policies.perbaiki(request.user, rapat)
    awal = {
        "waktu": timezone.localtime(),
        "tempat": rapat.tempat,
        "pimpinan": rapat.pimpinan,
        "notulis": rapat.notulis,
    }
    form = forms.PerbaikanForm(kiriman(request), initial=awal)
    if form.is_valid() and (
        baru := act(request, lambda: aksi.perbaiki(rapat, by=request.user, data=form.cleaned_data), form=form)
    ):
        messages.success(request, "Perbaikan dimulai. Berikutnya: pilih nama yang diperbaiki.")
        return redirect("musyawarah_agenda", pk=baru.pk)
    isi = kerangka(request, rapat, "Perbaiki berita acara") | {
        "form": form,
        "halangan": halangan,
        "sisa": rapat.putusan.belum_diterapkan().count(),
    }
    status = refusal_status(request, 422) if request.method == "POST" else 200
    return render(request, "dtks/musyawarah_perbaiki.html", isi, status=status)
