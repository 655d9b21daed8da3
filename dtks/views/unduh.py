"""`…/unduh/` of every list: the form, then the file at once, or for many rows a job whose file waits under `/unduhan/`."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.actions import unduh as izin_unduh
from accounts.actions.unduh import Pokok
from accounts.models.unduh import SETUJUI
from core import ekspor, files
from core.models import Pekerjaan
from core.web import act, refusal_status
from dtks.actions import ekspor as tindakan
from dtks.exports import daftar as daftar_unduh
from dtks.exports.daftar import Daftar, Hasil, Pesanan, Tersaring
from dtks.forms.unduh import UnduhForm
from dtks.queries.unduhan import HABIS, berlaku, izin_berkas, izin_saya, luas, milik
from dtks.tasks import pesan_unduhan
from dtks.views.unduh_izin import halaman_minta
from wilayah.kode import mencakup


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def unduh(request: HttpRequest, daftar: Daftar) -> HttpResponse:
    """The filter is the query string of the list's page, in GET and POST alike."""
    if not daftar.boleh(request.user):
        raise Http404
    saring = daftar.saring(request)
    bernomor = daftar.bernomor and request.user.punya(tindakan.KUASA_NOMOR)
    form = UnduhForm(request.POST if request.method == "POST" else None, bernomor=bernomor)
    batas, n = tindakan.batas(request.user, daftar.kuasa), saring.rows.count()
    if request.method == "POST" and form.is_valid():
        if n > batas["maks"]:
            form.add_error(None, _terlalu_banyak(batas["maks"]))
        elif minta := halaman_minta(request, _pokok(request, daftar, form), n):
            return redirect(minta)
        elif jawab := _kerjakan(request, daftar, form, n, latar=n > batas["langsung"]):
            return jawab
    return _halaman(request, daftar, saring, form, {**batas, "n": n})


def _pokok(request: HttpRequest, daftar: Daftar, form: UnduhForm) -> Pokok:
    """What a second person approves: this list with this filter, masked or full; the format is free."""
    saring = sorted((k, v) for k, nilai in request.GET.lists() if k != "kursor" for v in nilai if v)
    nomor = form.cleaned_data.get("nomor") == "lengkap"
    return Pokok(daftar.kode, daftar.judul, repr(saring), request.get_full_path(), nomor, daftar.kuasa)


def _terlalu_banyak(maks: int) -> str:
    return f"Terlalu banyak: satu berkas paling banyak {maks} baris. Persempit saringannya dulu."


def _halaman(
    request: HttpRequest, daftar: Daftar, saring: Tersaring, form: UnduhForm, batas: dict[str, int]
) -> HttpResponse:
    n, saringan = batas["n"], request.GET.copy()
    saringan.pop("kursor", None)
    kembali = reverse(daftar.halaman) + (f"?{saringan.urlencode()}" if saringan else "")
    konteks = {
        "daftar": daftar,
        "form": form,
        "jumlah": n,
        "kata": saring.kata,
        "kembali": kembali,
        "latar": n > batas["langsung"],
        "terlalu": _terlalu_banyak(batas["maks"]) if n > batas["maks"] else "",
        "jam": batas["simpan_jam"],
        "dua_orang": izin_unduh.aturan(request.user, daftar.kuasa),
        "samar": daftar.bernomor and "nomor" not in form.fields,
    }
    status = refusal_status(request, 422) if form.is_bound else 200
    return render(request, "dtks/unduh.html", konteks, status=status)


def _kerjakan(
    request: HttpRequest, daftar: Daftar, form: UnduhForm, n: int, *, latar: bool
) -> HttpResponse | None:
    isi = form.cleaned_data
    penuh = isi.get("nomor") == "lengkap"
    pesanan = Pesanan(isi["format"], penuh, isi.get("alasan", "") if penuh else "")
    pokok = _pokok(request, daftar, form)

    def do() -> Hasil | Pekerjaan | None:
        tindakan.izinkan(by=request.user, kuasa=daftar.kuasa, penuh=penuh, alasan=pesanan.alasan, baris=n)
        with transaction.atomic():
            izin = izin_unduh.pakai(by=request.user, pokok=pokok, baris=n)
            nomor_izin = izin.pk if izin else None
            if latar:
                return pesan_unduhan(daftar, request, pesanan, kunci=str(isi["kunci_kirim"]), izin=nomor_izin)
            hasil = daftar_unduh.buat(daftar, request, pesanan)
            izin_unduh.keluar(nomor_izin, by=request.user, kuasa=daftar.kuasa, baris=hasil.jumlah)
            return hasil

    hasil = act(request, do, form=form)
    if isinstance(hasil, Hasil):
        return ekspor.jawaban(hasil.berkas, hasil.nama)
    if form.errors:
        return None
    messages.success(request, "Berkas sedang dibuat. Anda diberi tahu bila sudah siap.")
    return redirect("unduhan")


@login_required
@require_safe
def unduhan(request: HttpRequest) -> HttpResponse:
    """My files that wait, and those still being made."""
    konteks = {
        "berkas": [
            (b, izin) for b in berlaku(request.user) if (izin := izin_berkas(request.user, b)) != HABIS
        ],
        "antre": milik(request.user),
        "izin": izin_saya(request.user),
        "boleh_putus": request.user.punya(SETUJUI),
    }
    return render(request, "dtks/unduhan.html", konteks)


def _masih_luas(dulu: list[list[str]], kini: list[list[str]]) -> bool:
    """Does the person still have every area that the file was made for?"""
    return bool(dulu) and all(
        any(mencakup(satu, kode) for satu in sekarang)
        for lama, sekarang in zip(dulu, kini, strict=True)
        for kode in lama
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def ambil(request: HttpRequest, pk: Any) -> HttpResponse:
    """One file, for the person who asked for it, as long as he may still see such a list; once, by POST, if it needed approval."""
    row = get_object_or_404(berlaku(request.user), pk=pk)
    izin = izin_berkas(request.user, row)
    if izin == HABIS or bool(izin) != (request.method == "POST"):
        raise Http404
    _, kode, nomor = row.jenis.split(":")
    daftar = daftar_unduh.ambil(kode)
    penuh = nomor == "lengkap"
    if not daftar.boleh(request.user) or (penuh and not request.user.punya(tindakan.KUASA_NOMOR)):
        raise Http404
    if not _masih_luas(luas(request.user, row), daftar.luas(request.user, penuh=penuh)):
        raise Http404
    try:
        isi = files.read(row)
    except files.BadFile as error:
        raise Http404 from error
    if izin and act(request, lambda: izin_unduh.ambil(UUID(izin), by=request.user) or True) is None:
        return redirect("unduhan")
    berkas = ekspor.berkas_baru()
    berkas.write(isi)
    return ekspor.jawaban(berkas, row.nama_tampil)
