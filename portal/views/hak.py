"""Requests of people about their own data: the list, a new one at the counter, one of them, its steps and its paper."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Pengguna
from bansos.templatetags.tempat import tempat
from bansos.views import langkah_layanan
from bansos.views.langkah_layanan import Layanan
from core.forms import SendOnceForm
from core.templatetags.ui import waktu
from core.web import act, keyset, refusal_status, send_once
from core.workflow import Langkah
from portal.actions import hak as tindakan
from portal.forms_hak import LangkahHakForm, MintaHakForm, SaringHak
from portal.models import KUASA_HAK, PermohonanHak
from portal.policies import hak as policies
from portal.queries import hak as isi_hak
from portal.workflow import HAK

FORM = ["GET", "HEAD", "POST"]
ARTI = {
    "cairkan": "Pastikan yang datang adalah pemilik datanya. Data langsung dipakai lagi seperti sebelumnya.",
    "betulkan": "Nyatakan hanya bila datanya sudah dibetulkan. Petugas yang menyerahkan data lama ke instansi lain diberi tahu.",
    "setujui": "Anda menyatakan data ini boleh dihapus menurut undang-undang. Kepala Dinas memutus sesudah Anda.",
    "putuskan": "Sesudah ini data dihapus dan tidak bisa dikembalikan.",
    "tolak": "Tulis alasannya. Pemohon boleh mengadu bila tidak setuju.",
}


@login_required
@require_safe
def daftar(request: HttpRequest) -> HttpResponse:
    if not any(request.user.punya(k) for k in KUASA_HAK):
        raise PermissionDenied
    rows = PermohonanHak.objects.visible_to(request.user).select_related("wilayah")
    saring = SaringHak(request, rows)
    halaman = keyset(request, saring.qs, ("-created_at", "-id"))
    for satu in halaman.rows:
        satu.keadaan, satu.lewat = HAK.state(satu.status), _lewat(satu)
    isi = {
        "saring": saring.form,
        "baris": halaman.rows,
        "berikutnya": halaman.next,
        "boleh_catat": request.user.punya("hak.catat"),
        "boleh_tahan": request.user.punya("retensi.tahan"),
    }
    return render(request, "portal/hak_daftar.html", isi)


def _lewat(satu: PermohonanHak) -> bool:
    return satu.status in ("diajukan", "disetujui") and satu.tenggat_at < timezone.now()


@login_required
@require_http_methods(FORM)
def catat(request: HttpRequest) -> HttpResponse:
    """At the counter: whose data, what is asked, who came and with which card."""
    if not request.user.punya("hak.catat"):
        raise PermissionDenied
    form = MintaHakForm(request.POST or None, request.FILES or None)

    def do() -> str:
        d = {k: v for k, v in form.cleaned_data.items() if k not in ("kunci_kirim", "surat_kuasa", "paham")}
        isi = tindakan.Isi(**d, surat_kuasa=[b.read() for b in form.cleaned_data["surat_kuasa"]])
        return reverse("hak_lihat", args=[tindakan.ajukan(isi, by=request.user).pk])

    if form.is_valid() and (url := act(request, lambda: send_once(request, form, do), form=form)):
        messages.success(request, "Permintaan dicatat. Beri tahu pemohon nomornya.")
        return redirect(url)
    status = refusal_status(request, 422) if form.is_bound else 200
    return render(request, "portal/hak_catat.html", {"form": form}, status=status)


def _satu(request: HttpRequest, pk: UUID) -> PermohonanHak:
    rows = PermohonanHak.objects.visible_to(request.user).select_related(
        "wilayah", "keluarga", "individu", "created_by", "dokumen__berkas"
    )
    return get_object_or_404(rows, pk=pk)


@login_required
@require_safe
def lihat(request: HttpRequest, pk: UUID) -> HttpResponse:
    return _tampil(request, _satu(request, pk))


def _tampil(request: HttpRequest, satu: PermohonanHak, status: int = 200) -> HttpResponse:
    tolak, saran = langkah_layanan.penolakan_terakhir(satu)
    isi = {
        "p": satu,
        "keadaan": HAK.state(satu.status),
        "lewat": _lewat(satu),
        "ringkas": _ringkas(satu),
        "akibat": isi_hak.akibat_beku(satu.keluarga) if satu.status == "dibekukan" else [],
        "dihapus": tindakan.nama_tabel(satu.hasil.get("dihapus", {})),
        "disimpan": isi_hak.disimpan(satu.keluarga) if satu.jenis == "HAPUS" else [],
        "arsip": tindakan.tetap_disimpan(satu) if satu.jenis == "HAPUS" and satu.status == "selesai" else [],
        "penerima": isi_hak.diserahkan(satu.keluarga) if satu.jenis == "PERBAIKAN" else [],
        "tolak": tolak,
        "saran": saran,
        "boleh_unduh": policies.unduh(request.user, satu) is None,
        "langkah": langkah_layanan.terbuka(request, LAYANAN, satu),
        "riwayat": langkah_layanan.riwayat(satu, HAK),
    }
    return render(request, "portal/hak.html", isi, status=status)


def _ringkas(satu: PermohonanHak) -> list[tuple[str, str]]:
    baris = [
        ("Permintaan", satu.get_jenis_display()),
        ("Yang dihapus", satu.get_lingkup_display() if satu.lingkup else ""),
        ("Pemilik data", satu.individu.nama),
        ("Tempat", tempat(satu.wilayah)),
        ("Yang datang", f"{satu.pemohon}. {satu.get_hubungan_display()}"),
        ("Identitas yang dilihat", satu.get_bukti_display()),
        ("Penjelasan", satu.uraian),
        ("Dicatat", f"{satu.created_by.nama}, {waktu(satu.created_at)}"),
        ("Dijawab paling lambat", waktu(satu.tenggat_at)),
    ]
    return [(a, b) for a, b in baris if b]


@login_required
@require_POST
def unduh(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The copy or the proof; by POST, because every time leaves a row in the trail."""
    satu = _satu(request, pk)
    if policies.unduh(request.user, satu):
        raise PermissionDenied
    row = act(request, lambda: tindakan.unduh(satu, by=request.user))
    if row is None:
        return _tampil(request, satu, refusal_status(request, 422))
    return langkah_layanan.kirim_berkas(request, row, f"hak-{satu.pk}")


@login_required
@require_http_methods(FORM)
def langkah(request: HttpRequest, pk: UUID, nama: str) -> HttpResponse:
    return langkah_layanan.langkah(request, LAYANAN, _satu(request, pk), nama)


def _formulir(satu: PermohonanHak, arrow: Langkah, *args: Any, **kwargs: Any) -> SendOnceForm:
    return LangkahHakForm(*args, perlu_alasan=arrow.perlu_alasan, **kwargs)


def _lakukan(satu: PermohonanHak, nama: str, by: Pengguna, data: dict[str, Any]) -> str:
    lain = {"alasan": data["alasan"]} if "alasan" in data else {}
    tindakan.langkahkan(satu, nama, by=by, versi=data["versi"], catatan=data["catatan"], **lain)
    return _alamat(satu)


def _alamat(satu: PermohonanHak) -> str:
    return reverse("hak_lihat", args=[satu.pk])


LAYANAN = Layanan(
    alur=HAK,
    policies=policies.BY_STEP,
    gerbang=tindakan.GERBANG,
    formulir=_formulir,
    lakukan=_lakukan,
    alamat=_alamat,
    alamat_langkah=lambda satu, nama: reverse("hak_langkah", args=[satu.pk, nama]),
    judul=lambda satu: f"Permintaan {satu.nomor}",
    arti=ARTI,
    bahaya=("putuskan", "tolak", "batalkan"),
)
