"""One page for every step of the line: what will happen, what it needs, and the button."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import Pengguna
from core import penolakan
from core.forms import SendOnceForm
from core.web import refusal_status
from core.workflow import Halangan, Langkah, NotAllowed, NotOpen
from dtks.actions import meja, penugasan
from dtks.actions import usulan as actions
from dtks.forms.usulan import LangkahForm, SptjmForm
from dtks.models import AlasanLangkah, Usulan
from dtks.policies import usulan as policies
from dtks.policies.langkah import halangan
from dtks.queries.meja import LANGKAH_MEJA
from dtks.queries.periode import kalimat_guliran
from dtks.queries.petugas import calon
from dtks.surat import sptjm as surat
from dtks.views.kirim import kirim
from dtks.views.usulan import konteks_kasus, nada, rapat_terjadwal
from dtks.workflow import ANTREAN, USULAN

AKSI = {
    "ajukan": actions.ajukan,
    "musyawarahkan": actions.musyawarahkan,
    "sepakati": actions.sepakati,
    "input": actions.input,
    "tugaskan": actions.tugaskan,
    "alihkan": penugasan.alihkan,
    "verifikasi": actions.verifikasi,
    "kembalikan": actions.kembalikan,
    "tolak": actions.tolak,
    "tunda": actions.tunda,
    "lanjutkan": actions.lanjutkan,
    "tarik": actions.tarik,
}
BAHAYA = ("tolak", "tarik")


@login_required
@require_http_methods(["GET", "POST"])
def langkah(request: HttpRequest, pk: Any, nama: str) -> HttpResponse:
    usulan = get_object_or_404(
        Usulan.objects.visible_to(request.user).select_related(
            "keluarga__wilayah", "wilayah", "petugas", "created_by", "sptjm"
        ),
        pk=pk,
    )
    if nama not in AKSI:
        raise Http404
    arrow = USULAN.find(nama, usulan.status)
    if kalimat := policies.BY_STEP[nama](request.user, usulan):
        if request.method == "POST" and arrow is not None:
            penolakan.catat(
                request.user,
                NotAllowed([Halangan("TIDAK_BERWENANG", kalimat)], langkah=nama, objek=usulan),
            )
        return _not_open(request, usulan, kalimat, 409 if arrow is None else 403)
    assert arrow is not None  # its policy said so
    pilihan = pilihan_langkah(usulan, arrow)
    if request.method == "GET":
        if _di_meja(usulan, nama):
            return redirect("meja", pk=usulan.pk)
        awal = {"versi": usulan.versi}
        if nama == "musyawarahkan" and not usulan.sptjm_id:
            awal["musyawarah"] = rapat_terjadwal(usulan).first()
        form = LangkahForm(initial=awal, **pilihan)
        return _page(request, usulan, arrow, form, 200)
    form = LangkahForm(request.POST, **pilihan)
    if form.is_valid():
        tujuan = kirim(request, form, lambda: _take(request, usulan, nama, form.cleaned_data))
        if tujuan:
            messages.success(request, f"{arrow.label}: tersimpan.")
            return redirect(tujuan)
        if refusal_status(request) == 409:
            return _stale(request, usulan, form)
    return _page(request, usulan, arrow, form, refusal_status(request, 422))


def _take(request: HttpRequest, usulan: Usulan, nama: str, data: dict[str, Any]) -> str:
    """Call the step's own action with what its page asked for."""
    isi = isian_langkah(usulan, nama, data)
    if _di_meja(usulan, nama):
        hasil = meja.putuskan(usulan, nama, by=request.user, **isi)
    else:
        hasil = AKSI[nama](usulan, by=request.user, **isi)
    kabari_guliran(request, usulan, hasil)
    return reverse("usulan_lihat", args=[usulan.pk])


def _di_meja(usulan: Usulan, nama: str) -> bool:
    """Steps that the Dinas takes with the case before its eyes, at the desk (bansos.views.meja)."""
    return usulan.status in ANTREAN and nama in LANGKAH_MEJA


def isian_langkah(usulan: Usulan, nama: str, data: dict[str, Any]) -> dict[str, Any]:
    """What the action of a step takes, from the cleaned data of its form."""
    isi = {k: data[k] for k in ("tujuan", "musyawarah") if data.get(k)}
    if data.get("alasan"):
        isi["alasan"] = data["alasan"].pk
    if data.get("petugas"):
        isi["petugas"] = Pengguna.objects.get(pk=data["petugas"])
    if nama == "kembalikan" and "tujuan" not in isi:
        arrow = USULAN.find(nama, usulan.status)
        isi["tujuan"] = arrow.tujuan[0] if arrow else ""
    return {**isi, "versi": data["versi"], "catatan": data["catatan"]}


def kabari_guliran(request: HttpRequest, lama: Usulan, hasil: Usulan) -> None:
    """Say that a late step moved the case to the next period."""
    if hasil.periode != lama.periode:
        guliran = hasil.guliran.get(dari=lama.periode)
        messages.info(request, kalimat_guliran(guliran, hasil.wilayah_id))


def pilihan_langkah(usulan: Usulan, arrow: Langkah) -> dict[str, Any]:
    """What the form of a step offers: ends, reasons, meetings or officers, as the step asks for them."""
    hasil: dict[str, Any] = {}
    nama = arrow.nama
    if nama == "kembalikan":
        hasil["tujuan"] = [(t, USULAN.state(t).label) for t in arrow.tujuan]
    if arrow.perlu_alasan:
        rows = AlasanLangkah.objects.filter(langkah=nama, aktif=True)
        lain = ["DIGANTI_IMPOR"]  # written by the import itself
        if usulan.jalur != Usulan.Jalur.PENGHAPUSAN:
            lain.append("HAPUS_TIDAK_PERLU")
        hasil["alasan"] = rows.exclude(pk__in=lain)
    if nama == "musyawarahkan":
        hasil["musyawarah"] = rapat_terjadwal(usulan)
    if nama in ("tugaskan", "alihkan"):
        hasil["petugas"] = _officers(usulan)
    return hasil


def _officers(usulan: Usulan) -> list[tuple[str, str]]:
    """Field officers without a tie to the family: of its kecamatan first, fewest open visits first, then of others."""
    kata = {"tetangga": ", dari kecamatan lain", "kabupaten": ", petugas kabupaten"}
    return [
        (str(p.pk), f"{p.nama}, {p.terbuka} kunjungan belum selesai{kata.get(di, '')}")
        for p, di in calon(usulan)
    ]


def _page(request: HttpRequest, usulan: Usulan, arrow: Any, form: LangkahForm, status: int) -> HttpResponse:
    konteks = {
        "usulan": usulan,
        "arrow": arrow,
        "form": form,
        "halangan": halangan(usulan, arrow, request.user),
        "nada": nada()[usulan.status],
        "keadaan": USULAN.state(usulan.status),
        "bahaya": arrow.nama in BAHAYA,
        "tujuan_tunggal": USULAN.state(arrow.tujuan[0]) if len(arrow.tujuan) == 1 else None,
        "buntu": "musyawarah" in form.fields and not usulan.sptjm_id and not rapat_terjadwal(usulan).exists(),
    }
    return render(request, "dtks/usulan_langkah.html", konteks, status=status)


def _not_open(request: HttpRequest, usulan: Usulan, kalimat: str, status: int) -> HttpResponse:
    """The case as it is now, with the sentence why this step is not there; a repeat of a sent form finds its result."""
    form = SendOnceForm(request.POST)
    sekali_lagi = request.method == "POST" and form.is_valid()
    if sekali_lagi and (tujuan := kirim(request, form, lambda: _refuse(kalimat))):
        return redirect(tujuan)
    messages.error(request, kalimat)
    return render(request, "dtks/usulan_lihat.html", konteks_kasus(request, usulan), status=status)


def _refuse(kalimat: str) -> str:
    raise NotOpen([Halangan("SUDAH_BERPINDAH", kalimat)])


def _stale(request: HttpRequest, usulan: Usulan, form: LangkahForm) -> HttpResponse:
    for kalimat in form.non_field_errors():
        messages.error(request, kalimat)
    usulan.refresh_from_db()
    return render(request, "dtks/usulan_lihat.html", konteks_kasus(request, usulan), status=409)


@login_required
@require_http_methods(["GET", "POST"])
def sptjm(request: HttpRequest, pk: Any) -> HttpResponse:
    """Upload the signed statement that stands in for the meeting."""
    usulan = get_object_or_404(
        Usulan.objects.visible_to(request.user).select_related("keluarga", "wilayah", "sptjm"), pk=pk
    )
    if not request.user.boleh("usulan.sepakati", usulan.wilayah_id):
        raise Http404
    form = SptjmForm(request.POST or None, request.FILES or None, use_required_attribute=False)
    if request.method == "POST" and form.is_valid():
        berkas = form.cleaned_data["berkas"]

        def do() -> str:
            actions.unggah_sptjm(usulan, by=request.user, isi=berkas.read(), nama=berkas.name)
            return reverse("usulan_lihat", args=[usulan.pk])

        tujuan = kirim(request, form, do)
        if tujuan:
            messages.success(request, "SPTJM tersimpan.")
            return redirect(tujuan)
    status = refusal_status(request, 422) if request.method == "POST" else 200
    return render(request, "dtks/usulan_sptjm.html", {"usulan": usulan, "form": form}, status=status)


@login_required
@require_safe
def surat_sptjm(request: HttpRequest, pk: Any) -> HttpResponse:
    """The letter to print and sign. It holds names, so only those who may use it get it."""
    usulan = get_object_or_404(
        Usulan.objects.visible_to(request.user).select_related("keluarga", "wilayah"), pk=pk
    )
    if not request.user.boleh("usulan.sepakati", usulan.wilayah_id):
        raise Http404
    isi = surat.sptjm(usulan)
    nama = f"SPTJM-{usulan.tiket}.pdf"
    return HttpResponse(
        isi, content_type="application/pdf", headers={"Content-Disposition": f'attachment; filename="{nama}"'}
    )
