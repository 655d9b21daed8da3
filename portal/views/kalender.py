"""`/kalender/`: working days of the user's area for all staff; days off of an area by the supervisor."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from core.web import act, refusal_status, send_once
from portal.forms_kalender import HapusLiburForm, LiburForm
from portal.queries import kalender as baca
from wilayah.actions import kalender as aksi
from wilayah.models import HariLibur, Wilayah
from wilayah.policies import kalender as policies
from wilayah.waktu import hari_wilayah


def _kabupaten(request: HttpRequest) -> list[str]:
    """Kabupaten (or province) of the user's assignments; [] for nationwide ones, who see the national days."""
    return list(dict.fromkeys(p.wilayah_id[:5] for p in request.user.penugasan_aktif if p.wilayah_id))


@login_required
@require_safe
def kalender(request: HttpRequest) -> HttpResponse:
    luas = _kabupaten(request)
    pilih = request.GET.get("wilayah") or (luas[0] if luas else "")
    if pilih and pilih not in luas:
        raise Http404
    kini, tahunan = hari_wilayah(pilih or "31"), baca.tahun_terisi()
    tahun = request.GET.get("tahun") or str(kini.year)
    if not (tahun.isascii() and tahun.isdigit() and 2025 <= int(tahun) <= 2100):
        raise SuspiciousOperation("bad year")
    konteks = {
        "tahun": int(tahun),
        "tahunan": sorted({*tahunan, int(tahun)}),
        "terisi": int(tahun) in tahunan,
        "kini": kini,
        "pilih": pilih,
        "daerah": Wilayah.objects.filter(pk__in=luas).order_by("kode"),
        "bulan": baca.setahun(pilih, int(tahun)),
        "boleh": bool(request.user.cakupan(policies.KUASA)),
        "kelola": request.user.cakupan(policies.KUASA),
    }
    return render(request, "portal/kalender.html", konteks)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def tambah(request: HttpRequest) -> HttpResponse:
    luas = request.user.cakupan(policies.KUASA)
    if not luas:
        raise Http404
    form = LiburForm(request.POST or None, luas=luas)
    if form.is_valid():
        data = form.cleaned_data

        def simpan() -> str:
            libur = aksi.tambah_libur(
                by=request.user, wilayah=data["wilayah"].pk, tanggal=data["tanggal"], nama=data["nama"],
                dasar_hukum=data["dasar_hukum"],
            )  # fmt: skip
            return f"{reverse('kalender')}?tahun={libur.tanggal.year}&wilayah={libur.wilayah_id}"

        if tujuan := act(request, lambda: send_once(request, form, simpan), form=form):
            messages.success(
                request, "Libur daerah dicatat. Tenggat yang dihitung mulai sekarang memakai hari libur ini."
            )
            return redirect(tujuan)
    status = refusal_status(request, 422) if request.method == "POST" else 200
    return render(request, "portal/kalender_tambah.html", {"form": form}, status=status)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def hapus(request: HttpRequest, pk: int) -> HttpResponse:
    libur = get_object_or_404(
        HariLibur.objects.visible_to(request.user).filter(wilayah__isnull=False).select_related("wilayah"), pk=pk
    )  # fmt: skip
    if policies.kelola(request.user, libur.wilayah_id):
        raise Http404
    form = HapusLiburForm(request.POST or None, use_required_attribute=False)
    kembali = f"{reverse('kalender')}?tahun={libur.tanggal.year}&wilayah={libur.wilayah_id}"
    if form.is_valid():

        def buang() -> str:
            aksi.hapus_libur(libur, by=request.user, alasan=form.cleaned_data["alasan"])
            return kembali

        if tujuan := act(request, lambda: send_once(request, form, buang), form=form):
            messages.success(request, "Libur daerah dihapus. Hari itu kembali menjadi hari kerja.")
            return redirect(tujuan)
    status = refusal_status(request, 422) if request.method == "POST" else 200
    konteks = {"form": form, "libur": libur, "kembali": kembali}
    return render(request, "portal/kalender_hapus.html", konteks, status=status)
