"""The village and TKSK: letters that must be brought to a family, and answers written down at the counter.

These pages are made from `HakJawab` alone. They hold nothing about who objected, how many did, or when.
"""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import rules
from core.web import act, keyset, refusal_status, send_once
from dtks.queries.tempat import alamat
from pengaduan.actions import perkara as aksi
from pengaduan.forms_sanggah import LoketForm, SampaikanForm, SuratForm
from pengaduan.models import HakJawab
from pengaduan.policies import sanggah as policies
from pengaduan.queries import sanggah as baca
from pengaduan.surat.sanggah import Surat, surat_hak_jawab
from wilayah.kode import kabupaten_dari
from wilayah.waktu import hari_wilayah

FORM = ["GET", "HEAD", "POST"]


def _satu(request: HttpRequest, pk: UUID) -> HakJawab:
    rows = HakJawab.objects.visible_to(request.user).select_related(
        "perkara__keluarga__wilayah", "perkara__wilayah", "disampaikan_by", "berkas"
    )
    return get_object_or_404(rows, pk=pk)


@login_required
@require_safe
def daftar(request: HttpRequest) -> HttpResponse:
    """Letters that wait first: those not brought yet, then the rest, newest last."""
    if not request.user.punya("sanggah.sampaikan"):
        raise PermissionDenied
    rows = HakJawab.objects.visible_to(request.user).filter(perkara__status="hak_jawab", kanal="")
    halaman = keyset(request, rows.select_related("perkara__keluarga", "perkara__wilayah"), ("tiket",))
    return render(
        request, "pengaduan/hak_jawab_daftar.html", {"baris": halaman.rows, "berikutnya": halaman.next}
    )


@login_required
@require_safe
def lihat(request: HttpRequest, pk: UUID) -> HttpResponse:
    hak = _satu(request, pk)
    menunggu = hak.perkara.status == "hak_jawab" and not hak.kanal
    tertutup = policies.sampaikan(request.user, hak) if menunggu else None
    return render(
        request,
        "pengaduan/hak_jawab.html",
        {
            "hak": hak,
            "keluarga": hak.perkara.keluarga,
            "alamat": alamat(hak.perkara.keluarga),
            "alasan": baca.kalimat_alasan(hak.perkara.alasan),
            "menunggu": menunggu,
            "tertutup": tertutup,
            "surat": SuratForm(),
            "boleh_daftar": request.user.punya("sanggah.sampaikan"),
            "boleh_catat": menunggu and policies.catat_jawaban(request.user, hak.perkara) is None,
        },
    )


@login_required
@require_POST
def surat(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The letter with a fresh PIN, as the answer of the POST: it is stored nowhere."""
    hak = _satu(request, pk)
    form = SuratForm(request.POST)
    if not form.is_valid() or not (hasil := act(request, lambda: aksi.cetak_surat(hak, by=request.user))):
        return redirect("hak_jawab_lihat", pk=hak.pk)
    baris, pin = hasil
    perkara = hak.perkara
    kabupaten = kabupaten_dari(perkara.wilayah_id)
    isi = surat_hak_jawab(
        Surat(
            wilayah=perkara.wilayah, tanggal=hari_wilayah(perkara.wilayah_id), nama=perkara.keluarga.nama_kepala,
            alamat=alamat(perkara.keluarga), alasan=baca.kalimat_alasan(perkara.alasan), ringkasan=perkara.ringkasan, tiket=baris.tiket, pin=pin,
            hari=int(rules.value("sanggah.hak_jawab_hari_kerja", kabupaten)), alamat_lacak=f"{settings.PUBLIC_URL.rstrip('/')}{reverse('lacak')}",
        )
    )  # fmt: skip
    jawab = HttpResponse(isi, content_type="application/pdf")
    jawab["Content-Disposition"] = f'attachment; filename="hak-jawab-{baris.tiket}.pdf"'
    jawab["Cache-Control"] = "private, no-store"
    return jawab


@login_required
@require_http_methods(FORM)
def sampaikan(request: HttpRequest, pk: UUID) -> HttpResponse:
    hak = _satu(request, pk)
    if not any(
        request.user.boleh(k, hak.perkara.wilayah_id) for k in ("sanggah.sampaikan", "sanggah.kelola")
    ):
        raise PermissionDenied
    form = SampaikanForm(request.POST or None, initial={"tanggal": hari_wilayah(hak.perkara.wilayah_id)})

    def do() -> str:
        data = form.cleaned_data
        aksi.sampaikan(hak, by=request.user, tanggal=data["tanggal"], cara=data["cara"])
        return reverse("hak_jawab_lihat", args=[hak.pk])

    if form.is_valid() and (url := act(request, lambda: send_once(request, form, do), form=form)):
        messages.success(request, "Penyampaian surat dicatat.")
        return redirect(url)
    return _isian(request, hak, form, "Catat surat sudah diantar")


@login_required
@require_http_methods(FORM)
def loket(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The family answers at the counter."""
    hak = _satu(request, pk)
    if not request.user.boleh("sanggah.sampaikan", hak.perkara.wilayah_id):
        raise PermissionDenied
    form = LoketForm(request.POST or None, request.FILES or None)

    def do() -> str:
        data = form.cleaned_data
        aksi.catat_jawaban(
            hak, by=request.user, isi=data["jawaban"], berkas=[b.read() for b in data["berkas"]]
        )
        return reverse("hak_jawab_lihat", args=[hak.pk])

    if form.is_valid() and (url := act(request, lambda: send_once(request, form, do), form=form)):
        messages.success(request, "Jawaban keluarga dicatat.")
        return redirect(url)
    return _isian(request, hak, form, "Catat jawaban keluarga")


def _isian(request: HttpRequest, hak: HakJawab, form: object, judul: str) -> HttpResponse:
    terikat = form.is_bound  # type: ignore[attr-defined]
    return render(
        request,
        "pengaduan/hak_jawab_isian.html",
        {"hak": hak, "keluarga": hak.perkara.keluarga, "form": form, "judul": judul},
        status=refusal_status(request, 422) if terikat else 200,
    )
