"""Strict JSON: what a lenient parser lets through becomes a server error or stored garbage further in."""

import json
import re
from typing import Any, NoReturn

from django.http.request import RawPostDataException
from rest_framework.parsers import BaseParser

from core.api.galat import Masalah

DALAM_MAKS = 20
BESAR_MAKS = 1_000_000
ANGKA_MAKS = 18
_TIDAK_BOLEH = re.compile("[\x00\ud800-\udfff]")


class JsonKetat(BaseParser):
    """UTF-8 JSON with an object on top; no double keys, NaN, NUL, lone surrogates, endless numbers or deep nests."""

    media_type = "application/json"

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> dict[str, Any]:
        view = (parser_context or {}).get("view")
        request = (parser_context or {}).get("request")
        _jenis_sah(media_type or "", request)
        batas = getattr(view, "besar_maks", BESAR_MAKS)
        try:
            mentah = stream.read(batas + 1)
        except (OSError, RawPostDataException) as error:
            raise Masalah("permintaan-salah") from error
        if len(mentah) > batas:
            raise Masalah("terlalu-besar")
        return urai(mentah)


def urai(mentah: bytes) -> dict[str, Any]:
    """The object in these bytes. Raises Masalah."""
    try:
        teks = mentah.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Masalah("permintaan-salah", rinci="Isi permintaan bukan UTF-8.") from error
    _tidak_dalam(teks)
    try:
        isi = json.loads(
            teks,
            object_pairs_hook=_tanpa_kembar,
            parse_constant=_tolak_angka,
            parse_int=_bulat,
            parse_float=_pecahan,
        )
    except (ValueError, RecursionError) as error:
        raise Masalah("permintaan-salah", rinci="Isi permintaan bukan JSON yang benar.") from error
    if not isinstance(isi, dict):
        raise Masalah("permintaan-salah", rinci="Isi permintaan harus sebuah objek JSON.")
    _tanpa_rusak(isi)
    return isi


def _jenis_sah(media_type: str, request: Any) -> None:
    parameter = dict(p.strip().lower().partition("=")[::2] for p in media_type.split(";")[1:])
    if parameter.get("charset", "utf-8").strip('"') not in ("utf-8", "utf8"):
        raise Masalah("jenis-isi")
    if request is not None and request.META.get("HTTP_CONTENT_ENCODING", "identity").lower() != "identity":
        raise Masalah("jenis-isi")


def _tidak_dalam(teks: str) -> None:
    """Count brackets outside strings before anything recurses into them."""
    dalam, dalam_teks, lewati = 0, False, False
    for huruf in re.findall(r'\\.|["\[\]{}]', teks, re.DOTALL):
        if huruf[0] == "\\":
            continue
        if huruf == '"':
            dalam_teks = not dalam_teks
        elif not dalam_teks:
            dalam += 1 if huruf in "[{" else -1
            lewati = lewati or dalam > DALAM_MAKS
        if lewati:
            raise Masalah("permintaan-salah", rinci="JSON bersarang terlalu dalam.")


def _tanpa_kembar(pasangan: list[tuple[str, Any]]) -> dict[str, Any]:
    isi = dict(pasangan)
    if len(isi) != len(pasangan):
        raise ValueError("double key")
    return isi


def _tolak_angka(_teks: str) -> NoReturn:
    raise ValueError("not a number")


def _bulat(teks: str) -> int:
    if len(teks) > ANGKA_MAKS:
        raise ValueError("number too long")
    return int(teks)


def _pecahan(teks: str) -> float:
    nilai = float(teks)
    if len(teks) > 40 or not -1e15 < nilai < 1e15:
        raise ValueError("number too long")
    return nilai


def _tanpa_rusak(isi: Any) -> None:
    """No NUL and no half character anywhere, keys included."""
    if isinstance(isi, str):
        if _TIDAK_BOLEH.search(isi):
            raise Masalah("permintaan-salah", rinci="Ada huruf yang tidak bisa disimpan.")
    elif isinstance(isi, dict):
        for k, v in isi.items():
            _tanpa_rusak(k)
            _tanpa_rusak(v)
    elif isinstance(isi, list):
        for v in isi:
            _tanpa_rusak(v)
