"""The clock of PBI reactivation and counter letters: it starts, ends, and is raised once per threshold.

`mulai` and `selesai` set columns on a row that the caller has locked and saves himself with `update_fields=[..., *KOLOM]`.
Thresholds are shares of the time between start and deadline by the clock on the wall.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from bansos.models import PermohonanSurat, ReaktivasiPBI
from bansos.models.jam_layanan import BerjamLayanan
from core import audit, rules
from wilayah.kode import kabupaten_dari
from wilayah.queries.kerja import tambah_hari_kerja
from wilayah.waktu import hari_wilayah, zona

KOLOM = ("jam_kunci", "jam_mulai", "tenggat_at", "jam_selesai", "eskalasi", "eskalasi_at")
JOB = "bansos.jam_layanan"
BERJAM: tuple[type[BerjamLayanan], ...] = (ReaktivasiPBI, PermohonanSurat)
SEKALI = 500  # rows raised in one transaction


def mulai(baris: BerjamLayanan, kunci: str, *, saat: datetime | None = None) -> None:
    """Start the clock (Ketentuan `tenggat.<kunci>`: {"jam": n}, or {"hari_kerja": n} to the last second of that day)."""
    saat, kab = saat or timezone.now(), kabupaten_dari(baris.wilayah_id)
    lama = rules.value(f"tenggat.{kunci}", kab)
    if "jam" in lama:
        batas = saat + timedelta(hours=lama["jam"])
    else:
        hari = tambah_hari_kerja(kab, hari_wilayah(kab, saat), lama["hari_kerja"])
        batas = datetime.combine(hari, time(23, 59, 59), zona(kab))
    baris.jam_kunci, baris.jam_mulai, baris.tenggat_at = kunci, saat, batas
    baris.jam_selesai, baris.eskalasi = None, 0
    _berikut(baris, _ambang(kab))


def selesai(baris: BerjamLayanan, *, saat: datetime | None = None) -> None:
    """The clock ends; its deadline stays for the count of what was in time."""
    if baris.tenggat_at is not None and baris.jam_selesai is None:
        baris.jam_selesai, baris.eskalasi_at = saat or timezone.now(), None


def _ambang(kabupaten: str) -> list[dict[str, Any]]:
    return sorted(rules.value("eskalasi.layanan", kabupaten), key=lambda a: int(a["persen"]))


def _saat(baris: BerjamLayanan, persen: int) -> datetime:
    assert baris.jam_mulai is not None and baris.tenggat_at is not None
    return baris.jam_mulai + (baris.tenggat_at - baris.jam_mulai) * persen / 100


def _berikut(baris: BerjamLayanan, ambang: Sequence[dict[str, Any]]) -> None:
    sisa = [a["persen"] for a in ambang if a["persen"] > baris.eskalasi]
    baris.eskalasi_at = _saat(baris, min(sisa)) if sisa else None


@dataclass(frozen=True)
class Naik:
    """One row that reached a threshold: the highest of those reached now, and the powers that hear of it besides the desk."""

    baris: Any
    persen: int
    kepada: tuple[str, ...]


def _jatuh_tempo(model: type[BerjamLayanan], saat: datetime) -> models.QuerySet[Any]:
    return model._default_manager.filter(eskalasi_at__lte=saat)


def ada_yang_naik(saat: datetime | None = None) -> bool:
    """Is anything due? One partial index for each kind: asked every minute."""
    return any(_jatuh_tempo(m, saat or timezone.now()).exists() for m in BERJAM)


@transaction.atomic
def naikkan(saat: datetime | None = None) -> list[Naik]:
    """Raise what reached a threshold, each once. Two runs at once share the rows between them."""
    saat, hasil = saat or timezone.now(), []
    for model in BERJAM:
        rows = list(
            _jatuh_tempo(model, saat)
            .select_for_update(skip_locked=True, of=("self",))
            .order_by("pk")[:SEKALI]
        )
        ambang = {k: _ambang(k) for k in {kabupaten_dari(r.wilayah_id) for r in rows}}
        for baris in rows:
            semua = ambang[kabupaten_dari(baris.wilayah_id)]
            capai = [a for a in semua if a["persen"] > baris.eskalasi and _saat(baris, a["persen"]) <= saat]
            if capai:
                baris.eskalasi = capai[-1]["persen"]
                hasil.append(Naik(baris, baris.eskalasi, tuple(capai[-1]["kepada"])))
            _berikut(baris, semua)
        model._default_manager.bulk_update(rows, ["eskalasi", "eskalasi_at"])
        for kab in sorted(ambang):
            n = sum(kabupaten_dari(r.wilayah_id) == kab for r in rows)
            audit.catat(
                aksi="eskalasi",
                jenis=model._meta.label,
                objek_id=kab,
                by=None,
                wilayah=kab,
                rincian={"jumlah": n},
            )
    return hasil
