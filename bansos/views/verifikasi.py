"""The queue of the Dinas, and endorsing ticked proposals as one batch."""

from collections.abc import Iterable
from itertools import groupby
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from bansos.actions import pengesahan
from bansos.forms import PilihUsulanField, SahkanForm, SaringAntrean
from bansos.models import Program
from bansos.queries.antrean import ANTREAN, antrean, antrean_awal, lengkapi, luas
from core import rules
from core.web import act, keyset, refusal_status, send_once
from dtks.models import Usulan
from wilayah.kode import kabupaten_dari


@login_required
@require_safe
def verifikasi(request: HttpRequest) -> HttpResponse:
    """Proposals that wait for the Dinas, oldest first."""
    if not luas(request.user):
        raise PermissionDenied
    saring = SaringAntrean(
        request, antrean(request.user), luas=luas(request.user), awal={"antrean": antrean_awal(request.user)}
    )
    halaman = keyset(request, saring.qs, ("status_sejak", "id"))
    kini = saring.nilai["antrean"]
    return render(
        request,
        "bansos/verifikasi.html",
        {
            "saring": saring.form,
            "kini": kini,
            "judul": ANTREAN[kini][0],
            "tab": [(kode, kata) for kode, (kata, _) in ANTREAN.items()],
            "baris": lengkapi(halaman.rows, request.user),
            "berikutnya": halaman.next,
            "boleh_sahkan": kini == "terverifikasi" and request.user.punya("usulan.sahkan"),
            "program": _nama_program(),
        },
    )


def _nama_program() -> dict[str, str]:
    return dict(Program.objects.values_list("kode", "nama"))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def sahkan(request: HttpRequest) -> HttpResponse:
    """Preview of a batch (GET writes nothing), then the batch itself (POST): all proposals or none."""
    if not request.user.punya("usulan.sahkan"):
        raise PermissionDenied
    if request.method != "POST":
        return _pratinjau(request, _dicentang(request))
    form = SahkanForm(request.POST)
    if form.is_valid() and (url := _sahkan(request, form)):
        return redirect(url)
    return _pratinjau(request, form.cleaned_data.get("usulan", []), gagal=form)


def _dicentang(request: HttpRequest) -> list[UUID]:
    try:
        return PilihUsulanField().clean(request.GET.getlist("usulan"))
    except ValidationError:
        return []


def _sahkan(request: HttpRequest, form: SahkanForm) -> str | None:
    rows = _terlihat(request, form.cleaned_data["usulan"])
    if len(rows) != len(form.cleaned_data["usulan"]):
        form.add_error(
            None, "Sebagian usulan yang dipilih tidak ada lagi. Kembali ke antrean, lalu pilih lagi."
        )
        return None

    def do() -> str:
        hasil = pengesahan.sahkan([u.pk for u in rows], by=request.user)
        return reverse("pengesahan_detail", args=[hasil.pk])

    url = act(request, lambda: send_once(request, form, do), form=form)
    if url:
        messages.success(request, f"{len(rows)} usulan disahkan. Surat pengesahan ada di bawah.")
    return url


def _terlihat(request: HttpRequest, ids: Iterable[UUID]) -> list[Usulan]:
    return list(
        Usulan.objects.visible_to(request.user)
        .select_related("keluarga", "wilayah")
        .filter(pk__in=list(ids))
        .order_by("program", "wilayah_id", "keluarga__nama_kepala", "pk")
    )


def _pratinjau(request: HttpRequest, ids: list[UUID], gagal: SahkanForm | None = None) -> HttpResponse:
    hasil = pengesahan.pratinjau(_terlihat(request, ids), by=request.user)
    nama = _nama_program()
    kelompok = []
    for (kode, kabupaten), isi in groupby(
        hasil.dapat, key=lambda u: (u.program, kabupaten_dari(u.wilayah_id))
    ):
        rows = list(isi)
        kelompok.append(
            {
                "program": nama.get(kode, kode),
                "rows": rows,
                "batas": rules.value("batch.maks", kabupaten),
                "form": SahkanForm(initial={"usulan": [u.pk for u in rows]}, auto_id=False),
            }
        )
    return render(
        request,
        "bansos/sahkan.html",
        {
            "kelompok": kelompok,
            "hasil": hasil,
            "gagal": gagal,
            "antrean_url": reverse("verifikasi") + "?antrean=terverifikasi",
        },
        status=refusal_status(request, 422) if gagal else 200,
    )
