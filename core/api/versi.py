"""ETag and If-Match: nobody overwrites what he has not read."""

from typing import Any

from rest_framework.request import Request

from core.api.galat import Masalah


def etag(objek: Any) -> str:
    """Strong tag of a row that counts its versions."""
    return f'"{objek.pk}.{objek.versi}"'


def cocokkan(request: Request, objek: Any, *, wajib: bool = True) -> None:
    """428 without If-Match (when `wajib`), 412 when it names another version than that of `objek`."""
    tertulis = request.META.get("HTTP_IF_MATCH", "")
    if not tertulis:
        if wajib:
            raise Masalah("versi-wajib")
        return
    if etag(objek) not in [satu.strip() for satu in tertulis.split(",")]:
        raise Masalah("versi-lama", headers={"ETag": etag(objek)})
