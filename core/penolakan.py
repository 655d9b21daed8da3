"""A refusal of power is an act too: who tried which step on what, for the inspectorate. Append-only, in the audit trail."""

from datetime import timedelta
from typing import Any

from django.db import transaction

from core import audit, limits
from core.workflow import NotAllowed

AKSI = "penolakan"
SEJAM = 30  # of one person; a stuck page must not fill the trail


def catat(by: Any, refused: NotAllowed) -> None:
    """Write it in a transaction of its own, after the refused one was rolled back."""
    objek = refused.objek
    with transaction.atomic():
        if not limits.hit(f"{AKSI}:{by.pk}", limit=SEJAM, window=timedelta(hours=1)):
            return
        audit.catat(
            aksi=AKSI,
            objek=objek,
            by=by,
            wilayah=getattr(objek, "wilayah_id", "") or _wilayah(by),
            rincian={
                "langkah": refused.langkah,
                "kode": [h.kode for h in refused.halangan],
                "kalimat": " ".join(h.kalimat for h in refused.halangan)[:200],
            },
        )


def _wilayah(by: Any) -> str:
    """Where the person works, when the refusal names no row."""
    return next((p.wilayah_id for p in by.penugasan_aktif if p.wilayah_id), "")
