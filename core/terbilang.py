"""Numbers, days and months in Indonesian words, as official letters spell them (tata naskah dinas)."""

import re
from collections.abc import Iterable
from datetime import date

_SATUAN = [
    "nol",
    "satu",
    "dua",
    "tiga",
    "empat",
    "lima",
    "enam",
    "tujuh",
    "delapan",
    "sembilan",
    "sepuluh",
    "sebelas",
]
_HARI = ["Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu"]
_BULAN = [
    "Januari",
    "Februari",
    "Maret",
    "April",
    "Mei",
    "Juni",
    "Juli",
    "Agustus",
    "September",
    "Oktober",
    "November",
    "Desember",
]
_ROMAWI = ("I", "II", "III", "IV")


def terbilang(n: int) -> str:
    """2026 -> 'dua ribu dua puluh enam'. ValueError outside 0..999.999.999: letters here count families and years."""
    if not 0 <= n < 10**9:
        raise ValueError(f"di luar jangkauan terbilang: {n}")
    if n < 12:
        return _SATUAN[n]
    if n < 20:
        return f"{_SATUAN[n - 10]} belas"
    for besar, kata in ((10**6, "juta"), (1000, "ribu"), (100, "ratus"), (10, "puluh")):
        if n >= besar:
            depan, sisa = divmod(n, besar)
            # 'seratus' and 'seribu', but 'satu juta'
            awal = f"se{kata}" if depan == 1 and besar < 10**6 else f"{terbilang(depan)} {kata}"
            return f"{awal} {terbilang(sisa)}" if sisa else awal
    raise AssertionError("unreachable")


def angka(n: int) -> str:
    """12500 -> '12.500 (dua belas ribu lima ratus)'."""
    return f"{n:,}".replace(",", ".") + f" ({terbilang(n)})"


def hari(tanggal: date) -> str:
    return _HARI[tanggal.weekday()]


def tanggal_panjang(tanggal: date) -> str:
    """'5 Oktober 2026'."""
    return f"{tanggal.day} {_BULAN[tanggal.month - 1]} {tanggal.year}"


def tanggal_kata(tanggal: date) -> str:
    """'Senin tanggal lima bulan Oktober tahun dua ribu dua puluh enam': how a berita acara opens."""
    return (
        f"{hari(tanggal)} tanggal {terbilang(tanggal.day)} bulan {_BULAN[tanggal.month - 1]} "
        f"tahun {terbilang(tanggal.year)}"
    )


def periode_kata(periode: str) -> str:
    """'2026-10' -> 'Oktober 2026'; '2026-4' (one digit: quarter) -> 'triwulan IV tahun 2026'; else as it came."""
    if cocok := re.fullmatch(r"([0-9]{4})-(0[1-9]|1[0-2])", periode, re.ASCII):
        return f"{_BULAN[int(cocok[2]) - 1]} {cocok[1]}"
    if cocok := re.fullmatch(r"([0-9]{4})-([1-4])", periode, re.ASCII):
        return f"triwulan {_ROMAWI[int(cocok[2]) - 1]} tahun {cocok[1]}"
    return periode


def periode_pilihan(daftar: Iterable[str]) -> list[tuple[str, str]]:
    """Choices of a list of periods: ('2026-4', 'Triwulan IV tahun 2026')."""
    return [(p, periode_judul(p)) for p in daftar]


def periode_judul(periode: str) -> str:
    """As `periode_kata`, with the capital that begins a line."""
    kata = periode_kata(periode)
    return kata[:1].upper() + kata[1:]
