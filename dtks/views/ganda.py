"""Numbers that two villages propose. A village reads its own side; the Dinas of both reads both and decides."""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from core import dinding
from core.forms import SendOnceForm
from core.web import act, keyset, refusal_status, send_once
from dtks.actions import ganda as aksi
from dtks.forms.ganda import CatatanForm, TengahiForm
from dtks.models import CalonGanda, TemuanGanda
from dtks.policies import ganda as policies
from dtks.queries.ganda import sisi


@login_required
@require_safe
def daftar(request: HttpRequest) -> HttpResponse:
    """Findings that touch my areas: open ones, or with `?status=selesai` those that are decided."""
    if not request.user.punya("padan.lihat"):
        raise Http404
    selesai = request.GET.get("status") == "selesai"
    rows = TemuanGanda.objects.visible_to(request.user).filter(ditutup_at__isnull=not selesai)
    rows = rows.select_related("wilayah_pertama", "wilayah_kedua", "keluarga")
    halaman = keyset(request, rows, ("created_at", "id"))
    for temuan in halaman.rows:
        temuan.sisi = sisi(request.user, temuan)
        temuan.status, temuan.nada = _status(temuan)
    with dinding.terbuka("a pair has a side elsewhere: only counted"):
        calon = CalonGanda.objects.visible_to(request.user).terbuka().count()
    return render(request, "dtks/ganda_daftar.html", {"halaman": halaman, "selesai": selesai, "calon": calon})


def _status(temuan: TemuanGanda) -> tuple[str, str]:
    return (temuan.get_keputusan_display(), "baik") if temuan.ditutup_at else ("Menunggu Dinsos", "tunggu")


def _ambil(request: HttpRequest, pk: uuid.UUID, *, dinsos: bool = False) -> TemuanGanda:
    """The finding as this person may read it; with `dinsos` only for those who settle it: to a village no such form is there."""
    rows = TemuanGanda.objects.visible_to(request.user)
    if dinsos:
        rows = rows.untuk_ditengahi(request.user)
    rows = rows.select_related("wilayah_pertama", "wilayah_kedua", "keluarga", "dilaporkan_by")
    temuan: TemuanGanda = get_object_or_404(rows, pk=pk)
    return temuan


@login_required
@require_safe
def lihat(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    return _halaman(request, _ambil(request, pk))


def _halaman(
    request: HttpRequest, temuan: TemuanGanda, *, status: int = 200, form: SendOnceForm | None = None
) -> HttpResponse:
    dinsos = policies.catat(request.user, temuan) is None
    terbuka = temuan.ditutup_at is None
    # That the other side lies in another kabupaten says where it lies: for the Dinas only.
    koordinasi = dinsos and terbuka and policies.dua_kabupaten(temuan)
    halangan = policies.tengahi(request.user, temuan) if dinsos and terbuka and not koordinasi else None
    putus = dinsos and terbuka and not koordinasi and halangan is None
    status_kata, nada = _status(temuan)
    isi: dict[str, Any] = {
        "temuan": temuan,
        "sisi": sisi(request.user, temuan),
        "dinsos": dinsos,
        "terbuka": terbuka,
        "koordinasi": koordinasi,
        "kabupaten_lain": _kabupaten_lain(request, temuan) if koordinasi else "",
        "halangan": halangan,
        "form": _kosong_atau(form, TengahiForm if putus else CatatanForm) if putus or koordinasi else None,
        "salah": form,
        "putus": putus,
        "status": status_kata,
        "nada": nada,
    }
    return render(request, "dtks/ganda_lihat.html", isi, status=status)


def _kosong_atau(form: SendOnceForm | None, jenis: type[SendOnceForm]) -> SendOnceForm:
    """What was typed, if it belongs to the form that this page shows."""
    return form if isinstance(form, jenis) else jenis()


def _kabupaten_lain(request: HttpRequest, temuan: TemuanGanda) -> str:
    """The kabupaten (nothing narrower) with which this Dinas has to talk."""
    saya = policies.sisi_dinsos(request.user, temuan)
    lain = temuan.wilayah_kedua if saya == temuan.wilayah_pertama else temuan.wilayah_pertama
    return policies.sebutan_kabupaten(lain)


@login_required
@require_POST
def tengahi(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    temuan, form = _ambil(request, pk, dinsos=True), TengahiForm(request.POST)
    kabar = "Keputusan tersimpan. Kedua desa diberi tahu."
    return _kirim(
        request,
        temuan,
        form,
        lambda: aksi.tengahi(
            temuan,
            by=request.user,
            keputusan=form.cleaned_data["keputusan"],
            catatan=form.cleaned_data["catatan"],
        ),
        kabar,
    )


@login_required
@require_POST
def catat(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    temuan, form = _ambil(request, pk, dinsos=True), CatatanForm(request.POST)
    return _kirim(
        request,
        temuan,
        form,
        lambda: aksi.beri_catatan(temuan, by=request.user, catatan=form.cleaned_data["catatan"]),
        "Catatan tersimpan.",
    )


def _kirim(
    request: HttpRequest, temuan: TemuanGanda, form: SendOnceForm, do: Callable[[], Any], kabar: str
) -> HttpResponse:
    def sekali() -> str:
        do()
        return reverse("ganda_lihat", args=[temuan.pk])

    if form.is_valid() and (tujuan := act(request, lambda: send_once(request, form, sekali), form=form)):
        messages.success(request, kabar)
        return redirect(tujuan)
    return _halaman(request, _ambil(request, temuan.pk), status=refusal_status(request, 422), form=form)
