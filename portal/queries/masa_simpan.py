"""How long data is kept that goes by itself, by class, and what the release says about it.

Nobody is asked when the time is over, so a shorter time is not believed because one row of the database says so. No screen changes a
Ketentuan: it comes with a release, through its review (dtks/data/ketentuan.json). A rule in force that is shorter than that stops its
class; a longer one, as an archive schedule may ask, holds.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from functools import cache

from django.utils import timezone

from core import rules
from core.models import Ketentuan
from dtks import acuan

KELAS = {
    "usulan_ditolak": ("retensi.usulan_ditolak_hari", "Keluarga yang semua usulannya ditolak atau ditarik"),
    "foto_identitas": ("retensi.foto_identitas_hari", "Foto KTP dan KK"),
    "pelapor_aduan": ("retensi.pelapor_aduan_hari", "Nama, NIK, dan telepon pelapor aduan"),
    "salinan_hak": ("hak.salinan_simpan_hari", "Salinan data untuk warga"),
    "titik_kunjungan": ("retensi.titik_kunjungan_hari", "Titik lokasi kunjungan"),
    "sesi": ("retensi.sesi_hari", "Sesi masuk yang sudah berakhir"),
    "masuk": ("retensi.masuk_hari", "Percobaan masuk (nama akun, alamat IP, peramban)"),
}


@dataclass(frozen=True)
class Masa:
    """`rilis`: days that the release says for today."""

    kelas: str
    judul: str
    aturan: Ketentuan
    rilis: int

    @property
    def singkat(self) -> bool:
        return type(self.aturan.nilai) is not int or self.aturan.nilai < self.rilis


def satu(kelas: str) -> Masa:
    kunci, judul = KELAS[kelas]
    hari = timezone.localdate()
    return Masa(kelas, judul, rules.in_force(kunci, pada=hari), _rilis(kunci, hari))


def semua() -> list[Masa]:
    return [satu(kelas) for kelas in KELAS]


def _rilis(kunci: str, hari: date) -> int:
    return max(b for b in _bawaan()[kunci] if b[0] <= hari)[1]


@cache
def _bawaan() -> dict[str, list[tuple[date, int]]]:
    """What ships: first day and days of keeping, for each rule of a class."""
    hasil: dict[str, list[tuple[date, int]]] = defaultdict(list)
    kunci = {k for k, _ in KELAS.values()}
    for baris in acuan.baris_ketentuan():
        if baris["kunci"] in kunci and not baris["wilayah"]:
            hasil[baris["kunci"]].append((date.fromisoformat(baris["berlaku_sejak"]), int(baris["nilai"])))
    return hasil
