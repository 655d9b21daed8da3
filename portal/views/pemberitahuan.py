"""Notices to me."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from accounts.models import Pemberitahuan
from core.web import keyset
from portal.actions.pemberitahuan import tandai_dibaca


@login_required
@require_safe
def pemberitahuan(request: HttpRequest) -> HttpResponse:
    rows, saja_baru = Pemberitahuan.objects.visible_to(request.user), request.GET.get("baru") == "1"
    halaman = keyset(request, rows.baru() if saja_baru else rows, ("-created_at", "-id"))
    return render(
        request,
        "portal/pemberitahuan.html",
        {
            "baris": halaman.rows,
            "berikutnya": halaman.next,
            "saja_baru": saja_baru,
            "ada_baru": any(p.dibaca_at is None for p in halaman.rows),
        },
    )


@login_required
@require_POST
def baca(request: HttpRequest) -> HttpResponse:
    """Mark one notice as read (`nomor`) or all of them, then go back to where the button was."""
    nomor = request.POST.get("nomor", "")
    pk = int(nomor) if nomor.isascii() and nomor.isdigit() and len(nomor) < 19 else None
    jumlah = tandai_dibaca(by=request.user, pk=pk) if pk is not None or not nomor else 0
    if not nomor:
        messages.success(request, f"{jumlah} pemberitahuan ditandai sudah dibaca.")
    kembali = request.POST.get("kembali", "")
    aman = url_has_allowed_host_and_scheme(kembali, allowed_hosts=None) and kembali.startswith("/")
    return redirect(kembali if aman else "pemberitahuan")
