"""`/serah/`: what other offices ask for, who approved it, and every hand-over with its BAST."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bansos.actions import serah as aksi
from bansos.forms_serah import MintaDataForm, SerahkanForm, TolakDataForm
from bansos.models import PermintaanData, Program, SerahData
from bansos.models.serah import KUASA_MINTA, KUASA_SETUJU
from bansos.policies import serah as policies
from bansos.queries import serah as baca
from bansos.views import langkah_layanan
from core import ekspor
from core.web import act, keyset, refusal_status, send_once
from wilayah.models import Wilayah

FORM = ["GET", "HEAD", "POST"]


def _pintu(request: HttpRequest) -> None:
    if not (request.user.punya(KUASA_MINTA) or request.user.punya(KUASA_SETUJU)):
        raise PermissionDenied


def _satu(request: HttpRequest, pk: UUID) -> PermintaanData:
    _pintu(request)
    rows = PermintaanData.objects.visible_to(request.user)
    return get_object_or_404(rows.select_related("program", "wilayah", "diminta_by", "diputus_by"), pk=pk)


@login_required
@require_safe
def daftar(request: HttpRequest) -> HttpResponse:
    _pintu(request)
    rows = PermintaanData.objects.visible_to(request.user).select_related("program")
    halaman = keyset(request, rows, ("-created_at", "-id"))
    return render(
        request, "bansos/serah.html", {"halaman": halaman, "boleh_minta": request.user.punya(KUASA_MINTA)}
    )


@login_required
@require_http_methods(FORM)
def minta(request: HttpRequest) -> HttpResponse:
    if not request.user.punya(KUASA_MINTA):
        raise PermissionDenied
    form = MintaDataForm(request.POST or None, request.FILES or None, by=request.user)

    def do() -> str:
        data = form.cleaned_data
        isi = aksi.IsiPermintaan(
            instansi=data["instansi"], penerima=data["penerima"], tujuan=data["tujuan"], perjanjian_nomor=data["perjanjian_nomor"],
            perjanjian=data["perjanjian"].read(), berlaku_hingga=data["berlaku_hingga"],
        )  # fmt: skip
        hasil = aksi.minta(
            by=request.user,
            program=Program.objects.get(pk=data["program"]),
            wilayah=Wilayah.objects.get(pk=data["wilayah"]),
            isi=isi,
        )
        return reverse("serah_lihat", args=[hasil.pk])

    if form.is_valid() and (url := act(request, lambda: send_once(request, form, do), form=form)):
        messages.success(request, "Permintaan dicatat. Kepala Dinas yang memutusnya.")
        return redirect(url)
    status = refusal_status(request, 422) if form.is_bound else 200
    return render(request, "bansos/serah_minta.html", {"form": form}, status=status)


@login_required
@require_safe
def lihat(request: HttpRequest, pk: UUID) -> HttpResponse:
    return _halaman(request, _satu(request, pk))


def _halaman(
    request: HttpRequest,
    satu: PermintaanData,
    *,
    tolak: TolakDataForm | None = None,
    serah: SerahkanForm | None = None,
) -> HttpResponse:
    boleh_putus = policies.putus(request.user, satu) is None
    boleh_serah = policies.serahkan(request.user, satu) is None
    rows = list(satu.serah.select_related("by", "daftar").order_by("-created_at", "-id")[:100])
    konteks = {
        "p": satu, "serah": rows, "bersurat": baca.bersurat(rows), "boleh_putus": boleh_putus,
        "tolak": (tolak or TolakDataForm()) if boleh_putus else None, "form": (serah or SerahkanForm(permintaan=satu)) if boleh_serah else None,
    }  # fmt: skip
    status = refusal_status(request, 422) if request.method == "POST" else 200
    return render(request, "bansos/serah_lihat.html", konteks, status=status)


@login_required
@require_POST
def setujui(request: HttpRequest, pk: UUID) -> HttpResponse:
    satu = _satu(request, pk)
    if act(request, lambda: aksi.putus(satu, by=request.user, setuju=True)):
        messages.success(request, "Permintaan disetujui. Supervisor boleh menyerahkan datanya.")
    return redirect("serah_lihat", pk=pk)


@login_required
@require_POST
def tolak(request: HttpRequest, pk: UUID) -> HttpResponse:
    satu = _satu(request, pk)
    form = TolakDataForm(request.POST)
    if form.is_valid() and act(
        request,
        lambda: aksi.putus(satu, by=request.user, setuju=False, alasan=form.cleaned_data["alasan"]),
        form=form,
    ):
        messages.success(request, "Permintaan ditolak.")
        return redirect("serah_lihat", pk=pk)
    return _halaman(request, satu, tolak=form)


@login_required
@require_POST
def serahkan(request: HttpRequest, pk: UUID) -> HttpResponse:
    satu = _satu(request, pk)
    form = SerahkanForm(request.POST, permintaan=satu)

    def do() -> str:
        aksi.serahkan(satu, by=request.user, daftar=form.cleaned_data["daftar"])
        return reverse("serah_lihat", args=[pk])

    if form.is_valid() and (url := act(request, lambda: send_once(request, form, do), form=form)):
        messages.success(request, "Berkas dan BAST dibuat. Ambil berkasnya satu kali sebelum waktunya habis.")
        return redirect(url)
    return _halaman(request, satu, serah=form)


@login_required
@require_safe
def bast(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The signed record of one hand-over."""
    _pintu(request)
    tampak = PermintaanData.objects.visible_to(request.user)
    serah = get_object_or_404(SerahData.objects.filter(permintaan__in=tampak), pk=pk)
    surat = baca.surat(serah)
    return langkah_layanan.kirim_berkas(request, surat.berkas if surat else None, f"bast-{serah.urut}")


@login_required
@require_POST
def ambil(request: HttpRequest, pk: UUID) -> HttpResponse:
    _pintu(request)
    tampak = PermintaanData.objects.visible_to(request.user)
    serah = get_object_or_404(SerahData.objects.filter(permintaan__in=tampak), pk=pk)
    hasil = act(request, lambda: aksi.ambil(serah, by=request.user))
    if not hasil:
        return redirect("serah_lihat", pk=serah.permintaan_id)
    isi, nama = hasil
    return HttpResponse(
        isi, content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": ekspor.lampiran(nama), "X-Content-Type-Options": "nosniff", "Cache-Control": "private, no-store"},
    )  # fmt: skip
