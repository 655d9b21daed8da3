"""`/periode/`: the windows of a month for everyone with a role, and their change by the supervisor."""

import re
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from core.web import keyset, refusal_status
from dtks.actions import periode as aksi
from dtks.forms.periode import MOMEN, PeriodeForm
from dtks.models import Periode
from dtks.policies import periode as policies
from dtks.queries import periode as baca
from dtks.views.kirim import kirim
from wilayah.waktu import singkatan, waktu_wilayah, zona

PER_HALAMAN = 20
DASAR = {
    "terverifikasi": ("Dasar hukum sudah dibaca", "baik"),
    "perlu_cek": ("Tanggal berlaku; dasar hukumnya belum diperiksa Dinas", "tunggu"),
    "kebijakan": ("Kebijakan Dinas", "netral"),
}


@login_required
@require_safe
def daftar(request: HttpRequest) -> HttpResponse:
    """The month of my kabupaten: each window, which closing moments are mine, and the legal basis."""
    luas = [p.wilayah_id for p in request.user.penugasan_aktif if p.wilayah_id]
    kini = baca.bulan(luas[0] if luas else "", baca.saat_ini())
    bulan = request.GET.get("periode") or kini
    if not re.fullmatch(r"20[0-9]{2}-(0[1-9]|1[0-2])", bulan, re.ASCII):
        raise SuspiciousOperation("bad month")
    rows = Periode.objects.visible_to(request.user).filter(periode=bulan).select_related("wilayah")
    halaman = keyset(request, rows, ("wilayah_id", "program", "jalur", "id"), PER_HALAMAN)
    nama = baca.nama_program()
    konteks = {
        "bulan": bulan,
        "kini": kini,
        "sebelum": baca.sebelum(bulan),
        "berikut": baca.berikut(bulan),
        "jendela": [_satu(request, baris, nama) for baris in halaman.rows],
        "berikutnya": halaman.next,
        "boleh_tenggat": request.user.punya("usulan.lihat") or request.user.punya("usulan.ases"),
        "banyak_kabupaten": len({baris.wilayah_id for baris in halaman.rows}) > 1,
    }
    return render(request, "dtks/periode_daftar.html", konteks)


def _satu(request: HttpRequest, baris: Periode, nama: dict[str, str]) -> dict[str, Any]:
    saat, saya = baca.saat_ini(), baca.kolom_saya(request.user, baris.wilayah_id)
    dasar, nada = DASAR.get(baris.status_verifikasi, DASAR["perlu_cek"])
    return {
        "baris": baris,
        "judul": _judul(baris, nama),
        "dasar": dasar,
        "nada": nada,
        "momen": [
            (baca.nama_momen(k), *_kapan(baris, k), _sisa(baris, k, saat), k in saya)
            for k in MOMEN
        ],
        "boleh_ubah": policies.ubah(request.user, baris) is None and not baca.lewat(baris.tarik_pusat, saat),
    }  # fmt: skip


def _sisa(baris: Periode, kolom: str, saat: datetime) -> str:
    """What has begun is open, not late."""
    batas = getattr(baris, kolom)
    if kolom == "buka" and saat >= batas:
        return "sudah dibuka"
    return baca.sisa_kata(batas, baris.wilayah_id, saat)


def _kapan(baris: Periode, kolom: str) -> tuple[Any, str]:
    """Day and hour on the clock of the area."""
    setempat = waktu_wilayah(baris.wilayah_id, getattr(baris, kolom))
    return setempat.date(), f"{setempat:%H.%M} {singkatan(baris.wilayah_id)}"


def _judul(baris: Periode, nama: dict[str, str]) -> str:
    program = nama.get(baris.program, baris.program) or "Semua program"
    return f"{program}, {baris.get_jalur_display().lower()}" if baris.jalur else program


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def ubah(request: HttpRequest, pk: Any) -> HttpResponse:
    jendela = get_object_or_404(Periode.objects.visible_to(request.user).select_related("wilayah"), pk=pk)
    if policies.ubah(request.user, jendela):
        raise Http404
    with timezone.override(zona(jendela.wilayah_id)):
        form = PeriodeForm(request.POST or None, jendela=jendela)
        if form.is_valid() and (tujuan := kirim(request, form, lambda: _simpan(request, jendela, form))):
            messages.success(request, "Jadwal sudah diubah. Petugas yang terkait diberi tahu.")
            return redirect(tujuan)
        konteks = {
            "form": form,
            "jendela": jendela,
            "judul": _judul(jendela, baca.nama_program()),
            "zona": singkatan(jendela.wilayah_id),
            "riwayat": _riwayat(jendela),
        }
        status = refusal_status(request, 422) if request.method == "POST" else 200
        return render(request, "dtks/periode_ubah.html", konteks, status=status)


def _simpan(request: HttpRequest, jendela: Periode, form: PeriodeForm) -> str:
    data = form.cleaned_data
    aksi.ubah(
        jendela, by=request.user, momen=form.momen, alasan=data["alasan"], dasar_hukum=data["dasar_hukum"], versi=data["versi"]
    )  # fmt: skip
    return f"{reverse('periode_daftar')}?periode={jendela.periode}"


def _riwayat(jendela: Periode) -> list[dict[str, Any]]:
    return [
        {
            "label": ", ".join(f"{baca.nama_momen(k)}: {baca.momen_kata(v, jendela.wilayah_id)}" for k, v in r.sesudah.items()),
            "waktu": r.pada,
            "oleh": r.oleh.nama,
            "alasan": r.alasan,
        }
        for r in jendela.perubahan.select_related("oleh").order_by("-pada", "-pk")
    ]  # fmt: skip
