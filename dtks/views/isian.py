"""Editing one part of a family's form. All parts behave the same: who may, once, and what when someone else was first."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from core.templatetags.ui import tanggal
from core.web import refusal_status
from dtks.actions import draf as aksi_draf
from dtks.forms.pilihan import BanyakKode, IsianForm
from dtks.models import Usulan
from dtks.policies import usulan as policies
from dtks.queries import draf
from dtks.views.draf import FORMULIR
from dtks.views.kirim import kirim

Awal = Callable[[], dict[str, Any]]


def kasus(request: HttpRequest, pk: Any) -> Usulan:
    return get_object_or_404(
        Usulan.objects.visible_to(request.user).select_related("keluarga", "wilayah"), pk=pk
    )


def sunting(
    request: HttpRequest,
    usulan: Usulan,
    *,
    judul: str,
    buat: Callable[..., IsianForm],
    awal: Awal,
    simpan: Callable[[Any], str],
    template: str = "dtks/usulan_isian.html",
    **lain: Any,
) -> HttpResponse:
    """Show or save one part. `buat(*args, initial=)` makes the form, `awal()` reads what is stored now, `simpan(form)`
    calls the action and returns the address to go to."""
    if kalimat := policies.isi(request.user, usulan):
        return render(
            request, "dtks/usulan_terkunci.html", {"usulan": usulan, "kalimat": kalimat}, status=403
        )
    kunci_draf = request.path if request.resolver_match.url_name in FORMULIR else ""
    konteks = {"usulan": usulan, "judul": judul, "kunci_draf": kunci_draf, "draf": None, **lain}
    mula = {**awal(), "versi": usulan.keluarga.versi}
    if request.method == "GET":
        return render(request, template, {**konteks, **dengan_draf(request, buat, mula, kunci_draf)})
    form = buat(request.POST, request.FILES, initial=mula)
    bentrok: list[tuple[str, str, str]] = []
    if form.is_valid():
        nomor = {k: form.cleaned_data.get(k) or "" for k in ("nik", "no_kk")}
        tujuan = kirim(request, form, lambda: simpan(form), wilayah=usulan.wilayah_id, **nomor)
        if tujuan:
            aksi_draf.buang(by=request.user, kunci=kunci_draf)
            messages.success(request, f"{judul}: tersimpan.")
            for satu in getattr(form, "tanda", ()):
                messages.warning(request, f"{satu.kalimat} Tetap disimpan; nanti dicocokkan ke Dukcapil.")
            return redirect(tujuan)
        usulan.keluarga.refresh_from_db()
        if refusal_status(request) == 409:
            bentrok = bandingkan(form, awal())
        form.renew(usulan.keluarga.versi)
    return render(
        request, template, {**konteks, "form": form, "bentrok": bentrok}, status=refusal_status(request, 422)
    )


def dengan_draf(
    request: HttpRequest, buat: Callable[..., Any], mula: dict[str, Any], kunci: str
) -> dict[str, Any]:
    """Context of a form that is opened: `form`, with the kept answers in it when they were asked for, and `draf` to offer.

    The draft brings the version that was seen when it was typed: an old one meets the conflict page, not newer data.
    """
    form, satu = buat(initial=mula), draf.ambil(request.user, kunci) if kunci else None
    if satu is None or "draf" not in request.GET:
        return {"form": form, "draf": satu}
    banyak = frozenset(n for n, f in form.fields.items() if isinstance(f, BanyakKode))
    return {"form": buat(initial={**mula, **{n: [] for n in banyak}, **satu.awal(banyak)}), "draf": None}


def bandingkan(form: forms.Form, tersimpan: dict[str, Any]) -> list[tuple[str, str, str]]:
    """(label, stored, typed) of the answers that differ, in words."""
    hasil = []
    for nama, lama in tersimpan.items():
        if nama not in form.fields or form.fields[nama].disabled:
            continue
        baru = form.cleaned_data.get(nama, form.data.get(nama, ""))
        kiri, kanan = _words(form.fields[nama], lama), _words(form.fields[nama], baru)
        if kiri != kanan:
            hasil.append((str(form.fields[nama].label), kiri, kanan))
    return hasil


def _words(field: forms.Field, nilai: Any) -> str:
    if nilai is None or nilai == "":
        return "(kosong)"
    if isinstance(nilai, bool):
        return "Ya" if nilai else "Tidak"
    if isinstance(nilai, date):
        return tanggal(nilai)
    if isinstance(field, forms.ChoiceField):
        return str(dict(field.choices).get(str(nilai), nilai))
    return str(nilai)
