"""`/profil/pemberitahuan/`: how I want to be told; `/pesan/`: what was sent, for whoever watches the machinery."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import queries_kabar as baca
from accounts.actions import kabar as aksi
from accounts.forms_kabar import KodeForm, NomorForm, PilihanForm, SaringPesan
from accounts.models import Pesan, PilihanKabar
from core.models import Pekerjaan
from core.web import act, keyset, refusal_status


def _pilihan(request: HttpRequest) -> PilihanKabar:
    return PilihanKabar.objects.filter(pengguna=request.user).first() or PilihanKabar(pengguna=request.user)


def _status(request: HttpRequest) -> int:
    return refusal_status(request, 422) if request.method == "POST" else 200


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def pilihan(request: HttpRequest) -> HttpResponse:
    milik, kanal = _pilihan(request), baca.kanal_hidup()
    form = PilihanForm(request.POST or None, pilihan=milik, kanal=kanal)
    if form.is_valid() and act(
        request, lambda: aksi.simpan_pilihan(by=request.user, data=form.cleaned_data), form=form
    ):
        messages.success(request, "Pilihan pemberitahuan disimpan.")
        return redirect("pilihan_kabar")
    konteks = {"form": form, "pilihan": milik, "kanal": kanal}
    return render(request, "accounts/pilihan_kabar.html", konteks, status=_status(request))


@sensitive_post_parameters()
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def nomor(request: HttpRequest) -> HttpResponse:
    """Give a number and get a code."""
    form = NomorForm(request.POST or None, use_required_attribute=False)

    def minta() -> bool:
        aksi.minta_kode(by=request.user, nomor=form.cleaned_data["telepon"])
        return True

    if form.is_valid() and act(request, minta, form=form):
        messages.success(request, "Kode sedang dikirim. Biasanya sampai dalam satu menit.")
        return redirect("pastikan_nomor")
    konteks = {"form": form, "hidup": "pesan" in baca.kanal_hidup()}
    return render(request, "accounts/nomor_hp.html", konteks, status=_status(request))


@sensitive_post_parameters()
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def pastikan(request: HttpRequest) -> HttpResponse:
    milik = _pilihan(request)
    form = KodeForm(request.POST or None, use_required_attribute=False)

    def benar() -> bool:
        aksi.pastikan_nomor(by=request.user, kode=form.cleaned_data["kode"])
        return True

    if form.is_valid() and act(request, benar, form=form):
        messages.success(request, "Nomor HP sudah pasti. Sekarang Anda bisa memilih WhatsApp/SMS.")
        return redirect("pilihan_kabar")
    return render(
        request, "accounts/nomor_kode.html", {"form": form, "pilihan": milik}, status=_status(request)
    )


@login_required
@require_POST
def hapus_nomor(request: HttpRequest) -> HttpResponse:
    aksi.hapus_nomor(by=request.user)
    messages.success(request, "Nomor HP dihapus dari portal.")
    return redirect("pilihan_kabar")


@login_required
@require_safe
def pesan(request: HttpRequest) -> HttpResponse:
    """Every message to people of my area: sent, waiting, or failed and why. No number and no address is shown."""
    if not request.user.punya("pekerjaan.lihat"):
        raise PermissionDenied
    saring = SaringPesan(request.GET)
    if not saring.is_valid():
        raise SuspiciousOperation("bad filter")
    rows = (
        Pesan.objects.visible_to(request.user)
        .exclude(status=Pesan.Status.DIGABUNG)
        .select_related("pengguna")
    )
    if status := saring.cleaned_data["status"]:
        rows = rows.filter(status=status)
    halaman = keyset(request, rows, ("-created_at", "-id"))
    kunci = [f"pesan:{p.pk}" for p in halaman.rows if p.status == Pesan.Status.MENUNGGU]
    sebab = dict(Pekerjaan.objects.filter(kunci__in=kunci).order_by("pk").values_list("kunci", "galat"))
    for satu in halaman.rows:
        satu.mengapa = satu.sebab or sebab.get(f"pesan:{satu.pk}", "")
    konteks = {
        "baris": halaman.rows,
        "berikutnya": halaman.next,
        "saring": saring,
        "kanal": baca.kanal_hidup(),
    }
    return render(request, "accounts/pesan.html", konteks)
