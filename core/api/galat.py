"""Refusals of the API: RFC 9457 problem+json in Indonesian. The same refusal is the same bytes, whoever asks for what."""

import logging
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, SuspiciousOperation, ValidationError
from django.db import DataError, OperationalError
from django.http import Http404, HttpRequest, JsonResponse
from rest_framework import exceptions
from rest_framework.response import Response

from core import penolakan
from core.files import BadFile, NoRoom
from core.idempotency import KeyReused
from core.web import LOCKED
from core.workflow import NotAllowed, StepRefused

log = logging.getLogger(__name__)
JENIS = "application/problem+json"

# code -> (status, title, what to do). The title and the way out never depend on what was asked for.
MASALAH: dict[str, tuple[int, str, str]] = {
    "permintaan-salah": (400, "Permintaan tidak bisa dibaca.", "Periksa bentuk permintaan di /api/docs/."),
    "isian-salah": (400, "Ada isian yang perlu diperbaiki.", "Lihat `errors`, perbaiki, lalu kirim lagi."),
    "parameter-salah": (400, "Ada parameter yang tidak dikenal atau salah.", "Lihat `errors` dan /api/docs/."),
    "belum-masuk": (401, "Kunci API tidak ada atau tidak berlaku.", "Kirim `Authorization: Bearer <kunci>`."),
    "tidak-berwenang": (403, "Kunci atau peran ini tidak mencakup permintaan itu.", "Minta cakupan yang perlu ke admin."),
    "tidak-ditemukan": (404, "Tidak ditemukan.", "Periksa alamat dan id-nya."),
    "cara-salah": (405, "Cara ini tidak ada di alamat ini.", "Lihat /api/docs/."),
    "bentuk-jawaban": (406, "Bentuk jawaban itu tidak tersedia.", "Minta `application/json`."),
    "bentrok": (409, "Tidak bisa dikerjakan dalam keadaan sekarang.", "Baca keadaan terakhir, lalu putuskan lagi."),
    "posisi-lewat": (410, "Perubahan sejak posisi itu tidak disimpan lagi.", "Tarik seluruh daftar, lalu mulai dari posisi baru."),
    "versi-lama": (412, "Data sudah berubah sejak Anda membacanya.", "Baca lagi, lalu kirim dengan ETag yang baru."),
    "terlalu-besar": (413, "Isi permintaan terlalu besar.", "Kirim lebih sedikit data."),
    "jenis-isi": (415, "Jenis isi ini tidak diterima.", "Kirim `application/json` dalam UTF-8."),
    "syarat-kurang": (422, "Syaratnya belum terpenuhi.", "Lihat `errors`."),
    "versi-wajib": (428, "Perubahan harus menyebut versi yang diubah.", "Kirim `If-Match` berisi ETag dari bacaan terakhir."),
    "terlalu-sering": (429, "Terlalu banyak permintaan.", "Tunggu menurut `Retry-After`, lalu kirim lagi."),
    "anggaran-habis": (429, "Jatah baris hari ini sudah habis.", "Coba lagi besok, atau minta jatah lebih ke admin."),
    "gangguan": (500, "Ada gangguan di portal.", "Kirim lagi dengan Idempotency-Key yang sama."),
    "sibuk": (503, "Data ini sedang dipakai permintaan lain.", "Kirim lagi sebentar lagi."),
    "tidak-siap": (503, "Portal belum bisa membaca datanya.", "Tunggu menurut `Retry-After`, lalu kirim lagi dengan Idempotency-Key yang sama."),
}  # fmt: skip
_STATUS = {
    400: "permintaan-salah", 401: "belum-masuk", 403: "tidak-berwenang", 404: "tidak-ditemukan", 405: "cara-salah",
    406: "bentuk-jawaban", 409: "bentrok", 410: "posisi-lewat", 412: "versi-lama", 413: "terlalu-besar", 415: "jenis-isi", 422: "syarat-kurang",
    428: "versi-wajib", 429: "terlalu-sering", 503: "sibuk",
}  # fmt: skip


class Masalah(Exception):
    """Raise it in a view of the API. `kode` is a key of MASALAH; `errors` maps a field or parameter to its sentences.

    `rinci` replaces the way out; `tambahan` are more members of the body; `headers` go with the answer.
    """

    def __init__(
        self,
        kode: str,
        *,
        rinci: str = "",
        errors: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        tambahan: Mapping[str, Any] | None = None,
    ):
        self.kode, self.status = kode, MASALAH[kode][0]
        self.rinci, self.errors = rinci, dict(errors or {})
        self.headers, self.tambahan = dict(headers or {}), dict(tambahan or {})
        super().__init__(kode)

    def isi(self) -> dict[str, Any]:
        status, judul, jalan = MASALAH[self.kode]
        isi: dict[str, Any] = {
            "type": f"/api/docs/#galat-{self.kode}",
            "title": judul,
            "status": status,
            "detail": self.rinci or jalan,
        }
        if self.errors:
            isi["errors"] = self.errors
        return isi | self.tambahan

    def jawaban(self) -> Response:
        return Response(self.isi(), status=self.status, headers=self.headers, content_type=JENIS)


def polos(kode: str, **kata: Any) -> JsonResponse:
    """The same body without the framework, for middleware and Django's own handlers."""
    masalah = Masalah(kode, **kata)
    return JsonResponse(
        masalah.isi(), status=masalah.status, content_type=JENIS, headers=masalah.headers or None
    )


def tanggapi(exc: Exception, context: dict[str, Any]) -> Response | None:
    """Exception handler of every API view. None: not ours to explain; Django answers 500 and logs it."""
    masalah = _masalah(exc, context)
    if masalah is None:
        return None
    jawaban = masalah.jawaban()
    if masalah.status == 401:
        jawaban.headers["WWW-Authenticate"] = 'Bearer realm="api"'
    return jawaban


def _masalah(exc: Exception, context: dict[str, Any]) -> Masalah | None:
    if isinstance(exc, StepRefused):
        return _langkah(exc, context["request"])
    if isinstance(exc, OperationalError):
        sibuk = getattr(exc.__cause__, "sqlstate", "") in LOCKED
        return Masalah("sibuk", headers={"Retry-After": "2"}) if sibuk else None
    return next((buat(exc) for jenis, buat in _PER_JENIS if isinstance(exc, jenis)), None)


def _langkah(exc: StepRefused, request: HttpRequest) -> Masalah:
    """A refused act: 403, 409 with the state on the locked row, or 422 with what is missing."""
    if isinstance(exc, NotAllowed) and request.user.is_authenticated:
        penolakan.catat(request.user, exc)
    kode = {403: "tidak-berwenang", 409: "bentrok"}.get(exc.http_status, "syarat-kurang")
    halangan = [{"kode": h.kode, "kalimat": h.kalimat, "jalan_keluar": h.jalan_keluar} for h in exc.halangan]
    tambahan: dict[str, Any] = {"halangan": halangan}
    if exc.status:
        tambahan["keadaan"] = exc.status
    if kode == "tidak-berwenang":
        tambahan.pop("halangan")
    kolom = getattr(exc, "kolom", None)
    errors = {kolom: [h.kalimat for h in exc.halangan]} if kolom else {}
    return Masalah(kode, tambahan=tambahan, errors=errors)


def _drf(exc: exceptions.APIException) -> Masalah:
    if isinstance(exc, exceptions.ValidationError):
        return Masalah("isian-salah", errors=_datar(exc.detail))
    kode = _STATUS.get(exc.status_code, "permintaan-salah")
    tunggu = getattr(exc, "wait", None)
    return Masalah(kode, headers={"Retry-After": str(int(tunggu))} if tunggu else None)


def _datar(isi: Any, awalan: str = "") -> dict[str, list[str]]:
    """{"anggota": {1: {"nik": ["…"]}}} -> {"anggota.1.nik": ["…"]}: a member by its way through the body."""
    if isinstance(isi, dict):
        pasangan = isi.items()
    elif isinstance(isi, list) and any(isinstance(satu, dict) for satu in isi):
        pasangan = dict(enumerate(isi)).items()
    else:
        return {awalan or "isi": [str(satu) for satu in isi]} if isi else {}
    hasil: dict[str, list[str]] = {}
    for nama, satu in pasangan:
        bagian = awalan if nama == "non_field_errors" else f"{awalan}.{nama}" if awalan else str(nama)
        hasil |= _datar(satu, bagian)
    return hasil


def _dari_django(exc: ValidationError) -> Masalah:
    errors = exc.message_dict if hasattr(exc, "error_dict") else {"isi": exc.messages}
    return Masalah("isian-salah", errors=errors)


_PER_JENIS: tuple[tuple[type[Exception], Any], ...] = (
    (Masalah, lambda exc: exc),
    (exceptions.APIException, _drf),
    (ValidationError, _dari_django),
    (KeyReused, lambda exc: Masalah("syarat-kurang", errors={"Idempotency-Key": [_KUNCI_LAIN]})),
    (Http404, lambda exc: Masalah("tidak-ditemukan")),
    (PermissionDenied, lambda exc: Masalah("tidak-berwenang")),
    (SuspiciousOperation, lambda exc: Masalah("permintaan-salah")),
    (NoRoom, lambda exc: Masalah("tidak-siap", rinci=str(exc), headers={"Retry-After": "600"})),
    (BadFile, lambda exc: Masalah("isian-salah", rinci=str(exc))),
    (DataError, lambda exc: Masalah("permintaan-salah")),
)
_KUNCI_LAIN = "Kunci ini sudah dipakai dengan isi lain."
