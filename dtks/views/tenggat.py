"""`/tenggat/`: proposals of my area that ran through half, most or all of their time, the latest first."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from core.web import act, keyset
from dtks.actions import jam
from dtks.queries import eskalasi
from dtks.workflow import USULAN
from wilayah.policies import kalender as policies


@login_required
@require_safe
def daftar(request: HttpRequest) -> HttpResponse:
    if not (request.user.punya("usulan.lihat") or request.user.punya("usulan.ases")):
        raise PermissionDenied
    pilihan = eskalasi.ambang(request.user)
    ambang = request.GET.get("ambang") or str(pilihan[0])
    if ambang not in map(str, pilihan):
        raise SuspiciousOperation("bad threshold")
    rows = eskalasi.naik(request.user, int(ambang)).select_related("wilayah", "petugas")
    halaman = keyset(request, rows, ("tenggat", "id"))
    for satu in halaman.rows:
        keadaan = USULAN.state(satu.status)
        satu.label, satu.nada = keadaan.label, keadaan.nada
        satu.pemegang = (
            satu.petugas.nama if satu.status == "ditugaskan" and satu.petugas else keadaan.pemegang
        )
    konteks = {
        "baris": halaman.rows,
        "berikutnya": halaman.next,
        "pilihan": pilihan,
        "ambang": int(ambang),
        "boleh_hitung": request.user.punya(policies.KUASA),
    }
    return render(request, "dtks/tenggat_daftar.html", konteks)


@login_required
@require_POST
def hitung_ulang(request: HttpRequest) -> HttpResponse:
    """Let the running deadlines follow the calendar as it is now."""
    luas = request.user.cakupan(policies.KUASA)
    if not luas:
        raise PermissionDenied

    def minta() -> bool:
        for kab in luas:
            jam.minta_hitung_ulang(by=request.user, kabupaten=kab)
        return True

    if act(request, minta):
        messages.success(
            request, "Tenggat usulan yang berjalan sedang dihitung ulang dengan kalender terbaru."
        )
    return redirect("kalender")
