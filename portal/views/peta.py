"""Loading the map of a kabupaten for the reports."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from core.web import act, refusal_status
from portal.actions import peta as aksi
from portal.queries.laporan.peta import terbaru


class PetaForm(forms.Form):
    berkas = forms.FileField(
        label="Berkas GeoJSON",
        help_text="Paling besar 10 MB. Setiap bentuk punya kolom “kode” dengan kode Kemendagri desa atau kecamatan.",
        error_messages={"required": "Pilih berkas petanya.", "empty": "Berkasnya kosong. Pilih berkas lain."},
        widget=forms.FileInput(attrs={"accept": ".geojson,.json,application/geo+json"}),
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def peta(request: HttpRequest) -> HttpResponse:
    luas = request.user.cakupan(aksi.KUASA)
    if not luas:
        raise PermissionDenied
    kabupaten = luas[0][:5]
    form = PetaForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        berkas = form.cleaned_data["berkas"]
        hasil = act(
            request,
            lambda: aksi.muat(by=request.user, kabupaten=kabupaten, isi=berkas.read(), nama=berkas.name),
            form=form,
        )
        if hasil is not None:
            _, n, asing = hasil
            kata = f"Peta dimuat: {n} wilayah."
            if asing:
                kata += f" {len(asing)} bentuk tidak dipakai karena kodenya bukan wilayah ini: {', '.join(asing[:5])}."
            messages.success(request, kata)
            return redirect("laporan")
    status = refusal_status(request, 422) if form.is_bound else 200
    return render(
        request,
        "portal/laporan_peta.html",
        {"form": form, "kini": terbaru(kabupaten), "kabupaten": kabupaten},
        status=status,
    )
