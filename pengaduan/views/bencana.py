"""/bencana/: events, the families that were hit, goods handed over."""

from collections import Counter
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from core.web import act, keyset, refusal_status, send_once
from dtks.models import Usulan
from dtks.views.kirim import kirim
from dtks.views.usulan import keep_pin
from pengaduan.actions import bencana as aksi
from pengaduan.actions import darurat as aksi_darurat
from pengaduan.forms_darurat import BastForm, BencanaForm, KorbanForm, SerahForm, TutupForm, UsulkanForm
from pengaduan.models import KEBUTUHAN, KejadianBencana, KorbanKeluarga, PenyerahanBarang
from pengaduan.policies import darurat as policies
from pengaduan.views.darurat import unduh
from wilayah.kode import kabupaten_dari
from wilayah.waktu import singkatan, waktu_wilayah

FORM = ["GET", "HEAD", "POST"]


def _post(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _luas(request: HttpRequest, kuasa: str, kejadian: KejadianBencana) -> list[str]:
    """Own areas inside the kabupaten of the event."""
    kab = kabupaten_dari(kejadian.wilayah_id)
    return [k for k in request.user.cakupan(kuasa) if kabupaten_dari(k) == kab]


@login_required
@require_safe
def daftar(request: HttpRequest) -> HttpResponse:
    if not request.user.punya("darurat.lihat"):
        raise PermissionDenied
    rows = KejadianBencana.objects.visible_to(request.user).select_related("wilayah")
    halaman = keyset(request, rows, ("-waktu", "-id"))
    return render(
        request,
        "pengaduan/bencana_daftar.html",
        {"baris": halaman.rows, "berikutnya": halaman.next, "boleh": request.user.punya("bencana.catat")},
    )


@login_required
@require_http_methods(FORM)
def catat(request: HttpRequest) -> HttpResponse:
    luas = request.user.cakupan("bencana.catat")
    if not luas:
        raise PermissionDenied
    form = BencanaForm(_post(request), luas=luas)

    def do() -> str:
        return reverse("bencana_lihat", args=[aksi.catat(by=request.user, data=form.isi).pk])

    return _kirim(request, form, do, "Kejadian dicatat. Sekarang catat keluarga korbannya.", {"judul": "Catat bencana", "tombol": "Simpan"})  # fmt: skip


def _kirim(request: HttpRequest, form: Any, do: Any, kata: str, konteks: dict[str, Any], *, templat: str = "bencana_form") -> HttpResponse:  # fmt: skip
    if (
        form.is_bound
        and form.is_valid()
        and (url := act(request, lambda: send_once(request, form, do), form=form))
    ):
        messages.success(request, kata)
        return redirect(url)
    status = refusal_status(request, 422) if form.is_bound else 200
    return render(request, f"pengaduan/{templat}.html", {"form": form, **konteks}, status=status)


def _satu(request: HttpRequest, pk: UUID) -> KejadianBencana:
    return get_object_or_404(
        KejadianBencana.objects.visible_to(request.user).select_related("wilayah", "created_by"), pk=pk
    )


@login_required
@require_safe
def lihat(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The event in numbers, its families (own area only), its goods."""
    satu = _satu(request, pk)
    user = request.user
    korban = KorbanKeluarga.objects.visible_to(user).filter(kejadian=satu).select_related("wilayah", "usulan")
    halaman = keyset(request, korban, ("nama_kepala", "id"))
    jumlah = korban.aggregate(
        keluarga=Count("pk"),
        jiwa=Sum("jiwa"),
        rentan=Sum("rentan"),
        meninggal=Sum("meninggal"),
        luka=Sum("luka"),
    )
    perlu = Counter(k for isi in korban.values_list("kebutuhan", flat=True) for k in isi)
    terbuka = satu.ditutup_at is None
    konteks = {
        "k": satu, "waktu_setempat": waktu_wilayah(satu.wilayah_id, satu.waktu), "zona": singkatan(satu.wilayah_id),
        "jumlah": jumlah, "kebutuhan": [(kata, perlu[kode]) for kode, kata in KEBUTUHAN if perlu[kode]],
        "korban": halaman.rows, "berikutnya": halaman.next,
        "penyerahan": list(PenyerahanBarang.objects.visible_to(user).filter(kejadian=satu).select_related("wilayah", "dokumen").order_by("-tanggal", "-pk")),
        "boleh_korban": terbuka and bool(_luas(request, "bencana.catat", satu)),
        "boleh_serah": terbuka and bool(_luas(request, "bencana.serahkan", satu)),
        "boleh_tutup": terbuka and user.boleh("bencana.serahkan", satu.wilayah_id),
        "boleh_usul": user.punya("darurat.usulkan"), "boleh_lapor": terbuka and user.punya("darurat.lapor"),
    }  # fmt: skip
    return render(request, "pengaduan/bencana.html", konteks)


@login_required
@sensitive_post_parameters("nik")
@require_http_methods(FORM)
def korban(request: HttpRequest, pk: UUID) -> HttpResponse:
    satu = _satu(request, pk)
    luas = _luas(request, "bencana.catat", satu)
    if not luas:
        raise PermissionDenied
    form = KorbanForm(_post(request), luas=luas, mulai=satu.wilayah_id)

    def do() -> str:
        aksi.catat_korban(satu, by=request.user, data=form.isi)
        return (
            reverse("bencana_korban", args=[satu.pk])
            if "lagi" in request.POST
            else reverse("bencana_lihat", args=[satu.pk])
        )

    return _kirim(request, form, do, "Keluarga korban dicatat.", {"k": satu, "judul": "Catat keluarga korban", "tombol": "Simpan", "lagi": True})  # fmt: skip


@login_required
@require_http_methods(FORM)
def serah(request: HttpRequest, pk: UUID) -> HttpResponse:
    satu = _satu(request, pk)
    luas = _luas(request, "bencana.serahkan", satu)
    if not luas:
        raise PermissionDenied
    form = SerahForm(_post(request), luas=luas, mulai=satu.wilayah_id)

    def do() -> str:
        data = {**form.cleaned_data, "wilayah": form.cleaned_data["wilayah"].kode}
        aksi.serahkan(satu, by=request.user, data=data, barang=form.barang)
        return reverse("bencana_lihat", args=[satu.pk])

    return _kirim(
        request, form, do, "Berita acara siap diunduh. Cetak dua lembar dan tanda tangani berdua.",
        {"k": satu, "judul": "Serahkan barang", "tombol": "Buat berita acara"}, templat="bencana_serah",
    )  # fmt: skip


@login_required
@require_http_methods(FORM)
def tutup(request: HttpRequest, pk: UUID) -> HttpResponse:
    satu = _satu(request, pk)
    if not request.user.boleh("bencana.serahkan", satu.wilayah_id):
        raise PermissionDenied
    form = TutupForm(_post(request))

    def do() -> str:
        return reverse("bencana_lihat", args=[aksi.tutup(satu, by=request.user).pk])

    return _kirim(
        request, form, do, "Kejadian ditutup.",
        {"k": satu, "judul": "Tutup kejadian", "tombol": "Tutup kejadian",
         "kata": "Sesudah ditutup, keluarga korban dan penyerahan barang tidak bisa ditambah."},
    )  # fmt: skip


def _penyerahan(request: HttpRequest, pk: UUID) -> PenyerahanBarang:
    return get_object_or_404(
        PenyerahanBarang.objects.visible_to(request.user).select_related(
            "kejadian", "dokumen__berkas", "pindaian"
        ),
        pk=pk,
    )


@login_required
@require_http_methods(FORM)
def bast(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Bring the record back with both signatures."""
    satu = _penyerahan(request, pk)
    if not request.user.boleh("bencana.serahkan", satu.wilayah_id):
        raise PermissionDenied
    form = BastForm(_post(request), request.FILES or None, use_required_attribute=False)

    def do() -> str:
        aksi.unggah_bast(satu, by=request.user, berkas=[b.read() for b in form.cleaned_data["berkas"]])
        return reverse("bencana_lihat", args=[satu.kejadian_id])

    return _kirim(
        request, form, do, "Berita acara bertanda tangan disimpan.",
        {"k": satu.kejadian, "judul": f"Unggah berita acara {satu.nomor}", "tombol": "Unggah"},
    )  # fmt: skip


@login_required
@require_safe
def berkas(request: HttpRequest, pk: UUID, jenis: str) -> HttpResponse:
    """The record as issued (`surat`) or as signed (`pindaian`)."""
    satu = _penyerahan(request, pk)
    row = {"surat": satu.dokumen.berkas, "pindaian": satu.pindaian}.get(jenis)
    if row is None:
        raise Http404
    return unduh(request, row, f"bast-{jenis}")


@login_required
@sensitive_post_parameters("nik")
@require_http_methods(FORM)
def usulkan(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A proposal on the emergency route for a family that was hit."""
    satu = get_object_or_404(
        KorbanKeluarga.objects.visible_to(request.user).select_related("kejadian", "wilayah"), pk=pk
    )
    luas = [
        k
        for k in request.user.cakupan("darurat.usulkan")
        if kabupaten_dari(k) == kabupaten_dari(satu.wilayah_id)
    ]
    if policies.catat_bencana(request.user, satu.wilayah_id) or not luas:
        raise PermissionDenied
    awal = {
        "nama": satu.nama_kepala,
        "alamat": satu.alamat,
        "wilayah": satu.wilayah_id,
        "tanpa_nik_alasan": "" if satu.nik else "BENCANA",
    }
    form = UsulkanForm(_post(request), luas=luas, mulai=satu.wilayah_id, initial=awal)
    kembali = reverse("bencana_lihat", args=[satu.kejadian_id])

    def do() -> str:
        usulan, pin = aksi_darurat.usulkan(satu, by=request.user, data=form.isi)
        keep_pin(request, usulan, pin)
        boleh = Usulan.objects.visible_to(request.user).filter(pk=usulan.pk).exists()
        return reverse("usulan_resi", args=[usulan.pk]) if boleh else kembali

    if form.is_bound and form.is_valid():
        isi = form.isi
        if url := kirim(request, form, do, wilayah=isi["wilayah"], nik=isi.get("nik") or ""):
            messages.success(
                request,
                "Usulan kedaruratan dibuat. Operator desa melanjutkannya; identitas dan surat disusulkan.",
            )
            return redirect(url)
    konteks = {
        "form": form,
        "k": satu.kejadian,
        "judul": f"Usulan kedaruratan: {satu.nama_kepala}",
        "tombol": "Buat usulan",
    }
    status = refusal_status(request, 422) if form.is_bound else 200
    return render(request, "pengaduan/bencana_form.html", konteks, status=status)
