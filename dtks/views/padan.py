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
from core.templatetags.ui import tanggal
from core.web import act, keyset, refusal_status, send_once
from dtks.actions import ganda
from dtks.actions import padan as aksi
from dtks.forms import padan as forms
from dtks.models import (
    BarisSuratPadan,
    FotoKeluarga,
    HasilPadan,
    Individu,
    KodeAcuan,
    SuratPadan,
    TemuanGanda,
    TiketPadan,
    Usulan,
)
from dtks.queries.desa import jalur_desa, sebutan_desa
from dtks.queries.skor import ISIAN, kata_skor, sesuai
from dtks.workflow import USULAN_TERBUKA

SIAPA = {
    "desa": "Operator desa",
    "disdukcapil": "Disdukcapil, dengan bantuan operator desa",
    "warga": "Warga yang bersangkutan, dibantu operator desa",
}
PELAKU = {"desa": "Operator desa", "disdukcapil": "Disdukcapil", "warga": "Warga"}
FOTO = {"kk": "Kartu keluarga", "ktp": "KTP"}
NADA = {
    "dikecualikan": "baik",
    "selesai": "baik",
    "ditutup": "baik",
}  # every other status still waits for somebody
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
    surat = _surat_terakhir([t.pk for t in halaman.rows])
    for tiket in halaman.rows:
        tiket.surat = surat.get(tiket.pk)
        tiket.masalah = REPAIR[tiket.kategori]
        tiket.siapa = SIAPA[tiket.masalah.siapa]
        tiket.nada = NADA.get(tiket.status, "tunggu")
        tiket.desa = sebutan_desa(tiket.wilayah)
    isi = {
        "halaman": halaman,
        "saring": saring,
        "disaring": any(request.GET.get(k) for k in ("wilayah", "kategori", "status")),
        "bisa_surat": request.user.punya("padan.surat") or request.user.punya("padan.dukcapil"),
        "bisa_batch": request.user.punya("padan.minta"),
        "ganda": TemuanGanda.objects.visible_to(request.user).terbuka().count(),
    }
    return render(request, "dtks/padan_daftar.html", isi)


def _surat_terakhir(tiket: list[uuid.UUID]) -> dict[uuid.UUID, SuratPadan]:
    """The newest letter that holds about each ticket. Number and dates only: that there is a letter is no secret, its text is."""
    rows = BarisSuratPadan.objects.filter(tiket__in=tiket, surat__dibatalkan_at__isnull=True)
    return {
        b.tiket_id: b.surat for b in rows.select_related("surat").order_by("surat__created_at", "surat_id")
    }


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
        for k in ("perbaiki", "minta", "kecualikan", "setujui_kecuali", "surat", "dukcapil")
    }
    dukcapil = by.boleh("padan.dukcapil", tiket.wilayah_id)
    kelamin = KodeAcuan.objects.filter(daftar="jenis_kelamin", kode=orang.jenis_kelamin).first()
    menunggu = tiket.status == TiketPadan.Status.MINTA_PENGECUALIAN
    surat = _surat_terakhir([tiket.pk]).get(tiket.pk)
    di_dukcapil = terbuka and surat is not None and surat.keadaan == "dikirim"
    isi = {
        "tiket": tiket,
        "nada": NADA.get(tiket.status, "tunggu"),
        "orang": orang,
        "kelamin": kelamin.label if kelamin else "",
        "masalah": REPAIR[tiket.kategori],
        "pelaku": SIAPA["disdukcapil" if di_dukcapil else REPAIR[tiket.kategori].siapa],
        "urutan": [(PELAKU[u.siapa], u.kalimat) for u in REPAIR[tiket.kategori].urutan] if terbuka else [],
        "foto": _foto(request, orang),
        "surat": surat,
        "boleh_surat": dukcapil or by.boleh("padan.surat", tiket.wilayah_id),
        "dukcapil": form.get("dukcapil") or (forms.DukcapilForm() if bisa["dukcapil"] else None),
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


def _foto(request: HttpRequest, orang: Individu) -> list[tuple[str, FotoKeluarga]]:
    """Photos of KK and KTP beside the comparison, for those who may see the family; Dukcapil sees identity only."""
    if not request.user.boleh("keluarga.lihat", orang.keluarga.wilayah_id):
        return []
    rows = FotoKeluarga.objects.filter(keluarga=orang.keluarga_id, jenis__in=FOTO).select_related("berkas")
    return [(FOTO[f.jenis], f) for f in rows.order_by("jenis", "-created_at", "id")]


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
        "TGL_LHR": tanggal(orang.tgl_lahir),
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
            "baik": sesuai(hasil.skor[kode], hasil.ambang),
        }
        for kode, label in ISIAN
        if kode in hasil.skor
    ]


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

    def sekali() -> str:
        try:
            return send_once(request, form, do)
        except aksi.NikTaken:  # recorded after the rollback, as the form pages do (dtks.views.kirim)
            ganda.laporkan(by=request.user, wilayah=tiket.wilayah_id, nik=form.cleaned_data["nik"])
            raise

    kabar = "Identitas sudah diperbaiki. Cek ulang ke Dukcapil sudah diminta."
    return _langkah(request, tiket, sekali, kabar, nama="perbaiki", form=form)


@login_required
@require_POST
def tandai_dukcapil(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    tiket, form = _ambil(request, pk), forms.DukcapilForm(request.POST)
    return _langkah(
        request, tiket, lambda: aksi.tandai_dukcapil(tiket, by=request.user, **form.cleaned_data),
        "Ditandai sudah diperbaiki di Dukcapil. NIK dicek ulang.", nama="dukcapil", form=form,
    )  # fmt: skip


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
