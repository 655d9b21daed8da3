"""The clock of a sanggah, pengaduan, kedaruratan or usul warga in words, and how long it may take."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.utils import timezone

from core import rules
from core.templatetags.ui import tanggal
from pengaduan.models.jam import Berjam
from wilayah.queries.kerja import Kalender, kalender
from wilayah.waktu import hari_wilayah, waktu_wilayah, zona

_DETIK = timedelta(seconds=1)
JAM_PAGI = 7  # thresholds of clocks in days are raised in the morning, when the rule says no hour


@dataclass(frozen=True)
class Lama:
    """How long something may take: working days, or hours."""

    n: int
    kerja: bool

    def __str__(self) -> str:
        return f"{self.n} {'hari kerja' if self.kerja else 'jam'}"


def lama(kunci: str, wilayah: str, pada: datetime | None = None) -> Lama:
    """The rule `tenggat.<kunci>` of the area: {"hari_kerja": n} or {"jam": n}. RuleMissing when there is none."""
    nilai = rules.value(f"tenggat.{kunci}", wilayah, hari_wilayah(wilayah, pada))
    return Lama(nilai["jam"], False) if "jam" in nilai else Lama(nilai["hari_kerja"], True)


def aturan_eskalasi(kunci: str, wilayah: str) -> dict[str, Any]:
    """{"jam", "ambang": [{persen, kepada}]}: of the first word of the clock's name (`eskalasi.aduan`), else the general rule."""
    try:
        nilai = rules.value(f"eskalasi.{kunci.split('.', maxsplit=1)[0]}", wilayah)
    except rules.RuleMissing:
        nilai = rules.value("eskalasi", wilayah)
    return {"jam": JAM_PAGI, **nilai}


def akhir_hari(wilayah: str, saat: datetime, n: int, kal: Kalender) -> datetime:
    """The last second of the n-th working day after the day of `saat` in the area."""
    hari = kal.tambah(wilayah, hari_wilayah(wilayah, saat), n)
    return datetime.combine(hari, time(23, 59, 59), zona(wilayah))


def saat_ambang(baris: Berjam, persen: int, jam_pagi: int, kal: Kalender) -> datetime:
    """The moment at which this share of the time is used up, counted back from the deadline (so pauses are in it)."""
    wilayah, penuh = baris.wilayah_id, baris.jam_lama or 0
    assert baris.tenggat_at is not None
    if not baris.jam_kerja:
        return baris.tenggat_at - timedelta(hours=penuh * (100 - persen) / 100)
    terpakai = math.ceil(penuh * persen / 100)  # days that are over
    return akhir_hari(wilayah, baris.tenggat_at, terpakai - penuh, kal) + _DETIK + timedelta(hours=jam_pagi)


@dataclass(frozen=True)
class Jam:
    """What the screen says of one clock. `nada`: baik (ended in time), netral, tunggu (nearly over), buruk (late)."""

    tenggat: datetime
    kata: str
    nada: str = "netral"
    berhenti: bool = False

    @property
    def lewat(self) -> bool:
        return self.nada == "buruk"


def jam(baris: Berjam, kal: Kalender | None = None, saat: datetime | None = None) -> Jam | None:
    """The clock of one row; None when it has none. For a page of rows take one `kalender_untuk` and pass it."""
    if baris.tenggat_at is None:
        return None
    saat, wilayah = saat or timezone.now(), baris.wilayah_id
    if baris.jam_selesai is not None:
        tepat = baris.jam_selesai <= baris.tenggat_at
        return Jam(baris.tenggat_at, "selesai tepat waktu" if tepat else "selesai lewat waktu", "baik" if tepat else "buruk")  # fmt: skip
    if baris.jeda_sejak is not None:
        kata = f"jam berhenti sejak {tanggal(hari_wilayah(wilayah, baris.jeda_sejak))}: menunggu {baris.jeda_sebab}"
        return Jam(baris.tenggat_at, kata, "tunggu", berhenti=True)
    kata = _kata_hari(baris, kal or kalender(wilayah), saat) if baris.jam_kerja else _kata_jam(baris, saat)
    if saat > baris.tenggat_at:
        return Jam(baris.tenggat_at, kata, "buruk")
    return Jam(baris.tenggat_at, kata, "tunggu" if baris.eskalasi >= 80 or kata == "hari ini" else "netral")


def _kata_hari(baris: Berjam, kal: Kalender, saat: datetime) -> str:
    wilayah = baris.wilayah_id
    assert baris.tenggat_at is not None
    kini, batas = hari_wilayah(wilayah, saat), hari_wilayah(wilayah, baris.tenggat_at)
    if kini == batas:
        return "hari ini"
    n = kal.selisih(wilayah, kini, batas)
    if kini < batas:
        return f"sisa {n} hari kerja"
    return f"lewat {-n} hari kerja" if n else "baru lewat"


def _kata_jam(baris: Berjam, saat: datetime) -> str:
    assert baris.tenggat_at is not None
    sisa = baris.tenggat_at - saat
    menit = math.ceil(abs(sisa).total_seconds() / 60)
    isi = f"{menit} menit" if menit < 60 else f"{menit // 60} jam {menit % 60} menit".replace(" 0 menit", "")
    return f"sisa {isi}" if sisa >= timedelta() else f"lewat {isi}"


def kalender_untuk(rows: Iterable[Berjam]) -> Kalender:
    """One calendar for all these rows: one query, however many there are."""
    return kalender({r.wilayah_id for r in rows})


def tenggat_kata(baris: Berjam) -> str:
    """`24 November 2026`, or `24 November 2026 pukul 14.30` for a clock in hours; '' without one."""
    if baris.tenggat_at is None:
        return ""
    lokal = waktu_wilayah(baris.wilayah_id, baris.tenggat_at)
    return tanggal(lokal.date()) if baris.jam_kerja else f"{tanggal(lokal.date())} pukul {lokal:%H.%M}"
