"""Hits on exclusion lists in the person's areas; a contest written down at the counter, and its decision."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from bansos.actions import impor_pengecualian  # noqa: F401 - the kind registers itself
from bansos.actions import pengecualian as aksi
from bansos.forms_pengecualian import (
    PutusSanggahButirForm,
    SanggahButirForm,
    SaringPengecualian,
    SaringSanggahButir,
)
from bansos.models import SanggahButir
from bansos.models.pengecualian import KUASA_LIHAT
from bansos.policies import pengecualian as policies
from bansos.queries import pengecualian as baca
from core import files
from core.web import act, keyset, refusal_status, send_once

FORM = ["GET", "HEAD", "POST"]


def _boleh(request: HttpRequest) -> None:
    if not any(request.user.punya(k) for k in KUASA_LIHAT):
        raise PermissionDenied


@login_required
@require_safe
def daftar(request: HttpRequest) -> HttpResponse:
    """Who of the register stands on a list. A hit leaves nobody out by itself: the rule of each programme says which lists count."""
    _boleh(request)
    saring = SaringPengecualian(request, baca.temuan(request.user).select_related("sumber"))
    halaman = keyset(request, saring.qs, ("-tanggal_data", "-id"))
    kena = baca.pasangkan(request.user, halaman.rows)
    baris = [
        (
            k,
            request.user.boleh("pengecualian.sanggah", k.individu.keluarga.wilayah_id)
            and k.butir.status == "berlaku",
        )
        for k in kena
    ]
    isi = {
        "saring": saring.form,
        "baris": baris,
        "berikutnya": halaman.next,
        "boleh_impor": request.user.punya("impor.pengecualian"),
    }
    return render(request, "bansos/pengecualian.html", isi)


@login_required
@require_http_methods(FORM)
def sanggah(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The family says that this hit is wrong."""
    _boleh(request)
    butir = get_object_or_404(baca.temuan(request.user).select_related("sumber"), pk=pk)
    kena = baca.pasangkan(request.user, [butir])
    if not kena:
        raise Http404
    satu = kena[0]
    if not request.user.boleh("pengecualian.sanggah", satu.individu.keluarga.wilayah_id):
        raise PermissionDenied
    form = SanggahButirForm(request.POST or None, request.FILES or None)

    def do() -> str:
        data = form.cleaned_data
        hasil = aksi.sanggahkan(
            butir, by=request.user, individu=satu.individu, alasan=data["alasan"], rujukan=data["rujukan"], berkas=[b.read() for b in data["berkas"]],
        )  # fmt: skip
        return reverse("sanggah_butir", args=[hasil.pk])

    if form.is_valid() and (url := act(request, lambda: send_once(request, form, do), form=form)):
        messages.success(
            request, "Sanggah data dicatat. Selama menunggu putusan, data itu tidak langsung mencoret."
        )
        return redirect(url)
    tertutup = None if form.is_bound else policies.sanggahkan(request.user, satu.individu, butir)
    status = refusal_status(request, 422) if form.is_bound else 200
    return render(
        request,
        "bansos/pengecualian_sanggah.html",
        {"k": satu, "form": form, "tertutup": tertutup},
        status=status,
    )


@login_required
@require_safe
def daftar_sanggah(request: HttpRequest) -> HttpResponse:
    _boleh(request)
    rows = SanggahButir.objects.visible_to(request.user).select_related(
        "butir__sumber", "individu__keluarga__wilayah"
    )
    saring = SaringSanggahButir(request, rows)
    halaman = keyset(request, saring.qs, ("batas_jawab", "id"))
    return render(
        request, "bansos/pengecualian_daftar_sanggah.html", {"saring": saring.form, "halaman": halaman}
    )


def _satu(request: HttpRequest, pk: UUID) -> SanggahButir:
    _boleh(request)
    rows = SanggahButir.objects.visible_to(request.user)
    return get_object_or_404(
        rows.select_related(
            "butir__sumber", "individu__keluarga__wilayah", "created_by", "diputus_by", "berkas"
        ),
        pk=pk,
    )


@login_required
@require_safe
def lihat(request: HttpRequest, pk: UUID) -> HttpResponse:
    satu = _satu(request, pk)
    terbuka = satu.status == SanggahButir.Status.DIAJUKAN
    berwenang = terbuka and request.user.boleh("pengecualian.putus", satu.butir.wilayah_id)
    tertutup = policies.putus(request.user, satu) if berwenang else None
    isi = {"s": satu, "boleh_putus": berwenang and tertutup is None, "tertutup": tertutup}
    return render(request, "bansos/pengecualian_satu.html", isi)


@login_required
@require_http_methods(FORM)
def putus(request: HttpRequest, pk: UUID) -> HttpResponse:
    satu = _satu(request, pk)
    if not request.user.boleh("pengecualian.putus", satu.butir.wilayah_id):
        raise PermissionDenied
    form = PutusSanggahButirForm(request.POST or None)

    def do() -> str:
        langkah = aksi.gugurkan if form.cleaned_data["putusan"] == "gugurkan" else aksi.teguhkan
        langkah(satu, by=request.user, alasan=form.cleaned_data["alasan"])
        return reverse("sanggah_butir", args=[satu.pk])

    if form.is_valid() and (url := act(request, lambda: send_once(request, form, do), form=form)):
        messages.success(request, "Putusan disimpan.")
        return redirect(url)
    tertutup = None if form.is_bound else policies.putus(request.user, satu)
    status = refusal_status(request, 422) if form.is_bound else 200
    return render(
        request,
        "bansos/pengecualian_putus.html",
        {"s": satu, "form": form, "tertutup": tertutup},
        status=status,
    )


@login_required
@require_safe
def berkas(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The family's papers."""
    satu = _satu(request, pk)
    if satu.berkas is None:
        raise Http404
    try:
        isi = files.read(satu.berkas)
    except files.BadFile as rusak:
        return render(request, "bansos/berkas_rusak.html", {"kalimat": str(rusak)}, status=503)
    jawab = HttpResponse(isi, content_type=satu.berkas.mime)
    akhiran = "pdf" if satu.berkas.mime == "application/pdf" else "jpg"
    jawab["Content-Disposition"] = f'attachment; filename="sanggah-data.{akhiran}"'
    return jawab
