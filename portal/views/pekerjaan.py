"""Background jobs: how far, what went wrong, and once more."""

from itertools import groupby
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from core import outbox
from core.models import Pekerjaan
from core.web import keyset
from portal.forms import SaringPekerjaan
from portal.queries.pekerjaan import pekerjaan_terlihat


@login_required
@require_safe
def pekerjaan(request: HttpRequest) -> HttpResponse:
    saring = SaringPekerjaan(request, pekerjaan_terlihat(request.user))
    halaman = keyset(request, saring.qs, ("-created_at", "-id"))
    return render(
        request,
        "portal/pekerjaan.html",
        {
            "saring": saring.form,
            "kelompok": _kelompok(halaman.rows),
            "berikutnya": halaman.next,
            "boleh_pesan": request.user.punya("pekerjaan.lihat"),
        },
    )


def _kelompok(rows: list[Pekerjaan]) -> list[list[Pekerjaan]]:
    """Jobs of one name that ended well one after the other on one day are one line; everything else has a line of its own."""

    def sama(p: Pekerjaan) -> tuple[Any, ...]:
        selesai = p.status == Pekerjaan.Status.SELESAI and not p.galat
        return (p.judul, timezone.localdate(p.created_at)) if selesai else (p.pk,)

    return [list(isi) for _, isi in groupby(rows, key=sama)]


@login_required
@require_safe
def pekerjaan_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    job = get_object_or_404(pekerjaan_terlihat(request.user), pk=pk)
    hasil = [
        (k.replace("_", " ").capitalize(), v)
        for k, v in job.hasil.items()
        if isinstance(v, str | int) and k != "tautan"
    ]
    isi = {"p": job, "hasil": hasil, "tautan": job.hasil.get("tautan", "")}
    return render(request, "portal/pekerjaan_detail.html", isi)


@login_required
@require_POST
def coba_lagi(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Whoever sees a parked job may start it again: it does what it was asked for once, however often it is tried."""
    job = get_object_or_404(pekerjaan_terlihat(request.user), pk=pk)
    if outbox.retry(job, by=request.user):
        messages.success(request, "Pekerjaan dimulai lagi.")
    else:
        messages.info(request, "Pekerjaan ini tidak sedang berhenti.")
    return redirect("pekerjaan")
