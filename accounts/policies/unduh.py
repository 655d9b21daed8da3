"""Who may let a long list of somebody else out. None or the sentence that the screen shows.

A unit is the desk under which a person acts, as for quotas: the role of the assignment that gives the power, named by the rule
'kuota.unit'; a role that the rule does not name is a unit of its own.
"""

from collections.abc import Sequence

from django.utils import timezone

from accounts.models import Pengguna
from accounts.models.unduh import SETUJUI, IzinUnduh
from core import rules

ATURAN = "ekspor.persetujuan"


def unit(by: Pengguna, kuasa: Sequence[str], wilayah: str) -> str:
    """Name of the unit for which this person acts with one of these powers in that area; '' without any."""
    peran = next((p for satu in kuasa if (p := by.peran_untuk(satu, wilayah))), "")
    return str(rules.value("kuota.unit", wilayah).get(peran, peran))


def putus(by: Pengguna, izin: IzinUnduh) -> str | None:
    if izin.status != IzinUnduh.Status.DIMINTA:
        return f"Permintaan ini sudah diputus: {izin.get_status_display().lower()}."
    if not by.boleh(SETUJUI, izin.wilayah):
        return "Unduhan besar diputus Kepala Dinas atau supervisor di wilayahnya."
    if by.orang_id == izin.diminta_orang_id:
        return "Anda yang meminta unduhan ini. Yang memutus harus orang lain."
    if unit(by, (SETUJUI,), izin.wilayah) == izin.unit_peminta:
        return f"Anda satu unit dengan peminta ({izin.unit_peminta}). Yang memutus harus dari unit lain."
    return None


def paling_banyak(izin: IzinUnduh) -> int:
    """Rows that may leave: those of the request, and the growth that the rule allowed on the day of the decision."""
    hari = timezone.localdate(izin.diputus_at or timezone.now())
    return izin.jumlah * (100 + int(rules.value(ATURAN, izin.wilayah, hari)["tumbuh_persen"])) // 100


def pemberi(izin: IzinUnduh) -> str | None:
    """Does the word that was given still stand? Whoever gave it must be able to give it today."""
    siapa = izin.diputus_by
    if siapa is None or not siapa.boleh(SETUJUI, izin.wilayah):
        return "Persetujuan unduhan ini batal: yang menyetujuinya tidak lagi berwenang di wilayah ini."
    if unit(siapa, (SETUJUI,), izin.wilayah) == izin.unit_peminta:
        return f"Persetujuan unduhan ini batal: yang menyetujuinya sekarang satu unit dengan peminta ({izin.unit_peminta})."
    return None


def pakai(izin: IzinUnduh, baris: int) -> str | None:
    """May so many rows leave under this approval now?"""
    if larangan := pemberi(izin):
        return larangan
    if baris > (maks := paling_banyak(izin)):
        return f"Yang disetujui {izin.jumlah} baris (paling banyak {maks} bila daftarnya bertambah), sekarang daftarnya {baris} baris."
    return None
