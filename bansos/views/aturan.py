"""Versions of a programme's rule: in sentences, with what changed; a draft written, tried, submitted, decided."""

import copy
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bansos.actions import aturan as aksi
from bansos.actions import percobaan
from bansos.forms_aturan import (
    AturanForm,
    KomponenForm,
    PilihUkuranForm,
    PutusAturanForm,
    SyaratForm,
    TriwulanForm,
)
from bansos.forms_kuota import SekaliForm
from bansos.models import AturanProgram, PercobaanAturan, Program
from bansos.policies import aturan as policies
from bansos.queries import kata_aturan
from bansos.queries.kuota import triwulan_pilihan
from bansos.queries.ukuran import UKURAN
from core.identity import mask_name
from core.web import act, refusal_status, send_once
from dtks.models import Keluarga
from wilayah.kode import dalam
from wilayah.waktu import hari_wilayah

FORM = ["GET", "HEAD", "POST"]
Status = AturanProgram.Status
TERBUKA = (Status.DRAF, Status.DIAJUKAN)


def _terlihat(request: HttpRequest, program: Program) -> Any:
    """Decided versions are for everybody with an account; what is being written, for those who write and decide there."""
    luas = [k for kuasa in ("aturan.susun", "aturan.putus") for k in request.user.cakupan(kuasa)]
    syarat = ~Q(status__in=TERBUKA) | dalam("wilayah_id", luas)
    return AturanProgram.objects.filter(syarat, program=program).select_related(
        "wilayah", "created_by", "diajukan_by", "diputus_by", "program"
    )


def _satu(request: HttpRequest, kode: str, pk: UUID) -> AturanProgram:
    program = get_object_or_404(Program, pk=kode)
    satu: AturanProgram = get_object_or_404(_terlihat(request, program), pk=pk)
    return satu


@login_required
@require_safe
def daftar(request: HttpRequest, kode: str) -> HttpResponse:
    program = get_object_or_404(Program, pk=kode)
    rows = list(_terlihat(request, program).order_by("-versi")[:100])
    luas = request.user.cakupan("aturan.susun")
    isi = {"program": program, "rows": rows, "boleh_susun": bool(luas), "kirim": SekaliForm(auto_id=False)}
    return render(request, "bansos/aturan_daftar.html", isi)


@login_required
@require_POST
def susun(request: HttpRequest, kode: str) -> HttpResponse:
    """A new draft for the person's kabupaten."""
    luas = request.user.cakupan("aturan.susun")
    if not luas:
        raise PermissionDenied
    program = get_object_or_404(Program, pk=kode)
    form = SekaliForm(request.POST)

    def do() -> str:
        baru = aksi.susun(program, by=request.user, wilayah=luas[0])
        return reverse("aturan_ubah", args=[program.pk, baru.pk])

    url = act(request, lambda: send_once(request, form, do)) if form.is_valid() else None
    return redirect(url or reverse("aturan_daftar", args=[program.pk]))


@login_required
@require_safe
def lihat(request: HttpRequest, kode: str, pk: UUID) -> HttpResponse:
    satu = _satu(request, kode, pk)
    berwenang = bool(satu.wilayah_id) and request.user.boleh("aturan.putus", str(satu.wilayah_id))
    menunggu = satu.status == Status.DIAJUKAN and berwenang
    bisa_ubah = policies.ubah(request.user, satu) is None
    tertutup = policies.putus(request.user, satu) if menunggu else None
    return render(
        request,
        "bansos/aturan.html",
        {
            "a": satu, "kalimat": kata_aturan.kalimat(satu.isi), **_perubahan(satu), "coba": aksi.percobaan(satu) if satu.status in TERBUKA else None,
            "bisa_ubah": bisa_ubah, "bisa_putus": menunggu and tertutup is None, "tertutup": tertutup, "kirim": SekaliForm(auto_id=False),
            "form_coba": TriwulanForm(pilihan=_triwulan(satu)) if bisa_ubah or menunggu else None,
            "sedang_coba": percobaan.sedang(satu), "percobaan": list(satu.percobaan.order_by("-created_at", "-pk")[:5]) if bisa_ubah or berwenang else [],
        },
    )  # fmt: skip


def _perubahan(satu: AturanProgram) -> dict[str, Any]:
    """The version before it that is in force, and what this one changes."""
    sebelum = AturanProgram.objects.filter(
        Q(wilayah=satu.wilayah_id) | Q(wilayah__isnull=True), program=satu.program_id, status=Status.BERLAKU, versi__lt=satu.versi
    ).order_by("-versi").first()  # fmt: skip
    return {"sebelum": sebelum, "beda": kata_aturan.beda(sebelum, satu) if sebelum else []}


def _triwulan(satu: AturanProgram) -> list[str]:
    return triwulan_pilihan(hari_wilayah(str(satu.wilayah_id)))


def _draf(request: HttpRequest, kode: str, pk: UUID) -> AturanProgram:
    """A version that this person writes in his area; 404 where there is none, 403 without the power."""
    satu = _satu(request, kode, pk)
    if not satu.wilayah_id:
        raise Http404
    if not request.user.boleh("aturan.susun", satu.wilayah_id):
        raise PermissionDenied
    return satu


@login_required
@require_http_methods(FORM)
def ubah(request: HttpRequest, kode: str, pk: UUID) -> HttpResponse:
    """The form of the whole draft. Saved, it is checked as data; a mistake comes back as a sentence beside the form."""
    satu = _draf(request, kode, pk)
    form = AturanForm(request.POST or None, aturan=satu)

    def do() -> str:
        data = form.cleaned_data
        kepala = {k: data[k] for k in ("berlaku_sejak", "berlaku_hingga", "dasar_hukum", "sumber", "catatan")}
        aksi.ubah(satu, by=request.user, isi=form.isi(), **kepala)
        return reverse("aturan_lihat", args=[kode, satu.pk])

    if form.is_valid() and (url := act(request, lambda: send_once(request, form, do), form=form)):
        messages.success(request, "Draf disimpan. Coba aturan ini sebelum diajukan.")
        return redirect(url)
    return _halaman(request, satu, form, "Ubah draf aturan")


def _halaman(
    request: HttpRequest, satu: AturanProgram, form: forms.Form, judul: str, **lain: Any
) -> HttpResponse:
    tertutup = None if form.is_bound else policies.ubah(request.user, satu)
    isi = {"a": satu, "form": form, "judul": judul, "tertutup": tertutup, **lain}
    status = refusal_status(request, 422) if form.is_bound else 200
    return render(request, "bansos/aturan_ubah.html", isi, status=status)


@login_required
@require_http_methods(FORM)
def syarat(request: HttpRequest, kode: str, pk: UUID) -> HttpResponse:
    """A new condition: first what it is about (`?ukuran=&ke=`), then how it is compared."""
    satu = _draf(request, kode, pk)
    pilih = PilihUkuranForm(request.GET or None, aturan=satu)
    if not pilih.is_valid():
        isi = {"a": satu, "form": pilih, "tertutup": policies.ubah(request.user, satu)}
        return render(request, "bansos/aturan_syarat.html", isi, status=422 if pilih.is_bound else 200)
    form = SyaratForm(request.POST or None, ukuran=UKURAN[pilih.cleaned_data["ukuran"]])

    def do() -> str:
        isi = copy.deepcopy(satu.isi)
        ke = pilih.cleaned_data["ke"]
        tempat = next((k for k in isi.get("komponen", []) if k["kode"] == ke), isi) if ke else isi
        tempat["syarat"].append(form.pred())
        aksi.ubah(satu, by=request.user, isi=isi)
        return reverse("aturan_lihat", args=[kode, satu.pk])

    if form.is_valid() and (url := act(request, lambda: send_once(request, form, do), form=form)):
        messages.success(request, "Syarat ditambahkan ke draf.")
        return redirect(url)
    return _halaman(request, satu, form, "Tambah syarat")


@login_required
@require_http_methods(FORM)
def komponen(request: HttpRequest, kode: str, pk: UUID) -> HttpResponse:
    """A new component with its first condition (`?ukuran=`): one without a condition would hold for everybody."""
    satu = _draf(request, kode, pk)
    pilihan = [(u.kode, u.label) for u in UKURAN.values() if u.level == "individu"]
    ukuran = UKURAN.get(request.GET.get("ukuran", ""))
    if ukuran is None or ukuran.level != "individu":
        isi = {"a": satu, "pilihan": pilihan, "tertutup": policies.ubah(request.user, satu)}
        return render(request, "bansos/aturan_komponen.html", isi)
    form, pertama = KomponenForm(request.POST or None), SyaratForm(request.POST or None, ukuran=ukuran)

    def do() -> str:
        d = form.cleaned_data
        baru = {
            "kode": d["kode"],
            "nama": d["nama"],
            "syarat": [pertama.pred()],
            "nilai": d["uang"],
            "per": d["per"],
            "maks": d["maks"],
        }
        aksi.ubah(satu, by=request.user, isi=satu.isi | {"komponen": [*satu.isi.get("komponen", []), baru]})
        return reverse("aturan_lihat", args=[kode, satu.pk])

    sah = form.is_valid() and pertama.is_valid()
    if sah and (url := act(request, lambda: send_once(request, form, do), form=form)):
        messages.success(request, "Komponen ditambahkan ke draf.")
        return redirect(url)
    return _halaman(request, satu, form, "Tambah komponen", pertama=pertama)


@login_required
@require_POST
def coba(request: HttpRequest, kode: str, pk: UUID) -> HttpResponse:
    """The trial as a job; its result stands on this page and under background work."""
    satu = _satu(request, kode, pk)
    wilayah = str(satu.wilayah_id or "")
    if satu.status not in TERBUKA or not wilayah:
        raise Http404
    _pencoba(request, wilayah)
    form = TriwulanForm(request.POST, pilihan=_triwulan(satu))
    if not form.is_valid():
        messages.error(request, "Pilih triwulan yang dicoba.")
    elif act(request, lambda: percobaan.minta(satu, by=request.user, periode=form.cleaned_data["periode"])):
        messages.success(request, "Aturan sedang dicoba di latar. Anda diberi tahu bila hasilnya sudah ada.")
    return redirect("aturan_lihat", kode=kode, pk=satu.pk)


def _pencoba(request: HttpRequest, wilayah: str) -> None:
    if not (request.user.boleh("aturan.susun", wilayah) or request.user.boleh("aturan.putus", wilayah)):
        raise PermissionDenied


@login_required
@require_safe
def hasil_coba(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One trial: its numbers and the first families of each direction, names masked without sight of the family."""
    hasil = get_object_or_404(PercobaanAturan.objects.select_related("by", "aturan"), pk=pk)
    satu = _satu(request, hasil.aturan.program_id, hasil.aturan_id)
    _pencoba(request, str(satu.wilayah_id))
    pks = {u["keluarga"] for u in hasil.contoh}
    keluarga = dict(Keluarga.objects.filter(pk__in=pks).values_list("pk", "nama_kepala"))
    tampak = set(Keluarga.objects.visible_to(request.user).filter(pk__in=pks).values_list("pk", flat=True))
    contoh = []
    for u in hasil.contoh:
        pk_keluarga = UUID(u["keluarga"])
        nama = keluarga.get(pk_keluarga, "")
        contoh.append(
            (
                {
                    "arah": u["arah"],
                    "peringkat_lama": u["lama"],
                    "peringkat_baru": u["baru"],
                    "alasan": u["alasan"],
                },
                nama if pk_keluarga in tampak else mask_name(nama),
            )
        )
    isi = {
        "a": satu,
        "p": hasil,
        "h": hasil.angka,
        "contoh": contoh,
        "lama": hasil.isi_sidik != aksi.sidik(satu.isi),
    }
    return render(request, "bansos/aturan_coba.html", isi)


@login_required
@require_POST
def ajukan(request: HttpRequest, kode: str, pk: UUID) -> HttpResponse:
    satu = _draf(request, kode, pk)
    form = SekaliForm(request.POST)

    def do() -> str:
        aksi.ajukan(satu, by=request.user)
        messages.success(request, "Aturan diajukan. Kepala Dinas yang memutusnya.")
        return ""

    if form.is_valid():
        act(request, lambda: send_once(request, form, do))
    return redirect("aturan_lihat", kode=kode, pk=satu.pk)


@login_required
@require_POST
def buang(request: HttpRequest, kode: str, pk: UUID) -> HttpResponse:
    satu = _draf(request, kode, pk)
    form = SekaliForm(request.POST)

    def do() -> str:
        aksi.buang(satu, by=request.user)
        messages.success(request, "Draf dibuang.")
        return ""

    if form.is_valid():
        act(request, lambda: send_once(request, form, do))
    return redirect("aturan_daftar", kode=kode)


@login_required
@require_http_methods(FORM)
def putus(request: HttpRequest, kode: str, pk: UUID) -> HttpResponse:
    """The second person: in force from its day, or refused with the reason."""
    satu = _satu(request, kode, pk)
    if not satu.wilayah_id or not request.user.boleh("aturan.putus", satu.wilayah_id):
        raise PermissionDenied
    form = PutusAturanForm(request.POST or None)

    def do() -> str:
        if form.cleaned_data["putusan"] == "setujui":
            aksi.setujui(satu, by=request.user)
        else:
            aksi.tolak(satu, by=request.user, alasan=form.cleaned_data["alasan"])
        return reverse("aturan_lihat", args=[kode, satu.pk])

    if form.is_valid() and (url := act(request, lambda: send_once(request, form, do), form=form)):
        messages.success(request, "Putusan disimpan.")
        return redirect(url)
    tertutup = None if form.is_bound else policies.putus(request.user, satu)
    isi = {
        "a": satu,
        "form": form,
        "judul": "Putus aturan",
        "tertutup": tertutup,
        "coba": aksi.percobaan(satu),
        **_perubahan(satu),
    }
    status = refusal_status(request, 422) if form.is_bound else 200
    return render(request, "bansos/aturan_ubah.html", isi, status=status)
