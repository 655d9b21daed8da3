"""The queue of people whose NIK does not match, and one such person. A Dukcapil officer sees identity only."""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from core.integrations.dukcapil.repair import REPAIR
from core.web import act, keyset, refusal_status, send_once
from dtks.actions import padan as aksi
from dtks.forms import padan as forms
from dtks.models import HasilPadan, Individu, KodeAcuan, TemuanGanda, TiketPadan, Usulan
from dtks.queries.desa import jalur_desa, sebutan_desa
from dtks.workflow import USULAN_TERBUKA

SIAPA = {
    "desa": "Operator desa",
    "disdukcapil": "Disdukcapil, dengan bantuan operator desa",
    "warga": "Warga yang bersangkutan, dibantu operator desa",
}
ISIAN = (
    ("NIK", "NIK"),
    ("NAMA_LGKP", "Nama"),
    ("TMPT_LHR", "Tempat lahir"),
    ("TGL_LHR", "Tanggal lahir"),
    ("JENIS_KLMIN", "Jenis kelamin"),
    ("ALAMAT", "Alamat"),
    ("KEL_NAME", "Desa/kelurahan"),
    ("KEC_NAME", "Kecamatan"),
    ("KAB_NAME", "Kabupaten/kota"),
    ("PROP_NAME", "Provinsi"),
)
NADA = {"dikecualikan": "baik", "selesai": "baik"}  # every other status still waits for somebody
MATI = "Dukcapil belum menjawab; putusan lama tetap berlaku."
ANTRE = "Cek NIK sudah diminta dan sedang menunggu jawaban Dukcapil."
RIWAYAT_MAKS = 20


@login_required
@require_safe
def daftar(request: HttpRequest) -> HttpResponse:
    luas = request.user.cakupan("padan.lihat")
    if not luas:
        raise Http404
    saring = forms.SaringForm(request.GET, luas=luas)
    rows = saring.saring(TiketPadan.objects.visible_to(request.user))
    halaman = keyset(request, rows.select_related("individu", "wilayah"), ("created_at", "id"))
    for tiket in halaman.rows:
        tiket.masalah = REPAIR[tiket.kategori]
        tiket.siapa = SIAPA[tiket.masalah.siapa]
        tiket.nada = NADA.get(tiket.status, "tunggu")
        tiket.desa = sebutan_desa(tiket.wilayah)
    isi = {
        "halaman": halaman,
        "saring": saring,
        "disaring": any(request.GET.get(k) for k in ("wilayah", "kategori", "status")),
        "bisa_batch": request.user.punya("padan.minta"),
        "ganda": TemuanGanda.objects.visible_to(request.user).terbuka().count(),
    }
    return render(request, "dtks/padan_daftar.html", isi)


def _ambil(request: HttpRequest, pk: uuid.UUID) -> TiketPadan:
    rows = TiketPadan.objects.visible_to(request.user).select_related(
        "wilayah", "individu__keluarga__wilayah", "pengecualian_by", "disetujui_by"
    )
    tiket: TiketPadan = get_object_or_404(rows, pk=pk)
    return tiket


@login_required
@require_safe
def lihat(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    return _halaman(request, _ambil(request, pk))


def _halaman(request: HttpRequest, tiket: TiketPadan, *, status: int = 200, **form: Any) -> HttpResponse:
    by, orang = request.user, tiket.individu
    riwayat = list(orang.hasil_padan.order_by("-pada", "id")[:RIWAYAT_MAKS])
    for hasil in riwayat:
        hasil.arti = REPAIR[hasil.kategori].arti if hasil.kategori in REPAIR else hasil.kategori
    terbuka = tiket.status in ("buka", "diperbaiki", "minta_pengecualian")
    bisa = {
        k: terbuka and by.boleh(f"padan.{k}", tiket.wilayah_id)
        for k in ("perbaiki", "minta", "kecualikan", "setujui_kecuali")
    }
    kelamin = KodeAcuan.objects.filter(daftar="jenis_kelamin", kode=orang.jenis_kelamin).first()
    menunggu = tiket.status == TiketPadan.Status.MINTA_PENGECUALIAN
    isi = {
        "tiket": tiket,
        "nada": NADA.get(tiket.status, "tunggu"),
        "orang": orang,
        "kelamin": kelamin.label if kelamin else "",
        "masalah": REPAIR[tiket.kategori],
        "siapa": SIAPA[REPAIR[tiket.kategori].siapa],
        "hasil": riwayat[0] if riwayat else None,
        "banding": _banding(orang, riwayat[0]) if riwayat else [],
        "lama": tiket.status == TiketPadan.Status.DIPERBAIKI,
        "riwayat": riwayat,
        "kabar": kabar_antrean(orang),
        "usulan": _usulan(request, orang),
        "bisa": bisa,
        "bisa_cek": terbuka and (bisa["minta"] or bisa["perbaiki"]) and orang.nik is not None,
        "sendiri": menunggu and tiket.pengecualian_orang_id == by.orang_id,
        "menunggu": menunggu,
        "perbaiki": form.get("perbaiki") or (forms.PerbaikiForm(orang=orang) if bisa["perbaiki"] else None),
        "kecuali": form.get("kecuali") or forms.KecualiForm(),
        "tolak": form.get("tolak") or forms.TolakForm(),
        "salah": next(iter(form.values()), None),
    }
    return render(request, "dtks/padan_lihat.html", isi, status=status)


def kabar_antrean(orang: Individu) -> str:
    """What the waiting question says: nothing asked, asked, or asked and Dukcapil is down."""
    galat = list(aksi.antre(orang).values_list("galat", flat=True)[:5])
    if not galat:
        return ""
    return MATI if any(g.startswith("Dukcapil") for g in galat) else ANTRE


def _usulan(request: HttpRequest, orang: Individu) -> Usulan | None:
    """The open proposal of this person, for those who may see proposals; Dukcapil gets no link to it."""
    if not request.user.boleh("usulan.lihat", orang.keluarga.wilayah_id):
        return None
    return orang.keluarga.usulan.filter(status__in=USULAN_TERBUKA).order_by("-created_at").first()


def _banding(orang: Individu, hasil: HasilPadan) -> list[dict[str, Any]]:
    """Field by field: what the portal has, and what Dukcapil said of it."""
    bagian = [*jalur_desa(orang.keluarga.wilayah), "", "", "", ""]
    portal = {
        "NIK": str(orang.nik or "belum ada"),
        "NAMA_LGKP": orang.nama,
        "TMPT_LHR": orang.tempat_lahir,
        "TGL_LHR": f"{orang.tgl_lahir:%d/%m/%Y}",
        "JENIS_KLMIN": {"1": "Laki-laki", "2": "Perempuan"}.get(orang.jenis_kelamin, ""),
        "KEL_NAME": bagian[0],
        "KEC_NAME": bagian[1],
        "KAB_NAME": bagian[2],
        "PROP_NAME": bagian[3],
    }
    return [
        {
            "label": label,
            "portal": portal.get(kode, "") or "–",
            "kata": kata_skor(label, hasil.skor[kode], hasil.ambang),
            "baik": _sesuai(hasil.skor[kode], hasil.ambang),
        }
        for kode, label in ISIAN
        if kode in hasil.skor
    ]


def _sesuai(skor: Any, ambang: dict[str, Any]) -> bool:
    return skor if isinstance(skor, bool) else skor >= ambang.get("terima", 100)


def kata_skor(label: str, skor: Any, ambang: dict[str, Any]) -> str:
    """'kemiripan 72 dari 100, paling sedikit 90', or 'sesuai' / 'tidak sesuai' for a field without a score."""
    if isinstance(skor, bool):
        return "Sesuai" if skor else "Tidak sesuai"
    batas = f", paling sedikit {ambang['terima']:g}" if label == "Nama" and "terima" in ambang else ""
    return f"Kemiripan {skor:g} dari 100{batas}"


def _langkah(
    request: HttpRequest,
    tiket: TiketPadan,
    do: Callable[[], Any],
    kabar: str,
    *,
    nama: str = "",
    form: Any = None,
) -> HttpResponse:
    """One action on the ticket: back to the page with good news, or the page again with the reason."""
    if (form is None or form.is_valid()) and act(request, do, form=form):
        messages.success(request, kabar)
        return redirect("padan_lihat", pk=tiket.pk)
    return _halaman(request, tiket, status=refusal_status(request, 422), **({nama: form} if nama else {}))


@login_required
@require_POST
def perbaiki(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    tiket = _ambil(request, pk)
    form = forms.PerbaikiForm(request.POST, orang=tiket.individu)

    def do() -> str:
        aksi.perbaiki(tiket, by=request.user, data=form.isi(), catatan=form.cleaned_data["catatan"])
        return reverse("padan_lihat", args=[pk])

    kabar = "Identitas sudah diperbaiki. Cek ulang ke Dukcapil sudah diminta."
    return _langkah(request, tiket, lambda: send_once(request, form, do), kabar, nama="perbaiki", form=form)


@login_required
@require_POST
def cek_ulang(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    tiket = _ambil(request, pk)
    return _langkah(
        request, tiket, lambda: aksi.cek_ulang(tiket, by=request.user), "Cek ulang sudah diminta."
    )


@login_required
@require_POST
def minta_kecuali(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    tiket, form = _ambil(request, pk), forms.KecualiForm(request.POST)
    kabar = "Permintaan pengecualian sudah dikirim. Orang lain di Dinsos yang memutuskan."
    return _langkah(
        request,
        tiket,
        lambda: aksi.minta_kecuali(tiket, by=request.user, **form.cleaned_data),
        kabar,
        nama="kecuali",
        form=form,
    )


@login_required
@require_POST
def setujui_kecuali(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    tiket = _ambil(request, pk)
    return _langkah(
        request, tiket, lambda: aksi.setujui_kecuali(tiket, by=request.user), "Pengecualian disetujui."
    )


@login_required
@require_POST
def tolak_kecuali(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    tiket, form = _ambil(request, pk), forms.TolakForm(request.POST)
    return _langkah(
        request, tiket, lambda: aksi.tolak_kecuali(tiket, by=request.user, **form.cleaned_data), "Pengecualian ditolak.",
        nama="tolak", form=form,
    )  # fmt: skip
