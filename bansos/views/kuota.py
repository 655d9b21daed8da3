"""Quotas: what is in force, a change proposed and decided, places given and left; and the public log of every change."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bansos.actions import kuota as aksi
from bansos.actions import tempat_kuota
from bansos.forms_kuota import (
    LepasForm,
    PutusKuotaForm,
    SaringKuota,
    SaringPerubahan,
    SaringTempat,
    SekaliForm,
    UsulKuotaForm,
)
from bansos.models import Kuota, PengisianKuota, PerubahanKuota, Program
from bansos.models.kuota import KUASA_LIHAT
from bansos.policies import kuota as policies
from bansos.queries import kuota as baca
from core.identity import mask_name
from core.web import act, keyset, refusal_status, send_once
from dtks.models import Keluarga

FORM = ["GET", "HEAD", "POST"]


@require_safe
def publik(request: HttpRequest) -> HttpResponse:
    """Every change of every quota, newest first, for everybody."""
    saring = SaringPerubahan(request, baca.catatan())
    halaman = keyset(request, saring.qs, ("-diusulkan_at", "-id"))
    return render(request, "bansos/kuota_publik.html", {"saring": saring.form, "halaman": halaman})


@login_required
@require_safe
def daftar(request: HttpRequest) -> HttpResponse:
    """Quotas of the person's kabupaten, and the changes that wait for a decision."""
    if not any(request.user.punya(k) for k in KUASA_LIHAT):
        raise PermissionDenied
    rows = Kuota.objects.visible_to(request.user)
    # A part stands on the page of the quota that it comes from, where that is in sight.
    utama = rows.exclude(induk__in=rows.values("pk")) if rows.filter(induk__isnull=True).exists() else rows
    saring = SaringKuota(request, utama.select_related("program", "wilayah"))
    halaman = keyset(request, saring.qs, ("-periode", "-id"))
    tunggu = list(
        baca.catatan()
        .filter(kuota__in=rows.values("pk"), status=PerubahanKuota.Status.DIUSULKAN)
        .order_by("diusulkan_at", "pk")[:50]
    )
    for satu in tunggu:
        satu.boleh_putus = request.user.boleh("kuota.putus", satu.kuota.wilayah_id)
    isi = {
        "saring": saring.form,
        "halaman": halaman,
        "tunggu": tunggu,
        "boleh_usul": request.user.punya("kuota.usulkan"),
    }
    return render(request, "bansos/kuota_daftar.html", isi)


@login_required
@require_http_methods(FORM)
def usulkan(request: HttpRequest) -> HttpResponse:
    if not request.user.punya("kuota.usulkan"):
        raise PermissionDenied
    awal = {k: request.GET[k] for k in ("program", "periode", "wilayah") if k in request.GET}
    form = UsulKuotaForm(request.POST or None, by=request.user, initial=awal)

    def do() -> str:
        data = form.cleaned_data
        hasil = aksi.usulkan(
            by=request.user, program=Program.objects.get(pk=data["program"]), wilayah=data["wilayah"], periode=data["periode"],
            jumlah=data["jumlah"], pagu=data["pagu"], alasan=data["alasan"], dasar_hukum=data["dasar_hukum"], sumber=data["sumber"],
        )  # fmt: skip
        return reverse("kuota_lihat", args=[hasil.kuota_id])

    if form.is_valid() and (url := act(request, lambda: send_once(request, form, do), form=form)):
        messages.success(request, "Usulan kuota disimpan dan diumumkan. Kepala Dinas yang memutusnya.")
        return redirect(url)
    status = refusal_status(request, 422) if form.is_bound else 200
    return render(request, "bansos/kuota_usulkan.html", {"form": form}, status=status)


def _satu(request: HttpRequest, pk: UUID) -> Kuota:
    return get_object_or_404(
        Kuota.objects.visible_to(request.user).select_related("program", "wilayah", "induk__wilayah"), pk=pk
    )


@login_required
@require_safe
def lihat(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One quota: numbers, all its changes, and the places in the person's areas (names masked without sight of the family)."""
    kuota = _satu(request, pk)
    tampak = baca.tempat(kuota).filter(pk__in=PengisianKuota.objects.visible_to(request.user).values("pk"))
    saring = SaringTempat(request, tampak)
    halaman = keyset(request, saring.qs, ("diisi_at", "id"))
    keluarga = {t.keluarga_id for t in halaman.rows}
    terlihat = set(
        Keluarga.objects.visible_to(request.user).filter(pk__in=keluarga).values_list("pk", flat=True)
    )
    boleh_isi = policies.isi(request.user, kuota) is None
    for t in halaman.rows:
        t.buka = t.keluarga_id in terlihat
        nama = t.individu.nama if t.individu else t.keluarga.nama_kepala
        t.nama = nama if t.buka else mask_name(nama)
        t.boleh_lepas = boleh_isi and t.status == PengisianKuota.Status.TERISI
    perubahan = list(kuota.perubahan.select_related("diusulkan_by", "diputus_by").order_by("-nomor")[:100])
    for p in perubahan:
        p.kuota = kuota
        p.boleh_putus = policies.putus(request.user, p) is None
        p.boleh_tarik = policies.tarik(request.user, p) is None
    return render(
        request,
        "bansos/kuota.html",
        {
            "k": kuota, "perubahan": perubahan, "saring": saring.form, "halaman": halaman, "boleh_isi": boleh_isi,
            "bisa_diisi": boleh_isi and kuota.sisa > 0 and tempat_kuota.daftar_sah(kuota) is not None,
            "bagian": list(kuota.bagian.filter(Q(versi__gt=0) | Q(perubahan__isnull=False)).select_related("wilayah").order_by("wilayah_id").distinct()),
            "induk_terlihat": kuota.induk_id is not None and Kuota.objects.visible_to(request.user).filter(pk=kuota.induk_id).exists(),
            "boleh_usul": policies.usulkan(request.user, kuota.wilayah_id) is None, "kirim": SekaliForm(auto_id=False),
        },
    )  # fmt: skip


def _perubahan(request: HttpRequest, pk: UUID) -> PerubahanKuota:
    return get_object_or_404(
        PerubahanKuota.objects.visible_to(request.user).select_related(
            "kuota__program", "kuota__wilayah", "diusulkan_by"
        ),
        pk=pk,
    )


@login_required
@require_http_methods(FORM)
def putus(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The second unit says yes, or no with the reason."""
    satu = _perubahan(request, pk)
    if not request.user.boleh("kuota.putus", satu.kuota.wilayah_id):
        raise PermissionDenied
    form = PutusKuotaForm(request.POST or None)

    def do() -> str:
        if form.cleaned_data["putusan"] == "setujui":
            aksi.setujui(satu, by=request.user)
        else:
            aksi.tolak(satu, by=request.user, alasan=form.cleaned_data["alasan"])
        return reverse("kuota_lihat", args=[satu.kuota_id])

    if form.is_valid() and (url := act(request, lambda: send_once(request, form, do), form=form)):
        messages.success(request, "Putusan disimpan dan diumumkan.")
        return redirect(url)
    tertutup = None if form.is_bound else policies.putus(request.user, satu)
    status = refusal_status(request, 422) if form.is_bound else 200
    return render(
        request, "bansos/kuota_putus.html", {"p": satu, "form": form, "tertutup": tertutup}, status=status
    )


@login_required
@require_POST
def tarik(request: HttpRequest, pk: UUID) -> HttpResponse:
    satu = _perubahan(request, pk)
    if not request.user.boleh("kuota.usulkan", satu.kuota.wilayah_id):
        raise PermissionDenied
    form = SekaliForm(request.POST)

    def do() -> str:
        aksi.tarik(satu, by=request.user)
        messages.success(request, "Usulan kuota ditarik.")
        return ""

    if form.is_valid():
        act(request, lambda: send_once(request, form, do))
    return redirect("kuota_lihat", pk=satu.kuota_id)


@login_required
@require_POST
def isi(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Give the free places in the order of the signed list."""
    kuota = _satu(request, pk)
    if not request.user.boleh("kuota.isi", kuota.wilayah_id):
        raise PermissionDenied
    form = SekaliForm(request.POST)

    def do() -> str:
        n = tempat_kuota.isi(kuota, by=request.user)
        messages.success(
            request, f"{n} tempat diisi menurut peringkat." if n else "Tidak ada tempat yang bisa diisi."
        )
        return ""

    if form.is_valid():
        act(request, lambda: send_once(request, form, do))
    return redirect("kuota_lihat", pk=kuota.pk)


@login_required
@require_http_methods(FORM)
def lepas(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Somebody drops out; the next who waits comes up."""
    rows = PengisianKuota.objects.visible_to(request.user).select_related(
        "kuota__program", "keluarga", "individu"
    )
    satu = get_object_or_404(rows, pk=pk)
    if not request.user.boleh("kuota.isi", satu.kuota.wilayah_id):
        raise PermissionDenied
    form = LepasForm(request.POST or None)

    def do() -> str:
        baru = tempat_kuota.lepas(satu, by=request.user, sebab=form.cleaned_data["sebab"])
        kata = (
            f"Tempat dilepas. Peringkat {baru.peringkat} naik dari daftar tunggu."
            if baru
            else "Tempat dilepas. Tidak ada yang menunggu."
        )
        messages.success(request, kata)
        return reverse("kuota_lihat", args=[satu.kuota_id])

    if form.is_valid() and (url := act(request, lambda: send_once(request, form, do), form=form)):
        return redirect(url)
    status = refusal_status(request, 422) if form.is_bound else 200
    return render(request, "bansos/kuota_lepas.html", {"t": satu, "form": form}, status=status)
