"""The year of an area: its days off, and how many working days each month has."""

from calendar import monthrange
from datetime import date
from typing import Any

from wilayah.models import HariLibur
from wilayah.queries import kerja


def setahun(wilayah: str, tahun: int) -> list[dict[str, Any]]:
    """Twelve months: `bulan` (first day), `hari_kerja` (count), `libur` (rows). Two queries."""
    kalender = kerja.kalender(wilayah)
    libur = list(
        HariLibur.objects.untuk(wilayah).filter(tanggal__year=tahun).select_related("wilayah").order_by("tanggal", "pk")
    )  # fmt: skip
    hasil = []
    for bulan in range(1, 13):
        hari = [date(tahun, bulan, n + 1) for n in range(monthrange(tahun, bulan)[1])]
        isi = [satu for satu in libur if satu.tanggal.month == bulan]
        n = sum(kalender.hari_kerja(wilayah, satu) for satu in hari)
        hasil.append({"bulan": hari[0], "hari_kerja": n, "libur": isi})
    return hasil


def tahun_terisi() -> list[int]:
    """Years whose national holidays are known."""
    hari = HariLibur.objects.filter(wilayah__isnull=True).dates("tanggal", "year")
    return [satu.year for satu in hari]
