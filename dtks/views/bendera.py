"""The flags of one proposal: what holds it, what to do, and the closing of a flag of kinship by two persons."""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from accounts.models import Orang
from core.forms import SendOnceForm
from core.web import act, refusal_status, send_once
from dtks.actions import bendera as aksi
from dtks.forms.bendera import NyatakanForm, TutupForm, UsulTutupForm
from dtks.models import KERABAT, Bendera, PernyataanKerabat, Usulan
from dtks.policies import bendera as policies
from dtks.queries.bendera import JALAN

FORM: dict[str, type[SendOnceForm]] = {"usul": UsulTutupForm, "tutup": TutupForm, "nyatakan": NyatakanForm}


def _usulan(request: HttpRequest, pk: uuid.UUID) -> Usulan:
    if not request.user.punya("usulan.lihat"):
        raise PermissionDenied
    rows = Usulan.objects.visible_to(request.user).select_related("keluarga", "wilayah")
    usulan = get_object_or_404(rows, pk=pk)
    if not request.user.boleh("usulan.lihat", usulan.wilayah_id):
        raise PermissionDenied
    return usulan


@login_required
@require_GET
def lihat(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    return _halaman(request, _usulan(request, pk))


def _halaman(
    request: HttpRequest, usulan: Usulan, *, gagal: tuple[str, SendOnceForm] | None = None, status: int = 200
) -> HttpResponse:
    user = request.user
    rows = list(
        usulan.bendera.select_related("created_by", "ditutup_by", "usul_tutup_by").order_by(
            "created_at", "pk"
        )
    )
    kerabat = next((b for b in rows if b.kode == KERABAT and not b.ditutup_at), None)
    tahu = user.boleh(policies.USUL, usulan.wilayah_id) or user.boleh(policies.SETUJU, usulan.wilayah_id)
    form: dict[str, SendOnceForm] = {}
    if kerabat is not None:
        boleh = {"usul": policies.usul_tutup, "tutup": policies.setujui_tutup, "nyatakan": policies.nyatakan}
        form = {n: FORM[n](auto_id=f"id_{n}_%s") for n, f in boleh.items() if f(user, kerabat) is None}
        if gagal and gagal[0] in form:
            form[gagal[0]] = gagal[1]
    ids = {o for b in rows for o in b.orang or ()} if tahu else set()
    pernyataan = (
        PernyataanKerabat.objects.filter(bendera__in=rows).select_related("oleh").order_by("pada", "pk")
    )
    konteks: dict[str, Any] = {
        "usulan": usulan,
        "terbuka": [(b, JALAN.get(b.kode, "")) for b in rows if not b.ditutup_at],
        "tertutup": [b for b in rows if b.ditutup_at],
        "kerabat": kerabat,
        "terkait": list(Orang.objects.filter(pk__in=ids).order_by("nama").values_list("nama", flat=True)),
        "saya": kerabat is not None and user.orang_id in (kerabat.orang or ()),
        "pernyataan": list(pernyataan) if tahu else [p for p in pernyataan if p.orang_id == user.orang_id],
        "form": form,
    }
    return render(request, "dtks/bendera.html", konteks, status=status)


def _kirim(
    request: HttpRequest, pk: uuid.UUID, nama: str, kuasa: str, do: Callable[[Bendera, dict[str, Any]], str]
) -> HttpResponse:
    usulan = _usulan(request, pk)
    if not request.user.boleh(kuasa, usulan.wilayah_id):
        raise PermissionDenied
    baris = usulan.bendera.terbuka().filter(kode=KERABAT).first()
    if baris is None:
        messages.error(request, "Tidak ada catatan kerabat yang terbuka di usulan ini.")
        return _halaman(request, usulan, status=409)
    form = FORM[nama](request.POST, auto_id=f"id_{nama}_%s")

    def jalankan() -> str:
        messages.success(request, do(baris, form.cleaned_data))
        return reverse("usulan_bendera", args=[usulan.pk])

    if form.is_valid() and (tujuan := act(request, lambda: send_once(request, form, jalankan), form=form)):
        return redirect(tujuan)
    return _halaman(request, usulan, gagal=(nama, form), status=refusal_status(request, 422))


@login_required
@require_POST
def usul_tutup(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    def do(baris: Bendera, data: dict[str, Any]) -> str:
        aksi.usul_tutup(baris, by=request.user, alasan=data["alasan"])
        return "Permintaan tersimpan. Orang kedua yang menutupnya: supervisor lain atau Kepala Dinas."

    return _kirim(request, pk, "usul", policies.USUL, do)


@login_required
@require_POST
def tutup(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    def do(baris: Bendera, data: dict[str, Any]) -> str:
        if data["putusan"] == "setuju":
            aksi.setujui_tutup(baris, by=request.user)
            return "Catatan kerabat ditutup. Usulan bisa dilanjutkan."
        aksi.tolak_tutup(baris, by=request.user)
        return "Permintaan ditolak. Catatan tetap terbuka."

    return _kirim(request, pk, "tutup", policies.SETUJU, do)


@login_required
@require_POST
def nyatakan(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    def do(baris: Bendera, data: dict[str, Any]) -> str:
        aksi.nyatakan(baris, by=request.user, ada=data["ada"] == "ya", hubungan=data["hubungan"])
        return "Pernyataan Anda tersimpan dan ditandatangani."

    return _kirim(request, pk, "nyatakan", "usulan.lihat", do)
