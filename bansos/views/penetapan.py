"""Batches (pengesahan) and decrees (SK): list, send on, determine, replace, revoke, download."""

from uuid import UUID

import segno
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from bansos.actions import hasil_penetapan  # noqa: F401 - the kind registers itself
from bansos.actions import penetapan as tindakan
from bansos.actions import pengesahan as batch
from bansos.forms import (
    DAFTAR,
    CabutForm,
    GantiForm,
    KirimForm,
    SaringBatch,
    SaringPengesahan,
    SaringSK,
    TetapkanForm,
)
from bansos.models import BarisPenetapan, Penetapan, Pengesahan
from bansos.policies import penetapan as policies
from bansos.queries import batch as baca_batch
from bansos.queries import penetapan as baca
from bansos.queries.templat import KUASA as KUASA_TEMPLAT
from bansos.surat.sk import hitung_hasil
from core import files
from core.models import Dokumen
from core.web import act, keyset, refusal_status, send_once
from core.workflow import GateClosed, Halangan
from dtks.models import AlasanLangkah, Usulan

FORM = ["GET", "HEAD", "POST"]


def _area(request: HttpRequest) -> None:
    """The list is for people who may see decrees; which of them is `visible_to`'s business."""
    if not request.user.punya("penetapan.lihat"):
        raise PermissionDenied


@login_required
@require_safe
def penetapan(request: HttpRequest) -> HttpResponse:
    """Batches, letters or decrees in the person's areas, newest first."""
    _area(request)
    kini = request.GET.get("daftar", "pengesahan")
    rows, saringan, hitung = {
        "batch": (baca_batch.daftar_batch, SaringBatch, baca_batch.hitung_batch),
        "sk": (baca.daftar_sk, SaringSK, baca.hitung_sk),
    }.get(kini, (baca.daftar_pengesahan, SaringPengesahan, baca.hitung_pengesahan))
    saring = saringan(request, rows(request.user), awal={"daftar": "pengesahan"})
    halaman = keyset(request, saring.qs, ("-created_at", "-id"))
    return render(
        request,
        "bansos/penetapan.html",
        {
            "saring": saring.form,
            "sk": kini == "sk",
            "kini": kini,
            "tab": DAFTAR,
            "boleh_templat": any(request.user.punya(k) for k in KUASA_TEMPLAT),
            "baris": hitung(halaman.rows),
            "berikutnya": halaman.next,
        },
    )


def _batch(request: HttpRequest, pk: UUID) -> Pengesahan:
    rows = Pengesahan.objects.visible_to(request.user).select_related(
        "program", "wilayah", "dokumen__berkas", "disahkan_by", "dikirim_by", "batch"
    )
    return get_object_or_404(rows, pk=pk)


@login_required
@require_safe
def pengesahan_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    return _tampil_batch(request, _batch(request, pk))


def _tampil_batch(request: HttpRequest, satu: Pengesahan, form: KirimForm | None = None) -> HttpResponse:
    rows = baca.baris_pengesahan(satu)
    belum = [r.usulan for r in rows if r.usulan.status == "disahkan" and not r.lebih_baru]
    mengirim = request.user.boleh("usulan.kirim", satu.wilayah_id)
    kirim = belum and mengirim
    menunggu = sum(1 for r in rows if r.usulan.status == "dikirim" and not r.lebih_baru)
    tetap = menunggu and policies.tetapkan(request.user, satu.program, satu.wilayah_id) is None
    return render(
        request,
        "bansos/pengesahan.html",
        {
            "batch": satu,
            "baris": rows,
            "form": (form or KirimForm()) if kirim else None,
            "menunggu": menunggu,
            "tertinggal": belum if satu.dikirim_at else [],
            "boleh_tetapkan": tetap,
            "boleh_kembalikan": menunggu and mengirim,
            "boleh_kiriman": mengirim,
            "kiriman": satu.pengiriman.select_related("by"),
            "asal": getattr(satu, "batch", None),
            "sk": Penetapan.objects.filter(baris__usulan__pengesahan__pengesahan=satu)
            .distinct()
            .order_by("-created_at", "pk"),
            "qr": _qr(satu.dokumen),
        },
        status=refusal_status(request, 422) if form else 200,
    )


@login_required
@require_http_methods(["POST"])
def kirim(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Send the list on: the file is made, the receipt may follow."""
    satu, form = _batch(request, pk), KirimForm(request.POST)
    if not request.user.boleh("usulan.kirim", satu.wilayah_id):
        raise PermissionDenied
    if not form.is_valid():
        return _tampil_batch(request, satu, form)

    def do() -> str:
        batch.kirim(satu, by=request.user, tanda_terima=form.cleaned_data["tanda_terima"])
        return reverse("pengesahan_detail", args=[satu.pk])

    if url := act(request, lambda: send_once(request, form, do), form=form):
        messages.success(request, "Terkirim. Berkas kirimannya siap diunduh di bawah.")
        return redirect(url)
    return _tampil_batch(request, satu, form)


@login_required
@require_http_methods(FORM)
def tetapkan(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Outcome for each sent proposal; checked on a second screen, then one decree for all of them."""
    satu = _batch(request, pk)
    if policies.tetapkan(request.user, satu.program, satu.wilayah_id):
        raise PermissionDenied
    usulan = baca.siap_tetap(satu)
    if request.method != "POST":
        semua = "ditetapkan" if request.GET.get("isi") == "ditetapkan" else ""
        form = TetapkanForm(usulan=usulan, program=satu.program, semua=semua)
        return _isi_tetapkan(request, satu, form)
    form = TetapkanForm(request.POST, usulan=usulan, program=satu.program)
    if not form.is_valid() or request.POST.get("aksi") == "ubah":
        return _isi_tetapkan(request, satu, form)
    if request.POST.get("aksi") != "terbitkan":
        return _periksa_tetapkan(request, satu, form)
    if url := _terbitkan(request, satu, form):
        messages.success(request, "SK terbit. Unduh dan umumkan sesuai aturan.")
        return redirect(url)
    return _isi_tetapkan(request, satu, form)


def _isi_tetapkan(request: HttpRequest, satu: Pengesahan, form: TetapkanForm) -> HttpResponse:
    return render(
        request,
        "bansos/tetapkan.html",
        {"batch": satu, "form": form},
        status=refusal_status(
            request, 200 if form.is_bound and form.is_valid() else 422 if form.is_bound else 200
        ),
    )


def _periksa_tetapkan(request: HttpRequest, satu: Pengesahan, form: TetapkanForm) -> HttpResponse:
    """What the decree would say. Everything typed travels on as hidden fields; nothing is written."""
    nama, alasan = dict(BarisPenetapan.Hasil.choices), _kalimat(form)
    putusan = form.hasil()
    baris = [
        (u, putusan[str(u.pk)][0], nama[putusan[str(u.pk)][0]], alasan.get(putusan[str(u.pk)][1], ""))
        for u in form.usulan
    ]
    return render(
        request,
        "bansos/tetapkan_periksa.html",
        {
            "batch": satu,
            "form": form,
            "baris": baris,
            "hitung": _hitung(baris, nama),
        },
    )


def _hitung(baris: list[tuple[Usulan, str, str, str]], nama: dict[str, str]) -> list[tuple[str, int]]:
    """Number of each outcome; a removal counts apart from those who will receive."""
    hitung = hitung_hasil([(u, kode, "") for u, kode, _, _ in baris])
    hapus = [("Dihapus dari daftar", hitung["dihapus"])] if hitung["dihapus"] else []
    return [*((label, hitung[kode]) for kode, label in nama.items()), *hapus]


def _kalimat(form: TetapkanForm) -> dict[str, str]:
    kode = {alasan for _, alasan in form.hasil().values() if alasan}
    return dict(AlasanLangkah.objects.filter(pk__in=kode).values_list("kode", "kalimat"))


def _terbitkan(request: HttpRequest, satu: Pengesahan, form: TetapkanForm) -> str | None:
    dilihat = {k.removeprefix("hasil_") for k in request.POST if k.startswith("hasil_")}

    def do() -> str:
        if dilihat != {u.pk.hex for u in form.usulan}:
            raise GateClosed(
                [
                    Halangan(
                        "SUDAH_BERPINDAH",
                        "Sebagian usulan sudah ditetapkan atau dikembalikan.",
                        "Muat ulang halaman ini.",
                    )
                ]
            )
        sk = tindakan.tetapkan(
            by=request.user,
            program=satu.program,
            wilayah=satu.wilayah_id,
            putusan={pk: tindakan.Putusan(*putusan) for pk, putusan in form.hasil().items()},
            tanggal=form.cleaned_data["tanggal"],
            nomor=form.cleaned_data.get("nomor", ""),
        )
        return reverse("penetapan_detail", args=[sk.pk])

    return act(request, lambda: send_once(request, form, do), form=form)


def _sk(request: HttpRequest, pk: UUID) -> Penetapan:
    rows = Penetapan.objects.visible_to(request.user).select_related(
        "program", "wilayah", "dokumen__berkas", "ditetapkan_by", "menggantikan", "diganti_oleh"
    )
    return get_object_or_404(rows, pk=pk)


@login_required
@require_safe
def penetapan_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    sk = _sk(request, pk)
    return render(
        request,
        "bansos/sk.html",
        {
            "sk": sk,
            "baris": baca.baris_sk(sk),
            "pengganti": getattr(sk, "diganti_oleh", None),
            "boleh_ubah": policies.cabut(request.user, sk) is None,
            "qr": _qr(sk.dokumen),
        },
    )


@login_required
@require_http_methods(FORM)
def ganti(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A corrected decree in place of this one; both point to each other."""
    sk = _sk_sendiri(request, pk)
    form = GantiForm(request.POST or None, program=sk.program)

    def do() -> str:
        baru = tindakan.ganti(
            sk, by=request.user, alasan=form.cleaned_data["alasan"], nomor=form.cleaned_data.get("nomor", "")
        )
        return reverse("penetapan_detail", args=[baru.pk])

    if form.is_valid() and (url := act(request, lambda: send_once(request, form, do), form=form)):
        messages.success(request, "SK pengganti terbit. SK yang lama ditandai sudah diganti.")
        return redirect(url)
    return _isi_sk(request, sk, form, "Ganti SK")


@login_required
@require_http_methods(FORM)
def cabut(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Revoke a decree with a reason; the paper stays verifiable as revoked."""
    sk = _sk_sendiri(request, pk)
    form = CabutForm(request.POST or None)

    def do() -> str:
        tindakan.cabut(sk, by=request.user, alasan=form.cleaned_data["alasan"])
        return reverse("penetapan_detail", args=[sk.pk])

    if form.is_valid() and (url := act(request, lambda: send_once(request, form, do), form=form)):
        messages.success(request, "SK dicabut. Keluarganya tidak lagi tercatat layak karena SK ini.")
        return redirect(url)
    return _isi_sk(request, sk, form, "Cabut SK")


def _sk_sendiri(request: HttpRequest, pk: UUID) -> Penetapan:
    sk = _sk(request, pk)
    if policies.tetapkan(request.user, sk.program, sk.wilayah_id):
        raise PermissionDenied
    return sk


def _isi_sk(request: HttpRequest, sk: Penetapan, form: CabutForm, judul: str) -> HttpResponse:
    return render(
        request,
        "bansos/sk_ubah.html",
        {
            "sk": sk,
            "form": form,
            "judul": judul,
            "mencabut": judul.startswith("Cabut"),
            "tertutup": policies.cabut(request.user, sk) if not form.is_bound else None,
            "jumlah": sk.baris.filter(hasil="ditetapkan").count(),
        },
        status=refusal_status(request, 422) if form.is_bound else 200,
    )


@login_required
@require_safe
def pengesahan_surat(request: HttpRequest, pk: UUID) -> HttpResponse:
    return _pdf(request, _batch(request, pk).dokumen, "surat-pengesahan.pdf")


@login_required
@require_safe
def penetapan_surat(request: HttpRequest, pk: UUID) -> HttpResponse:
    return _pdf(request, _sk(request, pk).dokumen, "sk-penetapan.pdf")


def _pdf(request: HttpRequest, dokumen: Dokumen, nama: str) -> HttpResponse:
    """The very bytes that were signed; a copy on disk that was altered is not handed out."""
    try:
        isi = files.read(dokumen.berkas)
    except files.BadFile as rusak:
        return render(request, "bansos/berkas_rusak.html", {"kalimat": str(rusak)}, status=503)
    jawab = HttpResponse(isi, content_type="application/pdf")
    jawab["Content-Disposition"] = f'attachment; filename="{nama}"'
    return jawab


def _qr(dokumen: Dokumen) -> dict[str, str]:
    url = settings.PUBLIC_URL.rstrip("/") + reverse("dokumen", args=[dokumen.kode])
    return {"url": url, "gambar": segno.make(url, error="m").svg_data_uri(scale=4, border=2)}
