"""`/asesmen/bagi/`: who visits whom, proposed by load and area, confirmed by a person; and the officer who asks out."""

import uuid
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Exists, F, OuterRef, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from core import rules
from core.web import act, refusal_status, send_once
from dtks.actions import penugasan as aksi
from dtks.forms.penugasan import AlihForm, BagiForm
from dtks.models import BENTURAN, AlasanLangkah, PermintaanAlih, RiwayatUsulan, Usulan
from dtks.policies import usulan as policies
from dtks.queries.desa import sebutan_desa
from dtks.queries.petugas import Bagian, bagi
from wilayah.kode import dalam


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def bagikan(request: HttpRequest) -> HttpResponse:
    """The preview, one group for each officer; what stays ticked is sent."""
    if not request.user.punya("usulan.tugaskan"):
        raise Http404
    if request.method != "POST":
        return _pratinjau(request, BagiForm())
    form = BagiForm(request.POST)

    def kirim() -> str:
        hasil = aksi.bagikan(form.cleaned_data["bagi"], by=request.user)
        if hasil.ditugaskan:
            messages.success(request, f"{hasil.ditugaskan} usulan ditugaskan.")
        for tiket, kalimat in hasil.gagal:
            messages.error(request, f"{tiket} tidak ditugaskan. {kalimat}")
        return reverse("asesmen_bagi")

    if form.is_valid() and (tujuan := act(request, lambda: send_once(request, form, kirim), form=form)):
        return redirect(tujuan)
    return _pratinjau(request, form, refusal_status(request, 422))


def _pratinjau(request: HttpRequest, form: BagiForm, status: int = 200) -> HttpResponse:
    luas = request.user.cakupan("usulan.tugaskan")
    sudah = RiwayatUsulan.objects.filter(
        usulan=OuterRef("pk"), langkah="lewati_kunjungan"
    )  # and sent back since
    menunggu = (
        Usulan.objects.visible_to(request.user)
        .filter(dalam("wilayah_id", luas), status="diinput")
        .exclude(Q(sampel__dikunjungi=False) & ~Exists(sudah))
        .select_related("keluarga", "wilayah")
        .order_by(F("tenggat").asc(nulls_last=True), "status_sejak", "pk")
    )
    maks = rules.value("asesmen.bagi_maks")
    rows = bagi(menunggu[:maks])
    for satu in rows:
        satu.desa = sebutan_desa(satu.usulan.wilayah)  # type: ignore[attr-defined]
    dapat = sorted((r for r in rows if r.petugas), key=_kunci)
    minta = (
        PermintaanAlih.objects.terbuka()
        .filter(dalam("usulan__wilayah_id", luas))
        .select_related("usulan__keluarga", "usulan__wilayah", "petugas")
        .order_by("created_at", "pk")
    )
    kalimat = dict(AlasanLangkah.objects.filter(langkah="alihkan").values_list("kode", "kalimat"))
    konteks: dict[str, Any] = {
        "form": form,
        "menunggu": [r.usulan for r in dapat],
        "kelompok": [
            {"petugas": isi[0].petugas, "rows": isi}
            for _, isi in ((k, list(g)) for k, g in groupby(dapat, key=lambda r: r.petugas.pk))
        ],
        "jumlah": len(dapat),
        "tanpa": [r for r in rows if not r.petugas],
        "sisa": max(menunggu.count() - maks, 0) if len(rows) == maks else 0,
        "minta": [(m, kalimat.get(m.alasan, m.alasan)) for m in minta[:maks]],
    }
    return render(request, "dtks/asesmen_bagi.html", konteks, status=status)


def _kunci(satu: Bagian) -> tuple[str, str]:
    assert satu.petugas is not None
    return satu.petugas.nama, str(satu.petugas.pk)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def minta_alih(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The officer who was sent says why somebody else should go."""
    usulan = get_object_or_404(
        Usulan.objects.visible_to(request.user).select_related("keluarga", "wilayah"),
        pk=pk,
        petugas=request.user,
        status="ditugaskan",
    )
    form = AlihForm(request.POST or None)
    status = 200
    if request.method == "POST":

        def kirim() -> str:
            data = form.cleaned_data
            aksi.minta_alih(usulan, by=request.user, alasan=data["alasan"].pk, catatan=data["catatan"])
            return reverse("asesmen_daftar")

        if form.is_valid() and (tujuan := act(request, lambda: send_once(request, form, kirim), form=form)):
            lanjut = (
                "Kunjungan ini tidak Anda kerjakan lagi."
                if form.cleaned_data["alasan"].pk == BENTURAN
                else "Sampai ada pengganti, kunjungan ini tetap tugas Anda."
            )
            messages.success(request, f"Permintaan diganti terkirim ke verifikator. {lanjut}")
            return redirect(tujuan)
        status = refusal_status(request, 422)
    konteks = {"usulan": usulan, "form": form, "halangan": policies.ases(request.user, usulan)}
    return render(request, "dtks/asesmen_alih.html", konteks, status=status)
