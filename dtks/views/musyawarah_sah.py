"""Closing, signing, approving a meeting, and carrying its verdicts into the line."""

import io
import re
import unicodedata
import uuid
import zipfile
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import files
from core.models import Berkas
from core.web import act, refusal_status
from dtks.actions import musyawarah as aksi
from dtks.forms import musyawarah as forms
from dtks.models import Musyawarah
from dtks.policies import musyawarah as policies
from dtks.queries import perbaikan
from dtks.queries.kuorum import GERBANG
from dtks.surat import musyawarah as surat
from dtks.views.berkas import rusak
from dtks.views.musyawarah import ambil, halaman_rapat, kerangka, kiriman
from dtks.workflow import MUSYAWARAH

BULAN = (
    "JANUARI", "FEBRUARI", "MARET", "APRIL", "MEI", "JUNI", "JULI", "AGUSTUS", "SEPTEMBER", "OKTOBER", "NOVEMBER", "DESEMBER",
)  # fmt: skip
AKHIRAN = {"application/pdf": "pdf", "image/jpeg": "jpg", "application/zip": "zip"}
NAMA_BERKAS = {
    "berita-acara": "BA_PENGUSULAN",
    "daftar-hadir": "DAFTAR_HADIR",
    "bnba": "BNBA_USULAN",
    "daftar-hadir-kosong": "DAFTAR_HADIR_KOSONG",
    "undangan": "UNDANGAN",
    "semua": "MUSYAWARAH",
    "pindaian": "BA_BERTANDA_TANGAN",
}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def tutup(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """What is still missing, and the button that closes the meeting and makes its papers."""
    rapat = ambil(request, pk)
    form = forms.LangkahForm(kiriman(request), initial={"versi": rapat.versi})
    if form.is_valid() and act(
        request,
        lambda: aksi.selenggarakan(rapat, by=request.user, versi=form.cleaned_data["versi"]),
        form=form,
    ):
        messages.success(
            request,
            "Musyawarah ditutup. Cetak berita acara, daftar nama (BNBA), dan daftar hadir, lalu minta tanda tangan.",
        )
        return redirect("musyawarah_lihat", pk=pk)
    arrow = MUSYAWARAH.find("selenggarakan", rapat.status)
    isi = kerangka(request, rapat, "Tutup musyawarah") | {
        "form": form,
        "kurang": [h for g in (arrow.gerbang if arrow else ()) if (h := GERBANG[g](rapat, request.user))],
        "jumlah": rapat.putusan.tanpa_beku().count(),
    }
    status = refusal_status(request, 422) if request.method == "POST" else 200
    return render(request, "dtks/musyawarah_tutup.html", isi, status=status)


@login_required
@require_POST
def unggah(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    rapat = ambil(request, pk)
    form = forms.PindaianForm(request.POST, request.FILES)
    if form.is_valid():
        berkas = form.cleaned_data["pindaian"]
        if any(b.size > files.MAX_BYTES for b in berkas) or len(berkas) > files.MAX_SHEETS:
            form.add_error(
                "pindaian",
                f"Paling besar 10 MB per berkas dan paling banyak {files.MAX_SHEETS} foto. Pindai ulang dengan ukuran lebih kecil.",
            )
        elif act(
            request,
            lambda: aksi.tandatangani(
                rapat,
                by=request.user,
                isi=[b.read() for b in berkas],
                nama=berkas[0].name,
                versi=form.cleaned_data["versi"],
            ),
            form=form,
        ):
            messages.success(
                request,
                "Berita acara bertanda tangan sudah diunggah. Menunggu persetujuan lurah/kepala desa.",
            )
            return redirect("musyawarah_lihat", pk=pk)
    return halaman_rapat(request, rapat, status=refusal_status(request, 422), pindaian=form)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def persetujuan(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The lurah/kades reads scan and list, then approves (POST here) or sends back (`kembalikan`)."""
    rapat = ambil(request, pk)
    if request.method != "POST":
        return _halaman_persetujuan(request, rapat)
    form = forms.LangkahForm(request.POST)
    if form.is_valid() and act(
        request, lambda: aksi.setujui(rapat, by=request.user, versi=form.cleaned_data["versi"]), form=form
    ):
        messages.success(request, "Berita acara disetujui. Operator desa dapat menerapkan putusannya.")
        return redirect("musyawarah_lihat", pk=pk)
    return _halaman_persetujuan(request, rapat, setuju=form, status=refusal_status(request, 422))


@login_required
@require_POST
def kembalikan(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    rapat = ambil(request, pk)
    form = forms.KembalikanForm(
        request.POST, pilihan=forms.pilihan_alasan("kembalikan", forms.ALASAN_BERITA_ACARA)
    )
    if form.is_valid() and act(
        request, lambda: aksi.kembalikan(rapat, by=request.user, **form.cleaned_data), form=form
    ):
        messages.success(request, "Berita acara dikembalikan ke operator desa.")
        return redirect("musyawarah_lihat", pk=pk)
    return _halaman_persetujuan(request, rapat, kembali=form, status=refusal_status(request, 422))


def _halaman_persetujuan(
    request: HttpRequest, rapat: Musyawarah, *, status: int = 200, **form: Any
) -> HttpResponse:
    versi = {"versi": rapat.versi}
    semula = perbaikan.lama(rapat)
    baris = list(rapat.putusan.tanpa_beku().select_related("usulan__keluarga"))
    for row in baris:
        row.semula = (
            semula[row.usulan_id].get_putusan_display() if row.usulan_id in semula else "tidak tercatat"
        )
    isi = kerangka(request, rapat, "Persetujuan berita acara") | {
        "halangan": policies.setujui(request.user, rapat),
        "baris": baris,
        "hadir": rapat.peserta.filter(hadir=True).count(),
        "setuju": form.get("setuju") or forms.LangkahForm(initial=versi),
        "kembali": form.get("kembali")
        or forms.KembalikanForm(
            pilihan=forms.pilihan_alasan("kembalikan", forms.ALASAN_BERITA_ACARA), initial=versi
        ),
    }
    return render(request, "dtks/musyawarah_persetujuan.html", isi, status=status)


@login_required
@require_POST
def terapkan(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    rapat = ambil(request, pk)
    sebab: list[str] = []
    hitung = act(request, lambda: aksi.terapkan_putusan(rapat, by=request.user, sebab=sebab))
    if hitung is None:
        return halaman_rapat(request, rapat, status=refusal_status(request, 422))
    kata = [("sepakati", "disepakati"), ("tolak", "ditolak"), ("tunda", "ditunda")]
    kata += [("kembalikan", "dikeluarkan dari daftar")] if hitung["kembalikan"] else []
    jumlah = ", ".join(f"{hitung[k]} {sebutan}" for k, sebutan in kata)
    messages.success(request, f"Putusan sudah diterapkan: {jumlah}.")
    if hitung["dilewati"]:
        messages.warning(
            request,
            f"{hitung['dilewati']} usulan dilewati. Untuk keluarga Anda sendiri, mintalah operator lain menerapkannya.",
        )
        for kalimat in sebab[:10]:
            messages.warning(request, kalimat)
    return redirect("musyawarah_lihat", pk=pk)


@login_required
@require_safe
def unduh(request: HttpRequest, pk: uuid.UUID, jenis: str) -> HttpResponse:
    rapat = ambil(request, pk)
    if jenis not in NAMA_BERKAS:
        raise Http404
    try:
        isi, mime = _isi_unduhan(rapat, jenis)
    except files.BadFile as error:
        return rusak(request, error)
    nama = nama_berkas(rapat, jenis, AKHIRAN[mime])
    return HttpResponse(
        isi,
        content_type=mime,
        headers={"Content-Disposition": content_disposition_header(jenis != "pindaian", nama)},
    )


def _isi_unduhan(rapat: Musyawarah, jenis: str) -> tuple[bytes, str]:
    if jenis == "daftar-hadir-kosong":
        return surat.daftar_hadir_kosong(rapat), "application/pdf"
    if jenis == "bnba" and rapat.bnba is None:  # minutes from before the list was an issued document
        return surat.bnba(rapat), "application/pdf"
    if jenis == "semua":
        return _zip(rapat), "application/zip"
    berkas = _berkas(rapat, jenis)
    return files.read(berkas), berkas.mime


def _dokumen(rapat: Musyawarah, jenis: str) -> Berkas | None:
    dokumen = {
        "berita-acara": rapat.berita_acara,
        "daftar-hadir": rapat.daftar_hadir,
        "bnba": rapat.bnba,
        "undangan": rapat.undangan,
    }.get(jenis)
    return rapat.pindaian if jenis == "pindaian" else dokumen.berkas if dokumen else None


def _berkas(rapat: Musyawarah, jenis: str) -> Berkas:
    berkas = _dokumen(rapat, jenis)
    if berkas is None:
        raise Http404
    return berkas


def _zip(rapat: Musyawarah) -> bytes:
    """Every paper of the meeting in one file, numbered in the order in which they go into SIKS-NG."""
    urut = ("berita-acara", "bnba", "daftar-hadir", "pindaian", "undangan")
    ada = [(j, b) for j in urut if (b := _dokumen(rapat, j)) is not None]
    if not rapat.berita_acara_id:
        raise Http404
    keluar = io.BytesIO()
    with zipfile.ZipFile(keluar, "w", zipfile.ZIP_STORED) as arsip:
        for i, (jenis, berkas) in enumerate(ada, 1):
            info = zipfile.ZipInfo(f"{i} {nama_berkas(rapat, jenis, AKHIRAN[berkas.mime])}")
            arsip.writestr(info, files.read(berkas))
    return keluar.getvalue()


def nama_berkas(rapat: Musyawarah, jenis: str, akhiran: str) -> str:
    """'BA_PENGUSULAN - GARUT KOTA - PAKUWON - 2026 - NOVEMBER.pdf' (domain.md §1.5), letters that every disk takes."""
    hari = timezone.localtime(rapat.waktu)
    kecamatan = [*rapat.wilayah.jalur.split(", "), ""][1].removeprefix("Kecamatan ")
    bagian = (NAMA_BERKAS[jenis], kecamatan, rapat.wilayah.nama, str(hari.year), BULAN[hari.month - 1])
    ascii_saja = unicodedata.normalize("NFKD", " - ".join(bagian)).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9 _-]+", "", ascii_saja).upper() + f".{akhiran}"
