"""/cek/: who receives what, asked by NIK and birth date or by village and name. No account, at most two screens.

Found, not found, not to be told apart and asked too often are one page of one size, made by the same statements.
"""

from copy import deepcopy
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from bansos.actions import cek as aksi
from core.identity import mask_nik
from core.middleware import client_ip
from core.tantangan import FormTantangan
from portal.forms_cek import CekNamaForm, CekNikForm
from portal.queries import cek

_TAMPILAN = ("PORTAL_NAMA", "PORTAL_MEREK", "PORTAL_MEREK_CSS")
UKURAN = 12 * 1024  # every answer is a whole number of these, and is not compressed
_SUSULAN = {
    "nik": (
        "nama",
        "Sedang banyak yang bertanya. Isi juga nama lengkap, lalu tekan tombolnya lagi.",
    ),
    "nama": (
        "tgl_lahir",
        "Sedang banyak yang bertanya. Isi juga tanggal lahir, lalu tekan tombolnya lagi.",
    ),
}


@sensitive_post_parameters("nik", "tgl_lahir", "nama")
@require_http_methods(["GET", "HEAD", "POST"])
def cek_bansos(request: HttpRequest) -> HttpResponse:
    """The form, or the answer as the POST's own page: nothing that was asked stands in a URL."""
    if request.method != "POST":
        return _formulir(request, "", None, 200)
    pintu = "nama" if request.POST.get("pintu") == "nama" else "nik"
    alamat = client_ip(request)
    form = (CekNamaForm if pintu == "nama" else CekNikForm)(
        request.POST, alamat=alamat, auto_id=f"{pintu}_%s"
    )
    if not form.is_valid():
        return _formulir(request, pintu, form, form.http_status)
    try:
        # None: the same sending once more, its challenge was used up by the first one.
        jawaban = aksi.baca(form.hasil_lanjutan) if form.hasil_lanjutan else aksi.tanya(form.lanjutan())
    except aksi.OneMore:
        return _satu_lagi(request, pintu, form)
    except aksi.TooMany as banyak:
        form.add_error(
            None,
            f"Sedang terlalu banyak yang bertanya dari jaringan ini. Tunggu {banyak.menit} menit, lalu coba lagi. "
            "Bila mendesak, tanyakan ke kantor desa atau kelurahan.",
        )
        response = _formulir(request, pintu, form, 429)
        response["Retry-After"] = str(banyak.menit * 60)
        return response
    return _jawab(request, pintu, form.cleaned_data, jawaban)


def _satu_lagi(request: HttpRequest, pintu: str, form: FormTantangan) -> HttpResponse:
    nama, kalimat = _SUSULAN[pintu]
    if nama not in form.fields:
        form.fields[nama] = deepcopy(form.base_fields[nama])
    form.add_error(nama, kalimat)
    return _formulir(request, pintu, form, 422)


def _formulir(request: HttpRequest, pintu: str, form: FormTantangan | None, status: int) -> HttpResponse:
    bentuk = {
        "form_nik": form if pintu == "nik" else CekNikForm(auto_id="nik_%s"),
        "form_nama": form if pintu == "nama" else CekNamaForm(auto_id="nama_%s"),
        "pintu": pintu,
    }
    return render(request, "portal/cek.html", bentuk, status=status)


def _jawab(request: HttpRequest, pintu: str, ditanya: dict[str, Any], jawaban: aksi.Jawaban) -> HttpResponse:
    lewat_nama = pintu == "nama"
    isi = render_to_string(
        "portal/_cek_hasil.html",
        {
            "ditanya": f"{ditanya['nama']}, {ditanya['wilayah'].jalur}"
            if lewat_nama
            else f"NIK {mask_nik(ditanya['nik'])}",
            "lewat_nama": lewat_nama,
            "nama": jawaban.nama,
            "tempat": jawaban.wilayah,
            "kartu": cek.kartu(jawaban),
        },
    )
    if settings.SESSION_COOKIE_NAME in request.COOKIES or "messages" in request.COOKIES:
        badan = render_to_string("portal/cek_hasil.html", {"isi": isi}, request).encode()
    else:  # nobody we know, so nothing around the answer is about him
        awal, akhir = _bingkai(settings.DEMO, *(getattr(settings, n, "") for n in _TAMPILAN))
        badan = awal + isi.encode() + akhir
    response = HttpResponse(badan + b" " * (-len(badan) % UKURAN))
    response.tanpa_kompres = True  # type: ignore[attr-defined]
    return response


@lru_cache(maxsize=4)
def _bingkai(*_tampilan: object) -> tuple[bytes, bytes]:
    """The page before and after the answer, as every visitor without a session gets it: rendered once, it holds no answer."""
    tamu = HttpRequest()
    tamu.user = AnonymousUser()
    tanda = "[[jawaban]]"
    awal, _, akhir = render_to_string("portal/cek_hasil.html", {"isi": tanda}, tamu).partition(tanda)
    return awal.encode(), akhir.encode()
