"""ETag and If-Match: nobody overwrites what he has not read."""

import hashlib
import json
from typing import Any

from rest_framework.request import Request

from core.api.galat import Masalah


def etag(objek: Any, *lain: Any) -> str:
    """Strong tag of a row that counts its versions; `lain`: what else an edit of it changes."""
    return '"' + ".".join(str(satu) for satu in (objek.pk, objek.versi, *lain)) + '"'


def sidik(isi: Any) -> str:
    """Tag of a body whose row counts no versions."""
    return f'"{hashlib.sha256(json.dumps(isi, default=str, sort_keys=True).encode()).hexdigest()[:32]}"'


def wajib(request: Request) -> None:
    """428 without If-Match."""
    if not request.META.get("HTTP_IF_MATCH"):
        raise Masalah("versi-wajib")


def cocokkan(request: Request, tanda: str) -> None:
    """412 with the present tag when If-Match is there and names another one than `tanda`."""
    tertulis = request.META.get("HTTP_IF_MATCH", "")
    if tertulis and tanda not in [satu.strip() for satu in tertulis.split(",")]:
        raise Masalah("versi-lama", headers={"ETag": tanda})
