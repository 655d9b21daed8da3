"""Files in: the list, upload, preview, confirm, progress, error file, undo, template."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import sheets
from core.progress import laju_dari
from core.web import act, keyset, refusal_status, send_once
from dtks.actions.impor import inti
from dtks.actions.impor_buang import BISA_DIBUANG
from dtks.actions.impor_buang import buang as buang_impor
from dtks.forms.impor import SaringBarisForm, TerapkanForm, UnggahForm
from dtks.models import BarisImpor, Impor
from dtks.queries.satu_program import orang_kedua

NADA = {
    "siap": "tunggu", "diunggah": "jalan", "menerapkan": "jalan", "membatalkan": "jalan", "diterapkan": "baik", "dibatalkan": "netral",
    "gagal": "buruk", "baru": "baik", "berubah": "jalan", "pindah": "jalan", "konflik": "tunggu", "galat": "buruk", "sama": "netral",
}  # fmt: skip
BERJALAN = (Impor.Status.DIUNGGAH, Impor.Status.MENERAPKAN, Impor.Status.MEMBATALKAN)
UKURAN = 50
KEDUA_MAKS = 20


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def daftar(request: HttpRequest) -> HttpResponse:
    """My files and those of my area; and the box for a new one."""
    jenis = inti.semua_jenis(request.user)
    if not jenis:
        raise Http404
    form = UnggahForm(request.POST if request.method == "POST" else None, request.FILES or None, jenis=jenis)
    if request.method == "POST" and form.is_valid():
        kiriman = form.cleaned_data["berkas"]

        def do() -> str:
            impor = inti.unggah(
                by=request.user,
                jenis=next(j for j in jenis if j.kode == form.cleaned_data["jenis"]),
                isi=kiriman.read(),
                nama=kiriman.name,
            )
            return reverse("impor_lihat", args=[impor.pk])

        if alamat := act(request, lambda: send_once(request, form, do), form=form):
            return redirect(alamat)
    rows = Impor.objects.visible_to(request.user).select_related("wilayah", "created_by", "berkas")
    halaman = keyset(request, rows, ("-created_at", "-id"))
    for satu in halaman.rows:
        _hias(satu)
    isi = {"form": form, "jenis": jenis, "halaman": halaman}
    return render(
        request, "dtks/impor_daftar.html", isi, status=refusal_status(request, 422) if request.POST else 200
    )


def _hias(impor: Impor) -> Impor:
    jenis = inti.jenis_dari(impor.jenis)
    impor.nada, impor.judul = NADA[impor.status], jenis.judul if jenis else impor.jenis  # type: ignore[attr-defined]
    return impor


def _impor(request: HttpRequest, pk: uuid.UUID) -> Impor:
    rows = Impor.objects.visible_to(request.user).select_related(
        "wilayah", "created_by", "berkas", "applied_by", "undone_by"
    )
    impor = get_object_or_404(rows, pk=pk)
    if inti.jenis_dari(impor.jenis) is None:
        raise Http404
    return _hias(impor)


@login_required
@require_safe
def lihat(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Progress while it runs; then the preview, or what became of it."""
    impor = _impor(request, pk)
    if request.htmx and (kemajuan := _kemajuan(impor))["berjalan"]:
        return render(request, "dtks/impor_kemajuan.html", kemajuan)
    if request.htmx:
        jawab = HttpResponse(status=204)
        jawab["HX-Refresh"] = "true"
        return jawab
    return render(request, "dtks/impor_lihat.html", _konteks(request, impor))


def _kemajuan(impor: Impor) -> dict[str, Any]:
    laju = laju_dari(impor.pekerjaan)
    henti = inti.berhenti(impor)
    total, n = int(str(laju.get("total") or 0)) or impor.jumlah, int(str(laju.get("n") or 0))
    return {
        "impor": impor,
        "n": n,
        "total": total,
        "persen": min(100 * n // total, 100) if total else 0,
        "tahap": laju.get("tahap", ""),
        "berjalan": impor.status in BERJALAN and henti is None,
        "henti": henti,
    }


def _konteks(request: HttpRequest, impor: Impor, form: TerapkanForm | None = None) -> dict[str, Any]:
    jenis = inti.jenis_dari(impor.jenis)
    assert jenis is not None
    saring = SaringBarisForm(request.GET)
    if set(request.GET) - {"hasil", "kursor"} or not saring.is_valid():
        raise SuspiciousOperation("unknown filter")
    rows = BarisImpor.objects.filter(impor=impor)
    hasil = saring.cleaned_data["hasil"]
    if hasil:
        rows = rows.exclude(tanda=[]) if hasil == "tanda" else rows.filter(hasil=hasil)
    halaman = keyset(request, rows, ("nomor",), size=UKURAN)
    kedua = orang_kedua(impor) if impor.status == Impor.Status.SIAP else {}
    for satu in halaman.rows:
        satu.ringkas, satu.nada = jenis.ringkas(satu), NADA[satu.hasil]
        satu.kedua = kedua.get(satu.nomor, "")
    h = impor.hitung
    return {
        **_kemajuan(impor),
        "jenis": jenis,
        "saring": saring,
        "kedua": list(kedua)[:KEDUA_MAKS],
        "kedua_lagi": max(len(kedua) - KEDUA_MAKS, 0),
        "halaman": halaman,
        "hitung": [(k, label, NADA[k], h.get(k, 0)) for k, label in BarisImpor.Hasil.choices],
        "ada_tulis": any(h.get(k) for k in ("baru", "berubah", "pindah")) or h.get("ganti"),
        "perlu_perbaikan": 0 if impor.status == "dibatalkan" else h.get("galat", 0) + h.get("konflik", 0),
        "bisa_dibuang": impor.status in BISA_DIBUANG and request.user.boleh(impor.kuasa, impor.wilayah_id),
        "form": form or TerapkanForm(pilihan=_pilihan(impor, jenis)),
        "boleh": request.user.boleh(impor.kuasa, impor.wilayah_id),
        "boleh_ulang": impor.pekerjaan and _boleh_ulang(request, impor),
        "sebelumnya": Impor.objects.visible_to(request.user)
        .filter(sha256=impor.sha256, jenis=impor.jenis, status="diterapkan")
        .exclude(pk=impor.pk)
        .order_by("-applied_at")
        .first(),
    }


def _boleh_ulang(request: HttpRequest, impor: Impor) -> bool:
    """Whoever sees the job may start it again: its owner, and who watches over the jobs of the area."""
    henti = inti.berhenti(impor)
    if henti is None:
        return False
    milik = henti.pemilik_id == str(request.user.pk)
    return milik or bool(request.user.boleh("pekerjaan.lihat", impor.wilayah_id))


def _pilihan(impor: Impor, jenis: inti.JenisImpor) -> dict[str, str]:
    """Only the ticks that this file needs: a key of `hitung` with rows behind it."""
    return {k: label for k, label in jenis.pilihan.items() if impor.hitung.get(k)}


@login_required
@require_POST
def terapkan(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    impor = _impor(request, pk)
    jenis = inti.jenis_dari(impor.jenis)
    assert jenis is not None
    form = TerapkanForm(request.POST, pilihan=_pilihan(impor, jenis))
    if form.is_valid():

        def do() -> str:
            inti.terapkan(impor, by=request.user, pilihan=form.dipilih())
            return reverse("impor_lihat", args=[impor.pk])

        if alamat := act(request, lambda: send_once(request, form, do), form=form):
            return redirect(alamat)
    impor = _impor(request, pk)
    return render(
        request, "dtks/impor_lihat.html", _konteks(request, impor, form), status=refusal_status(request, 422)
    )


@login_required
@require_POST
def periksa_ulang(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    impor = _impor(request, pk)
    act(request, lambda: inti.periksa_ulang(impor, by=request.user))
    return redirect("impor_lihat", pk=impor.pk)


@login_required
@require_POST
def batalkan(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    impor = _impor(request, pk)
    hasil = act(request, lambda: inti.batalkan(impor, by=request.user))
    if hasil is not None and hasil.status == Impor.Status.DIBATALKAN:
        messages.success(request, "Impor dibatalkan. Data kembali seperti sebelum berkas ini disimpan.")
    elif hasil is not None and hasil.sebab:
        messages.error(request, hasil.sebab)
    return redirect("impor_lihat", pk=impor.pk)


@login_required
@require_POST
def buang(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Throw a preview away. Pressed twice, the second finds nothing any more."""
    impor = _impor(request, pk)

    def do() -> bool:
        buang_impor(impor, by=request.user)
        return True

    if not act(request, do):
        return redirect("impor_lihat", pk=pk)
    messages.success(request, f"Berkas {impor.berkas.nama_tampil} dibuang. Tidak ada yang berubah di data.")
    return redirect("impor_daftar")


@login_required
@require_POST
def galat(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The rows to mend as a file of the same layout, with full numbers: recorded as every such file."""
    impor = _impor(request, pk)
    hasil = act(request, lambda: inti.unduh_galat(impor, by=request.user))
    return _unduh(*hasil) if hasil is not None else redirect("impor_lihat", pk=impor.pk)


@login_required
@require_safe
def templat(request: HttpRequest, jenis: str) -> HttpResponse:
    """An empty template with text cells and an explanation sheet."""
    satu = next((j for j in inti.semua_jenis(request.user) if j.kode == jenis), None)
    if satu is None:
        raise Http404
    return _unduh(
        sheets.tulis_templat(satu.kolom, lembar=satu.lembar, petunjuk=satu.petunjuk), satu.nama_templat
    )


def _unduh(isi: bytes, nama: str) -> HttpResponse:
    jawab = HttpResponse(isi, content_type=inti.XLSX)
    jawab["Content-Disposition"] = f'attachment; filename="{nama}"'
    jawab["Cache-Control"] = "no-store"
    return jawab
