"""OpenAPI of the API, read from the views themselves: parameters, scopes, answers and refusals."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter

from core.api import saring
from core.api.views import DaftarView

_AWALAN = "/api/v1/"
# Which refusals an operation can answer with, besides those of every operation.
_SELALU = ("400", "401", "403", "406", "429", "503")


class Skema(AutoSchema):
    """Says of each view what `core.api.views` does with it."""

    def get_tags(self) -> list[str]:
        return list(self.view.tags) or super().get_tags()

    def get_operation_id(self) -> str:
        nama = self.path.removeprefix(_AWALAN).strip("/").replace("{", "").replace("}", "")
        return "_".join([self.method.lower(), *nama.replace("-", "_").split("/")])

    def get_override_parameters(self) -> list[Any]:
        if self.method != "GET":
            return [*_kepala(self.view, self.method)]
        isi = [_parameter(s) for s in self.view.saring]
        if isinstance(self.view, DaftarView):
            isi += _daftar(self.view)
        return isi

    def _is_list_view(self, serializer: Any = None) -> bool:
        return isinstance(self.view, DaftarView) and self.method == "GET"

    def get_operation(self, *args: Any, **kwargs: Any) -> Any:
        operasi = super().get_operation(*args, **kwargs)
        if operasi is None:
            return None
        if self._is_list_view():
            _jadikan_halaman(operasi, sinkron=getattr(self.view, "sinkron", False))
        self._penolakan(operasi)
        operasi["x-cakupan"] = [c for c in (self.view.cakupan, self._tulis()) if c]
        return operasi

    def _tulis(self) -> str:
        return "" if self.method == "GET" else self.view.cakupan_tulis

    def _penolakan(self, operasi: dict[str, Any]) -> None:
        kode = [*_SELALU]
        if "{" in self.path:
            kode.append("404")
        if self.method != "GET":
            kode += ["404", "409", "412", "413", "415", "422", "428"]
        for satu in kode:
            operasi["responses"].setdefault(satu, {"$ref": "#/components/responses/Masalah"})

    def _get_filter_parameters(self) -> list[Any]:
        return []

    def _get_pagination_parameters(self) -> list[Any]:
        return []


def _parameter(s: saring.Saring) -> OpenApiParameter:
    return OpenApiParameter(s.nama, s.skema, "query", required=s.wajib, description=s.uraian)


def _daftar(view: DaftarView) -> list[OpenApiParameter]:
    isi = [
        OpenApiParameter("kursor", {"type": "string", "pattern": "^[A-Za-z0-9:_-]+$", "maxLength": 1000}, "query", description="Dari `next` atau `previous`. Kursor buatan sendiri dijawab 400."),
        OpenApiParameter("ukuran", {"type": "integer", "minimum": 1, "maximum": view.ukuran_maks}, "query", description="Baris satu halaman."),
    ]  # fmt: skip
    if view.urutan:
        isi.append(OpenApiParameter("urut", {"type": "string", "enum": list(view.urutan)}, "query"))
    return isi


def _kepala(view: Any, method: str) -> list[OpenApiParameter]:
    bentuk = {"type": "string", "pattern": "^[!-~]{8,100}$"}
    isi = [OpenApiParameter("Idempotency-Key", bentuk, "header", required=True, description="Baru untuk tiap tindakan; kunci yang sama dijawab sama.")]  # fmt: skip
    if getattr(view, "if_match", False):
        wajib = method in ("PATCH", "PUT", "DELETE")
        isi.append(OpenApiParameter("If-Match", {"type": "string", "maxLength": 200}, "header", required=wajib, description="ETag dari bacaan terakhir."))  # fmt: skip
    return isi


def _jadikan_halaman(operasi: dict[str, Any], *, sinkron: bool) -> None:
    """Wrap the list of rows in the envelope of a page; with `diubah_sejak` there are tombstones and the next position."""
    isi = operasi["responses"]["200"]["content"]["application/json"]
    lebih: dict[str, Any] = {}
    if sinkron:
        isi["schema"]["items"] = {"anyOf": [isi["schema"]["items"], _NISAN]}
        lebih = {"posisi": {"type": "string", "description": "Untuk `diubah_sejak` berikutnya."}}
        operasi["responses"].setdefault("410", {"$ref": "#/components/responses/Masalah"})
    tautan = {"type": "string", "format": "uri", "nullable": True}
    isi["schema"] = {
        "type": "object",
        "required": ["next", "previous", "results"],
        "additionalProperties": False,
        "properties": {"next": tautan, "previous": tautan, "results": isi["schema"]} | lebih,
    }


_NISAN = {
    "type": "object",
    "required": ["id", "dihapus"],
    "additionalProperties": False,
    "properties": {
        "id": {"type": "string", "format": "uuid"},
        "dihapus": {"type": "boolean", "enum": [True]},
    },
}


class KunciSkema(OpenApiAuthenticationExtension):
    target_class = "accounts.api.kunci.KunciAuth"
    name = "kunci"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        return {"type": "http", "scheme": "bearer", "description": "Kunci API, dimulai dengan `dtks_`."}


class SesiSkema(OpenApiAuthenticationExtension):
    target_class = "accounts.api.kunci.SesiAuth"
    name = "sesi"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        return {
            "type": "apiKey",
            "in": "cookie",
            "name": "sesi",
            "description": "Sesi peramban; POST perlu X-CSRFToken.",
        }


def hanya_v1(endpoints: list[Any]) -> list[Any]:
    return [e for e in endpoints if e[0].startswith(_AWALAN) and "(?" not in e[0]]


def ketatkan(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Bodies know no other members than those named; and what every refusal looks like."""
    komponen = result.setdefault("components", {})
    for skema in komponen.get("schemas", {}).values():
        if skema.get("type") == "object" and "properties" in skema:
            skema["additionalProperties"] = False
    komponen["responses"] = {
        "Masalah": {
            "description": "Penolakan menurut RFC 9457; `errors` menyebut isian atau parameternya.",
            "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Masalah"}}},
        }
    }
    komponen.setdefault("schemas", {})["Masalah"] = {
        "type": "object",
        "required": ["type", "title", "status", "detail"],
        "properties": {
            "type": {"type": "string"},
            "title": {"type": "string"},
            "status": {"type": "integer"},
            "detail": {"type": "string"},
            "errors": {"type": "object", "additionalProperties": True},
            "keadaan": {"type": "string"},
            "halangan": {"type": "array", "items": {"type": "object", "additionalProperties": True}},
        },
    }
    return result
