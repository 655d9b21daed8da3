"""Dwelling, assets and photos of the family in a proposal."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from dtks.actions import keluarga as actions
from dtks.forms.pilihan import pilihan
from dtks.forms.rumah import AsetForm, FotoForm, GantiFotoForm, HapusFotoForm, RumahForm
from dtks.models import FotoKeluarga, Rumah, Usulan
from dtks.views.isian import kasus, sunting


def _back(usulan: Usulan) -> str:
    return reverse("usulan_lihat", args=[usulan.pk])


@login_required
@require_http_methods(["GET", "POST"])
def rumah(request: HttpRequest, pk: Any) -> HttpResponse:
    usulan = kasus(request, pk)

    def awal() -> dict[str, Any]:
        row = Rumah.objects.filter(keluarga_id=usulan.keluarga_id).first()
        kolom = [n for n in RumahForm.base_fields if n not in ("kunci_kirim", "versi")]
        return {n: getattr(row, n) for n in kolom} if row else {}

    def simpan(form: RumahForm) -> str:
        actions.simpan_rumah(usulan, by=request.user, data=form.isi, versi=form.cleaned_data["versi"])
        return _back(usulan)

    return sunting(request, usulan, judul="Rumah", buat=RumahForm, awal=awal, simpan=simpan)


@login_required
@require_http_methods(["GET", "POST"])
def aset(request: HttpRequest, pk: Any) -> HttpResponse:
    usulan = kasus(request, pk)

    def awal() -> dict[str, Any]:
        return dict(usulan.keluarga.aset.values_list("jenis", "jumlah"))

    def simpan(form: AsetForm) -> str:
        actions.simpan_aset(usulan, by=request.user, jumlah=form.isi, versi=form.cleaned_data["versi"])
        return _back(usulan)

    return sunting(
        request, usulan, judul="Aset", buat=AsetForm, awal=awal, simpan=simpan,
        pengantar="Tulis jumlahnya. Tulis 0 bila tidak punya.",
    )  # fmt: skip


@login_required
@require_http_methods(["GET", "POST"])
def foto(request: HttpRequest, pk: Any) -> HttpResponse:
    usulan = kasus(request, pk)

    def simpan(form: FotoForm) -> str:
        actions.tambah_foto(
            usulan, by=request.user, jenis=form.cleaned_data["jenis"], isi=form.cleaned_data["foto"].read(),
            versi=form.cleaned_data["versi"],
        )  # fmt: skip
        return reverse("usulan_foto", args=[usulan.pk])

    label = dict(pilihan(["foto_keluarga"])["foto_keluarga"])
    ada = [(f, label.get(f.jenis, f.jenis)) for f in usulan.keluarga.foto.all()]
    return sunting(
        request,
        usulan,
        judul="Foto",
        buat=FotoForm,
        awal=dict,
        simpan=simpan,
        template="dtks/usulan_foto.html",
        foto_antre=reverse("usulan_foto_kirim", args=[usulan.pk]),
        ada=ada,
    )


def _photo(usulan: Usulan, pk: Any) -> tuple[FotoKeluarga, str]:
    foto = get_object_or_404(FotoKeluarga, keluarga_id=usulan.keluarga_id, pk=pk)
    return foto, dict(pilihan(["foto_keluarga"])["foto_keluarga"]).get(foto.jenis, foto.jenis).lower()


@login_required
@require_http_methods(["GET", "POST"])
def ganti_foto(request: HttpRequest, pk: Any, foto: Any) -> HttpResponse:
    """A better picture in the place of one that is there."""
    usulan = kasus(request, pk)
    lama, label = _photo(usulan, foto)

    def simpan(form: GantiFotoForm) -> str:
        data = form.cleaned_data
        actions.ganti_foto(usulan, by=request.user, foto=lama, isi=data["foto"].read(), versi=data["versi"])
        return reverse("usulan_foto", args=[usulan.pk])

    return sunting(request, usulan, judul=f"Ganti foto {label}", buat=GantiFotoForm, awal=dict, simpan=simpan)


@login_required
@require_http_methods(["GET", "POST"])
def hapus_foto(request: HttpRequest, pk: Any, foto: Any) -> HttpResponse:
    usulan = kasus(request, pk)
    lama, label = _photo(usulan, foto)

    def simpan(form: HapusFotoForm) -> str:
        data = form.cleaned_data
        actions.hapus_foto(usulan, by=request.user, foto=lama, alasan=data["alasan"], versi=data["versi"])
        return reverse("usulan_foto", args=[usulan.pk])

    return sunting(
        request, usulan, judul=f"Hapus foto {label}", buat=HapusFotoForm, awal=dict, simpan=simpan, tombol="Hapus foto",
        bahaya=True, pengantar="Penghapusan dicatat. Berkasnya disimpan selama masa audit, tidak terlihat lagi di halaman mana pun.",
    )  # fmt: skip
