"""The field officer's day list and the visit form. The portal counts answers; the officer concludes."""

import uuid
from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import DateField, Value
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import files
from core.web import act, keyset, refusal_status, send_once
from dtks.actions import asesmen as aksi
from dtks.actions import usulan as langkah
from dtks.forms.asesmen import AsesmenForm
from dtks.models import KRITERIA, Asesmen, FotoAsesmen, KodeAcuan, Usulan
from dtks.policies import usulan as policies
from dtks.queries.desa import sebutan_desa

SELESAI_TERAKHIR = 20
TANPA_TENGGAT = date(9999, 12, 31)
DASAR_HUKUM = "Keputusan Menteri Sosial 262/HUK/2022"


@login_required
@require_safe
def daftar(request: HttpRequest) -> HttpResponse:
    """Visits that wait for this officer, the oldest deadline first; below them the finished ones."""
    if not request.user.punya("usulan.ases"):
        raise Http404
    tugas = (
        Usulan.objects.visible_to(request.user)
        .filter(petugas=request.user, status="ditugaskan")
        .select_related("keluarga", "wilayah")
        .annotate(batas=Coalesce("tenggat", Value(TANPA_TENGGAT), output_field=DateField()))
    )
    selesai = (
        Asesmen.objects.visible_to(request.user)
        .filter(asesor=request.user, selesai_at__isnull=False)
        .select_related("usulan__keluarga", "usulan__wilayah")
        .order_by("-selesai_at", "-id")[:SELESAI_TERAKHIR]
    )
    halaman = keyset(request, tugas, ("batas", "id"))
    for usulan in halaman.rows:
        usulan.desa = sebutan_desa(usulan.wilayah)
    isi = {"halaman": halaman, "selesai": selesai}
    return render(request, "dtks/asesmen_daftar.html", isi)


def _ambil(request: HttpRequest, pk: uuid.UUID) -> Usulan:
    rows = Usulan.objects.visible_to(request.user).select_related("keluarga", "wilayah", "petugas")
    usulan: Usulan = get_object_or_404(rows, pk=pk)
    if not (usulan.petugas_id == request.user.pk or request.user.boleh("asesmen.lihat", usulan.wilayah_id)):
        raise Http404
    return usulan


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def isi(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One visit. 'simpan' keeps what is there so far; 'selesai' keeps it and hands the case on."""
    usulan = _ambil(request, pk)
    kunjungan = list(usulan.asesmen.select_related("asesor").prefetch_related("foto"))
    if request.method != "POST":
        return _halaman(request, usulan, kunjungan)
    form = _form(usulan, kunjungan, request)

    def simpan() -> str:
        aksi.simpan(usulan, by=request.user, data=form.jawaban(), patokan=form.cleaned_data["patokan"])
        if foto := form.cleaned_data["foto"]:
            jenis = form.cleaned_data["jenis_foto"] or "rumah_depan"
            aksi.tambah_foto(usulan, by=request.user, isi=foto.read(), jenis=jenis)
        return reverse("asesmen_isi", args=[pk])

    if form.is_valid() and (alamat := act(request, lambda: send_once(request, form, simpan), form=form)):
        if request.POST.get("aksi") == "selesai":
            return _selesaikan(request, usulan, form.cleaned_data["versi"])
        messages.success(request, "Asesmen tersimpan.")
        return redirect(alamat)
    return _halaman(request, usulan, kunjungan, form, refusal_status(request, 422))


def _selesaikan(request: HttpRequest, usulan: Usulan, versi: int | None) -> HttpResponse:
    """Hand the case on. When something is missing the answers stay saved and the page says what."""
    if act(request, lambda: langkah.ases(usulan, by=request.user, versi=versi)):
        messages.success(request, "Asesmen selesai dan sudah dikirim ke verifikator Dinsos.")
        return redirect("asesmen_daftar")
    kunjungan = list(usulan.asesmen.select_related("asesor").prefetch_related("foto"))
    return _halaman(request, usulan, kunjungan, status=refusal_status(request, 422))


def _form(usulan: Usulan, kunjungan: list[Asesmen], request: HttpRequest | None = None) -> AsesmenForm:
    return AsesmenForm(
        request.POST if request else None,
        request.FILES if request else None,
        asesmen=kunjungan[-1] if kunjungan else None,
        patokan=usulan.keluarga.patokan,
        versi=usulan.versi,
    )


def _halaman(
    request: HttpRequest,
    usulan: Usulan,
    kunjungan: list[Asesmen],
    form: AsesmenForm | None = None,
    status: int = 200,
) -> HttpResponse:
    halangan = policies.ases(request.user, usulan)
    terbuka = kunjungan[-1] if kunjungan and not kunjungan[-1].selesai_at else None
    program = KodeAcuan.objects.filter(daftar="program_usulan", kode=usulan.program).first()
    konteks: dict[str, Any] = {
        "usulan": usulan,
        "keluarga": usulan.keluarga,
        "program": program.label if program else usulan.program,
        "jumlah_anggota": usulan.keluarga.anggota.filter(aktif=True).count(),
        "desa": sebutan_desa(usulan.wilayah),
        "halangan": halangan if usulan.status == "ditugaskan" else None,
        "form": None if halangan else form or _form(usulan, kunjungan),
        "terbuka": terbuka,
        "ke": len(kunjungan) if terbuka else len(kunjungan) + 1,
        "lama": [k for k in kunjungan if k.selesai_at],
        "dikembalikan": _catatan_kembali(usulan) if not halangan else "",
        "jumlah_kriteria": len(KRITERIA),
        "dasar_hukum": DASAR_HUKUM,
    }
    return render(request, "dtks/asesmen_isi.html", konteks, status=status)


def _catatan_kembali(usulan: Usulan) -> str:
    """Why the case came back for another visit, if it did."""
    terakhir = usulan.riwayat.order_by("-urut").first()
    if terakhir is None or terakhir.langkah != "kembalikan":
        return ""
    return " ".join(filter(None, (terakhir.alasan_kalimat, terakhir.catatan)))


def _foto(usulan: Usulan, pk: uuid.UUID) -> FotoAsesmen:
    foto: FotoAsesmen = get_object_or_404(
        FotoAsesmen.objects.select_related("berkas"), pk=pk, asesmen__usulan=usulan
    )
    return foto


@login_required
@require_safe
def foto(request: HttpRequest, pk: uuid.UUID, foto: uuid.UUID) -> HttpResponse:
    berkas = _foto(_ambil(request, pk), foto).berkas
    return HttpResponse(files.read(berkas), content_type=berkas.mime)


@login_required
@require_POST
def hapus_foto(request: HttpRequest, pk: uuid.UUID, foto: uuid.UUID) -> HttpResponse:
    usulan = _ambil(request, pk)
    row = _foto(usulan, foto)

    def lakukan() -> bool:
        aksi.hapus_foto(usulan, by=request.user, foto=row)
        return True

    if act(request, lakukan):
        messages.success(request, "Foto dihapus.")
        return redirect("asesmen_isi", pk=pk)
    kunjungan = list(usulan.asesmen.select_related("asesor").prefetch_related("foto"))
    return _halaman(request, usulan, kunjungan, status=refusal_status(request, 422))
