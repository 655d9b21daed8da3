"""The receipt of a service at the counter: ticket and PIN, with which the citizen looks at /lacak/ without an account."""

import secrets

from django.db import connection, transaction

from accounts.models import Pengguna
from bansos.models import PermohonanSurat, ReaktivasiPBI
from core import audit, workflow
from core.workflow import Halangan, NotAllowed
from dtks.actions.usulan import pin_index
from wilayah.waktu import hari_wilayah

Layanan = ReaktivasiPBI | PermohonanSurat
_JENIS: dict[type[Layanan], tuple[str, str, str]] = {
    ReaktivasiPBI: ("PBI", "select nextval('bansos_tiket_pbi')", "pbi.ajukan"),
    PermohonanSurat: ("SRT", "select nextval('bansos_tiket_srt')", "surat.ajukan"),
}


def kuasa(satu: Layanan) -> str:
    """The power that hands out the receipt: whoever records the request."""
    return _JENIS[type(satu)][2]


@transaction.atomic
def buat(satu: Layanan, *, by: Pengguna) -> tuple[str, str]:
    """(ticket, PIN). A second receipt keeps the ticket; its PIN makes the one before worthless. Raises NotAllowed."""
    awalan, urut, _ = _JENIS[type(satu)]
    baris: Layanan = workflow.lock(type(satu), satu.pk)
    if not by.boleh(kuasa(baris), baris.wilayah_id):
        raise NotAllowed(
            [Halangan("TIDAK_BERWENANG", "Tanda terima dibuat di loket tempat permohonan dicatat.")]
        )
    if not baris.tiket:
        with connection.cursor() as cursor:
            cursor.execute(urut)
            baris.tiket = f"{awalan}-{hari_wilayah(baris.wilayah_id):%Y%m}-{cursor.fetchone()[0]:05d}"
    pin = f"{secrets.randbelow(10**6):06d}"
    baris.pin_indeks = pin_index(baris.tiket, pin)
    baris.save(update_fields=["tiket", "pin_indeks", "updated_at"])
    audit.catat(
        aksi="tanda_terima", objek=baris, by=by, wilayah=baris.wilayah_id, peran=by.peran_untuk(kuasa(baris), baris.wilayah_id)
    )  # fmt: skip
    return baris.tiket, pin
