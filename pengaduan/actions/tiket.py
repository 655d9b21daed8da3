"""Tickets and PINs, and the short pass that a page of /lacak/ gives to whoever showed both."""

import secrets
import uuid
from typing import Literal

from django.core import signing
from django.db import connection
from django.utils import timezone

from dtks.actions.usulan import pin_index

Awalan = Literal["ADU", "SGH", "UWG"]  # pengaduan (also kedaruratan), sanggah, usul warga
_URUT = {
    "ADU": "select nextval('pengaduan_tiket_adu')",
    "SGH": "select nextval('pengaduan_tiket_sgh')",
    "UWG": "select nextval('pengaduan_tiket_uwg')",
}
LAMA_PEGANGAN = 30 * 60  # seconds


def baru(awalan: Awalan) -> tuple[str, str, bytes]:
    """(ticket `ADU-YYYYMM-NNNNN`, PIN of six digits, index of the PIN to store)."""
    with connection.cursor() as cursor:
        cursor.execute(_URUT[awalan])
        tiket = f"{awalan}-{timezone.localdate():%Y%m}-{cursor.fetchone()[0]:05d}"
    return tiket, *pin_baru(tiket)


def pin_baru(tiket: str) -> tuple[str, bytes]:
    """(PIN, its index): the next one for a ticket, which makes the one before worthless."""
    pin = f"{secrets.randbelow(10**6):06d}"
    return pin, pin_index(tiket, pin)


def pegangan(awalan: str, pk: uuid.UUID) -> str:
    """A signed pass for the hidden field `pegangan` of the forms on a page of /lacak/: good for 30 minutes, for one row."""
    return signing.dumps([awalan, str(pk)], salt="pengaduan.lacak")


def buka_pegangan(awalan: str, isi: str) -> uuid.UUID | None:
    """The row that the pass is for; None when it is forged, of another kind, or too old."""
    try:
        jenis, pk = signing.loads(isi, salt="pengaduan.lacak", max_age=LAMA_PEGANGAN)
    except signing.BadSignature:
        return None
    return uuid.UUID(pk) if jenis == awalan else None
