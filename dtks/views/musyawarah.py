"""Pages of the meeting: list, schedule, overview, changes. Contents and signing are in musyawarah_isi and _sah."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import rules
from core.web import act, keyset, refusal_status, send_once
from dtks.actions import musyawarah as aksi
from dtks.forms import musyawarah as forms
from dtks.models import Musyawarah
from dtks.policies import musyawarah as policies
from dtks.queries.kuorum import Kuorum, hitung
from dtks.workflow import MUSYAWARAH

SIAP, BELUM = "selesai", "belum"
NADA = {"proses": "jalan"}  # tone of a state on the line -> tone of the tag


def ambil(request: HttpRequest, pk: uuid.UUID) -> Musyawarah:
    """The meeting, if this person may see it; another desa's is the same as none."""
    rows = Musyawarah.objects.visible_to(request.user).select_related(
        "wilayah", "berita_acara", "daftar_hadir", "pindaian"
    )
    rapat: Musyawarah = get_object_or_404(rows, pk=pk)
    return rapat


def kerangka(request: HttpRequest, rapat: Musyawarah, judul: str = "") -> dict[str, Any]:
    """What every page of one meeting shows: status, whose turn it is, whether this person may edit."""
    return {
        "rapat": rapat,
        "keadaan": MUSYAWARAH.state(rapat.status),
        "nada": _nada(rapat),
        "bisa_kelola": policies.kelola(request.user, rapat) is None,
        "judul": judul,
    }


def _nada(rapat: Musyawarah) -> str:
    nada = MUSYAWARAH.state(rapat.status).nada
    return NADA.get(nada, nada)


def kiriman(request: HttpRequest) -> Any:
    """Data for a form that GET shows and POST sends; an empty POST is still a sending."""
    return request.POST if request.method == "POST" else None


def kalimat_kuorum(kuorum: Kuorum) -> str:
    """'Kuorum belum tercapai: hadir 4 dari paling sedikit 5 orang; belum ada wakil Babinsa.'"""
    hadir = f"hadir {kuorum.hadir} orang, paling sedikit {kuorum.minimal}"
    if kuorum.tercapai:
        return f"Kuorum tercapai: {hadir}, semua unsur wajib ada."
    kurang = f"; belum ada wakil {', '.join(kuorum.unsur_kurang)}" if kuorum.unsur_kurang else ""
    return f"Kuorum belum tercapai: {hadir}{kurang}."


@login_required
@require_safe
def daftar(request: HttpRequest) -> HttpResponse:
    if not request.user.punya("musyawarah.lihat"):
        raise Http404
    saring = forms.SaringForm(request.GET or None)
    rows = Musyawarah.objects.visible_to(request.user).select_related("wilayah")
    if saring.is_valid() and saring.cleaned_data["status"]:
        rows = rows.filter(status=saring.cleaned_data["status"])
    rows = rows.annotate(jumlah=Count("putusan"))
    halaman = keyset(request, rows, ("-waktu", "-id"))
    for rapat in halaman.rows:
        rapat.keadaan, rapat.nada = MUSYAWARAH.state(rapat.status), _nada(rapat)
    isi = {
        "halaman": halaman,
        "saring": saring,
        "disaring": bool(request.GET.get("status")),
        "bisa_jadwalkan": request.user.punya("musyawarah.kelola"),
    }
    return render(request, "dtks/musyawarah_daftar.html", isi)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def baru(request: HttpRequest) -> HttpResponse:
    luas = request.user.cakupan("musyawarah.kelola")
    if not luas:
        raise Http404
    sendiri = luas[0] if len(luas) == 1 and luas[0].count(".") == 3 else ""
    if request.method != "POST":
        awal = {"waktu": forms.waktu_awal(), "agenda": "Usulan baru dan perubahan data"}
        if sendiri:
            awal["jenis"] = forms.jenis_bawaan(sendiri)
        form = forms.JadwalForm(luas=luas, initial=awal)
        return _form_baru(request, form, forms.peserta_formset(wilayah=sendiri))
    form, peserta = forms.JadwalForm(request.POST, luas=luas), forms.peserta_formset(request.POST)
    # Both are checked, so that one sending shows every error.
    if all([form.is_valid(), peserta.is_valid()]):

        def jadwalkan() -> str:
            rapat = aksi.jadwalkan(
                by=request.user,
                wilayah=form.cleaned_data["wilayah"].pk,
                data=form.acara(),
                peserta=peserta.isi(),
            )
            return reverse("musyawarah_lihat", args=[rapat.pk])

        if alamat := act(request, lambda: send_once(request, form, jadwalkan), form=form):
            messages.success(request, "Musyawarah sudah dijadwalkan. Berikutnya: isi agenda.")
            return redirect(alamat)
    return _form_baru(request, form, peserta, refusal_status(request, 422))


def _form_baru(request: HttpRequest, form: Any, peserta: Any, status: int = 200) -> HttpResponse:
    return render(request, "dtks/musyawarah_baru.html", {"form": form, "peserta": peserta}, status=status)


@login_required
@require_safe
def lihat(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    return halaman_rapat(request, ambil(request, pk))


def halaman_rapat(
    request: HttpRequest, rapat: Musyawarah, *, status: int = 200, **tambahan: Any
) -> HttpResponse:
    """The overview; a refused form of it comes back inside (`pindaian`, `batal`)."""
    hitungan = rapat.putusan.aggregate(
        semua=Count("pk"),
        diputus=Count("pk", filter=~Q(putusan="")),
        sisa=Count("pk", filter=Q(usulan__status="dimusyawarahkan")),
    )
    isi = kerangka(request, rapat) | {
        "hitungan": hitungan,
        "riwayat": _riwayat(rapat),
        "boleh_setujui": policies.setujui(request.user, rapat) is None,
        "boleh_unggah": policies.tandatangani(request.user, rapat) is None,
        "boleh_terapkan": rapat.status == "disetujui"
        and request.user.boleh("usulan.sepakati", rapat.wilayah_id),
    }
    isi |= _tugas(rapat, hitungan) | _formulir(request, rapat)
    return render(request, "dtks/musyawarah_lihat.html", isi | tambahan, status=status)


def _tugas(rapat: Musyawarah, hitungan: dict[str, int]) -> dict[str, Any]:
    try:
        kuorum = hitung(rapat)
    except rules.RuleMissing:
        return {
            "tugas": [],
            "kuorum": None,
            "kalimat_kuorum": "Aturan kuorum belum diisi. Hubungi admin Dinsos.",
        }
    semua, diputus = hitungan["semua"], hitungan["diputus"]
    terbuka = rapat.status == "dijadwalkan"
    url = {
        n: reverse(f"musyawarah_{n}", args=[rapat.pk])
        for n in ("acara", "agenda", "hadir", "putusan", "tutup")
    }
    lengkap = bool(semua) and diputus == semua and kuorum.tercapai
    tugas = [
        (f"1. Agenda: {semua} usulan", url["agenda"], SIAP if semua else BELUM),
        (f"2. Kehadiran: {kuorum.hadir} orang", url["hadir"], SIAP if kuorum.tercapai else BELUM),
        (
            f"3. Putusan: {diputus} dari {semua}",
            url["putusan"],
            SIAP if semua and diputus == semua else BELUM,
        ),
        ("4. Acara dan catatan", url["acara"], SIAP if rapat.catatan or not terbuka else BELUM),
    ]
    if terbuka:
        tugas.append(("5. Tutup musyawarah", url["tutup"], "siap" if lengkap else BELUM))
    return {"tugas": tugas, "kuorum": kuorum, "kalimat_kuorum": kalimat_kuorum(kuorum)}


def _formulir(request: HttpRequest, rapat: Musyawarah) -> dict[str, Any]:
    hasil: dict[str, Any] = {}
    if policies.tandatangani(request.user, rapat) is None:
        hasil["pindaian"] = forms.PindaianForm(initial={"versi": rapat.versi})
    if policies.batalkan(request.user, rapat) is None:
        hasil["batal"] = forms.AlasanForm(
            pilihan=forms.pilihan_alasan("batalkan"), initial={"versi": rapat.versi}
        )
    return hasil


def _riwayat(rapat: Musyawarah) -> list[dict[str, Any]]:
    """Newest first, in the shape of the timeline component."""
    hasil = []
    for r in rapat.riwayat.select_related("oleh").order_by("-urut"):
        arrow = MUSYAWARAH.find(r.langkah, r.dari)
        hasil.append(
            {
                "label": arrow.label if arrow else r.langkah,
                "waktu": r.pada,
                "oleh": r.oleh.nama if r.oleh else "",
                "alasan": " ".join(filter(None, (r.alasan_kalimat, r.catatan))),
            }
        )
    hasil.append({"label": "Dijadwalkan", "waktu": rapat.created_at, "oleh": "", "alasan": ""})
    return hasil


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def acara(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    rapat = ambil(request, pk)
    kolom = list(forms.UbahForm.base_fields)
    form = forms.UbahForm(kiriman(request), initial={k: getattr(rapat, k) for k in kolom})
    if form.is_valid() and act(
        request, lambda: aksi.ubah(rapat, by=request.user, data=form.cleaned_data), form=form
    ):
        messages.success(request, "Acara dan catatan sudah disimpan.")
        return redirect("musyawarah_lihat", pk=pk)
    status = refusal_status(request, 422) if request.method == "POST" else 200
    isi = kerangka(request, rapat, "Acara dan catatan") | {"form": form}
    return render(request, "dtks/musyawarah_acara.html", isi, status=status)


@login_required
@require_POST
def batalkan(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    rapat = ambil(request, pk)
    form = forms.AlasanForm(request.POST, pilihan=forms.pilihan_alasan("batalkan"))
    if form.is_valid() and act(
        request, lambda: aksi.batalkan(rapat, by=request.user, **form.cleaned_data), form=form
    ):
        messages.success(request, "Musyawarah dibatalkan.")
        return redirect("musyawarah_lihat", pk=pk)
    return halaman_rapat(request, rapat, status=refusal_status(request, 422), batal=form)
