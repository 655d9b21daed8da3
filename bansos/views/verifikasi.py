"""The queue of the Dinas, and endorsing ticked proposals as one batch."""

from collections.abc import Iterable
from functools import cache, partial
from itertools import groupby
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.views.decorators.http import require_http_methods, require_safe

from bansos.actions import massal, pengesahan
from bansos.forms import MAX_PILIH, MassalForm, PilihUsulanField, SahkanForm, SaringAntrean, antrean_saja
from bansos.queries.antrean import (
    ANTREAN,
    KOLOM,
    URUT,
    antrean,
    antrean_awal,
    halaman,
    jumlah,
    lengkapi,
    luas,
    nama_program,
    saringan,
)
from bansos.queries.batch import langsung
from bansos.views.meja import urung_terakhir
from core import rules
from core.web import PAGE_SIZE, act, keyset, refusal_status, send_once
from dtks.models import Usulan
from dtks.queries import beku
from wilayah.kode import kabupaten_dari


@login_required
@require_safe
def verifikasi(request: HttpRequest) -> HttpResponse:
    return halaman_antrean(request)


def halaman_antrean(
    request: HttpRequest, *, gagal: MassalForm | None = None, status: int = 200
) -> HttpResponse:
    """Proposals that wait for the Dinas, oldest due first; `gagal`: ticks that were sent and not understood."""
    if not (akar := luas(request.user)):
        raise PermissionDenied
    awal = "" if "antrean" in request.GET else antrean_awal(request.user)
    saring = None
    if not (nilai := antrean_saja(request, awal)):
        saring = SaringAntrean(
            request, antrean(request.user, akar), luas=akar, awal={"antrean": awal} if awal else {}
        )
        nilai = saring.nilai
    baris = int(nilai["baris"] or PAGE_SIZE)
    if saring:
        isi = keyset(request, saring.qs.values_list(*KOLOM, named=True), URUT, baris)
    else:
        isi = keyset(request, partial(halaman, akar, nilai["antrean"]), URUT, baris)
    kini = nilai["antrean"]
    pilihan = massal.pilihan(request.user, kini)
    susun = kini == "terverifikasi" and request.user.punya("batch.susun")
    sahkan_langsung = kini == "terverifikasi" and langsung(request.user)
    lewat_batch = kini == "terverifikasi" and request.user.punya("usulan.sahkan")
    cara_lain = susun or sahkan_langsung or lewat_batch  # what the queue is for; the rest is done on request
    wilayah = [nilai["wilayah"]] if nilai.get("wilayah") else akar
    sempit = {k: nilai.get(k) for k in ("program", "jalur")}
    hitung, dibekukan = jumlah(wilayah, **sempit), beku.per_status(wilayah, **sempit)
    return render(
        request,
        "bansos/verifikasi.html",
        {
            "saring": saring.form if saring else None,
            "kini": kini,
            "judul": ANTREAN[kini][0],
            "tab": [
                (kode, kata, hitung[kode] - dibekukan[kode], saringan(request.GET, antrean=kode, cara=""))
                for kode, (kata, _) in ANTREAN.items()
            ],
            "dibekukan": dibekukan[kini],
            "buka": bool(nilai.get("saring")),
            "dipakai": sum(1 for k in nilai if k not in ("antrean", "baris", "cara", "saring") and nilai[k]),
            "buka_saring": saringan(request.GET, antrean=kini, saring="buka"),
            "saringan": saringan(request.GET, antrean=kini),
            "urung": urung_terakhir(request),
            "baris": lengkapi(isi.rows, nama_program()),
            "berikutnya": isi.next,
            "massal": (massal_form := gagal or MassalForm(langkah=pilihan)),
            "kolom_langkah": massal_form["langkah"].as_field_group()
            if gagal
            else _kolom_langkah(tuple(pilihan)),
            "dicentang": set(gagal.data.getlist("usulan")) if gagal else (),  # type: ignore[attr-defined]
            "bisa_massal": bool(pilihan),
            "cara_lain": cara_lain,
            "pakai_massal": bool(pilihan)
            and (not cara_lain or gagal is not None or nilai["cara"] == "massal"),
            "ke_massal": saringan(request.GET, antrean=kini, cara="massal"),
            "dari_massal": saringan(request.GET, antrean=kini, cara=""),
            "kata_massal": " atau ".join(kata.lower() for _, kata in pilihan),
            "semua": saringan(request.GET, antrean=kini, baris=str(MAX_PILIH)) if not nilai["baris"] else "",
            "boleh_susun": susun,
            "boleh_sahkan": sahkan_langsung,
            "lewat_batch": lewat_batch,
            "hari_ini": timezone.localdate(),
        },
        status=status,
    )


@cache
def _kolom_langkah(pilihan: tuple[tuple[str, str], ...]) -> SafeString:
    """The field of an empty form: its choices are all that it depends on, and drawing it costs as much as ten rows."""
    return MassalForm(langkah=list(pilihan))["langkah"].as_field_group()


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
    nama = nama_program()
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
