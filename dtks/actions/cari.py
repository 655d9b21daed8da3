"""Asking about a NIK: counted per person and day, because the answer tells whether somebody is in the register."""

from datetime import timedelta

from accounts.models import Pengguna
from core import limits, rules
from core.workflow import GateClosed, Halangan
from dtks.models import Usulan
from dtks.queries.nik import HasilCari, cari_nik, usulan_nomor


def cari(nik: str, *, by: Pengguna) -> HasilCari:
    """What the portal may tell `by` about this number. GateClosed over the daily limit (rule `cari_nik.batas_harian`)."""
    _hitung(by)
    return cari_nik(nik, by=by)


def cari_usulan(nomor: str, *, by: Pengguna) -> list[Usulan]:
    """Proposals that `by` may see of the family with this NIK or KK number, newest first. Counted like `cari`."""
    _hitung(by)
    return usulan_nomor(nomor, by=by)


def _hitung(by: Pengguna) -> None:
    luas = by.cakupan("usulan.buat")
    batas = rules.value("cari_nik.batas_harian", luas[0] if luas else "")
    if not limits.hit(f"cari_nik:{by.pk}", limit=batas, window=timedelta(days=1)):
        raise GateClosed(
            [
                Halangan(
                    "BATAS_HARIAN",
                    f"Anda sudah mencari {batas} NIK dalam sehari ini.",
                    "Lanjutkan besok, atau minta supervisor Dinsos menaikkan batasnya.",
                )
            ]
        )
