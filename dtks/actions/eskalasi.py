"""What ran through a share of its time is raised: once for each case, state and threshold, however often this runs.

Set-based: proposals of one state, start, length and deadline share the same answer, so days are counted for each such
group and one INSERT raises all of them; the unique key of `Eskalasi` keeps what was raised before.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from core import rules
from dtks.queries import tenggat as baca
from dtks.workflow import USULAN_TERBUKA
from wilayah.kode import rentang
from wilayah.queries.kerja import kalender
from wilayah.waktu import hari_wilayah, zona

KUNCI = "select pg_advisory_xact_lock(hashtext('eskalasi:' || %s))"  # two runs at once: the second finds nothing left
_JALAN = """
  from dtks_usulan u
  cross join lateral (select coalesce(u.tenggat_mulai, (u.status_sejak at time zone %(zona)s)::date) as mulai) m
  where u.status = any(%(terbuka)s) and u.wilayah_id >= %(awal)s and u.wilayah_id < %(akhir)s and u.tenggat is not null
    and not exists (select 1 from dtks_jedatenggat j where j.usulan_id = u.id and j.status = u.status and j.sampai is null)"""
# Both are put together from the constant above.
_KELOMPOK = f"select distinct m.mulai, u.tenggat_hari, u.tenggat {_JALAN}"
_SUDAH = """with g(mulai, hari, tenggat, ambang) as
    (select * from unnest(%(mulai)s::date[], %(hari)s::int[], %(tenggat)s::date[], %(ambang)s::int[]))"""
_SESUAIKAN = f"""
  {_SUDAH}
  update dtks_eskalasi e set tenggat = x.tenggat
    from (select u.id, u.status, m.mulai, u.tenggat_hari, u.tenggat {_JALAN}) x
    join g on g.mulai = x.mulai and g.tenggat = x.tenggat and g.hari is not distinct from x.tenggat_hari
   where e.usulan_id = x.id and e.status = x.status and e.mulai = x.mulai and e.ambang = g.ambang and e.tenggat <> x.tenggat"""  # noqa: S608
_NAIKKAN = f"""
  {_SUDAH},
  baru as (
    insert into dtks_eskalasi (usulan_id, status, mulai, ambang, tenggat)
    select x.id, x.status, x.mulai, g.ambang, x.tenggat
      from (select u.id, u.status, m.mulai, u.tenggat_hari, u.tenggat {_JALAN}) x
      join g on g.mulai = x.mulai and g.tenggat = x.tenggat and g.hari is not distinct from x.tenggat_hari
     order by x.id, g.ambang
    on conflict do nothing
    returning usulan_id, ambang)
  select max(b.ambang), u.status, u.wilayah_id, u.petugas_id from baru b join dtks_usulan u on u.id = b.usulan_id
   group by u.id order by u.id"""  # noqa: S608


@dataclass(frozen=True)
class Naik:
    """One proposal that reached a new threshold: the highest of those reached now."""

    ambang: int
    status: str
    wilayah: str
    petugas: UUID | None


@transaction.atomic
def naikkan(kabupaten: str, hari_ini: date | None = None) -> list[Naik]:
    """Raise what has reached a threshold by the end of the last day; returns what is new."""
    isi = _tercapai(kabupaten, hari_ini)
    if not isi["ambang"]:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_SESUAIKAN, isi)
        cursor.execute(_NAIKKAN, isi)
        return [Naik(*baris) for baris in cursor.fetchall()]


@transaction.atomic
def sesuaikan(kabupaten: str, hari_ini: date | None = None) -> int:
    """After deadlines moved: what was raised and still has run so far stays raised, for the new deadline. Nothing new is raised."""
    isi = _tercapai(kabupaten, hari_ini)
    with connection.cursor() as cursor:
        cursor.execute(_SESUAIKAN, isi)
        return cursor.rowcount


def _tercapai(kabupaten: str, hari_ini: date | None) -> dict[str, Any]:
    """Groups of one start, length and deadline with each threshold that they have reached, as columns for the statements above."""
    hari_ini = hari_ini or hari_wilayah(kabupaten)
    awal, akhir = rentang(kabupaten)
    isi: dict[str, Any] = {
        "awal": awal, "akhir": akhir, "terbuka": list(USULAN_TERBUKA), "zona": zona(kabupaten).key,
        "mulai": [], "hari": [], "tenggat": [], "ambang": [],
    }  # fmt: skip
    ambang = sorted(a["persen"] for a in rules.value("eskalasi", kabupaten)["ambang"])
    kal, kemarin = kalender(kabupaten), hari_ini - timedelta(days=1)
    with connection.cursor() as cursor:
        cursor.execute(KUNCI, [kabupaten])
        cursor.execute(_KELOMPOK, isi)
        kelompok = cursor.fetchall()
    for mulai, hari, tenggat in kelompok:
        lama = hari if hari is not None else (tenggat - mulai).days
        sisa = baca.jarak(kal, kabupaten, kemarin, tenggat, kerja=hari is not None)
        persen = (lama - sisa) * 100 // lama if lama > 0 else 100 if sisa <= 0 else 0
        for satu in ambang:
            if persen >= satu:
                isi["mulai"].append(mulai)
                isi["hari"].append(hari)
                isi["tenggat"].append(tenggat)
                isi["ambang"].append(satu)
    return isi
