"""Idempotency-Key: the answer is stored, sealed, in the transaction of the act; a repeat gets the same answer."""

import hashlib
import json
import re
import uuid
from collections.abc import Callable
from typing import Any

from django.db import IntegrityError, transaction
from rest_framework.request import Request
from rest_framework.response import Response

from core import dinding
from core.api.galat import Masalah
from core.idempotency import KeyReused
from core.models import JawabanApi
from core.privacy import keys

KEPALA = "Idempotency-Key"
_BENTUK = re.compile(r"[\x21-\x7e]{8,100}")
_RUANG = uuid.UUID("6f1d3c52-6a7e-4a58-9a6f-1f4e1f0c5a11")


def kunci(request: Request) -> uuid.UUID:
    tertulis = request.META.get("HTTP_IDEMPOTENCY_KEY", "")
    if not _BENTUK.fullmatch(tertulis):
        raise Masalah(
            "permintaan-salah",
            errors={KEPALA: ["Kirim kepala ini: 8 sampai 100 huruf tanpa spasi, baru untuk tiap tindakan."]},
        )
    return uuid.uuid5(_RUANG, tertulis)


def jawab(request: Request, do: Callable[[], tuple[int, dict[str, Any]]]) -> Response:
    """Run `do` unless this caller's key already ran; the stored answer otherwise. Raises KeyReused for another body."""
    pemilik, satu = str(request.user.pk), kunci(request)
    isi = json.dumps(
        [request.method, request.path, request.data, request.META.get("HTTP_IF_MATCH", "")], sort_keys=True
    )
    sidik = hashlib.sha256(isi.encode()).digest()
    with dinding.terbuka("as in core.web.act()"), transaction.atomic():
        try:
            with transaction.atomic():
                tanda = JawabanApi.objects.create(pemilik=pemilik, kunci=satu, sidik_isi=sidik, status=0)
        except IntegrityError:
            lama = JawabanApi.objects.get(pemilik=pemilik, kunci=satu)
            if bytes(lama.sidik_isi) != sidik:
                raise KeyReused from None
            return _jawaban(
                lama.status, json.loads(keys.unseal(bytes(lama.isi or b""), _konteks(lama))), ulang=True
            )
        status, hasil = do()
        tanda.status, tanda.isi = status, keys.seal(json.dumps(hasil, default=str).encode(), _konteks(tanda))
        tanda.save(update_fields=["status", "isi"])
    return _jawaban(status, hasil, ulang=False)


def _konteks(tanda: JawabanApi) -> str:
    return f"core_jawabanapi:{tanda.pemilik}:{tanda.kunci}"


def _jawaban(status: int, isi: dict[str, Any], *, ulang: bool) -> Response:
    return Response(isi, status=status, headers={"Idempotent-Replayed": "true"} if ulang else None)
