"""The desk: one case beside its decision, the next one of the same queue at hand; claims and taking back."""

import time
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from bansos.forms import SaringAntrean
from bansos.queries.antrean import ANTREAN, URUT, antrean, bebas, lewat, luas, saringan
from bansos.queries.batch import langsung
from bansos.queries.kasus import kasus
from core import rules
from core.forms import WholeField
from core.web import act, refusal_status
from core.workflow import StepRefused
from dtks.actions import meja as aksi
from dtks.actions.urung import urungkan as balikkan
from dtks.forms.usulan import LangkahForm
from dtks.models import Usulan
from dtks.policies.langkah import LangkahTerbuka, terbuka
from dtks.queries.meja import LANGKAH_MEJA, bacaan, pegang_lain, sedang_dibuka
from dtks.views.kirim import kirim
from dtks.views.langkah import BAHAYA, isian_langkah, kabari_guliran, pilihan_langkah
from dtks.views.usulan import nada
from dtks.workflow import DIURUNGKAN, MEJA, USULAN
from wilayah.kode import mencakup

DETAK = 60  # seconds between two signs of life of an open page
KUNCI = {"verifikasi": "a", "tugaskan": "a", "sahkan": "a", "kembalikan": "r", "tolak": "t", "tunda": "d"}


class PegangForm(forms.Form):
    """The version that is on the screen; `ambil_alih` when the person takes the case over."""

    versi = WholeField(min_value=0, max_value=2_000_000_000, widget=forms.HiddenInput)


def _usulan(request: HttpRequest, pk: Any) -> Usulan:
    """The case, for those who work a queue there; elsewhere it does not exist."""
    wilayah = luas(request.user)
    if not wilayah:
        raise PermissionDenied
    usulan = get_object_or_404(
        Usulan.objects.visible_to(request.user).select_related(
            "keluarga__wilayah", "wilayah", "petugas", "sptjm"
        ),
        pk=pk,
    )
    if not any(mencakup(kode, usulan.wilayah_id) for kode in wilayah):
        raise Http404
    return usulan


def _antrean(request: HttpRequest, usulan: Usulan) -> SaringAntrean:
    awal = {"antrean": usulan.status if usulan.status in ANTREAN else "diinput"}
    return SaringAntrean(request, antrean(request.user), luas=luas(request.user), awal=awal)


def _alamat(nama: str, pk: Any, saring: str) -> str:
    return reverse(nama, args=[pk]) + (f"?{saring}" if saring else "")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def meja(request: HttpRequest, pk: Any) -> HttpResponse:
    usulan = _usulan(request, pk)
    saring = _antrean(request, usulan)
    if request.method != "POST":
        return _halaman(request, usulan, saring)
    nama = request.POST.get("langkah", "")
    arrow = USULAN.find(nama, usulan.status)
    if nama not in LANGKAH_MEJA:
        messages.error(request, "Pilih dulu keputusannya.")
        return _halaman(request, usulan, saring, status=422)
    form = LangkahForm(
        request.POST, auto_id=f"id_{nama}_%s", **(pilihan_langkah(usulan, arrow) if arrow else {})
    )
    if form.is_valid():
        tujuan = kirim(request, form, lambda: _putuskan(request, usulan, nama, form.cleaned_data, saring))
        if tujuan:
            return redirect(tujuan)
    if refusal_status(request) in (403, 409) or arrow is None:
        for kalimat in form.non_field_errors():
            messages.error(request, kalimat)
        return _halaman(request, _usulan(request, pk), saring, status=refusal_status(request, 409))
    return _halaman(request, usulan, saring, gagal=(nama, form), status=refusal_status(request, 422))


def _putuskan(
    request: HttpRequest, usulan: Usulan, nama: str, data: dict[str, Any], saring: SaringAntrean
) -> str:
    """Decide, remember how to take it back, and say where the next case of the queue is."""
    if USULAN.find(nama, usulan.status) is None:
        hasil = aksi.putuskan(
            usulan, nama, by=request.user, versi=data["versi"]
        )  # refuses with the present state
    else:
        hasil = aksi.putuskan(usulan, nama, by=request.user, **isian_langkah(usulan, nama, data))
    arrow = USULAN.find(nama, usulan.status)
    kata = arrow.label if arrow else nama
    kabari_guliran(request, usulan, hasil)
    if nama in DIURUNGKAN and usulan.status in MEJA:
        detik = rules.value("urung.detik", hasil.wilayah_id)
        request.session["urung"] = {
            "usulan": str(hasil.pk), "versi": hasil.versi, "kata": kata, "hingga": time.time() + detik
        }  # fmt: skip
    else:
        messages.success(request, f"{usulan.keluarga.nama_kepala}: {kata.lower()}. Tersimpan.")
    sisa = bebas(saring.qs.exclude(pk=usulan.pk), request.user)
    berikut = lewat(sisa, usulan).first() or sisa.order_by(*URUT).first()
    kata_saring = saringan(request.GET)
    if berikut is not None:
        return _alamat("meja", berikut.pk, kata_saring or f"antrean={usulan.status}")
    messages.info(request, "Antrean ini sudah habis. Bagus.")
    return reverse("verifikasi") + f"?{kata_saring or f'antrean={usulan.status}'}"


def urung_terakhir(request: HttpRequest) -> dict[str, Any] | None:
    """The decision that this person may still take back: the case, its version, the seconds left."""
    isi = request.session.get("urung") or {}
    sisa = int(isi.get("hingga", 0) - time.time())
    if sisa < 1:
        return None
    usulan = (
        Usulan.objects.visible_to(request.user).select_related("keluarga").filter(pk=isi["usulan"]).first()
    )
    if usulan is None or usulan.versi != isi["versi"]:
        return None
    form = PegangForm(initial={"versi": isi["versi"]}, auto_id=False)
    return {"usulan": usulan, "form": form, "kata": isi["kata"], "sisa": sisa}


def _langkah(usulan: Usulan, satu: LangkahTerbuka, gagal: tuple[str, LangkahForm] | None) -> dict[str, Any]:
    nama = satu.arrow.nama
    form = None
    if gagal and gagal[0] == nama:
        form = gagal[1]
    elif nama in LANGKAH_MEJA and not satu.halangan:
        form = LangkahForm(
            initial={"versi": usulan.versi}, auto_id=f"id_{nama}_%s", **pilihan_langkah(usulan, satu.arrow)
        )
    return {
        "nama": nama,
        "label": satu.arrow.label,
        "halangan": satu.halangan,
        "form": form,
        "kunci": KUNCI[nama],
        "bahaya": nama in BAHAYA,
        "langsung": form is not None and not {"alasan", "petugas"} & set(form.fields),
        "gagal": bool(gagal and gagal[0] == nama),
    }


def _halaman(
    request: HttpRequest,
    usulan: Usulan,
    saring: SaringAntrean,
    *,
    gagal: tuple[str, LangkahForm] | None = None,
    status: int = 200,
) -> HttpResponse:
    user = request.user
    urutan = (*LANGKAH_MEJA, "sahkan")
    langkah = sorted(
        (s for s in terbuka(usulan, user) if s.arrow.nama in KUNCI and usulan.status in ANTREAN),
        key=lambda s: urutan.index(s.arrow.nama),
    )
    rows = bebas(saring.qs.exclude(pk=usulan.pk), user)
    sebelum = lewat(rows, usulan, mundur=True).values_list("pk", flat=True).first()
    sesudah = lewat(rows, usulan).values_list("pk", flat=True).first()
    kata_saring = saringan(request.GET)
    lain = pegang_lain(usulan, user) if langkah else None
    konteks = {
        "usulan": usulan,
        "kasus": kasus(usulan, user),
        "nada": nada()[usulan.status],
        "saringan": kata_saring,
        "kembali": reverse("verifikasi") + f"?{kata_saring or 'antrean=' + saring.nilai['antrean']}",
        "sebelum": _alamat("meja", sebelum, kata_saring) if sebelum else "",
        "sesudah": _alamat("meja", sesudah, kata_saring) if sesudah else "",
        "langkah": [_langkah(usulan, s, gagal) for s in langkah],
        "lain": sedang_dibuka(lain, usulan.wilayah_id) if lain else "",
        "dibuka": bool(langkah) and lain is None and (bacaan(usulan, user) is not None or gagal is not None),
        "pegang": PegangForm(initial={"versi": usulan.versi}, auto_id=False),
        "urung": urung_terakhir(request),
        "detak": DETAK,
        "langsung": langsung(user),
    }
    return render(request, "bansos/meja.html", konteks, status=status)


@login_required
@require_POST
def pegang(request: HttpRequest, pk: Any) -> HttpResponse:
    """Claim the case and note the reading; the page's script asks every minute, without it a button does."""
    usulan = _usulan(request, pk)
    form = PegangForm(request.POST)
    skrip = "x-meja" in request.headers
    alih = "ambil_alih" in request.POST
    if not form.is_valid():
        return HttpResponse(status=422)
    versi = form.cleaned_data["versi"]
    if skrip:
        try:
            satu = aksi.buka(usulan, by=request.user, versi=versi, ambil_alih=alih)
        except StepRefused as refused:
            kalimat = [h.kalimat for h in refused.halangan]
            return JsonResponse(
                {"kode": refused.halangan[0].kode, "kalimat": kalimat, "status": refused.status},
                status=refused.http_status,
            )
        return JsonResponse({"sejak": satu.sejak, "hingga": satu.hingga})
    act(request, lambda: aksi.buka(usulan, by=request.user, versi=versi, ambil_alih=alih))
    return redirect(_alamat("meja", usulan.pk, saringan(request.GET)))


@login_required
@require_POST
def lepas(request: HttpRequest, pk: Any) -> HttpResponse:
    """The page was left (sent by the browser as it goes)."""
    aksi.lepas(_usulan(request, pk), by=request.user)
    return HttpResponse()


@login_required
@require_POST
def urungkan(request: HttpRequest, pk: Any) -> HttpResponse:
    """Take back the decision that was just taken; the case comes up again."""
    usulan = _usulan(request, pk)
    form = PegangForm(request.POST)
    if not form.is_valid():
        return HttpResponse(status=422)
    hasil = act(request, lambda: balikkan(usulan, by=request.user, versi=form.cleaned_data["versi"]))
    request.session.pop("urung", None)
    if hasil is None:
        return _halaman(
            request, _usulan(request, pk), _antrean(request, usulan), status=refusal_status(request, 409)
        )
    messages.success(
        request, f"Keputusan diurungkan. Usulan kembali: {USULAN.state(hasil.status).label.lower()}."
    )
    return redirect(_alamat("meja", usulan.pk, saringan(request.GET)))
