"""Filters, orders and cursors of a list. What is not declared is a 400: a typo must not return the unfiltered list."""

import datetime
import json
import re
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.core import signing
from django.db.models import Func, QuerySet
from django.http import HttpRequest

from core.api.galat import Masalah
from core.keyset import beyond

UKURAN_BAWAAN, UKURAN_MAKS = 50, 200
PANJANG_MAKS = 200
BAWAAN = ("kursor", "ukuran", "urut")
_ANGKA = re.compile(r"-?[0-9]{1,9}", re.ASCII)


class Salah(ValueError):
    """The value of one parameter is wrong; the text says how it is written."""


@dataclass(frozen=True)
class Saring:
    """One query parameter. `baca` turns its text into a value or raises Salah; `pakai(rows, nilai)` filters by it.

    A string for `pakai` is the lookup that must equal the value. `pakai=None`: the view asks `self.nilai` itself.
    """

    nama: str
    uraian: str
    baca: Callable[[str], Any] = str
    pakai: str | Callable[[QuerySet[Any], Any], QuerySet[Any]] | None = None
    skema: dict[str, Any] = field(default_factory=lambda: {"type": "string"})
    wajib: bool = False

    def terapkan(self, rows: QuerySet[Any], nilai: Any) -> QuerySet[Any]:
        if self.pakai is None:
            return rows
        return rows.filter(**{self.pakai: nilai}) if isinstance(self.pakai, str) else self.pakai(rows, nilai)


def pilihan(nama: str, uraian: str, isi: list[str], pakai: Any = None, *, banyak: bool = False) -> Saring:
    """One of `isi`; with `banyak` several, separated by commas (the value is then a list)."""

    def baca(teks: str) -> Any:
        dipilih = teks.split(",") if banyak else [teks]
        if len(dipilih) > len(isi) or any(satu not in isi for satu in dipilih):
            raise Salah(f"Pilih dari: {', '.join(isi)}.")
        return dipilih if banyak else dipilih[0]

    if banyak:
        satu = "|".join(map(re.escape, isi))
        return Saring(nama, uraian, baca, pakai, {"type": "string", "pattern": f"^({satu})(,({satu}))*$"})
    return Saring(nama, uraian, baca, pakai, {"type": "string", "enum": isi})


def bilangan(nama: str, uraian: str, dari: int, sampai: int, pakai: Any = None) -> Saring:
    def baca(teks: str) -> int:
        if not _ANGKA.fullmatch(teks) or not dari <= int(teks) <= sampai:
            raise Salah(f"Tulis bilangan {dari} sampai {sampai}.")
        return int(teks)

    return Saring(nama, uraian, baca, pakai, {"type": "integer", "minimum": dari, "maximum": sampai})


def tanggal(nama: str, uraian: str, pakai: Any = None) -> Saring:
    def baca(teks: str) -> datetime.date:
        try:
            if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", teks, re.ASCII):
                raise ValueError
            hari = datetime.date.fromisoformat(teks)
        except ValueError:
            raise Salah("Tulis tanggal sebagai TTTT-BB-HH.") from None
        if not 1900 <= hari.year <= 2100:
            raise Salah("Tahun di luar 1900 sampai 2100.")
        return hari

    return Saring(nama, uraian, baca, pakai, {"type": "string", "format": "date"})


def id_(nama: str, uraian: str, pakai: Any = None) -> Saring:
    def baca(teks: str) -> uuid.UUID:
        if not re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", teks, re.ASCII):
            raise Salah("Tulis id sebagai UUID.")
        return uuid.UUID(teks)

    return Saring(nama, uraian, baca, pakai, {"type": "string", "format": "uuid"})


def pola(nama: str, uraian: str, bentuk: str, kalimat: str, pakai: Any = None) -> Saring:
    """A text of one form; `bentuk` is a regular expression without anchors."""

    def baca(teks: str) -> str:
        if not re.fullmatch(bentuk, teks, re.ASCII):
            raise Salah(kalimat)
        return teks

    return Saring(nama, uraian, baca, pakai, {"type": "string", "pattern": f"^{bentuk}$"})


@dataclass(frozen=True)
class Terbaca:
    """The query string, read."""

    nilai: dict[str, Any]
    ukuran: int
    urut: str
    kursor: str


def baca(
    request: HttpRequest, saring: list[Saring], urutan: list[str], ukuran_maks: int = UKURAN_MAKS
) -> Terbaca:
    """Every parameter of the request, checked. Raises Masalah that names each wrong one."""
    dikenal = {s.nama: s for s in saring}
    galat: dict[str, list[str]] = {}
    nilai: dict[str, Any] = {}
    for nama, isi in request.GET.lists():
        if nama not in dikenal and nama not in BAWAAN:
            galat[nama[:60]] = ["Parameter ini tidak dikenal."]
        elif len(isi) != 1:
            galat[nama] = ["Tulis parameter ini satu kali saja."]
        elif nama == "kursor" and not isi[0]:
            galat[nama] = ["Kursor ini tidak berlaku."]
        elif "\x00" in isi[0] or (len(isi[0]) > PANJANG_MAKS and nama != "kursor"):
            galat[nama] = ["Nilainya tidak bisa dibaca."]
        elif nama in dikenal:
            try:
                nilai[nama] = dikenal[nama].baca(isi[0])
            except Salah as salah:
                galat[nama] = [str(salah)]
    galat |= {s.nama: ["Parameter ini wajib."] for s in saring if s.wajib and s.nama not in request.GET}
    ukuran, urut = _ukuran(request, galat, ukuran_maks), _urut(request, galat, urutan)
    if galat:
        raise Masalah("parameter-salah", errors=galat)
    return Terbaca(nilai, ukuran, urut, request.GET.get("kursor", ""))


def _ukuran(request: HttpRequest, galat: dict[str, list[str]], maks: int) -> int:
    teks = request.GET.get("ukuran", str(min(UKURAN_BAWAAN, maks)))
    if not _ANGKA.fullmatch(teks) or not 1 <= int(teks) <= maks:
        galat.setdefault("ukuran", [f"Tulis bilangan 1 sampai {maks}."])
        return 1
    return int(teks)


def _urut(request: HttpRequest, galat: dict[str, list[str]], urutan: list[str]) -> str:
    bawaan = urutan[0] if urutan else ""
    nama = request.GET.get("urut", bawaan)
    if nama not in urutan and "urut" in request.GET:
        kalimat = f"Pilih dari: {', '.join(urutan)}." if urutan else "Daftar ini punya satu urutan."
        galat.setdefault("urut", [kalimat])
        return bawaan
    return nama


@dataclass(frozen=True)
class Halaman:
    rows: list[Any]
    next: str | None
    previous: str | None


def halaman(
    request: HttpRequest, sumber: Sequence[QuerySet[Any]], order: tuple[str, ...], terbaca: Terbaca
) -> Halaman:
    """One page and the addresses of its neighbours. `order`: columns of one direction, never null, the last unique.

    Several sources that all have these columns are merged as if they were one list. A cursor is signed for this caller, address and filters: it cannot be forged, borrowed or taken to another list.
    """
    garam = _garam(request)
    nilai, mundur = _buka(terbaca.kursor, garam, len(order))
    kolom, turun = [c.lstrip("-") for c in order], order[0].startswith("-")
    urut = [_balik(c) for c in order] if mundur else list(order)
    ada: list[Any] = []
    try:
        sesudah = [_sesudah(kolom, nilai, turun=turun is not mundur)] if nilai else []
        for rows in sumber:
            ada += rows.filter(*sesudah).order_by(*urut)[: terbaca.ukuran + 1]
    except (ValueError, TypeError) as error:
        raise Masalah("parameter-salah", errors={"kursor": ["Kursor ini tidak berlaku."]}) from error
    if len(sumber) > 1:
        ada.sort(key=lambda row: tuple(_isi(row, c) for c in kolom), reverse=turun is not mundur)
    lebih, ada = len(ada) > terbaca.ukuran, ada[: terbaca.ukuran]
    if mundur:
        ada.reverse()
    maju_ada, mundur_ada = (True, lebih) if mundur else (lebih, bool(nilai))
    return Halaman(
        ada,
        _tautan(request, ada[-1], kolom, garam, mundur=False) if ada and maju_ada else None,
        _tautan(request, ada[0], kolom, garam, mundur=True) if ada and mundur_ada else None,
    )


def _garam(request: HttpRequest) -> str:
    isi = sorted((k, v) for k, v in request.GET.items() if k not in ("kursor", "ukuran"))
    return f"api:{request.user.pk}:{request.path}:{json.dumps(isi)}"


def _buka(kursor: str, garam: str, kolom: int) -> tuple[list[Any], bool]:
    if not kursor:
        return [], False
    try:
        arah, *nilai = signing.loads(kursor, salt=garam)
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise Masalah("parameter-salah", errors={"kursor": ["Kursor ini tidak berlaku."]}) from error
    if len(nilai) != kolom:
        raise Masalah("parameter-salah", errors={"kursor": ["Kursor ini tidak berlaku."]})
    return nilai, arah == "m"


def _sesudah(kolom: list[str], nilai: list[Any], *, turun: bool) -> Func:
    return beyond(kolom, nilai, descending=turun)


def _balik(kolom: str) -> str:
    return kolom[1:] if kolom.startswith("-") else f"-{kolom}"


def _tautan(request: HttpRequest, row: Any, kolom: list[str], garam: str, *, mundur: bool) -> str:
    kursor = signing.dumps(["m" if mundur else "l", *(_nilai(row, c) for c in kolom)], salt=garam)
    isi = {k: v for k, v in request.GET.items() if k != "kursor"} | {"kursor": kursor}
    return request.build_absolute_uri(f"{request.path}?{urlencode(isi)}")


def _isi(row: Any, column: str) -> Any:
    for part in column.split("__"):
        row = getattr(row, part)
    return row


def _nilai(row: Any, column: str) -> Any:
    row = _isi(row, column)
    if isinstance(row, datetime.datetime | datetime.date):
        return row.isoformat()
    return row if isinstance(row, int) else str(row)
