"""Eligibility lists of a programme: computed ones, one of them row by row, signature, the published file; a family's reasons."""

import re
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bansos.actions import daftar as tindakan
from bansos.forms_daftar import CabutDaftarForm, HitungForm, SaringBarisDaftar
from bansos.models import BarisDaftar, DaftarKelayakan, Program
from bansos.policies import daftar as policy
from bansos.queries import daftar as baca
from bansos.queries.penetapan import triwulan
from bansos.queries.sebab import kamus
from core import audit, ekspor, files
from core.forms import SendOnceForm
from core.web import act, keyset, refusal_status, send_once
from dtks.models import Keluarga
from wilayah.kode import kabupaten_dari

TERBUKA = 4  # quarters that may be computed: this one and the three before it
_RENTANG = re.compile(r"bytes=([0-9]{1,12})-([0-9]{0,12})", re.ASCII)


def _program(request: HttpRequest, kode: str) -> Program:
    satu = get_object_or_404(Program, pk=kode)
    if not request.user.punya("kelayakan.lihat"):
        raise PermissionDenied
    return satu


def _daftar(request: HttpRequest, kode: str, pk: UUID) -> DaftarKelayakan:
    rows = DaftarKelayakan.objects.visible_to(request.user).select_related(
        "program", "aturan", "wilayah", "created_by", "ditandatangani_by", "berkas"
    )
    return get_object_or_404(rows, pk=pk, program=_program(request, kode))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def daftar(request: HttpRequest, kode: str) -> HttpResponse:
    """Lists of this programme, newest first; a supervisor has a new one computed."""
    satu = _program(request, kode)
    luas = request.user.cakupan(policy.HITUNG)
    if request.method == "POST" and not luas:
        raise PermissionDenied
    form = HitungForm(request.POST or None, periode=triwulan(timezone.localdate(), TERBUKA))

    def do() -> str:
        tindakan.minta(
            program=satu,
            periode=form.cleaned_data["periode"],
            wilayah=kabupaten_dari(luas[0]),
            by=request.user,
        )
        return reverse("daftar_kelayakan", args=[satu.pk])

    if form.is_valid() and (url := act(request, lambda: send_once(request, form, do), form=form)):
        messages.success(
            request, "Daftar sedang dihitung. Kemajuannya di menu Pekerjaan; hasilnya muncul di halaman ini."
        )
        return redirect(url)
    rows = DaftarKelayakan.objects.visible_to(request.user).filter(program=satu).select_related("wilayah")
    halaman = keyset(request, rows, ("-created_at", "-id"))
    konteks = {
        "program": satu, "form": form if luas else None, "baris": halaman.rows, "berikutnya": halaman.next,
    }  # fmt: skip
    return render(
        request,
        "bansos/daftar.html",
        konteks,
        status=refusal_status(request, 422) if form.is_bound else 200,
    )


@login_required
@require_safe
def lihat(request: HttpRequest, kode: str, pk: UUID) -> HttpResponse:
    return _lihat(request, _daftar(request, kode, pk))


def _lihat(request: HttpRequest, satu: DaftarKelayakan, form: CabutDaftarForm | None = None) -> HttpResponse:
    rows = (
        BarisDaftar.objects.visible_to(request.user).filter(daftar=satu).select_related("wilayah", "individu")
    )
    saring = SaringBarisDaftar(request, rows, luas=request.user.cakupan("kelayakan.lihat"))
    halaman = keyset(request, saring.qs, ("id",))
    boleh_cabut = policy.cabut(request.user, satu) is None and satu.status in ("dihitung", "ditandatangani")
    konteks = {
        "program": satu.program, "daftar": satu, "saring": saring.form, "baris": baca.untuk(halaman.rows, request.user),
        "berikutnya": halaman.next, "syarat": baca.syarat(satu.aturan.isi, kamus()), "sidik": bytes(satu.sidik).hex(),
        "sedang_tandatangan": (sedang := satu.status == "dihitung" and tindakan.sedang_ditandatangani(satu)),
        "boleh_tandatangan": satu.status == "dihitung" and not sedang and policy.tandatangani(request.user, satu) is None,
        "boleh_berkas": satu.berkas_id and _boleh_berkas(request, satu), "kirim": SendOnceForm(),
        "form": form or (CabutDaftarForm() if boleh_cabut else None),
    }  # fmt: skip
    status = refusal_status(request, 422) if form is not None else 200
    return render(request, "bansos/daftar_lihat.html", konteks, status=status)


@login_required
@require_POST
def tandatangani(request: HttpRequest, kode: str, pk: UUID) -> HttpResponse:
    satu, form = _putus(request, kode, pk), SendOnceForm(request.POST)

    def do() -> str:
        tindakan.minta_tandatangan(satu, by=request.user)
        return reverse("daftar_lihat", args=[kode, pk])

    if form.is_valid() and act(request, lambda: send_once(request, form, do)):
        messages.success(
            request, "Tanda tangan dikerjakan di latar. Anda diberi tahu bila berkasnya sudah terbit."
        )
    return redirect("daftar_lihat", kode, pk)


@login_required
@require_POST
def cabut(request: HttpRequest, kode: str, pk: UUID) -> HttpResponse:
    satu, form = _putus(request, kode, pk), CabutDaftarForm(request.POST)

    def do() -> str:
        tindakan.cabut(satu, by=request.user, alasan=form.cleaned_data["alasan"])
        return reverse("daftar_lihat", args=[kode, pk])

    if form.is_valid() and (url := act(request, lambda: send_once(request, form, do), form=form)):
        messages.success(request, "Daftar dicabut. Ia tetap bisa dibaca dengan alasannya.")
        return redirect(url)
    return _lihat(request, satu, form)


def _putus(request: HttpRequest, kode: str, pk: UUID) -> DaftarKelayakan:
    """The list, for a decision about all of it: who sees a part of the kabupaten only has nothing to decide here."""
    satu = _daftar(request, kode, pk)
    if not request.user.boleh("kelayakan.lihat", satu.wilayah_id):
        raise Http404
    if not request.user.boleh(policy.TANDATANGAN, satu.wilayah_id):
        raise PermissionDenied
    return satu


def _boleh_berkas(request: HttpRequest, satu: DaftarKelayakan) -> bool:
    """The file holds every name and reason of the kabupaten: only for those who compute or sign."""
    return any(request.user.boleh(k, satu.wilayah_id) for k in (policy.HITUNG, policy.TANDATANGAN))


@login_required
@require_POST
def berkas(request: HttpRequest, kode: str, pk: UUID) -> HttpResponse:
    """The signed list as compressed NDJSON, with an ETag and resumable (Range). A POST, because each delivery is in the trail."""
    satu = _daftar(request, kode, pk)
    if satu.berkas is None or not request.user.boleh("kelayakan.lihat", satu.wilayah_id):
        raise Http404
    if not _boleh_berkas(request, satu):
        raise PermissionDenied
    etag = f'"{bytes(satu.berkas.sha256).hex()}"'
    if etag in request.headers.get("If-None-Match", ""):
        return HttpResponseNotModified(headers={"ETag": etag})
    isi = files.read(satu.berkas)
    with transaction.atomic():
        audit.catat(
            aksi="unduh_daftar", objek=satu, by=request.user, wilayah=satu.wilayah_id, rincian={"jumlah": sum(satu.jumlah[k] for k in ("layak", "daftar_tunggu", "tidak_layak"))},
        )  # fmt: skip
    return _potong(request, isi, etag, satu.berkas.nama_tampil)


def _potong(request: HttpRequest, isi: bytes, etag: str, nama: str) -> HttpResponse:
    kepala = {
        "ETag": etag, "Accept-Ranges": "bytes", "Cache-Control": "private, no-cache", "Content-Disposition": ekspor.lampiran(nama),
    }  # fmt: skip
    minta = _RENTANG.fullmatch(request.headers.get("Range", ""))
    if minta is None or request.headers.get("If-Range", etag) != etag:
        return HttpResponse(isi, content_type=tindakan.MIME, headers=kepala)
    awal, akhir = int(minta[1]), min(int(minta[2] or len(isi)), len(isi) - 1)
    if awal > akhir:
        return HttpResponse(status=416, headers=kepala | {"Content-Range": f"bytes */{len(isi)}"})
    kepala["Content-Range"] = f"bytes {awal}-{akhir}/{len(isi)}"
    return HttpResponse(isi[awal : akhir + 1], status=206, content_type=tindakan.MIME, headers=kepala)


@login_required
@require_safe
def keluarga(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Each programme and this family: in or out, every condition with its value and source, what would change it."""
    if not request.user.punya("kelayakan.lihat"):
        raise PermissionDenied
    satu = get_object_or_404(Keluarga.objects.visible_to(request.user), pk=pk)
    rows = baca.milik_keluarga(satu) if request.user.boleh("kelayakan.lihat", satu.wilayah_id) else []
    return render(
        request, "bansos/kelayakan_keluarga.html", {"keluarga": satu, "baris": baca.untuk(rows, request.user)}
    )
