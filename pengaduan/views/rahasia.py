"""/lapor-rahasia/: a report that only the inspectorate can read. No session, no cookie, no script, no redirect.

The form token is a signed challenge (core.tantangan) that is never stored: it shows that the page was open for some seconds,
and the receipt grows from it. Pages are drawn without the request, so no context processor meets it either.
"""

import base64
import hashlib
import io
import time
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

from csp.decorators import csp_replace
from django import forms
from django.conf import settings
from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation, TooManyFilesSent
from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.csrf import csrf_exempt

from core import rules, tantangan
from core.workflow import StepRefused
from pengaduan.actions import rahasia as tindakan
from pengaduan.forms_rahasia import BalasForm, LaporForm, NomorForm
from pengaduan.queries.rahasia import kantor_terbuka

# One request brings the whole page: a style sheet asked for by itself would stand in the proxy's log with the address.
GAYA = (Path(settings.BASE_DIR) / "templates" / "pengaduan" / "rahasia.css").read_text().strip()
_SIDIK = base64.b64encode(hashlib.sha256(GAYA.encode()).digest()).decode()
CSP: dict[str, Any] = {
    "default-src": ["'none'"], "style-src": [f"'sha256-{_SIDIK}'"], "img-src": ["data:"], "form-action": ["'self'"],
    "base-uri": ["'none'"], "frame-ancestors": ["'none'"],
}  # fmt: skip
MAKS_KIRIM = 15_000_000
UNTUK = "rahasia"
_BESAR = "Foto terlalu besar. Semua foto bersama-sama paling banyak 15 MB. Kirim fotonya satu per satu."
_RUSAK = "Kiriman ini terputus di jalan. Tulisan Anda belum tersimpan. Kembali, lalu kirim lagi."
_RAMAI = "Sedang banyak yang membuka halaman ini. Tunggu satu menit, lalu coba lagi."


class MemoryOnly(FileUploadHandler):
    """Uploads stay in memory and have no name: a spooled file on disk outlives its request."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.isi = io.BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.isi.write(raw_data)
        if self.isi.tell() > MAKS_KIRIM:
            raise StopUpload(connection_reset=True)

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        self.isi.seek(0)
        return InMemoryUploadedFile(self.isi, self.field_name, "foto", "image/jpeg", file_size, None)


def tertutup(
    *metode: str,
) -> Callable[[Callable[[HttpRequest], HttpResponse]], Callable[[HttpRequest], HttpResponse]]:
    """Around every page of the line: uploads in memory, and an error that is nobody's to read but answered in a sentence."""

    def hias(view: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
        @csrf_exempt  # the token would be a cookie; what the form carries is signed
        @csp_replace(CSP)
        @wraps(view)
        def jalan(request: HttpRequest) -> HttpResponse:
            if request.method not in metode:
                return HttpResponseNotAllowed(metode)
            try:
                panjang = request.META.get("CONTENT_LENGTH") or "0"
                if not panjang.isdecimal() or int(panjang) > MAKS_KIRIM:
                    raise RequestDataTooBig
                request.upload_handlers = [MemoryOnly(request)]
                return view(request)
            except (RequestDataTooBig, TooManyFilesSent):
                return _galat(413, _BESAR)
            except (MultiPartParserError, UnreadablePostError, BadRequest, SuspiciousOperation, UnicodeError):
                return _galat(400, _RUSAK)
            except tindakan.Ramai:
                return _galat(503, _RAMAI)
            except Exception:
                return _gangguan()

        return jalan

    return hias


def _gangguan() -> HttpResponse:
    """Neither a log line nor a traceback: both could hold words of the report. Only the day's count grows."""
    try:
        with transaction.atomic():
            tindakan.catat_gangguan()
    except Exception:  # the database itself is away
        return _galat(503, "Portal sedang terganggu. Laporan Anda belum tersimpan. Coba lagi nanti.")
    return _galat(500, "Ada gangguan di portal. Laporan Anda belum tersimpan. Coba lagi nanti.")


def _galat(status: int, kalimat: str) -> HttpResponse:
    return _halaman("galat", {"kalimat": kalimat}, status)


def _halaman(nama: str, isi: dict[str, Any], status: int = 200) -> HttpResponse:
    dasar = {
        "gaya": format_html("<style>{}</style>", SafeString(GAYA)),
        "DEMO": settings.DEMO,
        "nama_portal": settings.PORTAL_NAMA,
    }
    return HttpResponse(render_to_string(f"pengaduan/rahasia_{nama}.html", dasar | isi), status=status)


@tertutup("GET", "HEAD", "POST")
def lapor(request: HttpRequest) -> HttpResponse:
    """The form, and the receipt as its answer."""
    kantor = kantor_terbuka()
    if not kantor:
        return _halaman("tutup", {})
    if request.method != "POST":
        return _halaman("lapor", {"form": LaporForm(kantor=kantor, initial={"kunci": _kunci_baru()})})
    data = request.POST.copy()
    kalimat = _terlalu_cepat_atau_lama(data.get("kunci", ""))
    if kalimat == _LAMA:
        data["kunci"] = _kunci_baru()
    form = LaporForm(data, request.FILES, kantor=kantor)
    if form.is_valid() and kalimat:
        form.add_error(None, kalimat)
    if not form.is_valid():
        return _halaman("lapor", {"form": form}, 422)
    isi = form.cleaned_data
    try:
        nomor = tindakan.kirim(
            benih=isi["kunci"], wilayah=isi["tujuan"], isi=tindakan.isi_dari(isi), foto=isi["foto"]
        )
    except StepRefused as ditolak:
        return _ditolak("lapor", form, ditolak)
    nama = dict(kantor)[isi["tujuan"]].split(" (")[0]
    return _halaman(
        "tanda",
        {"nomor": [nomor[i : i + 4] for i in range(0, 16, 4)], "kantor": nama, "foto": len(isi["foto"])},
    )


@tertutup("GET", "HEAD", "POST")
def baca(request: HttpRequest) -> HttpResponse:
    """The talk, for whoever holds the receipt."""
    form = NomorForm(request.POST if request.method == "POST" else None)
    if not form.is_bound:
        return _halaman("nomor", {"form": form})
    if form.is_valid():
        temuan = tindakan.cari(form.cleaned_data["nomor"])
        if temuan is not None:
            laporan, pesan = temuan
            balas_form = BalasForm(initial={"pegangan": tindakan.pegangan(laporan)})
            return _halaman("baca", {"laporan": laporan, "pesan": pesan, "form": balas_form})
        form.add_error("nomor", "Nomor ini tidak ditemukan. Periksa lagi catatan Anda.")
    return _halaman("nomor", {"form": form}, 422)


@tertutup("POST")
def balas(request: HttpRequest) -> HttpResponse:
    """One more message of the reporter."""
    form = BalasForm(request.POST, request.FILES)
    if form.is_valid():
        isi = form.cleaned_data
        try:
            if tindakan.balas(pegangan=isi["pegangan"], isi=tindakan.isi_dari(isi), foto=isi["foto"]):
                return _halaman("terkirim", {})
        except StepRefused as ditolak:
            return _ditolak("balas", form, ditolak)
        form.add_error(
            None,
            "Halaman ini sudah terlalu lama terbuka. Salin tulisan Anda di bawah, lalu buka lagi dengan nomor rahasia.",
        )
    return _halaman("balas", {"form": form}, 422)


@tertutup("GET", "HEAD")
def selesai(request: HttpRequest) -> HttpResponse:
    """The way out: tells the browser to forget, and the reporter what he still has to do himself."""
    jawab = _halaman("selesai", {})
    jawab.headers["Clear-Site-Data"] = (
        '"cache"'  # cookies and storage hold nothing of ours, but drafts of an officer
    )
    return jawab


_LAMA = "Halaman ini sudah terlalu lama terbuka. Tulisan Anda masih ada. Tekan tombolnya sekali lagi."


def _kunci_baru() -> str:
    return tantangan.buat(UNTUK, 1)


def _terlalu_cepat_atau_lama(kunci: str) -> str:
    """Empty when the page was open for as long as a person needs. A new page waits anew only after it has grown too old."""
    aturan = rules.value("rahasia.batas")
    soal = tantangan.buka(kunci, UNTUK)
    umur = time.time() - soal.sejak if soal else -1
    if soal is None or not -60 <= umur <= aturan["formulir_jam"] * 3600:
        return _LAMA
    if umur < aturan["tunggu_detik"]:
        return f"Tunggu {aturan['tunggu_detik']} detik, lalu tekan tombolnya sekali lagi. Tulisan Anda masih ada."
    return ""


def _ditolak(nama: str, form: forms.Form, ditolak: StepRefused) -> HttpResponse:
    for h in ditolak.halangan:
        form.add_error(None, f"{h.kalimat} {h.jalan_keluar}".strip())
    return _halaman(nama, {"form": form}, 422)
