"""Reports: the first page with all KPIs, one KPI down the areas, the rows behind a number, and the files."""

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest, PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from core import ekspor, replica
from core.templatetags.ui import waktu
from core.web import act, keyset
from dtks.actions import ekspor as tindakan
from dtks.queries import beku
from portal import grafik
from portal.exports import laporan as berkas
from portal.queries.laporan import halaman, kpi
from portal.queries.laporan.dasar import Hasil, Laporan, Lingkup, lingkup, melihat_baris, periode_lalu
from portal.tasks import minta_ringkasan
from wilayah.kode import bentuk_sah

KUASA = ("laporan.lihat",)
_DIKENAL = {"wilayah", "periode", "kolom"}
_PERIODE = re.compile(r"20[0-9]{2}-(0[1-9]|1[0-2])")


@dataclass(frozen=True)
class Permintaan:
    """Area and period of the address, and what the person may see there."""

    tempat: Lingkup
    samar: bool
    pilihan: list[str]


def _minta(request: HttpRequest, isi: Any = None, juga: tuple[str, ...] = ()) -> Permintaan:
    """Read and check area and period. 404 outside the person's area, 400 for what is neither code nor month."""
    isi = request.GET if isi is None else isi
    if not request.user.punya(KUASA[0]):
        raise PermissionDenied
    if isi is request.GET and set(isi) - _DIKENAL - set(juga):
        raise BadRequest("unknown filter")
    kini = f"{timezone.localdate():%Y-%m}"
    wilayah, periode = str(isi.get("wilayah", "")), str(isi.get("periode") or kini)
    if not _PERIODE.fullmatch(periode) or (wilayah and (not bentuk_sah(wilayah) or wilayah.count(".") > 3)):
        raise BadRequest("unknown area or period")
    tempat = lingkup(request.user, wilayah, periode)
    if tempat is None:
        raise Http404
    pilihan = periode_lalu(kini, 18)
    return Permintaan(
        tempat,
        not melihat_baris(request.user, tempat.luas),
        pilihan if periode in pilihan else [periode, *pilihan],
    )


def _laporan(kode: str) -> Laporan:
    try:
        return kpi.PER_KODE[kode]
    except KeyError as error:
        raise Http404 from error


def _tahan(request: HttpRequest, laporan: Laporan, minta: Permintaan) -> None:
    """A report that this person may not read does not exist."""
    if not halaman.boleh(request.user, laporan, minta.tempat):
        raise Http404


def _per(hasil: Hasil) -> str:
    return waktu(hasil.per if hasil.laporan.ukuran else timezone.now() - timedelta(seconds=replica.old()))


def _bersama(request: HttpRequest, minta: Permintaan) -> dict[str, Any]:
    return {
        "tempat": minta.tempat,
        "sebutan": halaman.sebutan(minta.tempat),
        "jalan": halaman.jalan(request.user, minta.tempat),
        "pilihan": minta.pilihan,
        "samar": minta.samar,
        "kendali": request.user.punya("jejak.lihat"),
    }


@login_required
@require_safe
@replica.page()
def laporan(request: HttpRequest) -> HttpResponse:
    minta = _minta(request)
    kartu = []
    for hasil in halaman.semua(request.user, minta.tempat):
        kartu.append(
            {
                "hasil": hasil,
                "url": halaman.alamat(hasil.laporan.kode, minta.tempat),
                "sel": halaman.sel_baris(hasil, hasil.total, request.user),
                "keterangan": halaman.keterangan(hasil, _per(hasil)),
            }
        )
    # Below the widest area the sums of months would tell what its page hides.
    tren = [] if minta.samar and halaman.di_atas(request.user, minta.tempat) else halaman.tren(minta.tempat, minta.samar)  # fmt: skip
    isi = {
        "kartu": kartu,
        "belum": any(k["hasil"].belum for k in kartu),  # type: ignore[attr-defined]
        "tren": grafik.garis("Usulan per periode", tren) if tren else "",
        "tren_tabel": tren,
        "peta_url": reverse("laporan_peta") if request.user.punya("laporan.kelola") else "",
        "bagian": [
            (nama, halaman.alamat("", minta.tempat, kode)) for kode, nama in minta.tempat.bagian.items()
        ],
    }
    return render(request, "portal/laporan.html", isi | _bersama(request, minta))


@login_required
@require_safe
@replica.page()
def satu(request: HttpRequest, kode: str) -> HttpResponse:
    minta, ini = _minta(request), _laporan(kode)
    _tahan(request, ini, minta)
    hasil = halaman.baca(request.user, ini, minta.tempat)
    turun = not minta.tempat.satu or minta.tempat.satu.count(".") < 3
    peta = berkas.peta_dari(hasil) if turun else None
    isi = {
        "hasil": hasil,
        "baris": [
            (
                b,
                halaman.alamat(kode, minta.tempat, b.kode) if turun and b.kode else "",
                halaman.sel_baris(hasil, b, request.user),
            )
            for b in hasil.baris
        ],
        "total": halaman.sel_baris(hasil, hasil.total, request.user),
        "gambar": halaman.gambar(hasil, petak=peta is None),
        "peta": peta,
        "rincian": halaman.rincian(hasil, minta.samar),
        "langkah": kpi.per_langkah(minta.tempat) if kode == "umur" and not minta.samar else [],
        "keterangan": halaman.keterangan(hasil, _per(hasil)),
    }
    return render(request, "portal/laporan_satu.html", isi | _bersama(request, minta))


@login_required
@require_safe
@replica.page(at_most=replica.NOW)  # cases: whoever comes from one finds it as he left it
def baris(request: HttpRequest, kode: str) -> HttpResponse:
    minta, ini = _minta(request, juga=("kursor",)), _laporan(kode)
    kolom = next((k for k in ini.kolom if k.baris and k.baris == request.GET.get("kolom")), None)
    if kolom is None or ini.daftar is None:
        raise BadRequest("unknown column")
    if not all(halaman.boleh_baris(request.user, ini, w) for w in minta.tempat.luas):
        raise Http404
    isi = keyset(request, ini.daftar(request.user, minta.tempat, kolom.baris), ("pk",))
    konteks = {
        "laporan": ini,
        "kolom": kolom,
        "baris": [halaman.tulis_baris(r, request.user) for r in isi.rows],
        "berikutnya": isi.next,
        "beku": beku.ada(minta.tempat.luas),
        "kembali": halaman.alamat(kode, minta.tempat),
    }
    return render(request, "portal/laporan_baris.html", konteks | _bersama(request, minta))


@login_required
@require_POST
def unduh(request: HttpRequest, kode: str) -> HttpResponse:
    """The report as PDF or xlsx: one audited act."""
    minta, ini = _minta(request, request.POST), _laporan(kode)
    format = request.POST.get("format", "pdf")
    if format not in berkas.FORMAT:
        raise BadRequest("unknown format")

    _tahan(request, ini, minta)

    def do() -> tuple[Any, str]:
        tindakan.izinkan(by=request.user, kuasa=KUASA, penuh=False)
        with transaction.atomic():
            hasil = halaman.baca(request.user, ini, minta.tempat)
            return berkas.tulis(hasil, format, by=request.user, kini=_per(hasil), samar=minta.samar)

    jadi = act(request, do)
    if jadi is None:
        return redirect(halaman.alamat(kode, minta.tempat))
    return ekspor.jawaban(*jadi) if format == "xlsx" else berkas.jawaban_pdf(*jadi)


@login_required
@require_POST
def hitung(request: HttpRequest) -> HttpResponse:
    """Ask for the daily tables now; at most once in ten minutes for everybody together."""
    if not request.user.punya(KUASA[0]):
        raise PermissionDenied
    with transaction.atomic():
        baru = minta_ringkasan(by=request.user)
    kata = (
        "Angka sedang dihitung ulang. Muat ulang halaman ini sebentar lagi."
        if baru
        else "Angka baru saja dihitung ulang."
    )
    messages.success(request, kata)
    return redirect("laporan")
