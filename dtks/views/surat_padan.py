"""Letters to Disdukcapil: choose people, print, mark as delivered, keep the answer."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import rules
from core.integrations.dukcapil.repair import REPAIR
from core.web import act, keyset, refusal_status, send_once
from dtks.actions import surat_padan as aksi
from dtks.forms import padan as forms
from dtks.models import BarisSuratPadan, SuratPadan, TiketPadan
from wilayah.kode import dalam

KEADAAN = {
    "dibuat": ("Belum diantar", "tunggu"),
    "dikirim": ("Dikirim, menunggu Disdukcapil", "jalan"),
    "dibalas": ("Sudah dibalas", "baik"),
    "dibatalkan": ("Dibatalkan", "netral"),
}


@login_required
@require_safe
def daftar(request: HttpRequest) -> HttpResponse:
    """Letters of the person's areas, newest first; those without an answer unless `?semua=1`."""
    if not (request.user.punya("padan.surat") or request.user.punya("padan.dukcapil")):
        raise Http404
    semua = request.GET.get("semua") == "1"
    rows = SuratPadan.objects.visible_to(request.user).select_related("wilayah")
    halaman = keyset(request, rows if semua else rows.menunggu(), ("-created_at", "-id"))
    jumlah = dict(
        BarisSuratPadan.objects.filter(surat__in=[s.pk for s in halaman.rows])
        .values_list("surat")
        .annotate(n=Count("pk"))
        .order_by()
    )
    for surat in halaman.rows:
        surat.jumlah, (surat.kata, surat.nada) = jumlah.get(surat.pk, 0), KEADAAN[surat.keadaan]
    isi = {"halaman": halaman, "semua": semua, "bisa_buat": request.user.punya("padan.surat")}
    return render(request, "dtks/surat_padan_daftar.html", isi)


def _calon(request: HttpRequest) -> QuerySet[TiketPadan]:
    """Open tickets that this person may write about, with the newest letter of each."""
    terakhir = BarisSuratPadan.objects.filter(
        tiket=OuterRef("pk"), surat__dibatalkan_at__isnull=True
    ).order_by("-surat__created_at")
    return (
        TiketPadan.objects.visible_to(request.user)
        .terbuka()
        .filter(dalam("wilayah_id", request.user.cakupan("padan.surat")))
        .select_related("individu__keluarga", "wilayah")
        .annotate(
            surat_nomor=Subquery(terakhir.values("surat__nomor")[:1]),
            surat_tanggal=Subquery(terakhir.values("surat__tanggal")[:1]),
        )
        .order_by("wilayah_id", "individu__keluarga__nama_kepala", "individu__nama", "pk")
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def baru(request: HttpRequest) -> HttpResponse:
    """Tick people, read what the letter will hold, make it. Those already in a letter are not ticked beforehand."""
    luas = request.user.cakupan("padan.surat")
    if not luas:
        raise Http404
    rows = _calon(request)
    form = forms.SuratForm(request.POST if request.method == "POST" else None, rows=rows)
    if form.is_valid():

        def buat() -> str:
            surat = aksi.buat([t.pk for t in form.cleaned_data["tiket"]], by=request.user)
            return reverse("surat_padan_lihat", args=[surat.pk])

        if alamat := act(request, lambda: send_once(request, form, buat), form=form):
            messages.success(request, "Surat sudah dibuat. Unduh, minta tanda tangan, lalu antar.")
            return redirect(alamat)
    maks = rules.value("padan.surat_maks", luas[0])
    dicentang = set(request.POST.getlist("tiket"))
    daftar = list(rows)
    for tiket in daftar:
        tiket.masalah = REPAIR[tiket.kategori]
        tiket.dicentang = (
            str(tiket.pk) in dicentang
            if form.is_bound
            else str(tiket.pk) == request.GET.get("tiket")
            or (tiket.masalah.siapa == "disdukcapil" and not tiket.surat_nomor and "tiket" not in request.GET)
        )
    daftar.sort(key=lambda t: not t.dicentang)  # who is meant stands on top
    if not form.is_bound and sum(t.dicentang for t in daftar) > maks:
        for tiket in [t for t in daftar if t.dicentang][maks:]:
            tiket.dicentang = False
    status = refusal_status(request, 422) if request.method == "POST" else 200
    return render(
        request, "dtks/surat_padan_baru.html", {"form": form, "baris": daftar, "maks": maks}, status=status
    )


def _ambil(request: HttpRequest, pk: uuid.UUID) -> SuratPadan:
    rows = SuratPadan.objects.visible_to(request.user).select_related("wilayah", "dokumen", "balasan")
    surat: SuratPadan = get_object_or_404(rows, pk=pk)
    return surat


@login_required
@require_safe
def lihat(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    return _halaman(request, _ambil(request, pk))


def _halaman(request: HttpRequest, surat: SuratPadan, *, status: int = 200, **form: Any) -> HttpResponse:
    by = request.user
    desa, dinas = by.boleh("padan.surat", surat.wilayah_id), by.boleh("padan.dukcapil", surat.wilayah_id)
    baris = list(surat.baris.select_related("tiket__individu").order_by("urut"))
    for satu in baris:
        satu.arti = REPAIR[satu.kategori].arti
        satu.nada = "baik" if satu.tiket.status in ("selesai", "dikecualikan") else "tunggu"
    awal = {"tanggal": timezone.localdate()}
    kata, nada = KEADAAN[surat.keadaan]
    isi = {
        "surat": surat,
        "kata": kata,
        "nada": nada,
        "baris": baris,
        "kirim": form.get("kirim") or forms.KirimSuratForm(initial=awal)
        if desa and surat.keadaan == "dibuat"
        else None,
        "balas": form.get("balas") or forms.BalasSuratForm(initial=awal)
        if (desa or dinas) and surat.keadaan == "dikirim"
        else None,
        "batal": form.get("batal") or forms.BatalSuratForm()
        if desa and surat.keadaan in ("dibuat", "dikirim")
        else None,
        "salah": next(iter(form.values()), None),
    }
    return render(request, "dtks/surat_padan_lihat.html", isi, status=status)


@login_required
@require_POST
def unduh(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The PDF. A POST, because handing out full numbers writes an audit row."""
    surat = _ambil(request, pk)
    isi = act(request, lambda: aksi.buka(surat, by=request.user))
    if isi is None:
        return _halaman(request, surat, status=refusal_status(request, 422))
    nama = f"SURAT DISDUKCAPIL {surat.urut:03d} {surat.tanggal.year}.pdf"
    return HttpResponse(
        isi,
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'attachment; filename="{nama}"',
            "Cache-Control": "no-store, private",
        },
    )


@login_required
@require_POST
def kirim(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    surat, form = _ambil(request, pk), forms.KirimSuratForm(request.POST)
    if form.is_valid() and act(
        request, lambda: aksi.kirim(surat, by=request.user, tanggal=form.cleaned_data["tanggal"]), form=form
    ):
        messages.success(request, "Tanggal kirim dicatat. Sekarang menunggu Disdukcapil.")
        return redirect("surat_padan_lihat", pk=pk)
    return _halaman(request, surat, status=refusal_status(request, 422), kirim=form)


@login_required
@require_POST
def batalkan(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    surat, form = _ambil(request, pk), forms.BatalSuratForm(request.POST)
    if form.is_valid() and act(
        request,
        lambda: aksi.batalkan(surat, by=request.user, alasan=form.cleaned_data["alasan"]),
        form=form,
    ):
        messages.success(request, "Surat dibatalkan. Orang-orangnya bisa masuk surat baru.")
        return redirect("surat_padan_lihat", pk=pk)
    return _halaman(request, surat, status=refusal_status(request, 422), batal=form)


@login_required
@require_POST
def balas(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    surat, form = _ambil(request, pk), forms.BalasSuratForm(request.POST, request.FILES)
    if form.is_valid():
        data = form.cleaned_data

        def do() -> SuratPadan:
            return aksi.balas(
                surat, by=request.user, tanggal=data["tanggal"], isi=data["berkas"].read(), nama=data["berkas"].name,
                catatan=data["catatan"],
            )  # fmt: skip

        if act(request, do, form=form):
            messages.success(request, "Balasan disimpan. Tekan “Cek ulang” pada tiap orang di bawah.")
            return redirect("surat_padan_lihat", pk=pk)
    return _halaman(request, surat, status=refusal_status(request, 422), balas=form)
