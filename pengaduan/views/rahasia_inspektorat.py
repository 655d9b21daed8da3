"""/pengaduan/rahasia/: the inspectors' desk. Everything is opened in the browser (static/js/rahasia.js); here are envelopes only.

Whoever has no power gets the same 404 as for an address that does not exist. And a password is not enough: before the list is
shown, the browser proves that it holds the inspector's key by opening an envelope that was just closed to it. So an account
that somebody else took over does not even learn whether there are reports.
"""

import base64
import binascii
import hashlib
import json
import secrets
import time
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core import signing
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.privacy import envelope
from core.web import keyset
from core.workflow import StepRefused
from pengaduan.actions import kunci_rahasia as kunci_aksi
from pengaduan.actions import rahasia as tindakan
from pengaduan.forms_rahasia import JENIS
from pengaduan.models import GangguanRahasia, KunciInspektur, LampiranRahasia, LaporanRahasia
from pengaduan.models.rahasia import KUASA, kantor_dari
from pengaduan.policies import rahasia as policies
from pengaduan.queries import rahasia as baca
from wilayah.models import Wilayah

LAMA_BUKTI = 30 * 60  # seconds for which an opened key counts in this session
UMUR_TANTANGAN = 10 * 60
SESI = "rahasia"
_SALT = "rahasia.bukti"

View = Callable[..., HttpResponse]


def inspektur(view: View) -> View:
    @login_required
    @wraps(view)
    def jalan(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.punya(KUASA):
            raise Http404
        return view(request, *args, **kwargs)

    return jalan


def terbuka(view: View) -> View:
    """Only after this session showed that it holds the inspector's key."""

    @inspektur
    @wraps(view)
    def jalan(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        bukti = request.session.get(SESI) or {}
        kunci = baca.kunci_saya(request.user)
        if kunci is None or bukti.get("kunci") != str(kunci.pk) or bukti.get("hingga", 0) < time.time():
            return redirect("rahasia_meja")
        return view(request, *args, **kwargs)

    return jalan


@require_safe
@inspektur
def meja(request: HttpRequest) -> HttpResponse:
    """The locked door: what the browser needs to open the key with the passphrase, and nothing about reports."""
    isi: dict[str, Any] = {
        "halangan": policies.bertugas(request.user),
        "kantor": None,
        "bekal": None,
        "kunci": None,
    }
    if not isi["halangan"]:
        kantor = _kantor(request)
        kunci = baca.kunci_saya(request.user)
        isi |= {"kantor": kantor, "kunci": kunci}
        if kunci is not None:
            isi["sidik"] = envelope.fingerprint(bytes(kunci.publik))
            bekal = baca.bekal(kunci, kantor.pk)
            if bekal["kantor"]:
                isi["bekal"] = bekal | _tantangan(kunci)
    return render(request, "pengaduan/rahasia_meja.html", {"sidik": "", "jenis": dict(JENIS), **isi})


@require_POST
@sensitive_post_parameters()
@inspektur
def buka(request: HttpRequest) -> HttpResponse:
    """The browser opened the challenge: it holds the key."""
    kunci = baca.kunci_saya(request.user)
    jawab, tiket = _b64(request, "jawab"), str(request.POST.get("tiket", ""))
    try:
        soal = signing.loads(tiket, salt=_SALT, max_age=UMUR_TANTANGAN)
    except signing.BadSignature:
        return _salah("Halaman ini sudah terlalu lama terbuka. Muat ulang, lalu buka lagi.")
    if (
        kunci is None
        or jawab is None
        or soal["k"] != str(kunci.pk)
        or soal["h"] != hashlib.sha256(jawab).hexdigest()
    ):
        return _salah("Kata kunci tidak cocok.")
    request.session[SESI] = {"kunci": str(kunci.pk), "hingga": int(time.time()) + LAMA_BUKTI}
    return JsonResponse({"ok": True})


@require_http_methods(["GET", "HEAD", "POST"])
@inspektur
def kunci(request: HttpRequest) -> HttpResponse:
    """Make one's own key; the first inspector of an office makes the key of the office with it."""
    halangan = policies.bertugas(request.user)
    if request.method == "POST":
        return _kirim(request, lambda isi: _simpan_kunci(request, isi))
    if halangan is None and baca.kunci_saya(request.user) is not None:
        return redirect("rahasia_meja")
    kantor = None if halangan else _kantor(request)
    pertama = kantor is not None and baca.kantor_aktif(kantor.pk) is None
    return render(
        request, "pengaduan/rahasia_kunci.html", {"halangan": halangan, "kantor": kantor, "pertama": pertama}
    )


def _simpan_kunci(request: HttpRequest, isi: dict[str, Any]) -> None:
    milik = {
        "kunci_id": UUID(isi["kunci_id"]),
        "publik": _bytes(isi["publik"]),
        "bungkus": json.dumps(isi["bungkus"]),
    }
    if not isi.get("kantor_id"):
        kunci_aksi.daftar_kunci(by=request.user, **milik)
        return
    kunci_aksi.mulai(
        by=request.user, wilayah=_kantor(request).pk, **milik, kantor_id=UUID(isi["kantor_id"]),
        kantor_publik=_bytes(isi["kantor_publik"]), salinan=_bytes(isi["salinan"]),
    )  # fmt: skip


@require_safe
@terbuka
def daftar(request: HttpRequest) -> HttpResponse:
    """The reports, the latest day first, and the colleagues: a piece of page for rahasia.js."""
    kantor = _kantor(request)
    halaman = keyset(request, LaporanRahasia.objects.visible_to(request.user), ("-terakhir", "-id"))
    gangguan = GangguanRahasia.objects.filter(hari__gte=timezone.localdate() - timedelta(days=14)).order_by(
        "-hari"
    )
    rekan = baca.rekan(request.user, kantor.pk)
    isi = {
        "baris": halaman.rows,
        "berikutnya": halaman.next,
        "gangguan": gangguan,
        "rekan": rekan,
        "kantor": kantor,
    }
    return render(request, "pengaduan/rahasia_daftar.html", isi)


@require_safe
@terbuka
def satu(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One talk: envelopes and the form for the answer."""
    laporan = get_object_or_404(LaporanRahasia.objects.visible_to(request.user), pk=pk)
    isi = {"laporan": laporan, "pesan": baca.pesan(laporan), "publik": baca.b64(laporan.publik)}
    return render(request, "pengaduan/rahasia_satu.html", isi)


@require_safe
@terbuka
def lampiran(request: HttpRequest, pk: UUID, lampiran_pk: UUID) -> HttpResponse:
    laporan = get_object_or_404(LaporanRahasia.objects.visible_to(request.user), pk=pk)
    foto = get_object_or_404(LampiranRahasia, pk=lampiran_pk, pesan__laporan=laporan)
    return HttpResponse(bytes(foto.isi), content_type="application/octet-stream")


@require_POST
@terbuka
def jawab(request: HttpRequest, pk: UUID) -> HttpResponse:
    laporan = get_object_or_404(LaporanRahasia.objects.visible_to(request.user), pk=pk)
    return _kirim(
        request,
        lambda isi: tindakan.jawab(
            laporan, by=request.user, pesan_id=UUID(isi["id"]), kantor=UUID(isi["kantor"]),
            isi_kantor=_bytes(isi["isi_kantor"]), isi_pelapor=_bytes(isi["isi_pelapor"]),
        ),
    )  # fmt: skip


@require_POST
@terbuka
def tutup(request: HttpRequest, pk: UUID) -> HttpResponse:
    laporan = get_object_or_404(LaporanRahasia.objects.visible_to(request.user), pk=pk)
    return _kirim(request, lambda isi: tindakan.tutup(laporan, by=request.user))


@require_POST
@terbuka
def bagikan(request: HttpRequest) -> HttpResponse:
    return _kirim(
        request,
        lambda isi: kunci_aksi.bagikan(
            by=request.user,
            wilayah=_kantor(request).pk,
            kepada=UUID(isi["kepada"]),
            salinan=_salinan(isi["salinan"]),
        ),
    )


@require_POST
@terbuka
def ganti(request: HttpRequest) -> HttpResponse:
    """A new office key: after a colleague left, and once a year."""
    return _kirim(
        request,
        lambda isi: kunci_aksi.ganti_kantor(
            by=request.user, wilayah=_kantor(request).pk, kantor_id=UUID(isi["kantor_id"]), publik=_bytes(isi["publik"]),
            salinan=_salinan(isi["salinan"]),
        ),
    )  # fmt: skip


@require_POST
@terbuka
def cabut(request: HttpRequest) -> HttpResponse:
    return _kirim(
        request,
        lambda isi: kunci_aksi.cabut(
            by=request.user, wilayah=_kantor(request).pk, inspektur=UUID(isi["inspektur"])
        ),
    )


@require_POST
@terbuka
def sandi(request: HttpRequest) -> HttpResponse:
    return _kirim(
        request, lambda isi: kunci_aksi.ganti_sandi(by=request.user, bungkus=json.dumps(isi["bungkus"]))
    )


def _kantor(request: HttpRequest) -> Wilayah:
    """The office that this inspector serves; with several, the first by code."""
    kode = sorted(kantor_dari(request.user))
    if not kode:
        raise Http404
    return Wilayah.objects.get(pk=kode[0])


def _tantangan(kunci: KunciInspektur) -> dict[str, str]:
    acak = secrets.token_bytes(32)
    tiket = signing.dumps({"k": str(kunci.pk), "h": hashlib.sha256(acak).hexdigest()}, salt=_SALT)
    return {
        "tantangan": baca.b64(envelope.seal_to(bytes(kunci.publik), acak, f"{kunci.pk}:bukti")),
        "tiket": tiket,
    }


def _kirim(request: HttpRequest, lakukan: Callable[[dict[str, Any]], object]) -> HttpResponse:
    """Run an action on the JSON that rahasia.js sends in the field `isi`; a refusal is a sentence for its page."""
    try:
        isi = json.loads(str(request.POST.get("isi", "{}")))
        if not isinstance(isi, dict):
            raise TypeError
        lakukan(isi)
    except StepRefused as ditolak:
        return _salah(" ".join(f"{h.kalimat} {h.jalan_keluar}".strip() for h in ditolak.halangan))
    except (ValueError, KeyError, TypeError, AttributeError, ValidationError):
        return _salah("Kiriman peramban tidak lengkap. Muat ulang halaman, lalu coba lagi.")
    return JsonResponse({"ok": True})


def _salah(kalimat: str) -> HttpResponse:
    jawab = JsonResponse({"kalimat": kalimat}, status=422)
    jawab._has_been_logged = True  # type: ignore[attr-defined] # Django's line would name the report's address
    return jawab


def _bytes(teks: Any) -> bytes:
    return base64.b64decode(str(teks), validate=True)


def _b64(request: HttpRequest, nama: str) -> bytes | None:
    try:
        return _bytes(request.POST.get(nama, ""))
    except (binascii.Error, ValueError):
        return None


def _salinan(isi: Any) -> dict[UUID, bytes]:
    return {UUID(k): _bytes(v) for k, v in isi.items()}
