"""Graduation: candidates, one graduation with its decision, readiness for PENA, and the families that are followed afterwards."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bansos.actions import graduasi as aksi
from bansos.forms_graduasi import (
    AjukanGraduasiForm,
    PantauForm,
    PutusGraduasiForm,
    SaringCalon,
    SaringGraduasi,
)
from bansos.models import Graduasi, PantauMandiri
from bansos.policies import graduasi as policies
from bansos.queries import graduasi as baca
from bansos.queries.kelayakan import penerima
from bansos.templatetags.tempat import tempat_di
from core import files
from core.identity import mask_name
from core.web import Page, act, keyset, refusal_status, send_once
from dtks.models import Keluarga
from wilayah.kode import mencakup

FORM = ["GET", "HEAD", "POST"]
NADA = {"menunggu": "tunggu", "disetujui": "jalan", "diusulkan": "baik", "ditolak": "netral"}
NADA_PANTAU = {"mandiri": "baik", "goyah": "tunggu", "jatuh": "buruk", "": "netral"}


def _luas(request: HttpRequest) -> list[str]:
    luas = request.user.cakupan("graduasi.lihat")
    if not luas:
        raise PermissionDenied
    return luas


def _hias(request: HttpRequest, halaman: Page) -> list[tuple[object, bool, str, str]]:
    """(row, may the family be opened, name to show, place) of each row with `nama`, `wilayah`, `letak`, `tingkat`."""
    lihat = request.user.cakupan("keluarga.lihat")
    hasil = []
    for r in halaman.rows:
        boleh = any(mencakup(a, r.wilayah) for a in lihat)
        hasil.append((r, boleh, r.nama if boleh else mask_name(r.nama), tempat_di(r.letak, r.tingkat)))
    return hasil


@login_required
@require_safe
def daftar(request: HttpRequest) -> HttpResponse:
    luas = _luas(request)
    rows = Graduasi.objects.visible_to(request.user).select_related("keluarga", "program", "wilayah")
    saring = SaringGraduasi(request, rows, luas=luas)
    halaman = keyset(request, saring.qs, ("-created_at", "-id"))
    for g in halaman.rows:
        boleh = request.user.boleh("keluarga.lihat", g.wilayah_id)
        g.nama_tampil = g.keluarga.nama_kepala if boleh else mask_name(g.keluarga.nama_kepala)
        g.nada = NADA[g.status]
    return render(request, "bansos/graduasi.html", {"saring": saring.form, "halaman": halaman})


@login_required
@require_safe
def calon(request: HttpRequest) -> HttpResponse:
    """Recipients that the newest list finds no longer eligible, or whose time ends soon."""
    luas = _luas(request)
    saring = SaringCalon(request, Graduasi.objects.none(), awal={"jenis": "alamiah", "program": "PKH"})
    jenis, program = saring.nilai["jenis"], saring.nilai["program"]
    if not program:
        raise BadRequest("one programme at a time")
    cari = baca.mendekati if jenis == "masa" else baca.alamiah
    halaman = keyset(request, lambda nilai, n: cari(program, luas, nilai, n), ("wilayah", "keluarga"))
    isi = {
        "saring": saring.form, "jenis": jenis, "baris": _hias(request, halaman), "berikutnya": halaman.next,
        "masa": baca.masa(program, luas[0]) if jenis == "masa" else None, "boleh_ajukan": request.user.punya(policies.AJUKAN),
    }  # fmt: skip
    return render(request, "bansos/graduasi_calon.html", isi)


@login_required
@require_http_methods(FORM)
def ajukan(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Bring the graduation of one recipient (`pk`: the row of the decree)."""
    luas = request.user.cakupan(policies.AJUKAN)
    if not luas:
        raise Http404
    rows = penerima(luas).select_related("usulan__keluarga__wilayah", "penetapan__program")
    baris = get_object_or_404(rows, pk=pk)
    keluarga = baris.usulan.keluarga
    form = AjukanGraduasiForm(
        request.POST or None, request.FILES or None, initial={"sebab": request.GET.get("sebab", "")}
    )

    def do() -> str:
        d = form.cleaned_data
        isian = aksi.Isian(d["sebab"], d["alasan"], d["surat"].read() if d["surat"] else b"")
        satu = aksi.ajukan(baris.pk, by=request.user, isian=isian)
        messages.success(request, _kabar(satu))
        return reverse("graduasi_lihat", args=[satu.pk])

    if form.is_valid() and (url := act(request, lambda: send_once(request, form, do), form=form)):
        return redirect(url)
    isi = {
        "baris": baris, "keluarga": keluarga, "form": form, "rentan": baca.rentan(keluarga),
        "halangan": policies.ajukan(request.user, keluarga),
    }  # fmt: skip
    return render(
        request,
        "bansos/graduasi_ajukan.html",
        isi,
        status=refusal_status(request, 422) if form.is_bound else 200,
    )


def _kabar(satu: Graduasi) -> str:
    if satu.status == "menunggu":
        return "Graduasi dicatat. Di keluarga ini ada lanjut usia atau penyandang disabilitas, jadi supervisor atau Kepala Dinas memeriksanya dulu."
    return "Graduasi dicatat dan usulan penghapusan dibuat. Musyawarah dan Dinsos yang memutuskan."


def _satu(request: HttpRequest, pk: UUID) -> Graduasi:
    rows = Graduasi.objects.visible_to(request.user)
    rows = rows.select_related(
        "keluarga__wilayah", "program", "baris__penetapan", "usulan", "created_by", "diputus_by", "berkas"
    )
    return get_object_or_404(rows, pk=pk)


@login_required
@require_http_methods(FORM)
def lihat(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One graduation; the decision of the second person is its form."""
    satu = _satu(request, pk)
    berwenang = request.user.boleh(policies.SETUJUI, satu.wilayah_id)
    if request.method == "POST" and not berwenang:
        raise PermissionDenied
    form = (
        PutusGraduasiForm(request.POST or None)
        if (berwenang and satu.status == "menunggu") or request.method == "POST"
        else None
    )

    def do() -> str:
        d = form.cleaned_data
        putus = aksi.setujui if d["putusan"] == "setujui" else aksi.tolak
        putus(satu, by=request.user, alasan=d["alasan"])
        messages.success(request, "Putusan disimpan.")
        return reverse("graduasi_lihat", args=[satu.pk])

    if (
        form is not None
        and form.is_valid()
        and (url := act(request, lambda: send_once(request, form, do), form=form))
    ):
        return redirect(url)
    boleh = request.user.boleh("keluarga.lihat", satu.wilayah_id)
    isi = {
        "g": satu, "nada": NADA[satu.status], "boleh_buka": boleh, "form": form,
        "nama": satu.keluarga.nama_kepala if boleh else mask_name(satu.keluarga.nama_kepala),
        "halangan": policies.putus(request.user, satu) if berwenang else None,
        "boleh_usulkan": satu.status == "disetujui" and request.user.boleh(policies.AJUKAN, satu.wilayah_id),
        "boleh_usulan": satu.usulan is not None and request.user.boleh("usulan.lihat", satu.usulan.wilayah_id),
        "boleh_surat": satu.berkas_id is not None and boleh,
    }  # fmt: skip
    status = refusal_status(request, 422) if form is not None and form.is_bound else 200
    return render(request, "bansos/graduasi_lihat.html", isi, status=status)


@login_required
@require_POST
def usulkan(request: HttpRequest, pk: UUID) -> HttpResponse:
    """After the second person agreed: make the removal proposal."""
    satu = _satu(request, pk)
    if not request.user.boleh(policies.AJUKAN, satu.wilayah_id):
        raise PermissionDenied
    if act(request, lambda: aksi.usulkan(satu, by=request.user)):
        messages.success(request, "Usulan penghapusan dibuat. Musyawarah dan Dinsos yang memutuskan.")
    return redirect("graduasi_lihat", pk=satu.pk)


@login_required
@require_safe
def surat(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The signed request of the family."""
    satu = _satu(request, pk)
    if satu.berkas is None or not request.user.boleh("keluarga.lihat", satu.wilayah_id):
        raise Http404
    try:
        isi = files.read(satu.berkas)
    except files.BadFile as rusak:
        raise Http404 from rusak
    kepala = {
        "X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox; default-src 'none'", "Cache-Control": "private, no-store",
    }  # fmt: skip
    return HttpResponse(isi, content_type=satu.berkas.mime, headers=kepala)


@login_required
@require_safe
def pena(request: HttpRequest) -> HttpResponse:
    """Recipients that look ready for business aid; a proposal for PENA goes through the ordinary line."""
    luas = _luas(request)
    if set(request.GET) - {"kursor"}:
        raise BadRequest("unknown filter")
    halaman = keyset(request, lambda nilai, n: baca.pena(luas, nilai, n), ("wilayah", "keluarga"))
    isi = {
        "baris": _hias(request, halaman),
        "berikutnya": halaman.next,
        "boleh_usulkan": request.user.punya("usulan.buat"),
    }
    return render(request, "bansos/graduasi_pena.html", isi)


@login_required
@require_safe
def pantauan(request: HttpRequest) -> HttpResponse:
    """Families that left or received PENA in the last months, those that came back first seen by their mark."""
    luas = _luas(request)
    if set(request.GET) - {"kursor"}:
        raise BadRequest("unknown filter")
    halaman = keyset(request, lambda nilai, n: baca.sesudah(luas, nilai, n), ("wilayah", "kunci"))
    kata = dict(PantauMandiri.Keadaan.choices)
    baris = [
        (*r, kata.get(r[0].keadaan, "Belum dilihat"), NADA_PANTAU[r[0].keadaan])
        for r in _hias(request, halaman)
    ]  # type: ignore[attr-defined]
    isi = {"baris": baris, "berikutnya": halaman.next, "boleh_pantau": request.user.punya(policies.AJUKAN)}
    return render(request, "bansos/graduasi_pantauan.html", isi)


@login_required
@require_http_methods(FORM)
def pantau(request: HttpRequest, pk: UUID, kode: str) -> HttpResponse:
    """Note how one family fares, under the notes before."""
    luas = _luas(request)
    keluarga = get_object_or_404(Keluarga.objects.visible_to(request.user).select_related("wilayah"), pk=pk)
    ada = baca.sesudah(luas, [], 1, keluarga.pk, kode)
    if not ada:
        raise Http404
    boleh = request.user.boleh(policies.AJUKAN, keluarga.wilayah_id)
    if request.method == "POST" and not boleh:
        raise PermissionDenied
    form = PantauForm(request.POST or None) if boleh else None

    def do() -> str:
        d = form.cleaned_data
        aksi.pantau(
            keluarga, program=kode, by=request.user, tanggal=d["tanggal"], keadaan=d["keadaan"], catatan=d["catatan"]
        )  # fmt: skip
        messages.success(request, "Pemantauan disimpan.")
        return reverse("graduasi_pantau", args=[keluarga.pk, kode])

    if (
        form is not None
        and form.is_valid()
        and (url := act(request, lambda: send_once(request, form, do), form=form))
    ):
        return redirect(url)
    riwayat = list(PantauMandiri.objects.filter(keluarga=keluarga, program=kode).select_related("by")[:24])
    for r in riwayat:
        r.nada = NADA_PANTAU[r.keadaan]  # type: ignore[attr-defined]
    isi = {"keluarga": keluarga, "satu": ada[0], "form": form, "riwayat": riwayat}
    status = refusal_status(request, 422) if form is not None and form.is_bound else 200
    return render(request, "bansos/graduasi_pantau.html", isi, status=status)
