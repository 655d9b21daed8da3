"""The schema of the REST API and its reading as a page. Made once per process: it changes with the code only."""

import json
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from drf_spectacular.generators import SchemaGenerator

from core.api.galat import MASALAH

NAMA = {
    "wilayah": "Wilayah", "register": "Keluarga dan individu", "usulan": "Usulan", "musyawarah": "Musyawarah", "asesmen": "Asesmen",
    "penetapan": "Penetapan", "program": "Program", "penerima": "Penerima", "pengaduan": "Pengaduan", "kelayakan": "Kelayakan",
    "padan": "Cek NIK", "webhook": "Webhook",
}  # fmt: skip


@dataclass(frozen=True)
class Operasi:
    id: str
    cara: str
    alamat: str
    uraian: str
    cakupan: list[str]
    parameter: list[dict[str, Any]]
    isian: list[tuple[str, str, bool, str]] = field(default_factory=list)  # name, type, required, words


@cache
def skema() -> dict[str, Any]:
    """OpenAPI 3.0 of everything under /api/v1/."""
    return SchemaGenerator().get_schema(public=True, request=None)


@cache
def skema_json() -> bytes:
    return json.dumps(skema(), ensure_ascii=False, default=str).encode()


@cache
def bagian() -> list[tuple[str, list[Operasi]]]:
    """(heading, operations) in the order of the addresses."""
    hasil: dict[str, list[Operasi]] = {}
    for alamat, cara in skema()["paths"].items():
        for nama, isi in cara.items():
            tag = (isi.get("tags") or ["lain"])[0]
            hasil.setdefault(NAMA.get(tag, tag), []).append(_operasi(alamat, nama, isi))
    return list(hasil.items())


def galat() -> list[tuple[str, int, str, str]]:
    return [(kode, *isi) for kode, isi in MASALAH.items()]


def _operasi(alamat: str, cara: str, isi: dict[str, Any]) -> Operasi:
    parameter = [
        {
            "nama": p["name"], "di": p["in"], "wajib": p.get("required", False), "uraian": p.get("description", ""),
            "nilai": ", ".join(map(str, p["schema"].get("enum", [])))[:200],
        }
        for p in isi.get("parameters", [])
    ]  # fmt: skip
    return Operasi(
        isi["operationId"],
        cara.upper(),
        alamat,
        isi.get("description", ""),
        isi.get("x-cakupan", []),
        parameter,
        _isian(isi),
    )


def _isian(isi: dict[str, Any]) -> list[tuple[str, str, bool, str]]:
    media = isi.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    return [*_datar(_rujuk(media), "")]


def _datar(satu: dict[str, Any], awalan: str) -> list[tuple[str, str, bool, str]]:
    hasil = []
    for nama, kolom in satu.get("properties", {}).items():
        jenis = _rujuk(kolom)
        wajib = nama in satu.get("required", [])
        dalam = _rujuk(jenis.get("items", {}))
        hasil.append(
            (
                awalan + nama,
                str(jenis.get("type", "")),
                wajib,
                str(kolom.get("description", jenis.get("description", ""))),
            )
        )
        hasil += _datar(jenis, f"{awalan}{nama}.") + _datar(dalam, f"{awalan}{nama}[].")
    return hasil


def _rujuk(kolom: dict[str, Any]) -> dict[str, Any]:
    if "allOf" in kolom:
        kolom = kolom["allOf"][0]
    if "$ref" in kolom:
        return dict(skema()["components"]["schemas"][kolom["$ref"].rsplit("/", 1)[-1]])
    return kolom
