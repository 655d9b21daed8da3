"""People who may be recorded twice: the list, the two side by side, the decision of two persons, and the way back."""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from core import dinding
from core.forms import SendOnceForm
from core.web import act, keyset, refusal_status, send_once
from core.workflow import Halangan
from dtks.actions import calon as aksi
from dtks.actions import gabung
from dtks.forms.calon import LABEL_PILIH, AlasanForm, GabungForm, SetujuForm
from dtks.models import CalonGanda, Individu
from dtks.policies import calon as policies
from dtks.policies.usulan import DI_DINAS
from dtks.queries.calon import ambang, banding, tampak
from dtks.queries.gabung import berlaku, halangan_gabung, saran_utama

NADA = {"terbuka": "tunggu", "usul_gabung": "proses", "ke_dukcapil": "proses", "digabung": "baik"}
KELUARGA = ("pertama__keluarga__wilayah", "kedua__keluarga__wilayah")


@login_required
@require_safe
def daftar(request: HttpRequest) -> HttpResponse:
    """Pairs that touch my areas, strongest first: open ones, or with `?status=selesai` those that are decided."""
    if not request.user.punya("padan.lihat"):
        raise Http404
    if set(request.GET) - {"status", "kursor"}:
        raise SuspiciousOperation("unknown filter")
    selesai = request.GET.get("status") == "selesai"
    rows = CalonGanda.objects.visible_to(request.user)
    rows = rows.exclude(status__in=CalonGanda.TERBUKA) if selesai else rows.terbuka()
    halaman = keyset(request, rows.select_related(*KELUARGA), ("-skor", "-id"), read=dinding.dua_sisi)
    kuat = ambang(halaman.rows[0].pertama.keluarga.wilayah_id)[1] if halaman.rows else 0
    for c in halaman.rows:
        c.siapa = _siapa(request, c)
        c.nada = NADA.get(c.status, "netral")
        c.kuat = c.skor >= kuat
    return render(request, "dtks/calon_daftar.html", {"halaman": halaman, "selesai": selesai})


def _siapa(request: HttpRequest, calon: CalonGanda) -> str:
    """The names of the side that this person may see; of the other only that it is somebody elsewhere."""
    nama = [o.nama for o in (calon.pertama, calon.kedua) if tampak(request.user, o)]
    return " dan ".join(nama) if len(nama) == 2 else f"{nama[0]} dan warga desa lain"


def _ambil(request: HttpRequest, pk: uuid.UUID) -> CalonGanda:
    rows = CalonGanda.objects.visible_to(request.user).select_related(
        *KELUARGA, "diusulkan_by", "diputus_by", "utama"
    )
    for calon in dinding.dua_sisi(rows.filter(pk=pk)):
        return calon
    raise Http404


def _untuk(request: HttpRequest, pk: uuid.UUID, *, dinas: bool = False) -> CalonGanda:
    """The pair for those who may do something about it: to others no such form is there."""
    calon = _ambil(request, pk)
    kuasa = [policies.KUASA_DINAS] if dinas else [policies.KUASA_DINAS, policies.KUASA_DESA]
    if not any(request.user.boleh(k, w) for k in kuasa for w in policies.wilayah(calon)):
        raise Http404
    return calon


@login_required
@require_safe
def lihat(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    return _halaman(request, _ambil(request, pk))


def _halaman(
    request: HttpRequest, calon: CalonGanda, *, status: int = 200, form: SendOnceForm | None = None
) -> HttpResponse:
    sisi, baris, alasan = banding(request.user, calon)
    terbuka = calon.status in CalonGanda.TERBUKA
    diusulkan = calon.status == CalonGanda.Status.USUL_GABUNG
    halangan = policies.putuskan(request.user, calon) if terbuka else None
    setuju = diusulkan and policies.setujui_gabung(request.user, calon) is None
    gabungan = berlaku(calon) if calon.status == CalonGanda.Status.DIGABUNG else None
    isi: dict[str, Any] = {
        "calon": calon, "sisi": sisi, "baris": baris, "alasan": alasan, "salah": form, "nada": NADA.get(calon.status, "netral"),
        "kuat": calon.skor >= ambang(calon.pertama.keluarga.wilayah_id)[1], "terbuka": terbuka, "setuju": setuju, "diusulkan": diusulkan,
        "putus": terbuka and not diusulkan and halangan is None, "halangan": halangan,
        "menunggu": policies.setujui_gabung(request.user, calon) if diusulkan and not setuju else None,
        "sulit": halangan_gabung(_utama(calon), calon.kalah, DI_DINAS) if setuju else [],
        "gabungan": gabungan, "pisah": gabungan is not None and policies.pisahkan(request.user, calon) is None,
        "ambil": [LABEL_PILIH[k] for k in calon.pilihan if k in LABEL_PILIH],
        "lengkap": all(s.penuh for s in sisi),
    }  # fmt: skip
    if isi["putus"]:
        isi["sulit_usul"] = _sulit_usul(calon)
    isi |= {
        "form_gabung": form if isinstance(form, GabungForm) else _form_gabung(calon),
        "form_alasan": form if type(form) is AlasanForm else AlasanForm(),
        "form_setuju": SetujuForm(auto_id="setuju_%s"),
    }
    return render(request, "dtks/calon_lihat.html", isi, status=status)


def _sulit_usul(calon: CalonGanda) -> list[tuple[Individu, list[Halangan]]]:
    """What stands in the way of keeping the one or the other, before anybody proposes it."""
    pilihan = ((calon.pertama, calon.kedua), (calon.kedua, calon.pertama))
    return [(utama, sulit) for utama, kalah in pilihan if (sulit := halangan_gabung(utama, kalah, DI_DINAS))]


def _utama(calon: CalonGanda) -> Any:
    return calon.pertama if calon.utama_id == calon.pertama_id else calon.kedua


def _form_gabung(calon: CalonGanda, data: Any = None) -> GabungForm:
    pilihan = [
        (str(o.pk), f"{n}: {o.nama}, keluarga {o.keluarga.nama_kepala}")
        for n, o in (("Orang pertama", calon.pertama), ("Orang kedua", calon.kedua))
    ]
    if data is not None:
        return GabungForm(data, pilihan=pilihan, auto_id="gabung_%s")
    return GabungForm(pilihan=pilihan, auto_id="gabung_%s", initial={"utama": str(saran_utama(calon).pk)})


@login_required
@require_POST
def berbeda(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    return _beralasan(request, _untuk(request, pk), aksi.nyatakan_berbeda, "Tersimpan: orangnya berbeda.")


@login_required
@require_POST
def dukcapil(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    kabar = "Tersimpan. Antar warga ke Disdukcapil dengan KTP-el dan KK asli."
    return _beralasan(request, _untuk(request, pk), aksi.tanya_dukcapil, kabar)


@login_required
@require_POST
def usulkan(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    calon = _untuk(request, pk)
    form = _form_gabung(calon, request.POST)

    def do() -> Any:
        data = form.cleaned_data
        utama = calon.pertama if data["utama"] == str(calon.pertama_id) else calon.kedua
        return gabung.usulkan_gabung(
            calon, by=request.user, utama=utama, ambil=data["ambil"], alasan=data["alasan"]
        )

    return _kirim(request, calon, form, do, "Usul tersimpan. Petugas Dinsos lain yang menyetujui.")


@login_required
@require_POST
def setujui(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    calon = _untuk(request, pk, dinas=True)
    form = SetujuForm(request.POST)
    kabar = "Kedua data sudah digabung. Penggabungan bisa dibatalkan dari halaman ini."
    return _kirim(request, calon, form, lambda: gabung.setujui_gabung(calon, by=request.user), kabar)


@login_required
@require_POST
def tolak(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    return _beralasan(
        request,
        _untuk(request, pk, dinas=True),
        gabung.tolak_gabung,
        "Usul gabung ditolak. Pasangan ini terbuka lagi.",
    )


@login_required
@require_POST
def pisahkan(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    return _beralasan(
        request,
        _untuk(request, pk, dinas=True),
        gabung.pisahkan,
        "Penggabungan dibatalkan. Kedua data kembali seperti semula.",
    )


def _beralasan(
    request: HttpRequest, calon: CalonGanda, langkah: Callable[..., Any], kabar: str
) -> HttpResponse:
    form = AlasanForm(request.POST)
    return _kirim(
        request,
        calon,
        form,
        lambda: langkah(calon, by=request.user, alasan=form.cleaned_data["alasan"]),
        kabar,
    )


def _kirim(
    request: HttpRequest, calon: CalonGanda, form: SendOnceForm, do: Callable[[], Any], kabar: str
) -> HttpResponse:
    def sekali() -> str:
        do()
        return reverse("calon_lihat", args=[calon.pk])

    if form.is_valid() and (tujuan := act(request, lambda: send_once(request, form, sekali), form=form)):
        messages.success(request, kabar)
        return redirect(tujuan)
    return _halaman(request, _ambil(request, calon.pk), status=refusal_status(request, 422), form=form)
