"""Batches over three desks: put together from ticked proposals, read, stepped, and cases taken out."""

from itertools import groupby
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from bansos.actions import batch as tindakan
from bansos.actions import pengesahan
from bansos.forms import KeluarkanForm, LangkahBatchForm, PilihUsulanField, SusunForm, program_choices
from bansos.models import BatchPengesahan
from bansos.policies import batch as policies
from bansos.queries import batch as baca
from bansos.workflow import BATCH
from core import penolakan
from core.web import act, refusal_status, send_once
from core.workflow import Halangan, Langkah, NotAllowed
from dtks.models import Usulan
from wilayah.kode import kabupaten_dari

FORM = ["GET", "HEAD", "POST"]
BAHAYA = ("bubarkan",)


@login_required
@require_http_methods(FORM)
def susun(request: HttpRequest) -> HttpResponse:
    """Ticked proposals as a batch for the supervisor. Ticks alone (GET, or POST without the form's key) show what would happen."""
    if not request.user.punya("batch.susun"):
        raise PermissionDenied
    ids = _dicentang(request)
    rows = list(
        Usulan.objects.visible_to(request.user)
        .select_related("keluarga", "wilayah")
        .filter(pk__in=ids)
        .order_by("program", "wilayah_id", "keluarga__nama_kepala", "pk")
    )
    if request.method != "POST" or "kunci_kirim" not in request.POST:
        return _pratinjau(request, rows)
    form = SusunForm(request.POST, batch=_terbuka(request, rows))
    if form.is_valid():
        if len(rows) != len(ids):
            form.add_error(None, "Sebagian usulan yang dipilih tidak ada lagi. Kembali ke antrean.")
        elif url := _susun(request, form, rows):
            return redirect(url)
    return _pratinjau(request, rows, gagal=form)


def _dicentang(request: HttpRequest) -> list[UUID]:
    data = request.POST if request.method == "POST" else request.GET
    try:
        return PilihUsulanField().clean(data.getlist("usulan"))
    except ValidationError:
        return []


def _terbuka(request: HttpRequest, rows: list[Usulan]) -> list[BatchPengesahan]:
    if not rows:
        return []
    return baca.sedang_disusun(request.user, kabupaten_dari(rows[0].wilayah_id), rows[0].program)


def _susun(request: HttpRequest, form: SusunForm, rows: list[Usulan]) -> str | None:
    tambah = form.cleaned_data.get("batch")

    def do() -> str:
        hasil = pengesahan.susun(
            [u.pk for u in rows], by=request.user, batch=tambah, catatan=form.cleaned_data["catatan"]
        )
        return reverse("batch_detail", args=[hasil.pk])

    url = act(request, lambda: send_once(request, form, do), form=form)
    if url:
        kata = "masuk ke batch. Serahkan lagi ke supervisor bila sudah lengkap." if tambah else "diserahkan ke supervisor sebagai satu batch."  # fmt: skip
        messages.success(request, f"{len(rows)} usulan {kata}")
    return url


def _pratinjau(request: HttpRequest, rows: list[Usulan], gagal: SusunForm | None = None) -> HttpResponse:
    dapat, tidak = tindakan.pratinjau(rows, by=request.user)
    nama = dict(program_choices())
    kelompok = []
    for (kode, _), isi in groupby(dapat, key=lambda u: (u.program, kabupaten_dari(u.wilayah_id))):
        satu = list(isi)
        form = SusunForm(
            initial={"usulan": [u.pk for u in satu]}, auto_id=f"id_{kode}_%s", batch=_terbuka(request, satu)
        )
        kelompok.append({"program": nama.get(kode, kode), "rows": satu, "form": form})
    return render(
        request,
        "bansos/susun.html",
        {"kelompok": kelompok, "dapat": dapat, "tidak": tidak, "gagal": gagal},
        status=refusal_status(request, 422) if gagal else 200,
    )


def _batch(request: HttpRequest, pk: UUID) -> BatchPengesahan:
    rows = BatchPengesahan.objects.visible_to(request.user).select_related(
        "program", "wilayah", "created_by", "pengesahan"
    )
    return get_object_or_404(rows, pk=pk)


@login_required
@require_safe
def batch_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    return _tampil(request, _batch(request, pk))


def _tampil(request: HttpRequest, satu: BatchPengesahan, form: KeluarkanForm | None = None) -> HttpResponse:
    baris = baca.baris_batch(satu)
    boleh_keluar = policies.keluarkan(request.user, satu) is None
    isi = [b for b in baris if not b.keluar_at]
    langkah = [
        (arrow, policies.BY_STEP[arrow.nama](request.user, satu)) for arrow in BATCH.open_from(satu.status)
    ]
    milik = [(a, k) for a, k in langkah if request.user.boleh(a.kuasa, satu.wilayah_id)]
    return render(
        request,
        "bansos/batch.html",
        {
            "batch": satu,
            "keadaan": BATCH.state(satu.status),
            "isi": isi,
            "keluar": [b for b in baris if b.keluar_at],
            "langkah": [(a, reverse("batch_langkah", args=[satu.pk, a.nama])) for a, k in milik if k is None],
            "tertutup": list(dict.fromkeys(k for _, k in milik if k)),
            "form": (form or KeluarkanForm()) if boleh_keluar and isi else None,
            "riwayat": _riwayat(satu),
        },
        status=refusal_status(request, 422) if form else 200,
    )


def _riwayat(satu: BatchPengesahan) -> list[dict[str, Any]]:
    hasil = []
    for r in satu.riwayat.select_related("oleh").order_by("-urut"):
        arrow = BATCH.find(r.langkah, r.dari)
        hasil.append(
            {
                "label": arrow.label if arrow else r.langkah,
                "waktu": r.pada,
                "oleh": r.oleh.nama if r.oleh else "",
                "alasan": f"{r.alasan_kalimat} {r.catatan}".strip(),
            }
        )
    return hasil


@login_required
@require_http_methods(FORM)
def batch_langkah(request: HttpRequest, pk: UUID, nama: str) -> HttpResponse:
    """One step on its own page: what it means, and the button."""
    satu = _batch(request, pk)
    if nama not in policies.BY_STEP:
        raise Http404
    arrow = BATCH.find(nama, satu.status)
    if kalimat := policies.BY_STEP[nama](request.user, satu):
        if not any(request.user.boleh(a.kuasa, satu.wilayah_id) for a in BATCH.langkah if a.nama == nama):
            raise PermissionDenied
        if request.method == "POST" and arrow is not None:
            penolakan.catat(request.user, NotAllowed([Halangan("TIDAK_BERWENANG", kalimat)], langkah=nama, objek=satu))  # fmt: skip
        messages.error(request, kalimat)
        request.refusal_status = 409 if arrow is None else 403  # type: ignore[attr-defined]
        jawab = _tampil(request, satu)
        jawab.status_code = refusal_status(request)
        return jawab
    assert arrow is not None
    alasan = f"{nama}_batch" if arrow.perlu_alasan else ""
    if request.method != "POST":
        form = LangkahBatchForm(initial={"versi": satu.versi}, alasan=alasan)
        return _halaman(request, satu, arrow, form, 200)
    form = LangkahBatchForm(request.POST, alasan=alasan)
    if form.is_valid():
        url = act(
            request,
            lambda: send_once(request, form, lambda: _lakukan(request, satu, nama, form.cleaned_data)),
            form=form,
        )
        if url:
            messages.success(request, f"{arrow.label}: tersimpan.")
            return redirect(url)
    return _halaman(request, satu, arrow, form, refusal_status(request, 422))


def _lakukan(request: HttpRequest, satu: BatchPengesahan, nama: str, data: dict[str, Any]) -> str:
    isi: dict[str, Any] = {"by": request.user, "versi": data["versi"], "catatan": data["catatan"]}
    if nama == "sahkan":
        return reverse("pengesahan_detail", args=[pengesahan.sahkan_batch(satu, **isi).pk])
    if "alasan" in data:
        isi["alasan"] = data["alasan"]
    aksi = {
        "serahkan": tindakan.serahkan,
        "teruskan": tindakan.teruskan,
        "kembalikan": tindakan.kembalikan,
        "bubarkan": tindakan.bubarkan,
    }[nama]
    return reverse("batch_detail", args=[aksi(satu, **isi).pk])


def _halaman(
    request: HttpRequest, satu: BatchPengesahan, arrow: Langkah, form: LangkahBatchForm, status: int
) -> HttpResponse:
    isi = [b for b in baca.baris_batch(satu) if not b.keluar_at]
    return render(
        request,
        "bansos/batch_langkah.html",
        {
            "batch": satu,
            "arrow": arrow,
            "form": form,
            "isi": isi,
            "bahaya": arrow.nama in BAHAYA,
            "halangan": [h for g in arrow.gerbang if (h := tindakan.GERBANG[g](satu, request.user))],
        },
        status=status,
    )


@login_required
@require_http_methods(["POST"])
def batch_keluarkan(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Cases out of the batch, with the reason."""
    satu = _batch(request, pk)
    if not any(request.user.boleh(k, satu.wilayah_id) for k in ("batch.susun", "batch.periksa")):
        raise PermissionDenied
    form = KeluarkanForm(request.POST)

    def do() -> str:
        data = form.cleaned_data
        n = tindakan.keluarkan(
            satu, data["usulan"], by=request.user, alasan=data["alasan"], catatan=data["catatan"]
        )
        messages.success(request, f"{n} usulan dikeluarkan dari batch.")
        return reverse("batch_detail", args=[satu.pk])

    if form.is_valid() and (url := act(request, lambda: send_once(request, form, do), form=form)):
        return redirect(url)
    return _tampil(request, satu, form)
