"""The audit trail, newest first."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core.web import keyset
from portal.forms import SaringJejak, rapikan_nik
from portal.queries import kata_jejak
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
    kata = kata_jejak.baca(halaman.rows)
    return render(
        request,
        "portal/jejak.html",
        {
            "saring": saring.form,
            "baris": [
                {
                    "j": j,
                    "aksi": kata_jejak.langkah(j.aksi),
                    "jenis": kata_jejak.jenis(j.objek_jenis),
                    "sebutan_peran": kata.peran.get(j.peran, j.peran),
                    "wilayah": kata.wilayah.get(j.wilayah, j.wilayah),
                    "isi": [(k, _potong(rapikan_nik(v))) for k, v in kata.rincian(j)],
                }
                for j in halaman.rows
            ],
            "berikutnya": halaman.next,
        },
    )


def _potong(teks: str) -> list[str]:
    """Pieces between which the browser may break a long word: a SHA-256 is wider than a phone."""
    return (
        [teks[i : i + PIECE] for i in range(0, len(teks), PIECE)]
        if max(map(len, teks.split(" "))) > PIECE
        else [teks]
    )
