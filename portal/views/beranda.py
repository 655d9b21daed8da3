"""The public front page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal import alamat


@require_safe
def beranda(request: HttpRequest) -> HttpResponse:
    """What a citizen can do here without an account. Reads no row."""
    return render(
        request,
        "portal/beranda.html",
        {
            "pintu": alamat.yang_ada(alamat.PINTU),
            "layanan": alamat.yang_ada(alamat.LAYANAN),
            "rahasia": alamat.RAHASIA if alamat.ada(alamat.RAHASIA) else "",
            "darurat": alamat.DARURAT if alamat.ada(alamat.DARURAT) else "",
        },
    )
