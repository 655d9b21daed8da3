"""`/usulan/baru/lengkap/`: the whole form on one page that also opens without a signal, and the queue that it feeds.

The page is the same empty one every time; what is typed lives in the phone (encrypted) and in the server's draft. Answers
to a sending are JSON, because the one who asks is the phone's queue, maybe hours after the person pressed the button.
"""

import json
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from core import rules
from core.identity import check_kk
from core.web import act, refusal_status
from dtks.actions import draf as aksi_draf
from dtks.actions import keluarga as register
from dtks.actions import lengkap as actions
from dtks.actions.cari import cari
from dtks.actions.lengkap import MemberTaken
from dtks.forms.lengkap import FotoKirimForm, IsianLengkap
from dtks.forms.pilihan import pilihan
from dtks.forms.usulan import NikKepalaForm
from dtks.models import Usulan
from dtks.policies import usulan as policies
from dtks.queries.kelengkapan import syarat_hp
from dtks.queries.nik import cari_nomor
from dtks.views.isian import kasus
from dtks.views.kirim import kirim
from dtks.views.usulan import keep_pin

KUNCI = "/usulan/baru/lengkap/"


def _galat(isi: dict[str, list[str]], status: int, **lain: Any) -> JsonResponse:
    return JsonResponse({"galat": isi, **lain}, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def lengkap(request: HttpRequest) -> HttpResponse:
    luas = request.user.cakupan("usulan.buat")
    if not luas:
        raise Http404
    operator = request.user.punya("usulan.input")
    if request.method == "GET":
        foto = [(k, v) for k, v in pilihan(["foto_keluarga"])["foto_keluarga"]]
        konteks = {
            "isian": IsianLengkap(None, luas=luas, operator=operator),
            "jenis_foto": foto,
            "syarat": json.dumps(syarat_hp(luas[0]), separators=(",", ":")),
            "akurasi_maks": rules.value("lokasi.akurasi_maks_m", luas[0]),
        }
        return render(request, "dtks/usulan_lengkap.html", konteks)
    if "cek_nik" in request.POST:
        return _cek(request)
    isian = IsianLengkap(request.POST, luas=luas, operator=operator)
    if not isian.is_valid():
        return _galat(isian.galat(), 422)
    return _simpan(request, isian)


def _simpan(request: HttpRequest, isian: IsianLengkap) -> JsonResponse:
    data = isian.utama.cleaned_data
    wilayah = data["wilayah"].kode
    terpakai: list[MemberTaken] = []

    def do() -> str:
        try:
            usulan, pin = actions.buat(
                by=request.user, wilayah=wilayah, keluarga=isian.utama.keluarga, anggota=isian.orang,
                rumah=isian.rumah.isi if isian.ada_rumah else None, aset=isian.aset.isi,
                usulan={n: data[n] for n in isian.utama.USULAN},
            )  # fmt: skip
        except MemberTaken as taken:
            terpakai.append(taken)
            raise
        keep_pin(request, usulan, pin)
        return str(usulan.pk)

    pk = kirim(request, isian.utama, do, wilayah=wilayah, no_kk=data.get("no_kk") or "")
    if pk is None:
        return _ditolak(request, isian, terpakai)
    aksi_draf.buang(by=request.user, kunci=KUNCI, kunci_kirim=str(data["kunci_kirim"]))
    usulan = Usulan.objects.visible_to(request.user).get(pk=pk)
    for satu in isian.tanda:
        messages.warning(request, f"{satu.kalimat} Tetap disimpan; nanti dicocokkan ke Dukcapil.")
    return JsonResponse({
        "usulan": pk, "tiket": usulan.tiket, "resi": reverse("usulan_resi", args=[pk]),
        "foto": reverse("usulan_foto_kirim", args=[pk]), "kasus": reverse("usulan_lihat", args=[pk]),
    })  # fmt: skip


def _ditolak(request: HttpRequest, isian: IsianLengkap, terpakai: list[MemberTaken]) -> JsonResponse:
    """What the action refused, at the field it is about; a number of an own family comes with the way to that family."""
    galat, tautan = isian.galat(), None
    if terpakai:
        taken = terpakai[-1]
        galat[f"anggota-{taken.urut}-nik"] = galat.pop("", [])
        tautan = _keluarga_ada(request, taken.nik)
    elif "no_kk" in galat:
        tautan = _keluarga_ada(request, isian.utama.data.get("no_kk", ""))
    return _galat(galat, refusal_status(request, 422), tautan=tautan)


def _keluarga_ada(request: HttpRequest, nomor: str) -> dict[str, str] | None:
    """The way to the family that has this NIK or KK, when it is in the areas of the one who asks."""
    ada = cari_nomor(check_kk(nomor).kk, by=request.user)
    if not ada:
        return None
    return {"nama": ada[0].nama_kepala, "url": reverse("keluarga_lihat", args=[ada[0].pk])}


def _cek(request: HttpRequest) -> JsonResponse:
    """The NIK of the head, asked while it is typed and the signal is there. Nothing is written."""
    form = NikKepalaForm(request.POST)
    if not form.is_valid() or not form.cleaned_data["nik"]:
        return _galat({"nik": [str(k) for k in form.errors.get("nik", [])]}, 422)
    hasil = act(request, lambda: cari(form.cleaned_data["nik"], by=request.user), form=form)
    if hasil is None:  # over the daily limit
        kalimat = [str(k) for daftar in form.errors.values() for k in daftar]
        return _galat({"nik": kalimat}, refusal_status(request, 422))
    tautan = _keluarga_ada(request, form.cleaned_data["nik"])
    return JsonResponse({"keadaan": hasil.keadaan, "tautan": tautan})


@login_required
@require_POST
def kirim_foto(request: HttpRequest, pk: Any) -> JsonResponse:
    """One photo of the queue. Sent twice is one photo; a refusal is a sentence for the person who took it."""
    usulan = kasus(request, pk)
    if kalimat := policies.isi(request.user, usulan):
        return _galat({"": [kalimat]}, 403)
    form = FotoKirimForm(request.POST, request.FILES)
    foto = None
    if form.is_valid():
        data = form.cleaned_data
        foto = kirim(
            request,
            form,
            lambda: str(
                register.tambah_foto(usulan, by=request.user, jenis=data["jenis"], isi=data["foto"].read()).pk
            ),
            wilayah=usulan.wilayah_id,
        )
    if foto is None:
        galat = {n if n != "__all__" else "": [str(k) for k in v] for n, v in form.errors.items()}
        return _galat(galat, refusal_status(request, 422))
    return JsonResponse({"foto": foto})
