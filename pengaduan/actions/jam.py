"""The clock of sanggah, pengaduan, kedaruratan and usul warga: it starts, stands still while others are waited for, goes on, ends.

`mulai`, `jeda`, `lanjut` and `selesai` set columns on a row that the caller has locked and saves himself, with
`update_fields=[..., *jam.KOLOM]`, in the transaction of his step. A deadline once set stays, whatever holidays are entered later.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import models, transaction
from django.utils import timezone

from core import audit
from pengaduan.models.jam import Berjam
from pengaduan.queries import jam as baca
from wilayah.kode import kabupaten_dari
from wilayah.queries.kerja import kalender
from wilayah.waktu import hari_wilayah

KOLOM = (
    "jam_kunci", "jam_mulai", "jam_lama", "jam_kerja", "tenggat_at", "jam_selesai", "jeda_sejak", "jeda_sebab", "eskalasi", "eskalasi_at",
)  # fmt: skip
JOB = "pengaduan.eskalasi"
SEKALI = 500  # rows raised in one transaction


def mulai(baris: Berjam, kunci: str, *, saat: datetime | None = None) -> None:
    """Start the clock `kunci` anew (Ketentuan `tenggat.<kunci>`: {"hari_kerja": n} or {"jam": n})."""
    saat, wilayah = saat or timezone.now(), baris.wilayah_id
    panjang = baca.lama(kunci, wilayah, saat)
    baris.jam_kunci, baris.jam_mulai, baris.jam_lama, baris.jam_kerja = kunci, saat, panjang.n, panjang.kerja
    baris.tenggat_at = (
        baca.akhir_hari(wilayah, saat, panjang.n, kalender(wilayah))
        if panjang.kerja
        else saat + timedelta(hours=panjang.n)
    )
    baris.jam_selesai = baris.jeda_sejak = None
    baris.jeda_sebab, baris.eskalasi = "", 0
    _ambang_berikut(baris)


def jeda(baris: Berjam, menunggu: str, *, saat: datetime | None = None) -> None:
    """Stop the clock: `menunggu` says who is waited for ('jawaban pelapor'). It only may stand while somebody outside is."""
    if baris.tenggat_at is None or baris.jam_selesai is not None or baris.jeda_sejak is not None:
        return  # no clock, or it stands already: the first pause holds
    baris.jeda_sejak, baris.jeda_sebab = saat or timezone.now(), menunggu[:120]


def lanjut(baris: Berjam, *, saat: datetime | None = None) -> None:
    """Let it go on: the deadline moves by the working days (or the time) that it stood still. A late one stays late."""
    if baris.jeda_sejak is None or baris.tenggat_at is None:
        return
    saat, wilayah = saat or timezone.now(), baris.wilayah_id
    if baris.jam_kerja:
        kal = kalender(wilayah)
        n = kal.selisih(wilayah, hari_wilayah(wilayah, baris.jeda_sejak), hari_wilayah(wilayah, saat))
        baris.tenggat_at = baca.akhir_hari(wilayah, baris.tenggat_at, max(n, 0), kal) if n > 0 else baris.tenggat_at  # fmt: skip
    else:
        baris.tenggat_at += max(saat - baris.jeda_sejak, timedelta())
    baris.jeda_sejak, baris.jeda_sebab = None, ""
    _ambang_berikut(baris)


def selesai(baris: Berjam, *, saat: datetime | None = None) -> None:
    """The clock ends; its deadline stays for the count of what was in time. A pause ends with it."""
    if baris.tenggat_at is None or baris.jam_selesai is not None:
        return
    lanjut(baris, saat=saat)
    baris.jam_selesai, baris.eskalasi_at = saat or timezone.now(), None


def buka_kembali(baris: Berjam) -> None:
    """The end was taken back: the clock runs on with the deadline that it had, as if it had never ended."""
    if baris.tenggat_at is not None and baris.jam_selesai is not None:
        baris.jam_selesai = None
        _ambang_berikut(baris)


def _ambang_berikut(baris: Berjam) -> None:
    """Moment of the lowest threshold that was not raised yet."""
    wilayah = baris.wilayah_id
    aturan, kal = baca.aturan_eskalasi(baris.jam_kunci, wilayah), kalender(wilayah)
    persen = [a["persen"] for a in aturan["ambang"] if a["persen"] > baris.eskalasi]
    baris.eskalasi_at = baca.saat_ambang(baris, min(persen), aturan["jam"], kal) if persen else None


# --- raising ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Antrean:
    """One kind of row that is raised. `sebutan`: 'pengaduan', as notices count them. `pemegang`: who holds one of them now."""

    model: type[Berjam]
    sebutan: str
    daftar: str  # address of the list
    satu: Callable[[Any], str]  # address of one of them
    pemegang: Callable[[Any], list[UUID]]


ANTREAN: dict[str, Antrean] = {}


def daftarkan(
    model: type[Berjam],
    *,
    sebutan: str,
    daftar: str,
    satu: Callable[[Any], str],
    pemegang: Callable[[Any], list[UUID]],
) -> None:
    """Let rows of this model be raised by the job `pengaduan.eskalasi`. Called at import of the actions of its kind."""
    ANTREAN[model._meta.label] = Antrean(model, sebutan, daftar, satu, pemegang)


@dataclass(frozen=True)
class Naik:
    """One row that reached new thresholds. `ambang`: the highest of those reached now; `kepada`: who hears of it."""

    antrean: Antrean
    baris: Any
    ambang: int
    kepada: tuple[str, ...]


def _jatuh_tempo(model: type[Berjam], saat: datetime) -> models.QuerySet[Any]:
    return model._default_manager.filter(eskalasi_at__lte=saat, jeda_sejak__isnull=True)


def ada_yang_naik(saat: datetime | None = None) -> bool:
    """Is anything due? Cheap (one partial index for each kind): asked every minute."""
    return any(_jatuh_tempo(a.model, saat or timezone.now()).exists() for a in ANTREAN.values())


@transaction.atomic
def naikkan(saat: datetime | None = None) -> list[Naik]:
    """Raise what reached a threshold: each once, the highest of those that were missed. At most SEKALI of a kind in one go.

    Rows are locked and marked in the transaction of the notices; two runs at once share the rows between them.
    """
    saat, hasil = saat or timezone.now(), []
    for antrean in ANTREAN.values():
        rows = list(
            _jatuh_tempo(antrean.model, saat)
            .select_for_update(skip_locked=True, of=("self",))
            .order_by("pk")[:SEKALI]
        )
        if not rows:
            continue
        kal = baca.kalender_untuk(rows)
        aturan = {k: baca.aturan_eskalasi(*k) for k in {(r.jam_kunci, kabupaten_dari(r.wilayah_id)) for r in rows}}  # fmt: skip
        for baris in rows:
            isi = aturan[baris.jam_kunci, kabupaten_dari(baris.wilayah_id)]
            hasil += _naikkan(antrean, baris, isi, saat, kal)
        antrean.model._default_manager.bulk_update(rows, ["eskalasi", "eskalasi_at"])
        for kab in sorted({kabupaten_dari(r.wilayah_id) for r in rows}):
            n = sum(kabupaten_dari(r.wilayah_id) == kab for r in rows)
            audit.catat(
                aksi="eskalasi", jenis=antrean.model._meta.label, objek_id=kab, by=None, wilayah=kab, rincian={"jumlah": n},
            )  # fmt: skip
    return hasil


def _naikkan(antrean: Antrean, baris: Any, aturan: dict[str, Any], saat: datetime, kal: Any) -> list[Naik]:
    """Set the columns of one row; what is new, if anything."""
    sisa = sorted(
        (a for a in aturan["ambang"] if a["persen"] > baris.eskalasi), key=lambda a: int(a["persen"])
    )
    capai = [a for a in sisa if baca.saat_ambang(baris, a["persen"], aturan["jam"], kal) <= saat]
    depan = sisa[len(capai) :]
    baris.eskalasi_at = baca.saat_ambang(baris, depan[0]["persen"], aturan["jam"], kal) if depan else None
    if not capai:
        return []
    baris.eskalasi = capai[-1]["persen"]
    return [Naik(antrean, baris, baris.eskalasi, tuple(capai[-1]["kepada"]))]
