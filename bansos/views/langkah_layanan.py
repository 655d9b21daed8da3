"""One step of a service on its own page, for the lines of `bansos.workflow_layanan`: what it means, the form, the button."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.models import Pengguna
from bansos.actions import tanda_terima as resi
from core import files, penolakan
from core.forms import SendOnceForm
from core.models import Berkas
from core.web import act, refusal_status, send_once
from core.workflow import Alur, Gate, Halangan, Langkah, NotAllowed
from dtks.models import AlasanLangkah


@dataclass(frozen=True)
class Layanan:
    """What the page of a step needs to know of its line. `lakukan(satu, nama, by, data)` takes the step and returns the address
    to go to; `alamat(satu)` is the case's own page; `formulir(satu, arrow, *args)` makes the form; `arti`: step -> sentence."""

    alur: Alur
    policies: Mapping[str, Callable[[Pengguna, Any], str | None]]
    gerbang: Mapping[str, Gate]
    formulir: Callable[..., SendOnceForm]
    lakukan: Callable[[Any, str, Pengguna, dict[str, Any]], str]
    alamat: Callable[[Any], str]
    alamat_langkah: Callable[[Any, str], str]
    judul: Callable[[Any], str]
    arti: Mapping[str, str]
    bahaya: tuple[str, ...] = ()


def terbuka(request: HttpRequest, layanan: Layanan, satu: Any) -> list[dict[str, Any]]:
    """Steps that this person may take now, each with its address and what still stands in the way."""
    hasil = []
    for arrow in layanan.alur.open_from(satu.status):
        boleh = layanan.policies.get(arrow.nama)  # none: a step of the portal itself
        if boleh and boleh(request.user, satu) is None:
            halangan = [h for g in arrow.gerbang if (h := layanan.gerbang[g](satu, request.user))]
            isi = [h for h in halangan if h.kode != "NOMOR_SIKS"]  # its own form asks for that
            hasil.append({"arrow": arrow, "url": layanan.alamat_langkah(satu, arrow.nama), "halangan": isi})
    return hasil


def langkah(request: HttpRequest, layanan: Layanan, satu: Any, nama: str) -> HttpResponse:
    if nama not in layanan.policies:
        raise Http404
    arrow = layanan.alur.find(nama, satu.status)
    if kalimat := layanan.policies[nama](request.user, satu):
        if not any(
            request.user.boleh(a.kuasa, satu.wilayah_id) for a in layanan.alur.langkah if a.nama == nama
        ):
            raise PermissionDenied
        if request.method == "POST" and arrow is not None:
            penolakan.catat(request.user, NotAllowed([Halangan("TIDAK_BERWENANG", kalimat)], langkah=nama, objek=satu))  # fmt: skip
        messages.error(request, kalimat)
        return redirect(layanan.alamat(satu))
    assert arrow is not None
    if request.method != "POST":
        form = layanan.formulir(satu, arrow, initial={"versi": satu.versi})
        return _halaman(request, layanan, satu, arrow, form)
    form = layanan.formulir(satu, arrow, request.POST, request.FILES)
    if form.is_valid():
        url = act(
            request,
            lambda: send_once(
                request, form, lambda: layanan.lakukan(satu, nama, request.user, form.cleaned_data)
            ),
            form=form,
        )
        if url:
            messages.success(request, f"{arrow.label}: tersimpan.")
            return redirect(url)
    return _halaman(request, layanan, satu, arrow, form)


def _halaman(
    request: HttpRequest, layanan: Layanan, satu: Any, arrow: Langkah, form: SendOnceForm
) -> HttpResponse:
    halangan = [h for g in arrow.gerbang if (h := layanan.gerbang[g](satu, request.user))]
    isi = {
        "arrow": arrow,
        "form": form,
        "judul": layanan.judul(satu),
        "arti": layanan.arti.get(arrow.nama, ""),
        "kembali": layanan.alamat(satu),
        "tujuan": layanan.alamat_langkah(satu, arrow.nama),
        "bahaya": arrow.nama in layanan.bahaya,
        "halangan": [h for h in halangan if h.kode != "NOMOR_SIKS"] if not form.is_bound else [],
    }
    status = refusal_status(request, 422) if form.is_bound else 200
    return render(request, "bansos/layanan_langkah.html", isi, status=status)


def riwayat(satu: Any, alur: Alur) -> list[dict[str, Any]]:
    """History rows for the timeline, newest first; one query."""
    return [
        {
            "label": next((a.label for a in alur.langkah if a.nama == r.langkah), r.langkah),
            "waktu": r.pada,
            "oleh": r.oleh.nama if r.oleh else "Portal",
            "alasan": f"{r.alasan_kalimat} {r.catatan}".strip(),
        }
        for r in satu.riwayat.select_related("oleh").order_by("-urut")
    ]


def penolakan_terakhir(satu: Any) -> tuple[Any, str]:
    """(row of the refusal, what to do about it) of a refused request; (None, "") of any other."""
    tolak = satu.riwayat.filter(ke="ditolak").order_by("-urut").first() if satu.status == "ditolak" else None
    if tolak is None:
        return None, ""
    saran = AlasanLangkah.objects.filter(pk=tolak.alasan).values_list("jalan_keluar", flat=True).first()
    return tolak, saran or ""


def kirim_berkas(request: HttpRequest, row: Berkas | None, nama: str) -> HttpResponse:
    """A stored paper as a download that no cache keeps."""
    if row is None:
        raise Http404
    try:
        isi = files.read(row)
    except files.BadFile as rusak:
        return render(request, "bansos/berkas_rusak.html", {"kalimat": str(rusak)}, status=503)
    jawab = HttpResponse(isi, content_type=row.mime)
    akhiran = "pdf" if row.mime == "application/pdf" else "jpg"
    jawab["Content-Disposition"] = f'attachment; filename="{nama}.{akhiran}"'
    jawab["Cache-Control"] = "private, no-store"
    return jawab


def tanda_terima(request: HttpRequest, satu: Any, *, alamat: str, judul: str, untuk: str) -> HttpResponse:
    """A new receipt, shown by the POST itself: ticket and PIN stand on this answer only and in no cache."""
    if not request.user.boleh(resi.kuasa(satu), satu.wilayah_id):
        raise PermissionDenied
    hasil = act(request, lambda: resi.buat(satu, by=request.user))
    if hasil is None:
        return redirect(alamat)
    isi = {"p": satu, "tiket": hasil[0], "pin": hasil[1], "alamat": alamat, "judul": judul, "untuk": untuk}
    jawab = render(request, "bansos/tanda_terima.html", isi)
    jawab.headers["Cache-Control"] = "private, no-store"
    return jawab
