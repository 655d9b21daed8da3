"""Letters at the counter: the list by clock, a new request, one of them, its steps and its papers."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Pengguna
from bansos.actions import permohonan as tindakan
from bansos.actions.tanda_terima import kuasa as kuasa_resi
from bansos.forms_surat import LangkahSuratForm, MintaSuratForm, SaringSurat
from bansos.models import KUASA_SURAT, PermohonanSurat
from bansos.policies import permohonan as policies
from bansos.templatetags.tempat import tempat
from bansos.views import langkah_layanan
from bansos.views.langkah_layanan import Layanan
from bansos.views.pbi import jam
from bansos.workflow_layanan import PERMOHONAN
from core.forms import SendOnceForm
from core.templatetags.ui import waktu
from core.web import act, keyset, refusal_status, send_once
from core.workflow import Langkah

FORM = ["GET", "HEAD", "POST"]
ARTI = {
    "periksa": "Pastikan yang meminta memang berhak dan datanya benar.",
    "terbitkan": "Anda menandatangani satu surat bernomor dengan QR. Desil hanya tercetak di suratnya.",
    "tolak": "Sampaikan jalan keluarnya kepada pemohon.",
}


@login_required
@require_safe
def daftar(request: HttpRequest) -> HttpResponse:
    if not any(request.user.punya(k) for k in KUASA_SURAT):
        raise PermissionDenied
    rows = PermohonanSurat.objects.visible_to(request.user).select_related("wilayah")
    saring = SaringSurat(request, rows)
    halaman = keyset(request, saring.qs, ("-created_at", "-id"))
    for satu in halaman.rows:
        satu.keadaan, satu.jam = PERMOHONAN.state(satu.status), jam(satu)
    isi = {
        "saring": saring.form,
        "baris": halaman.rows,
        "berikutnya": halaman.next,
        "boleh_minta": request.user.punya("surat.ajukan"),
    }
    return render(request, "bansos/surat_daftar.html", isi)


@login_required
@require_http_methods(FORM)
def catat(request: HttpRequest) -> HttpResponse:
    """At the counter: for whom, for what, who asks."""
    if not request.user.punya("surat.ajukan"):
        raise PermissionDenied
    form = MintaSuratForm(request.POST or None, request.FILES or None)

    def do() -> str:
        d = {k: v for k, v in form.cleaned_data.items() if k not in ("kunci_kirim", "surat_kuasa")}
        isi = tindakan.Isi(**d, surat_kuasa=[b.read() for b in form.cleaned_data["surat_kuasa"]])
        return reverse("surat_lihat", args=[tindakan.ajukan(isi, by=request.user).pk])

    if form.is_valid() and (url := act(request, lambda: send_once(request, form, do), form=form)):
        messages.success(request, "Permintaan surat dicatat. Beri tahu pemohon nomornya.")
        return redirect(url)
    status = refusal_status(request, 422) if form.is_bound else 200
    return render(request, "bansos/surat_catat.html", {"form": form}, status=status)


def _satu(request: HttpRequest, pk: UUID) -> PermohonanSurat:
    rows = PermohonanSurat.objects.visible_to(request.user).select_related(
        "wilayah", "individu__keluarga", "created_by", "surat_kuasa", "dokumen__berkas"
    )
    return get_object_or_404(rows, pk=pk)


@login_required
@require_safe
def lihat(request: HttpRequest, pk: UUID) -> HttpResponse:
    return _tampil(request, _satu(request, pk))


def _tampil(request: HttpRequest, satu: PermohonanSurat, status: int = 200) -> HttpResponse:
    tolak, saran = langkah_layanan.penolakan_terakhir(satu)
    keluarga = satu.individu.keluarga_id if satu.individu else None
    isi = {
        "p": satu,
        "keadaan": PERMOHONAN.state(satu.status),
        "jam": jam(satu),
        "ringkas": [
            ("Surat", satu.get_jenis_display()),
            ("Untuk", f"{satu.nama}, NIK {satu.nik}"),
            ("Tempat", tempat(satu.wilayah)),
            ("Keperluan", f"{satu.get_keperluan_display()}. {satu.keterangan}".strip(". ")),
            ("Yang meminta", f"{satu.pemohon}. {satu.get_hubungan_display()}"),
            ("Dicatat", f"{satu.created_by.nama}, {waktu(satu.created_at)}"),
        ],
        "tolak": tolak,
        "saran": saran,
        "keluarga": keluarga if keluarga and request.user.boleh("keluarga.lihat", satu.wilayah_id) else None,
        "boleh_resi": request.user.boleh(kuasa_resi(satu), satu.wilayah_id),
        "boleh_unduh": policies.unduh(request.user, satu) is None,
        "boleh_kuasa": satu.surat_kuasa_id
        and any(request.user.boleh(k, satu.wilayah_id) for k in policies.KUASA_UNDUH),
        "langkah": langkah_layanan.terbuka(request, LAYANAN, satu),
        "riwayat": langkah_layanan.riwayat(satu, PERMOHONAN),
    }
    return render(request, "bansos/surat.html", isi, status=status)


@login_required
@require_POST
def unduh(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The letter itself; it tells the desil, so it comes by POST and leaves a row in the trail."""
    satu = _satu(request, pk)
    if policies.unduh(request.user, satu):
        raise PermissionDenied
    row = act(request, lambda: tindakan.unduh(satu, by=request.user))
    if row is None:
        return _tampil(request, satu, refusal_status(request, 422))
    return langkah_layanan.kirim_berkas(request, row, f"surat-{satu.pk}")


@login_required
@require_POST
def tanda_terima(request: HttpRequest, pk: UUID) -> HttpResponse:
    satu = _satu(request, pk)
    return langkah_layanan.tanda_terima(
        request, satu, alamat=_alamat(satu), judul=satu.get_jenis_display(), untuk=satu.nama
    )


@login_required
@require_safe
def kuasa(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The power of attorney that was shown at the counter."""
    satu = _satu(request, pk)
    if not any(request.user.boleh(k, satu.wilayah_id) for k in policies.KUASA_UNDUH):
        raise Http404
    return langkah_layanan.kirim_berkas(request, satu.surat_kuasa, "surat-kuasa")


@login_required
@require_http_methods(FORM)
def langkah(request: HttpRequest, pk: UUID, nama: str) -> HttpResponse:
    return langkah_layanan.langkah(request, LAYANAN, _satu(request, pk), nama)


def _formulir(satu: PermohonanSurat, arrow: Langkah, *args: Any, **kwargs: Any) -> SendOnceForm:
    return LangkahSuratForm(*args, langkah=arrow.nama, perlu_alasan=arrow.perlu_alasan, **kwargs)


def _lakukan(satu: PermohonanSurat, nama: str, by: Pengguna, data: dict[str, Any]) -> str:
    lain = {"alasan": data["alasan"]} if "alasan" in data else {}
    tindakan.langkahkan(satu, nama, by=by, versi=data["versi"], catatan=data["catatan"], **lain)
    return _alamat(satu)


def _alamat(satu: PermohonanSurat) -> str:
    return reverse("surat_lihat", args=[satu.pk])


LAYANAN = Layanan(
    alur=PERMOHONAN,
    policies=policies.BY_STEP,
    gerbang=tindakan.GERBANG,
    formulir=_formulir,
    lakukan=_lakukan,
    alamat=_alamat,
    alamat_langkah=lambda satu, nama: reverse("surat_langkah", args=[satu.pk, nama]),
    judul=lambda satu: f"Surat {satu.nomor}, {satu.nama}",
    arti=ARTI,
    bahaya=("tolak", "batalkan"),
)
