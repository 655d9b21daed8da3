"""Objections: filed at the counter, the list by clock, one of them, its decision and its papers."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from bansos.actions import keberatan as tindakan
from bansos.forms_keberatan import KeberatanForm, PutusKeberatanForm, SaringKeberatan
from bansos.models import KUASA_LIHAT, Keberatan
from bansos.policies import keberatan as policies
from bansos.workflow import KEBERATAN
from core import files
from core.web import act, keyset, refusal_status, send_once
from dtks.models import Usulan
from wilayah.kode import kabupaten_dari
from wilayah.queries.kerja import selisih_hari_kerja
from wilayah.waktu import hari_wilayah, waktu_wilayah

FORM = ["GET", "HEAD", "POST"]


@login_required
@require_safe
def daftar(request: HttpRequest) -> HttpResponse:
    """Nearest deadline first."""
    if not any(request.user.punya(k) for k in KUASA_LIHAT):
        raise PermissionDenied
    rows = Keberatan.objects.visible_to(request.user).select_related("usulan__keluarga", "wilayah")
    saring = SaringKeberatan(request, rows)
    halaman = keyset(request, saring.qs, ("batas_jawab", "id"))
    for satu in halaman.rows:
        satu.jam = _jam(satu)
    return render(
        request,
        "bansos/keberatan_daftar.html",
        {"saring": saring.form, "baris": halaman.rows, "berikutnya": halaman.next},
    )


def _jam(satu: Keberatan) -> str:
    """The clock in words; empty once it was decided."""
    if satu.status != "diajukan":
        return ""
    kabupaten, hari = kabupaten_dari(satu.wilayah_id), hari_wilayah(satu.wilayah_id)
    if hari > satu.batas_jawab:
        return f"lewat {selisih_hari_kerja(kabupaten, satu.batas_jawab, hari)} hari kerja"
    return f"sisa {selisih_hari_kerja(kabupaten, hari, satu.batas_jawab)} hari kerja"


@login_required
@require_http_methods(FORM)
def ajukan(request: HttpRequest, pk: UUID) -> HttpResponse:
    """At the counter: what the family says against the decision on this proposal."""
    usulan = get_object_or_404(
        Usulan.objects.visible_to(request.user).select_related("keluarga", "wilayah"), pk=pk
    )
    if not request.user.boleh("keberatan.ajukan", usulan.wilayah_id):
        raise PermissionDenied
    if kalimat := policies.ajukan(request.user, usulan):
        messages.error(request, kalimat)
        return redirect("usulan_lihat", pk=usulan.pk)
    putusan = usulan.riwayat.order_by("-urut")[0]
    ada = Keberatan.objects.visible_to(request.user).filter(usulan=usulan, urut_putusan=putusan.urut).first()
    if ada and request.method != "POST":
        return redirect("keberatan_lihat", pk=ada.pk)
    form = KeberatanForm(
        request.POST or None, request.FILES or None, initial={"pemohon": usulan.keluarga.nama_kepala, "diterima": hari_wilayah(usulan.wilayah_id)}
    )  # fmt: skip

    def do() -> str:
        data = form.cleaned_data
        hasil = tindakan.ajukan(
            usulan, by=request.user, pemohon=data["pemohon"], alasan=data["alasan"], diterima=data["diterima"],
            alasan_terlambat=data["alasan_terlambat"], berkas=[b.read() for b in data["berkas"]],
        )  # fmt: skip
        return reverse("keberatan_lihat", args=[hasil.pk])

    if form.is_valid() and (url := act(request, lambda: send_once(request, form, do), form=form)):
        messages.success(request, "Keberatan dicatat. Beri tahu keluarga nomor dan batas jawabannya.")
        return redirect(url)
    tanggal = waktu_wilayah(usulan.wilayah_id, putusan.pada).date()
    return render(
        request,
        "bansos/keberatan_ajukan.html",
        {
            "usulan": usulan,
            "putusan": putusan,
            "tanggal": tanggal,
            "batas": tindakan.batas_ajukan(usulan.wilayah_id, tanggal),
            "terlambat": hari_wilayah(usulan.wilayah_id) > tindakan.batas_ajukan(usulan.wilayah_id, tanggal),
            "form": form,
        },
        status=refusal_status(request, 422) if form.is_bound else 200,
    )


def _satu(request: HttpRequest, pk: UUID) -> Keberatan:
    rows = Keberatan.objects.visible_to(request.user).select_related(
        "usulan__keluarga", "usulan__wilayah", "wilayah", "created_by", "berkas", "dokumen__berkas", "usulan_baru"
    )  # fmt: skip
    return get_object_or_404(rows, pk=pk)


@login_required
@require_safe
def lihat(request: HttpRequest, pk: UUID) -> HttpResponse:
    satu = _satu(request, pk)
    berwenang = request.user.boleh("keberatan.putus", satu.wilayah_id)
    terbuka = satu.status in ("diajukan", "dianggap_kabul")
    return render(
        request,
        "bansos/keberatan.html",
        {
            "k": satu,
            "keadaan": KEBERATAN.state(satu.status),
            "jam": _jam(satu),
            "boleh_putus": terbuka and policies.putus(request.user, satu) is None,
            "tertutup": policies.putus(request.user, satu) if terbuka and berwenang else None,
            "lihat_usulan": Usulan.objects.visible_to(request.user).filter(pk=satu.usulan_id).exists(),
        },
    )


@login_required
@require_http_methods(FORM)
def putus(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Grant or reject, with the reason that the family reads."""
    satu = _satu(request, pk)
    if not request.user.boleh("keberatan.putus", satu.wilayah_id):
        raise PermissionDenied
    form = PutusKeberatanForm(request.POST or None, lewat=satu.status == "dianggap_kabul", initial={"versi": satu.versi})  # fmt: skip

    def do() -> str:
        data = form.cleaned_data
        aksi = tindakan.kabulkan if data["putusan"] == "kabulkan" else tindakan.tolak
        aksi(satu, by=request.user, alasan=data["alasan"], versi=data["versi"])
        return reverse("keberatan_lihat", args=[satu.pk])

    if form.is_valid() and (url := act(request, lambda: send_once(request, form, do), form=form)):
        messages.success(request, "Putusan disimpan. Surat jawabannya siap diunduh.")
        return redirect(url)
    return render(
        request,
        "bansos/keberatan_putus.html",
        {"k": satu, "form": form, "tertutup": None if form.is_bound else policies.putus(request.user, satu)},
        status=refusal_status(request, 422) if form.is_bound else 200,
    )


@login_required
@require_safe
def berkas(request: HttpRequest, pk: UUID, jenis: str) -> HttpResponse:
    """The family's papers (`bukti`) or the answer (`jawaban`)."""
    satu = _satu(request, pk)
    row = {"bukti": satu.berkas, "jawaban": satu.dokumen.berkas if satu.dokumen else None}.get(jenis)
    if row is None:
        raise Http404
    try:
        isi = files.read(row)
    except files.BadFile as rusak:
        return render(request, "bansos/berkas_rusak.html", {"kalimat": str(rusak)}, status=503)
    jawab = HttpResponse(isi, content_type=row.mime)
    akhiran = "pdf" if row.mime == "application/pdf" else "jpg"
    jawab["Content-Disposition"] = f'attachment; filename="keberatan-{jenis}.{akhiran}"'
    return jawab
