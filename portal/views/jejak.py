"""The audit trail, newest first."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core.models import Jejak
from core.web import keyset
from portal.forms import SaringJejak, rapikan_nik
from portal.queries.jejak import jejak_terlihat

PIECE = 16


@login_required
@require_safe
def jejak(request: HttpRequest) -> HttpResponse:
    luas = request.user.cakupan("jejak.lihat")
    if not luas:
        raise PermissionDenied
    saring = SaringJejak(request, jejak_terlihat(request.user), luas=luas)
    halaman = keyset(request, saring.qs, ("-id",))
    return render(
        request,
        "portal/jejak.html",
        {
            "saring": saring.form,
            "baris": [(j, _rincian(j)) for j in halaman.rows],
            "berikutnya": halaman.next,
        },
    )


def _rincian(satu: Jejak) -> list[tuple[str, list[str]]]:
    """(name, value in pieces between which the browser may break the line: a SHA-256 is wider than a phone)."""
    isi = ((str(k).replace("_", " "), rapikan_nik(_kata(v))) for k, v in sorted(satu.rincian.items()))
    return [(k, [v[i : i + PIECE] for i in range(0, len(v), PIECE)]) for k, v in isi]


def _kata(nilai: object) -> str:
    return ", ".join(map(str, nilai)) if isinstance(nilai, list) else str(nilai)
