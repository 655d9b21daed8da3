"""/pengumuman/: the masked list of a desa for everybody; and the village's own page to publish it."""

import re
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bansos.actions import pengumuman as aksi
from bansos.forms_pengumuman import DesaForm, TarikPengumumanForm, UmumkanForm
from bansos.models import Program
from bansos.queries import pengumuman as baca
from core.web import act, keyset, refusal_status, send_once
from dtks.models import Musyawarah
from dtks.queries.periode import nama_program

_NAMA = {"desa", "desa_cari", "desa_aksi", "periode", "program", "jenis", "kursor"}


@require_safe
def publik(request: HttpRequest) -> HttpResponse:
    """A desa is chosen first, then month and programme. An address that is not known is refused, never 'everything'."""
    if set(request.GET) - _NAMA:
        raise BadRequest("unknown filter")
    kode = request.GET.get("desa", "")
    if not kode or "desa_aksi" in request.GET:
        form = DesaForm(request.GET if {"desa", "desa_cari"} & set(request.GET) else None)
        if form.is_bound and form.is_valid():
            return redirect(f"{reverse('pengumuman')}?desa={form.cleaned_data['desa'].pk}")
        return render(request, "bansos/pengumuman_pilih.html", {"form": form}, status=422 if form.is_bound else 200)  # fmt: skip
    desa = baca.desa_ada(kode)
    if desa is None:
        form = DesaForm({"desa": kode})
        form.is_valid()
        return render(request, "bansos/pengumuman_pilih.html", {"form": form}, status=404)
    semua = {jenis: baca.periode(jenis, desa.pk) for jenis in (baca.PENERIMA, baca.CALON)}
    awal = baca.PENERIMA if semua[baca.PENERIMA] or not semua[baca.CALON] else baca.CALON
    jenis, minta = request.GET.get("jenis") or awal, request.GET.get("periode", "")
    if jenis not in semua or (minta and not re.fullmatch(r"[0-9]{4}-[0-9]{1,2}", minta, re.ASCII)):
        raise BadRequest("unknown filter")
    bulan = semua[jenis]
    # A month of the other list: the newest of this one instead of an empty page.
    pilih = minta if minta in bulan or not bulan else bulan[0]
    program = request.GET.get("program", "")
    nama = nama_program()
    if program and program not in nama:
        raise BadRequest("unknown filter")
    rows = baca.baris(jenis, desa.pk, pilih, program)
    halaman, catat = keyset(request, rows, baca.URUT), baca.Pencatat(desa.pk)
    return render(
        request,
        "bansos/pengumuman.html",
        {
            "desa": desa,
            "ada": any(semua.values()),
            "bulan": bulan,
            "pilih": pilih,
            "jenis": jenis,
            "program": program,
            "pilihan_program": Program.objects.filter(pk__in=nama).order_by("nama"),
            "baris": [catat.tampilkan(b) for b in halaman.rows],
            "berikutnya": halaman.next,
        },
    )


@login_required
@require_safe
def kelola(request: HttpRequest) -> HttpResponse:
    if not request.user.punya("pengumuman.kelola"):
        raise PermissionDenied
    halaman = keyset(request, baca.terbit(request.user).order_by(), ("-created_at", "-id"))
    belum = list(baca.belum_diumumkan(request.user).order_by("-waktu", "pk")[:50])
    for rapat in belum:
        rapat.form = UmumkanForm()  # each button its own key
    return render(
        request,
        "bansos/pengumuman_kelola.html",
        {
            "belum": belum,
            "baris": halaman.rows,
            "berikutnya": halaman.next,
        },
    )


@login_required
@require_POST
def umumkan(request: HttpRequest, pk: UUID) -> HttpResponse:
    rapat = get_object_or_404(Musyawarah.objects.visible_to(request.user), pk=pk)
    if not request.user.boleh("pengumuman.kelola", rapat.wilayah_id):
        raise PermissionDenied
    form = UmumkanForm(request.POST)

    def do() -> str:
        aksi.umumkan(rapat, by=request.user)
        return reverse("pengumuman_kelola")

    if form.is_valid() and act(request, lambda: send_once(request, form, do)):
        messages.success(
            request, "Daftar diumumkan. Warga bisa membacanya dan menyampaikan sanggah sampai batasnya."
        )
    return redirect("pengumuman_kelola")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def tarik(request: HttpRequest, pk: UUID) -> HttpResponse:
    satu = get_object_or_404(baca.terbit(request.user), pk=pk)
    form = TarikPengumumanForm(request.POST or None)

    def do() -> str:
        aksi.tarik(satu, by=request.user, alasan=form.cleaned_data["alasan"])
        return reverse("pengumuman_kelola")

    if form.is_valid() and (url := act(request, lambda: send_once(request, form, do), form=form)):
        messages.success(request, "Pengumuman ditarik dan tidak tampil lagi.")
        return redirect(url)
    return render(
        request,
        "bansos/pengumuman_tarik.html",
        {"satu": satu, "form": form},
        status=refusal_status(request, 422) if form.is_bound else 200,
    )
