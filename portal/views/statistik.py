"""/statistik/: numbers for everybody, without an account. Nobody can be recognised in them."""

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core import replica
from portal.queries import statistik as angka
from wilayah.kode import LENGTHS

NAMA = {"wilayah", "periode"}


@require_safe
@replica.page()
def statistik(request: HttpRequest) -> HttpResponse:
    """The only kabupaten at once, else a list of them; `wilayah` is a kabupaten or one of its kecamatan."""
    if set(request.GET) - NAMA:
        raise BadRequest("unknown parameter")
    kabupaten = angka.terbit()
    wilayah = request.GET.get("wilayah") or (kabupaten[0][0] if len(kabupaten) == 1 else "")
    if not wilayah:
        return render(request, "portal/statistik.html", {"kabupaten": kabupaten})
    bulan = angka.bulan_terbit(wilayah) if len(wilayah) in LENGTHS[1:3] and "\x00" not in wilayah else []
    periode = request.GET.get("periode") or (bulan[0] if bulan else "")
    halaman = angka.baca(wilayah, periode) if periode in bulan else []
    if not halaman:
        raise Http404
    return render(
        request,
        "portal/statistik_wilayah.html",
        {
            "tabel": angka.tabel(halaman),
            "dihitung": halaman[0].dihitung_at,
            "jalur": halaman[0].isi["jalur"],
            "wilayah": wilayah,
            "periode": periode,
            "bulan": bulan,
            "turun": angka.punya_halaman(wilayah) - {wilayah},
            "banyak": len(kabupaten) > 1,
        },
    )
