"""One step for many: tick, look at who can and who cannot, confirm, watch, and take away what did not work."""

from collections.abc import Iterator
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from bansos.actions import massal as aksi
from bansos.forms import MassalForm
from bansos.models import BarisMassal, TindakanMassal
from bansos.queries.antrean import antrean, luas, petugas_lapangan
from bansos.views.verifikasi import halaman_antrean
from core import ekspor
from core.web import act, refusal_status, send_once
from core.workflow import Langkah
from dtks.forms.usulan import LangkahForm
from dtks.models import AlasanLangkah, Usulan
from dtks.workflow import USULAN

JUDUL = ("Tiket", "Kepala keluarga", "Desa/kelurahan", "Hasil", "Sebab dan jalan keluar")
Hasil = BarisMassal.Hasil


@login_required
@require_POST
def siapkan(request: HttpRequest) -> HttpResponse:
    """Keep the ticks and what is found about each; then its page."""
    if not luas(request.user):
        raise PermissionDenied
    dari = request.GET.get("antrean", "")
    form = MassalForm(request.POST, langkah=aksi.pilihan(request.user, dari))
    if form.is_valid():
        url = act(request, lambda: send_once(request, form, lambda: _siapkan(request, form, dari)), form=form)
        if url:
            return redirect(url)
    return halaman_antrean(request, gagal=form, status=refusal_status(request, 422))


def _siapkan(request: HttpRequest, form: MassalForm, dari: str) -> str:
    pilih = {pk: n for n, pk in enumerate(form.cleaned_data["usulan"])}
    rows = sorted(antrean(request.user).filter(pk__in=pilih), key=lambda u: pilih[u.pk])
    if not rows:
        return reverse("verifikasi") + f"?antrean={dari}"  # nothing of it waits here any more
    massal = aksi.siapkan(rows, by=request.user, langkah=form.cleaned_data["langkah"], dari=dari)
    return reverse("massal_lihat", args=[massal.pk])


def _massal(request: HttpRequest, pk: Any) -> TindakanMassal:
    if not luas(request.user):
        raise PermissionDenied
    return get_object_or_404(TindakanMassal.objects.visible_to(request.user), pk=pk)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def lihat(request: HttpRequest, pk: Any) -> HttpResponse:
    massal = _massal(request, pk)
    arrow = USULAN.find(massal.langkah, massal.dari)
    assert arrow is not None  # it was chosen from the arrows
    if massal.status != TindakanMassal.Status.PRATINJAU:
        if request.method == "POST":
            return redirect("massal_lihat", pk=massal.pk)
        return _hasil(request, massal, arrow)
    form = LangkahForm(
        request.POST if request.method == "POST" else None,
        initial={"versi": 0},
        **_pilihan(request, massal, arrow),
    )
    if request.method == "POST" and form.is_valid():

        def do() -> str:
            aksi.setujui(massal, by=request.user, isian=_isian(form.cleaned_data, arrow))
            return reverse("massal_lihat", args=[massal.pk])

        if url := act(request, lambda: send_once(request, form, do), form=form):
            return redirect(url)
    konteks = {"massal": massal, "arrow": arrow, "form": form, **_kelompok(massal)}
    status = refusal_status(request, 422) if form.is_bound else 200
    return render(request, "bansos/massal_periksa.html", konteks, status=status)


def _pilihan(request: HttpRequest, massal: TindakanMassal, arrow: Langkah) -> dict[str, Any]:
    hasil: dict[str, Any] = {}
    if arrow.nama == "kembalikan":
        hasil["tujuan"] = [(t, USULAN.state(t).label) for t in arrow.tujuan]
    if arrow.perlu_alasan:
        hasil["alasan"] = AlasanLangkah.objects.filter(langkah=arrow.nama, aktif=True)
    if arrow.nama == "tugaskan":
        hasil["petugas"] = petugas_lapangan(luas(request.user))
    return hasil


def _isian(data: dict[str, Any], arrow: Langkah) -> dict[str, Any]:
    isi = {"catatan": data["catatan"]}
    if arrow.nama == "kembalikan":
        isi["tujuan"] = data.get("tujuan") or arrow.tujuan[0]
    if data.get("alasan"):
        isi["alasan"] = data["alasan"].pk
    if data.get("petugas"):
        isi["petugas"] = data["petugas"]
    return isi


def _baris(massal: TindakanMassal) -> Any:
    """Its cases, without those of an area that the person no longer works in."""
    terlihat = Usulan.objects.visible_to(massal.oleh)
    rows = massal.baris.filter(usulan__in=terlihat)
    return rows.select_related("usulan__keluarga", "usulan__wilayah").order_by("urut")


def _kelompok(massal: TindakanMassal) -> dict[str, Any]:
    rows = list(_baris(massal))
    return {
        "dapat": [b for b in rows if b.hasil == Hasil.MENUNGGU],
        "tidak": [b for b in rows if b.hasil == Hasil.TIDAK],
    }


def _hasil(request: HttpRequest, massal: TindakanMassal, arrow: Langkah) -> HttpResponse:
    """How far it is, then what came of it."""
    n = dict(massal.baris.order_by("hasil").values_list("hasil").annotate(n=Count("pk")))
    berhasil, gagal, sisa = (n.get(h, 0) for h in (Hasil.BERHASIL, Hasil.GAGAL, Hasil.MENUNGGU))
    berjalan = massal.status == TindakanMassal.Status.JALAN
    konteks = {
        "massal": massal, "arrow": arrow, "berhasil": berhasil, "sisa": sisa, "selesai": berhasil + gagal,
        "total": berhasil + gagal + sisa, "berjalan": berjalan,
        "gagal": [] if berjalan else list(_baris(massal).filter(hasil=Hasil.GAGAL)),
        "tidak": [] if berjalan else list(_baris(massal).filter(hasil=Hasil.TIDAK)),
    }  # fmt: skip
    if request.htmx and berjalan:  # type: ignore[attr-defined]
        return render(request, "bansos/_massal_kemajuan.html", konteks)
    jawab = render(request, "bansos/massal_hasil.html", konteks)
    if request.htmx:  # type: ignore[attr-defined]
        jawab["HX-Refresh"] = "true"
    return jawab


@login_required
@require_POST
def unduh(request: HttpRequest, pk: Any) -> HttpResponse:
    """What could not be done, with why and the way out, as a file."""
    massal = _massal(request, pk)
    rows = list(_baris(massal).filter(hasil__in=[Hasil.GAGAL, Hasil.TIDAK]))
    format = "csv" if request.POST.get("format") == "csv" else "xlsx"
    if act(request, lambda: aksi.catat_unduh(massal, by=request.user, jumlah=len(rows)) or True) is None:
        return redirect("massal_lihat", pk=massal.pk)
    berkas = ekspor.berkas_baru()
    lembar = ekspor.Lembar(judul=JUDUL, lebar=(20, 30, 30, 14, 80), nama="Tidak dapat")
    ekspor.tulis(berkas, format, lembar, _sel(rows))
    return ekspor.jawaban(berkas, ekspor.nama_berkas(f"Tidak dapat {massal.langkah}", format))


def _sel(rows: list[BarisMassal]) -> Iterator[list[str]]:
    for b in rows:
        u = b.usulan
        yield [u.tiket, u.keluarga.nama_kepala, u.wilayah.jalur, b.get_hasil_display(), b.kalimat]
