"""One page for every step of the line: what will happen, what it needs, and the button."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import Pengguna, Penugasan
from core.forms import SendOnceForm
from core.web import refusal_status
from core.workflow import Halangan, NotOpen
from dtks.actions import usulan as actions
from dtks.forms.usulan import LangkahForm, SptjmForm
from dtks.models import AlasanLangkah, Usulan
from dtks.policies import usulan as policies
from dtks.policies.langkah import halangan
from dtks.surat import sptjm as surat
from dtks.views.kirim import kirim
from dtks.views.usulan import konteks_kasus, nada, rapat_terjadwal
from dtks.workflow import USULAN
from wilayah.queries import leluhur

AKSI = {
    "ajukan": actions.ajukan,
    "musyawarahkan": actions.musyawarahkan,
    "sepakati": actions.sepakati,
    "input": actions.input,
    "tugaskan": actions.tugaskan,
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
        return _not_open(request, usulan, kalimat, 409 if arrow is None else 403)
    assert arrow is not None  # its policy said so
    pilihan = _choices(usulan, nama, arrow.tujuan, arrow.perlu_alasan)
    if request.method == "GET":
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
    isi = {k: data[k] for k in ("tujuan", "musyawarah") if data.get(k)}
    if data.get("alasan"):
        isi["alasan"] = data["alasan"].pk
    if data.get("petugas"):
        isi["petugas"] = Pengguna.objects.get(pk=data["petugas"])
    if nama == "kembalikan" and "tujuan" not in isi:
        arrow = USULAN.find(nama, usulan.status)
        isi["tujuan"] = arrow.tujuan[0] if arrow else ""
    AKSI[nama](usulan, by=request.user, versi=data["versi"], catatan=data["catatan"], **isi)
    return reverse("usulan_lihat", args=[usulan.pk])


def _choices(usulan: Usulan, nama: str, tujuan: tuple[str, ...], perlu_alasan: bool) -> dict[str, Any]:
    hasil: dict[str, Any] = {}
    if nama == "kembalikan":
        hasil["tujuan"] = [(t, USULAN.state(t).label) for t in tujuan]
    if perlu_alasan:
        hasil["alasan"] = AlasanLangkah.objects.filter(langkah=nama, aktif=True)
    if nama == "musyawarahkan":
        hasil["musyawarah"] = rapat_terjadwal(usulan)
    if nama == "tugaskan":
        hasil["petugas"] = _officers(usulan)
    return hasil


def _officers(usulan: Usulan) -> list[tuple[str, str]]:
    """Field officers of the area who are neither the proposer nor of the family, fewest open visits first."""
    area = Q(wilayah__isnull=True) | Q(wilayah_id__in=[*leluhur(usulan.wilayah_id), usulan.wilayah_id])
    ids = (
        Penugasan.objects.berlaku().filter(area, peran__kuasa__contains=["usulan.ases"]).values("pengguna_id")
    )
    keluarga = usulan.keluarga.anggota.filter(aktif=True, nik_indeks__isnull=False).values("nik_indeks")
    rows = (
        Pengguna.objects.filter(pk__in=ids, is_active=True)
        .exclude(orang_id=usulan.pengusul_orang_id)
        .exclude(orang__nik_indeks__in=keluarga)
        .annotate(terbuka=Count("tugas_asesmen", filter=Q(tugas_asesmen__status="ditugaskan")))
        .order_by("terbuka", "nama", "pk")
    )
    return [(str(p.pk), f"{p.nama}, {p.terbuka} kunjungan belum selesai") for p in rows]


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
