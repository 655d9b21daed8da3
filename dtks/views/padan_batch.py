"""A NIK check of everyone in one desa or kecamatan who is not padan yet, and its progress."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from core.models import Pekerjaan
from core.web import act, refusal_status, send_once
from dtks.actions import padan as aksi
from dtks.forms import padan as forms
from dtks.models import Individu, PadanBatch
from dtks.views.padan import MATI
from wilayah.kode import dalam

TERAKHIR = 20


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def daftar(request: HttpRequest) -> HttpResponse:
    luas = request.user.cakupan("padan.minta")
    if not luas:
        raise Http404
    form = forms.BatchForm(request.POST if request.method == "POST" else None, luas=luas)
    if form.is_valid():

        def minta() -> str:
            kode = form.cleaned_data["wilayah"].pk
            orang = (
                Individu.objects.aktif()
                .filter(dalam("keluarga__wilayah_id", [kode]), nik_indeks__isnull=False)
                .exclude(padan=Individu.Padan.PADAN)
                .select_related("keluarga")
                .order_by("pk")
                .iterator(chunk_size=aksi.SEKALI)
            )
            batch = aksi.minta_batch(by=request.user, wilayah=kode, orang=orang, asal="layar")
            return reverse("padan_batch_lihat", args=[batch.pk])

        if alamat := act(request, lambda: send_once(request, form, minta), form=form):
            messages.success(request, "Cek NIK sudah diminta.")
            return redirect(alamat)
    isi = {
        "form": form,
        "batch": PadanBatch.objects.visible_to(request.user).select_related("wilayah")[:TERAKHIR],
    }
    status = refusal_status(request, 422) if request.method == "POST" else 200
    return render(request, "dtks/padan_batch.html", isi, status=status)


@login_required
@require_safe
def lihat(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Progress of one batch; htmx fetches the inner part every few seconds until it is done."""
    batch = get_object_or_404(PadanBatch.objects.visible_to(request.user).select_related("wilayah"), pk=pk)
    label = dict(Individu.Padan.choices) | {"TIDAK_DICEK": "Tidak dicek (bukan anggota lagi)"}
    terbuka = Pekerjaan.objects.filter(
        jenis=aksi.JOB, status__in=("menunggu", "jalan"), argumen__batch=str(batch.pk)
    )
    isi = {
        "batch": batch,
        "persen": 100 * batch.selesai // batch.jumlah if batch.jumlah else 100,
        "kategori": sorted(
            ((k, label.get(k, k), n) for k, n in batch.per_kategori.items()), key=lambda baris: -baris[2]
        ),
        "kabar": MATI
        if batch.selesai_at is None and terbuka.filter(galat__startswith="Dukcapil").exists()
        else "",
        "berjalan": batch.selesai_at is None and terbuka.exists(),
    }
    layar = "dtks/padan_batch_kemajuan.html" if request.htmx else "dtks/padan_batch_lihat.html"
    return render(request, layar, isi)
