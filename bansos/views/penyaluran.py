"""Payments: the list with its numbers, the trail of one family, and the reconciliation with its named differences."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.models import Pengguna
from bansos.actions import status_salur  # noqa: F401 - the kind registers itself
from bansos.forms_penyaluran import SaringPenyaluran, SaringRekonsiliasi
from bansos.models import Penyaluran, Program, StatusSalur
from bansos.queries import penerima as baca
from bansos.queries import rekonsiliasi as cocok
from bansos.templatetags.tempat import tempat_di
from core.identity import mask_name
from core.web import keyset
from dtks.models import Keluarga
from wilayah.kode import mencakup

NADA = {
    "proses": "jalan", "gagal": "buruk", "dibayar": "tunggu", "tidak_transaksi": "tunggu", "diambil": "baik", "dikeluarkan": "buruk",
}  # fmt: skip


def _luas(request: HttpRequest) -> list[str]:
    luas = request.user.cakupan("penyaluran.lihat")
    if not luas:
        raise PermissionDenied
    return luas


@login_required
@require_safe
def daftar(request: HttpRequest) -> HttpResponse:
    """One period: numbers of each status, and the payments."""
    luas = _luas(request)
    saring = SaringPenyaluran(request, baca.daftar(request.user), luas=luas)
    halaman = keyset(request, saring.qs, ("wilayah_id", "id"))
    for satu in halaman.rows:
        _hias(satu, request.user)
    isi = {
        "saring": saring.form,
        "periode": saring.nilai["periode"],
        "angka": baca.angka(saring.qs),
        "halaman": halaman,
        "boleh_impor": request.user.punya("impor.status_salur"),
    }
    return render(request, "bansos/penyaluran.html", isi)


def _hias(satu: Penyaluran, user: Pengguna) -> None:
    satu.boleh_buka = user.boleh("keluarga.lihat", satu.wilayah_id)  # type: ignore[attr-defined]
    nama = satu.individu.nama
    satu.nama_tampil = nama if satu.boleh_buka else mask_name(nama)  # type: ignore[attr-defined]
    satu.nada = NADA[satu.status.kelompok]  # type: ignore[attr-defined]


@login_required
@require_safe
def keluarga(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Every payment of one family with its reports, newest first, and what to do about the newest."""
    if not request.user.punya("penyaluran.lihat"):
        raise PermissionDenied
    satu = get_object_or_404(Keluarga.objects.visible_to(request.user).select_related("wilayah"), pk=pk)
    rows = Penyaluran.objects.berlaku().filter(keluarga=satu)
    rows = rows.select_related("program", "status", "individu", "baris__penetapan").prefetch_related(
        "riwayat__status", "riwayat__impor"
    )
    semua = list(rows.order_by("-status_tanggal", "-periode", "-pk")[:60])
    for p in semua:
        p.nada = NADA[p.status.kelompok]  # type: ignore[attr-defined]
        p.laporan = [r for r in p.riwayat.all() if r.impor.status != "dibatalkan"][::-1]  # type: ignore[attr-defined]
    return render(request, "bansos/penyaluran_keluarga.html", {"keluarga": satu, "penyaluran": semua})


@login_required
@require_safe
def status(request: HttpRequest) -> HttpResponse:
    """What each status means, as the citizen reads it and what staff do."""
    _luas(request)
    rows = StatusSalur.objects.filter(aktif=True).order_by("urut", "pk")
    return render(request, "bansos/penyaluran_status.html", {"status": rows})


def _lingkup(request: HttpRequest, luas: list[str]) -> tuple[SaringRekonsiliasi, cocok.Lingkup]:
    saring = SaringRekonsiliasi(request, luas=luas)
    n = saring.nilai
    pilih = [n["wilayah"]] if n["wilayah"] else luas
    return saring, cocok.Lingkup(n["program"], n["periode"], int(n["tahap"]), tuple(pilih))


@login_required
@require_safe
def rekonsiliasi(request: HttpRequest) -> HttpResponse:
    """SK, order, paid, withdrawn: totals that must agree, and where they differ."""
    saring, lingkup = _lingkup(request, _luas(request))
    isi: dict[str, Any] = {
        "saring": saring.form,
        "lingkup": lingkup,
        "program": get_object_or_404(Program, pk=lingkup.program),
        "hasil": cocok.rekonsiliasi(lingkup),
        "saringan": request.GET.urlencode(),
    }
    return render(request, "bansos/rekonsiliasi.html", isi)


@login_required
@require_safe
def selisih(request: HttpRequest, kode: str) -> HttpResponse:
    """The rows of one difference."""
    luas = _luas(request)
    if kode not in cocok.SELISIH:
        raise Http404
    _, lingkup = _lingkup(request, luas)
    halaman = keyset(request, lambda nilai, n: cocok.baris(lingkup, kode, nilai, n), ("wilayah", "kunci"))
    lihat = request.user.cakupan("keluarga.lihat")
    baris = [(b, any(mencakup(a, b.wilayah) for a in lihat)) for b in halaman.rows]
    nama, langkah, _, _ = cocok.SELISIH[kode]
    saringan = request.GET.copy()
    saringan.pop("kursor", None)
    isi = {
        "kode": kode, "nama": nama, "langkah": langkah, "lingkup": lingkup, "saringan": saringan.urlencode(),
        "baris": [(b, boleh, b.nama if boleh else mask_name(b.nama), tempat_di(b.jalur, b.tingkat)) for b, boleh in baris], "berikutnya": halaman.next,
    }  # fmt: skip
    return render(request, "bansos/rekonsiliasi_selisih.html", isi)
