"""/piket/: who is on duty now, who comes next, and when nobody is."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from core.web import act, refusal_status, send_once
from pengaduan.actions import piket as aksi
from pengaduan.forms_darurat import PiketForm, TutupForm
from pengaduan.models import Piket
from pengaduan.queries import darurat as baca
from wilayah.kode import dalam
from wilayah.models import Wilayah
from wilayah.waktu import hari_wilayah, singkatan, waktu_wilayah

FORM = ["GET", "HEAD", "POST"]


@login_required
@require_safe
def daftar(request: HttpRequest) -> HttpResponse:
    """The roster of the reader's kabupaten."""
    kab = baca.kabupaten_pengguna(request.user, "darurat.lihat")
    if not kab:
        raise PermissionDenied
    satu = kab[0]
    roster = baca.roster(satu)
    senyap = baca.tanpa_hp(p.pengguna_id for p in roster.piket)
    boleh = request.user.boleh("piket.kelola", satu)
    for p in roster.piket:
        p.dari, p.sampai = waktu_wilayah(satu, p.mulai), waktu_wilayah(satu, p.selesai)
        p.senyap = p.pengguna_id in senyap
    konteks = {
        "wilayah": Wilayah.objects.get(pk=satu), "zona": singkatan(satu), "piket": roster.piket, "kini": roster.kini, "boleh": boleh,
        "celah": [(waktu_wilayah(satu, c.mulai), waktu_wilayah(satu, c.selesai)) for c in roster.celah],
        "celah_peka": [(waktu_wilayah(satu, c.mulai), waktu_wilayah(satu, c.selesai)) for c in roster.celah_peka],
        "sampai": roster.sampai, "saat": timezone.now(), "saya": request.user.pk,
    }  # fmt: skip
    return render(request, "pengaduan/piket.html", konteks)


@login_required
@require_http_methods(FORM)
def pasang(request: HttpRequest) -> HttpResponse:
    kab = baca.kabupaten_pengguna(request.user, "piket.kelola")
    if not kab:
        raise PermissionDenied
    wilayah = Wilayah.objects.berlaku().filter(kode__in=kab) | Wilayah.objects.berlaku().filter(induk__in=kab)
    form = PiketForm(
        request.POST if request.method == "POST" else None,
        petugas=[p for satu in kab for p in baca.bisa_piket(satu)],
        wilayah=[(w.kode, w.sebutan) for w in wilayah.order_by("kode")],
        initial={"wilayah": kab[0], "tanggal": hari_wilayah(kab[0])},
    )

    def do() -> str:
        aksi.pasang(by=request.user, **form.isi)
        return reverse("piket")

    if (
        form.is_bound
        and form.is_valid()
        and (url := act(request, lambda: send_once(request, form, do), form=form))
    ):
        messages.success(request, "Piket dicatat. Petugasnya dikabari.")
        return redirect(url)
    status = refusal_status(request, 422) if form.is_bound else 200
    return render(request, "pengaduan/piket_pasang.html", {"form": form}, status=status)


@login_required
@require_http_methods(FORM)
def batalkan(request: HttpRequest, pk: UUID) -> HttpResponse:
    rows = Piket.objects.visible_to(request.user).filter(
        dalam("wilayah_id", request.user.cakupan("piket.kelola"))
    )
    satu = get_object_or_404(rows.select_related("pengguna", "wilayah"), pk=pk)
    form = TutupForm(request.POST if request.method == "POST" else None)

    def do() -> str:
        aksi.batalkan(satu, by=request.user)
        return reverse("piket")

    if (
        form.is_bound
        and form.is_valid()
        and (url := act(request, lambda: send_once(request, form, do), form=form))
    ):
        messages.success(request, "Piket dibatalkan. Periksa apakah ada celah.")
        return redirect(url)
    status = refusal_status(request, 422) if form.is_bound else 200
    konteks = {
        "form": form,
        "p": satu,
        "dari": waktu_wilayah(satu.wilayah_id, satu.mulai),
        "zona": singkatan(satu.wilayah_id),
    }
    return render(request, "pengaduan/piket_batal.html", konteks, status=status)
