"""Versions of the words of papers: read, write a new one, look at the paper, approve."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from bansos.actions import templat as tindakan
from bansos.forms import TemplatForm
from bansos.queries import templat as baca
from bansos.surat.contoh import contoh
from core import letters, pdf
from core.forms import SendOnceForm
from core.models import TemplatSurat
from core.web import act, refusal_status, send_once
from wilayah.kode import kabupaten_dari
from wilayah.waktu import hari_wilayah

FORM = ["GET", "HEAD", "POST"]


def _boleh(request: HttpRequest) -> None:
    if not any(request.user.punya(k) for k in baca.KUASA):
        raise PermissionDenied


@login_required
@require_safe
def daftar(request: HttpRequest) -> HttpResponse:
    _boleh(request)
    return render(
        request,
        "bansos/templat_daftar.html",
        {"kelompok": baca.per_jenis(request.user), "boleh_tulis": request.user.punya(tindakan.KELOLA)},
    )


@login_required
@require_http_methods(FORM)
def tulis(request: HttpRequest, jenis: str) -> HttpResponse:
    """A new version, starting from the newest one."""
    if jenis not in letters.BAGIAN:
        raise Http404
    if not request.user.punya(tindakan.KELOLA):
        raise PermissionDenied
    wilayah = kabupaten_dari(request.user.cakupan(tindakan.KELOLA)[0])
    terakhir = baca.terlihat(request.user).filter(jenis=jenis, wilayah=wilayah).order_by("-versi").first()
    form = TemplatForm(request.POST or None, jenis=jenis, isi=terakhir.isi if terakhir else {})

    def do() -> str:
        data = form.cleaned_data
        hasil = tindakan.tulis(
            by=request.user, jenis=jenis, wilayah=wilayah, isi=form.isi(), dasar_hukum=data["dasar_hukum"], berlaku_sejak=data["berlaku_sejak"],
        )  # fmt: skip
        return reverse("templat_lihat", args=[hasil.pk])

    if form.is_valid() and (url := act(request, lambda: send_once(request, form, do), form=form)):
        messages.success(
            request, "Versi baru disimpan. Lihat contohnya, lalu minta persetujuan Kepala Dinas."
        )
        return redirect(url)
    return render(
        request,
        "bansos/templat_tulis.html",
        {"form": form, "nama": letters.NAMA[jenis], "isian": letters.ISIAN[jenis]},
        status=refusal_status(request, 422) if form.is_bound else 200,
    )


def _satu(request: HttpRequest, pk: UUID) -> TemplatSurat:
    _boleh(request)
    return get_object_or_404(baca.terlihat(request.user), pk=pk)


@login_required
@require_safe
def lihat(request: HttpRequest, pk: UUID) -> HttpResponse:
    return _tampil(request, _satu(request, pk))


def _tampil(
    request: HttpRequest, satu: TemplatSurat, form: SendOnceForm | None = None, status: int = 200
) -> HttpResponse:
    putus = satu.status == TemplatSurat.Status.DRAF and request.user.boleh(tindakan.SETUJUI, satu.wilayah)
    kini = letters.berlaku(satu.jenis, satu.wilayah, hari_wilayah(satu.wilayah)).pk == satu.pk
    return render(
        request,
        "bansos/templat.html",
        {
            "t": satu,
            "nama": letters.NAMA[satu.jenis],
            "bagian": [(kata, satu.isi.get(kode, "")) for kode, kata in letters.BAGIAN[satu.jenis].items()],
            "kini": kini,
            "terbit": satu.dokumen.count(),
            "sendiri": satu.dibuat_orang == str(request.user.orang_id),
            "form": (form or SendOnceForm()) if putus else None,
        },
        status=refusal_status(request, 422) if form else status,
    )


@login_required
@require_safe
def pratinjau(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The paper with invented families; nothing is issued."""
    satu = _satu(request, pk)
    try:
        isi = contoh(satu, by=request.user)
    except pdf.TidakMuat:
        messages.error(request, "Contoh surat versi ini tidak bisa dicetak: ada bagian yang terlalu panjang untuk satu halaman.")  # fmt: skip
        return _tampil(request, satu, status=422)
    jawab = HttpResponse(isi, content_type="application/pdf")
    jawab["Content-Disposition"] = f'inline; filename="contoh-{satu.jenis.lower()}-versi-{satu.versi}.pdf"'
    return jawab


@login_required
@require_http_methods(["POST"])
def putus(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Approve, or put aside (`aksi=buang`)."""
    satu = _satu(request, pk)
    if not request.user.boleh(tindakan.SETUJUI, satu.wilayah):
        raise PermissionDenied
    form, aksi = SendOnceForm(request.POST), tindakan.buang if request.POST.get("aksi") == "buang" else tindakan.setujui  # fmt: skip

    def do() -> str:
        aksi(satu, by=request.user)
        return reverse("templat_lihat", args=[satu.pk])

    if form.is_valid() and (url := act(request, lambda: send_once(request, form, do), form=form)):
        messages.success(request, "Putusan templat disimpan.")
        return redirect(url)
    satu.refresh_from_db()
    for kalimat in form.non_field_errors():
        messages.error(request, kalimat)
    return _tampil(request, satu, form)
