"""Control reports for the inspectorate, and the auditor's pack."""

import re
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest, PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from core import ekspor, files
from core.web import act
from dtks.actions import ekspor as tindakan
from portal.queries.laporan import halaman
from portal.queries.laporan.dasar import Lingkup, lingkup, periode_lalu
from portal.queries.laporan.kendali import KENDALI, PER_KODE, Kendali
from portal.queries.paket import paket_terlihat
from portal.tasks import minta_paket
from wilayah.kode import bentuk_sah

KUASA = "jejak.lihat"
_PERIODE = re.compile(r"20[0-9]{2}-(0[1-9]|1[0-2])")


def _minta(request: HttpRequest, isi: Any) -> Lingkup:
    if not request.user.punya(KUASA):
        raise PermissionDenied
    kini = f"{timezone.localdate():%Y-%m}"
    wilayah, periode = str(isi.get("wilayah", "")), str(isi.get("periode") or kini)
    if isi is request.GET and set(isi) - {"wilayah", "periode"}:
        raise BadRequest("unknown filter")
    if not _PERIODE.fullmatch(periode) or (wilayah and not bentuk_sah(wilayah)):
        raise BadRequest("unknown area or period")
    tempat = lingkup(request.user, wilayah, periode, KUASA)
    if tempat is None:
        raise Http404
    return tempat


def _bersama(request: HttpRequest, tempat: Lingkup) -> dict[str, Any]:
    return {
        "tempat": tempat,
        "sebutan": halaman.sebutan(tempat),
        "jalan": [],
        "samar": False,
        "pilihan": list(dict.fromkeys([tempat.periode, *periode_lalu(f"{timezone.localdate():%Y-%m}", 18)])),
    }


def _kendali(kode: str) -> Kendali:
    try:
        return PER_KODE[kode]
    except KeyError as error:
        raise Http404 from error


@login_required
@require_safe
def kendali(request: HttpRequest) -> HttpResponse:
    tempat = _minta(request, request.GET)
    isi = {
        "daftar": [
            (k, f"/laporan/kendali/{k.kode}/?wilayah={tempat.satu}&periode={tempat.periode}") for k in KENDALI
        ],
        "paket": paket_terlihat(request.user)[:20],
    }
    return render(request, "portal/kendali.html", isi | _bersama(request, tempat))


@login_required
@require_safe
def satu(request: HttpRequest, kode: str) -> HttpResponse:
    tempat, ini = _minta(request, request.GET), _kendali(kode)
    isi = {"kendali": ini, "temuan": ini.cari(tempat)}
    return render(request, "portal/kendali_satu.html", isi | _bersama(request, tempat))


@login_required
@require_POST
def unduh(request: HttpRequest, kode: str) -> HttpResponse:
    """A control report as xlsx: an audited act like every list that leaves the portal."""
    tempat, ini = _minta(request, request.POST), _kendali(kode)

    def do() -> Any:
        tindakan.izinkan(by=request.user, kuasa=(KUASA,), penuh=False)
        with transaction.atomic():
            temuan, keluar = ini.cari(tempat), ekspor.berkas_baru()
            kata = [
                ("Isi", ini.judul),
                ("Wilayah", halaman.sebutan(tempat)),
                ("Periode", tempat.periode),
                ("Aturan", temuan.aturan),
            ]
            lembar = ekspor.Lembar(
                judul=ini.kolom, lebar=[24] * len(ini.kolom), nama=ini.judul[:31], keterangan=kata
            )
            n = ekspor.tulis(keluar, "xlsx", lembar, [b for b, _ in temuan.baris])
            tindakan.bukukan(by=request.user, kuasa=(KUASA,), penuh=False, baris=n)
            rincian = {"daftar": f"kendali.{ini.kode}", "format": "xlsx", "jumlah": n, "sha256": ekspor.sidik(keluar),
                       "saring": {"wilayah": ",".join(tempat.luas[:5]), "periode": tempat.periode}}  # fmt: skip
            tindakan.catat(
                by=request.user,
                kuasa=(KUASA,),
                jenis="portal.Kendali",
                penuh=False,
                alasan="",
                rincian=rincian,
            )
            return keluar

    keluar = act(request, do)
    if keluar is None:
        return redirect("kendali")
    return ekspor.jawaban(keluar, ekspor.nama_berkas(f"Kendali {ini.judul} {tempat.periode}", "xlsx"))


@login_required
@require_POST
def paket(request: HttpRequest) -> HttpResponse:
    tempat = _minta(request, request.POST)
    if not tempat.satu:
        raise BadRequest("one area at a time")
    with transaction.atomic():
        baru = minta_paket(by=request.user, wilayah=tempat.satu, periode=tempat.periode)
    messages.success(
        request,
        "Paket sedang dibuat. Anda diberi tahu bila sudah siap." if baru else "Paket ini sedang dibuat.",
    )
    return redirect("kendali")


@login_required
@require_POST
def ambil(request: HttpRequest, pk: Any) -> HttpResponse:
    """The pack leaves the portal: an audited act, counted like every download."""
    if not request.user.punya(KUASA):
        raise PermissionDenied
    row = get_object_or_404(paket_terlihat(request.user), pk=pk)

    def do() -> bytes:
        tindakan.izinkan(by=request.user, kuasa=(KUASA,), penuh=False)
        isi = files.read(row)
        rincian = {"daftar": "kendali.paket", "format": "zip", "jumlah": 1, "sha256": bytes(row.sha256).hex(),
                   "berkas": str(row.pk), "nama": row.nama_tampil}  # fmt: skip
        with transaction.atomic():
            tindakan.catat(
                by=request.user,
                kuasa=(KUASA,),
                jenis=row._meta.label,
                penuh=False,
                alasan="",
                rincian=rincian,
            )
        return isi

    try:
        isi = act(request, do)
    except files.BadFile as error:
        raise Http404 from error
    if isi is None:
        return redirect("kendali")
    jawab = HttpResponse(isi, content_type="application/zip")
    jawab["Content-Disposition"] = ekspor.lampiran(row.nama_tampil)
    jawab["X-Content-Type-Options"] = "nosniff"
    jawab["Cache-Control"] = "private, no-store"
    return jawab
