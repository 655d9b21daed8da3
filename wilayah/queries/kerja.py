"""Working days of an area: its week of five or six days (Ketentuan `kerja.hari_seminggu`), without the holidays in force there.

A `Kalender` is a snapshot that answers for any number of days without the database; the three functions below take a
fresh one for a single question. "n working days after a day" never counts that day itself.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db import connection

from core.rules import RuleMissing
from wilayah.kode import bentuk_sah, leluhur

KUNCI_MINGGU = "kerja.hari_seminggu"
_SEHARI = timedelta(days=1)
_PALING_JAUH = 3700  # days: a week without working days would never end


@dataclass(frozen=True)
class _Minggu:
    wilayah: str
    sejak: date
    hingga: date | None
    hari: int  # working days from Monday on


@dataclass
class Kalender:
    """Holidays and working weeks by area, as they were read. One query, whatever the number of areas."""

    libur: dict[str, dict[date, str]]  # '' is the whole country
    minggu: list[_Minggu]
    _hari: dict[tuple[str, date], bool] = field(default_factory=dict, repr=False)
    _selisih: dict[tuple[str, date, date], int] = field(default_factory=dict, repr=False)

    def hari_kerja(self, wilayah: str, tanggal: date) -> bool:
        """Are the offices of the area open that day? RuleMissing when no working week is in force."""
        kunci = (wilayah[:5], tanggal)
        if kunci not in self._hari:
            self._hari[kunci] = self._buka(_luas(wilayah), tanggal)
        return self._hari[kunci]

    def _buka(self, luas: list[str], tanggal: date) -> bool:
        berlaku = [
            m
            for m in self.minggu
            if m.wilayah in luas and m.sejak <= tanggal and (m.hingga is None or m.hingga >= tanggal)
        ]
        if not berlaku:
            raise RuleMissing(f"{KUNCI_MINGGU} {luas[-1]} {tanggal}")
        hari = max(berlaku, key=lambda m: (len(m.wilayah), m.sejak)).hari
        return tanggal.weekday() < hari and not any(tanggal in self.libur.get(w, {}) for w in luas)

    def nama_libur(self, wilayah: str, tanggal: date) -> str:
        """Name of the holiday that closes the offices that day; '' when it is none."""
        return next((n for w in _luas(wilayah) if (n := self.libur.get(w, {}).get(tanggal))), "")

    def tambah(self, wilayah: str, mulai: date, n: int) -> date:
        """The n-th working day after `mulai` (before it for a negative n); `mulai` itself for 0."""
        arah, tanggal = (_SEHARI if n >= 0 else -_SEHARI), mulai
        sisa, jauh = abs(n), 0
        while sisa:
            tanggal, jauh = tanggal + arah, jauh + 1
            if jauh > _PALING_JAUH:
                raise ValueError(f"{n} hari kerja dari {mulai} terlalu jauh")
            sisa -= self.hari_kerja(wilayah, tanggal)
        return tanggal

    def selisih(self, wilayah: str, dari: date, sampai: date) -> int:
        """Working days after `dari` up to and with `sampai`; negative when `sampai` comes first."""
        if sampai < dari:
            return -self.selisih(wilayah, sampai, dari)
        kunci = (wilayah[:5], dari, sampai)
        if kunci not in self._selisih:
            hari = (dari + timedelta(days=i + 1) for i in range((sampai - dari).days))
            self._selisih[kunci] = sum(self.hari_kerja(wilayah, t) for t in hari)
        return self._selisih[kunci]


def _luas(wilayah: str) -> list[str]:
    """Country, province, kabupaten: nothing below closes an office."""
    kab = wilayah[:5]
    return ["", *leluhur(kab), kab] if bentuk_sah(kab) else [""]


_BACA = """
  select false, coalesce(wilayah_id, ''), tanggal, null::date, nama from wilayah_harilibur
   where %(luas)s::text[] is null or wilayah_id is null or wilayah_id = any(%(luas)s)
  union all
  select true, wilayah, berlaku_sejak, berlaku_hingga, nilai #>> '{}' from core_ketentuan
   where kunci = %(kunci)s and (%(luas)s::text[] is null or wilayah = any(%(luas)s))"""


def kalender(wilayah: Iterable[str] | str | None = None) -> Kalender:
    """A snapshot for these areas, or for all of them; ask it about no others. One query."""
    satu = [wilayah] if isinstance(wilayah, str) else wilayah
    luas = None if satu is None else sorted({w for kode in satu for w in _luas(kode)})
    libur: dict[str, dict[date, str]] = {}
    minggu = []
    with connection.cursor() as cursor:
        cursor.execute(_BACA, {"luas": luas, "kunci": KUNCI_MINGGU})
        for aturan, w, mulai, hingga, isi in cursor.fetchall():
            if aturan:
                minggu.append(_Minggu(w, mulai, hingga, int(isi)))
            else:
                libur.setdefault(w, {})[mulai] = isi
    return Kalender(libur, minggu)


def hari_kerja(wilayah: str, tanggal: date) -> bool:
    """Is it a working day in the area?"""
    return kalender(wilayah).hari_kerja(wilayah, tanggal)


def tambah_hari_kerja(wilayah: str, mulai: date, n: int) -> date:
    """The n-th working day after `mulai` in the area. For many cases take one `kalender` and its `tambah`."""
    return kalender(wilayah).tambah(wilayah, mulai, n)


def selisih_hari_kerja(wilayah: str, dari: date, sampai: date) -> int:
    """Working days after `dari` up to and with `sampai`. For many cases take one `kalender` and its `selisih`."""
    return kalender(wilayah).selisih(wilayah, dari, sampai)
