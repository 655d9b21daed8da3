"""Members of the family in a proposal: add, change. Who leaves is a record of the family (views.peristiwa)."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from dtks.actions import keluarga as actions
from dtks.forms.anggota import AnggotaForm
from dtks.models import Individu, Usulan
from dtks.views.isian import kasus, sunting
from dtks.views.kirim import kabari_mirip

TANPA_AWAL = ("kunci_kirim", "versi", "nik")


def _form(usulan: Usulan, individu: Individu | None) -> Any:
    kk = usulan.keluarga.no_kk
    return lambda *args, **kw: AnggotaForm(*args, individu=individu, no_kk=kk.open() if kk else "", **kw)


def _stored(individu: Individu) -> dict[str, Any]:
    kolom = [n for n in AnggotaForm.base_fields if n not in TANPA_AWAL]
    isi = {n: getattr(individu, n) for n in kolom}
    for n, jawaban in enumerate(individu.hambatan or [], 1):
        isi[f"hambatan_{n}"] = str(jawaban)
    return isi


def _save(request: HttpRequest, usulan: Usulan, form: AnggotaForm, individu: Individu | None) -> str:
    data = {**form.isi, "tanda": form.kode_tanda}
    if individu is not None and not data["nik"]:
        del data["nik"]  # left empty: the stored number, shown masked, stays
    orang = actions.simpan_anggota(
        usulan, by=request.user, data=data, individu=individu, versi=form.cleaned_data["versi"]
    )
    kabari_mirip(request, orang)
    return reverse("usulan_lihat", args=[usulan.pk]) + "#anggota"


@login_required
@require_http_methods(["GET", "POST"])
def baru(request: HttpRequest, pk: Any) -> HttpResponse:
    usulan = kasus(request, pk)
    return sunting(
        request, usulan, judul="Tambah anggota", buat=_form(usulan, None), awal=lambda: {"keberadaan": "1"},
        simpan=lambda form: _save(request, usulan, form, None), template="dtks/anggota_isian.html",
    )  # fmt: skip


@login_required
@require_http_methods(["GET", "POST"])
def ubah(request: HttpRequest, pk: Any, orang: Any) -> HttpResponse:
    usulan = kasus(request, pk)
    individu = get_object_or_404(Individu, keluarga_id=usulan.keluarga_id, aktif=True, pk=orang)

    def awal() -> dict[str, Any]:
        individu.refresh_from_db()
        return _stored(individu)

    return sunting(
        request, usulan, judul=f"Anggota: {individu.nama}", buat=_form(usulan, individu), awal=awal,
        simpan=lambda form: _save(request, usulan, form, individu), template="dtks/anggota_isian.html", individu=individu,
    )  # fmt: skip
