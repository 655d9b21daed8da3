"""Two lists side by side: who entered, who left, why, and what it costs. The same questions for stored lists and for a trial."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import connection

from bansos.models import DaftarKelayakan
from bansos.queries.daftar import KESEHATAN, kalimat_tertutup

CONTOH = 100


@dataclass(frozen=True)
class Ubah:
    """One family (or person) whose place changed. `alasan`: sentences that are not met by the list that leaves it out."""

    keluarga: UUID
    individu: UUID | None
    nama_kepala: str
    wilayah: str
    arah: str  # 'masuk' or 'keluar'
    peringkat_lama: int | None
    peringkat_baru: int | None
    hasil_lama: str  # '' = not in that list at all
    hasil_baru: str
    alasan: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Banding:
    """Numbers of both lists and of the change; `contoh` are the first `CONTOH` of each direction. Rupiah a year."""

    layak_lama: int
    layak_baru: int
    masuk: int
    keluar: int
    biaya_lama: int
    biaya_baru: int
    tunggu_lama: int
    tunggu_baru: int
    contoh: list[Ubah] = field(default_factory=list)

    @property
    def selisih(self) -> int:
        return self.biaya_baru - self.biaya_lama


# `{lama}` and `{baru}` are row sources with the same columns, `{alasan}` their reasons: names and clauses from this file only.
_RANGKA = """
with lama as (select * from {lama}), baru as (select * from {baru}),
beda as (
  select coalesce(b.keluarga_id, l.keluarga_id) as keluarga_id, coalesce(b.individu_id, l.individu_id) as individu_id,
         coalesce(b.nama_kepala, l.nama_kepala) as nama_kepala, coalesce(b.wilayah_id, l.wilayah_id) as wilayah_id,
         case when b.hasil = 'layak' then 'masuk' else 'keluar' end as arah, l.peringkat as p_lama, b.peringkat as p_baru,
         coalesce(l.hasil, '') as h_lama, coalesce(b.hasil, '') as h_baru, l.sebab as s_lama, b.sebab as s_baru
  from lama l full join baru b on coalesce(b.individu_id, b.keluarga_id) = coalesce(l.individu_id, l.keluarga_id)
  where (coalesce(l.hasil, '') = 'layak') <> (coalesce(b.hasil, '') = 'layak'))
"""
_HITUNG = """
select (select count(*) from lama where hasil = 'layak'), (select count(*) from baru where hasil = 'layak'),
  (select count(*) from beda where arah = 'masuk'), (select count(*) from beda where arah = 'keluar'),
  coalesce((select sum(manfaat) from lama where hasil = 'layak'), 0)::bigint,
  coalesce((select sum(manfaat) from baru where hasil = 'layak'), 0)::bigint,
  (select count(*) from lama where hasil = 'daftar_tunggu'), (select count(*) from baru where hasil = 'daftar_tunggu')
"""
# The reasons of the side that leaves the family out; nothing when it was in no list there.
_BARIS = """
select d.keluarga_id, d.individu_id, d.nama_kepala, d.wilayah_id, d.arah, d.p_lama, d.p_baru, d.h_lama, d.h_baru,
       case when d.arah = 'masuk' then a.isi else b.isi end
from beda d left join ({alasan_lama}) a on a.nomor = d.s_lama left join ({alasan_baru}) b on b.nomor = d.s_baru
where d.arah = %(arah)s order by coalesce(d.p_baru, d.p_lama), d.keluarga_id, d.individu_id
"""
_COBA = {"lama": "coba_lama", "baru": "hitung_baris"}
_COBA_ALASAN = {
    "alasan_lama": "select nomor, isi from coba_alasan",
    "alasan_baru": "select nomor, isi from hitung_alasan",
}
_DAFTAR = {
    "lama": "bansos_barisdaftar where daftar_id = %(lama)s",
    "baru": "bansos_barisdaftar where daftar_id = %(baru)s",
}
_DAFTAR_ALASAN = {
    "alasan_lama": "select nomor, isi from bansos_sebabdaftar where daftar_id = %(lama)s",
    "alasan_baru": "select nomor, isi from bansos_sebabdaftar where daftar_id = %(baru)s",
}


def dari_coba() -> Banding:
    """After a trial: `coba_lama` against `hitung_baris`, both temporary tables of this transaction."""
    return _banding(_COBA, _COBA_ALASAN, {})


def banding(lama: DaftarKelayakan, baru: DaftarKelayakan) -> Banding:
    """Two stored lists of one programme."""
    return _banding(_DAFTAR, _DAFTAR_ALASAN, {"lama": lama.pk, "baru": baru.pk})


def semua(lama: DaftarKelayakan, baru: DaftarKelayakan) -> Iterator[Ubah]:
    """Every change between two stored lists, those who entered first; for the file."""
    for arah in ("masuk", "keluar"):
        yield from _ubah(_DAFTAR, _DAFTAR_ALASAN, {"lama": lama.pk, "baru": baru.pk}, arah, None)


def _banding(sumber: dict[str, str], alasan: dict[str, str], nilai: dict[str, Any]) -> Banding:
    with connection.cursor() as cursor:
        cursor.execute(_RANGKA.format(**sumber) + _HITUNG, nilai or None)
        angka = cursor.fetchone()
    contoh = [u for arah in ("masuk", "keluar") for u in _ubah(sumber, alasan, nilai, arah, CONTOH)]
    layak_lama, layak_baru, masuk, keluar, biaya_lama, biaya_baru, tunggu_lama, tunggu_baru = map(int, angka)
    return Banding(
        layak_lama, layak_baru, masuk, keluar, biaya_lama, biaya_baru, tunggu_lama, tunggu_baru, contoh
    )


def _ubah(
    sumber: dict[str, str], alasan: dict[str, str], nilai: dict[str, Any], arah: str, batas: int | None
) -> Iterator[Ubah]:
    query = _RANGKA.format(**sumber) + _BARIS.format(**alasan)
    if batas is not None:
        query += f" limit {int(batas)}"
    with connection.cursor() as cursor:
        cursor.execute(query, nilai | {"arah": arah})
        for pk, orang, nama, wilayah, ke, p_lama, p_baru, h_lama, h_baru, isi in cursor.fetchall():
            yield Ubah(pk, orang, nama, wilayah, ke, p_lama, p_baru, h_lama, h_baru, _kalimat(isi))


def _kalimat(isi: Any) -> list[str]:
    """Sentences that speak against the family; the place in line when nothing does (it waits)."""
    daftar = json.loads(isi) if isinstance(isi, str) else isi or []
    tolak = [_terbaca(a) for a in daftar if not a.get("cocok", True)]
    return tolak or [_terbaca(a) for a in daftar[:1]]


def _terbaca(a: dict[str, Any]) -> str:
    """The sentence as everybody who compares lists may read it: health stays closed (`queries.daftar.untuk`)."""
    return kalimat_tertutup(cocok=bool(a.get("cocok", True))) if a.get("kode") in KESEHATAN else a["kalimat"]
