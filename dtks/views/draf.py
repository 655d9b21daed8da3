"""`/draf/`: autosave of half-filled forms, and the key with which the phone locks what it keeps.

A form asks for its draft by its own address. Only addresses in `FORMULIR` have drafts, and only for people who may send
the form: the draft of a form that one cannot open would be a store of personal data that nobody can use.
"""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.urls import Resolver404, resolve
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.privacy import phone
from core.templatetags.ui import jam
from core.web import act, refusal_status
from dtks.actions import draf as actions
from dtks.models import Usulan
from dtks.policies import usulan as policies
from dtks.queries import draf as queries

# View name of each form with drafts: where "Simpan sementara" leads back to.
FORMULIR = {
    "usulan_isian": "usulan_baru", "usulan_lengkap": "usulan_lengkap", "usulan_keluarga": "", "anggota_baru": "",
    "anggota_ubah": "", "usulan_rumah": "", "usulan_aset": "", "asesmen_isi": "",
}  # fmt: skip
JANGAN = frozenset({"csrfmiddlewaretoken", "draf_kunci", "draf_json"})


def _kunci(request: HttpRequest, kunci: str) -> str:
    """The form's address when it is one that has drafts, '' when it is not; 404 when this person may not fill it in."""
    if not (request.user.punya("usulan.buat") or request.user.punya("usulan.ases")):
        raise Http404
    try:
        jalan = urlsplit(kunci).path
        tujuan = resolve(jalan)
    except (Resolver404, ValueError):  # ValueError: no address at all, such as "//["
        return ""
    if tujuan.url_name not in FORMULIR or len(kunci) > 200:
        return ""
    pk = tujuan.kwargs.get("pk")
    if pk:
        usulan = Usulan.objects.visible_to(request.user).filter(pk=pk).first()
        boleh = policies.ases if tujuan.url_name == "asesmen_isi" else policies.isi
        if usulan is None or boleh(request.user, usulan):
            raise Http404
    elif not request.user.punya("usulan.buat"):
        raise Http404
    return jalan


@login_required
@require_http_methods(["GET", "POST"])
def draf(request: HttpRequest) -> HttpResponse:
    """GET gives the own draft of `?kunci=`, POST keeps one. JSON for the script, a page for the button without it."""
    if request.method != "POST":
        satu = queries.ambil(request.user, _kunci(request, request.GET.get("kunci", "")))
        return JsonResponse({"isi": satu.isi, "pada": jam(satu.pada)} if satu else {"isi": None})
    kunci = _kunci(request, request.POST.get("draf_kunci", ""))
    if not kunci:
        return _tanpa_draf()
    isi = {n: request.POST.getlist(n) for n in request.POST if n not in JANGAN}
    baris = act(request, lambda: actions.simpan(by=request.user, kunci=kunci, isi=isi))
    if request.POST.get("draf_json"):
        kalimat = " ".join(str(m) for m in messages.get_messages(request)) if baris is None else ""
        status = 200 if baris else refusal_status(request, 422)
        return JsonResponse({"pada": jam(baris.updated_at)} if baris else {"galat": kalimat}, status=status)
    if baris:
        messages.success(request, f"Tersimpan sementara {jam(baris.updated_at)}. Isian ini belum dikirim.")
    return redirect(_halaman(kunci))


@login_required
@require_POST
def buang(request: HttpRequest) -> HttpResponse:
    kunci = _kunci(request, request.POST.get("draf_kunci", ""))
    if not kunci:
        return _tanpa_draf()
    actions.buang(by=request.user, kunci=kunci)
    if request.POST.get("draf_json"):
        return JsonResponse({})
    messages.info(request, "Isian sementara sudah dibuang.")
    return redirect(_halaman(kunci))


def _tanpa_draf() -> JsonResponse:
    return JsonResponse({"galat": "Formulir ini tidak menyimpan isian sementara."}, status=422)


def _halaman(kunci: str) -> str:
    return FORMULIR[resolve(kunci).url_name or ""] or kunci


@login_required
@require_safe
def kunci_hp(request: HttpRequest) -> JsonResponse:
    """What the script needs to work on: a form token, who is logged in, and the key of the phone's store.

    The key is the same at every login of this person, so that what waits for a signal outlives a session that ended; the
    phone imports it as a key that cannot be read out again, and drops it at logout or when somebody else logs in.
    """
    isi: dict[str, Any] = {
        "siapa": phone.mark(request.user.pk),
        "kunci": phone.key(request.user.pk),
        "csrf": get_token(request),
        "umur": settings.SESSION_MAX_SECONDS,
    }
    return JsonResponse(isi)
