"""Review of recipients: the list, one doubt with its evidence, its steps."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import Pengguna
from bansos.actions import tinjauan as tindakan
from bansos.forms_tinjauan import LangkahTinjauanForm, SaringTinjauan
from bansos.models import KUASA_TINJAUAN, TinjauanPenerima
from bansos.policies import tinjauan as policies
from bansos.queries import tinjauan as baca
from bansos.views import langkah_layanan
from bansos.views.langkah_layanan import Layanan
from bansos.workflow_layanan import TINJAUAN
from core.forms import SendOnceForm
from core.web import keyset
from core.workflow import Langkah
from dtks.models import Usulan

FORM = ["GET", "HEAD", "POST"]
ARTI = {
    "tanya_desa": "Operator desa membaca pertanyaan ini dan menjawabnya. Selama itu keluarga tetap menerima.",
    "jawab_desa": "Jawab apa adanya. Dinas yang memutus.",
    "pertahankan": "Keluarga tetap menerima. Bila ada bukti lain, tinjauan baru dibuat.",
    "usulkan_hapus": "Draf usulan penghapusan dibuat untuk desa. Keluarga tetap menerima sampai ada SK.",
    "buka_lagi": "Putusan lama tetap tercatat di riwayat.",
}


@login_required
@require_safe
def daftar(request: HttpRequest) -> HttpResponse:
    """Doubts of the reader's areas, newest first; a village sees those that it was asked about."""
    if not any(request.user.punya(k) for k in (*KUASA_TINJAUAN, "tinjauan.jawab")):
        raise PermissionDenied
    rows = TinjauanPenerima.objects.visible_to(request.user).select_related("keluarga", "program", "wilayah")
    saring = SaringTinjauan(request, rows, awal={"status": "buka"})
    halaman = keyset(request, saring.qs, ("-created_at", "-id"))
    for satu in halaman.rows:
        satu.keadaan = TINJAUAN.state(satu.status)
    isi = {"saring": saring.form, "baris": halaman.rows, "berikutnya": halaman.next}
    return render(request, "bansos/tinjauan_daftar.html", isi)


def _satu(request: HttpRequest, pk: UUID) -> TinjauanPenerima:
    rows = TinjauanPenerima.objects.visible_to(request.user).select_related(
        "keluarga", "program", "wilayah", "individu", "usulan"
    )
    return get_object_or_404(rows, pk=pk)


@login_required
@require_safe
def lihat(request: HttpRequest, pk: UUID) -> HttpResponse:
    satu = _satu(request, pk)
    baca_keluarga = request.user.boleh("keluarga.lihat", satu.wilayah_id)
    usulan = satu.usulan_id and Usulan.objects.visible_to(request.user).filter(pk=satu.usulan_id).exists()
    isi = {
        "t": satu,
        "keadaan": TINJAUAN.state(satu.status),
        "bukti": baca.bukti_kata(satu, baca.nama_sumber(), desil=baca_keluarga),
        "keluarga": baca_keluarga,
        "lihat_usulan": usulan,
        "langkah": langkah_layanan.terbuka(request, LAYANAN, satu),
        "riwayat": langkah_layanan.riwayat(satu, TINJAUAN),
    }
    return render(request, "bansos/tinjauan.html", isi)


@login_required
@require_http_methods(FORM)
def langkah(request: HttpRequest, pk: UUID, nama: str) -> HttpResponse:
    return langkah_layanan.langkah(request, LAYANAN, _satu(request, pk), nama)


def _formulir(satu: TinjauanPenerima, arrow: Langkah, *args: Any, **kwargs: Any) -> SendOnceForm:
    return LangkahTinjauanForm(*args, langkah=arrow.nama, **kwargs)


def _lakukan(satu: TinjauanPenerima, nama: str, by: Pengguna, data: dict[str, Any]) -> str:
    lain = {"alasan": data["alasan"]} if "alasan" in data else {}
    tindakan.langkahkan(satu, nama, by=by, versi=data["versi"], catatan=data["catatan"], **lain)
    return _alamat(satu)


def _alamat(satu: TinjauanPenerima) -> str:
    return reverse("tinjauan_lihat", args=[satu.pk])


LAYANAN = Layanan(
    alur=TINJAUAN,
    policies=policies.BY_STEP,
    gerbang=tindakan.GERBANG,
    formulir=_formulir,
    lakukan=_lakukan,
    alamat=_alamat,
    alamat_langkah=lambda satu, nama: reverse("tinjauan_langkah", args=[satu.pk, nama]),
    judul=lambda satu: f"Tinjauan {satu.keluarga.nama_kepala}, {satu.program.nama}",
    arti=ARTI,
    bahaya=("usulkan_hapus",),
)
