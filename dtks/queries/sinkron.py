"""`diubah_sejak`: what changed for a reader after the position that he has, without a gap and without a lock.

Rows of `Perubahan` carry the number of their transaction. A reader gets those of transactions older than the oldest one that
is still open: all of them are decided, so nothing older can still appear. His position is (transaction,
row). What he can see no more, but could, is a tombstone. docs/adr/0030.
"""

import base64
import binascii
import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import Max
from django.utils import timezone

from core import rules
from core.models import Pemulihan
from dtks.models import Perubahan
from wilayah.kode import rentang, ringkas

KINI = "kini"
TUMPANG = timedelta(hours=1)  # a start by clock goes back this far: longer than any transaction lives
_BENTUK = struct.Struct(">qqq")
# The oldest transaction of this database that is open in the snapshot of the statement. Those of other databases of the server
# are left out when they are known to be such; one that is not known holds readers back, never lets them miss something.
_BATAS = """
with s as materialized (select pg_current_snapshot() as s),
batas as materialized (
  select coalesce((select min(x::text::bigint) from pg_snapshot_xip(s.s) x where not exists (
      select 1 from pg_stat_activity a join pg_database d on d.oid = a.datid
      where d.datname <> current_database() and a.backend_xid::text::bigint = x::text::bigint % 4294967296)),
    pg_snapshot_xmax(s.s)::text::bigint) as x from s)"""


class PosisiSalah(ValueError):
    """Not a position that we gave, nor a time."""


class PosisiLewat(Exception):
    """What changed since then is not kept any more: the reader pulls the whole list again."""


@dataclass(frozen=True)
class Posisi:
    """After the row `id` of transaction `tx`; `pada`: when it was given, seconds since 1970."""

    tx: int
    id: int
    pada: int

    def __str__(self) -> str:
        return base64.urlsafe_b64encode(_BENTUK.pack(self.tx, self.id, self.pada)).decode().rstrip("=")


@dataclass(frozen=True)
class Halaman:
    """Ids in the order of their last change on this page, the position after it, and whether there is more right now."""

    objek: list[UUID]
    posisi: Posisi
    lagi: bool


def posisi(teks: str) -> Posisi:
    """The position that `teks` names: one that we gave, an ISO time with zone, or 'kini'. Raises PosisiSalah, PosisiLewat."""
    if teks == KINI:
        return Posisi(_batas(), 0, _detik())
    try:
        saat = datetime.fromisoformat(teks)
    except ValueError:
        return _terjaga(_dari_teks(teks))
    if saat.tzinfo is None:
        raise PosisiSalah
    if timezone.now() - saat > _umur() or saat.timestamp() <= _pulih():
        raise PosisiLewat
    awal = (
        Perubahan.objects.filter(pada__gte=saat - TUMPANG).order_by("tx").values_list("tx", flat=True).first()
    )
    return Posisi(awal if awal is not None else _batas(), 0, _detik())


def _dari_teks(teks: str) -> Posisi:
    try:
        tx, baris, pada = _BENTUK.unpack(base64.urlsafe_b64decode(teks + "=" * (-len(teks) % 4)))
    except (ValueError, binascii.Error, struct.error):
        raise PosisiSalah from None
    if min(tx, baris, pada) < 0 or pada > _detik() + 86_400:
        raise PosisiSalah
    return Posisi(tx, baris, pada)


def _terjaga(p: Posisi) -> Posisi:
    """A position from another life of the database (it was restored since) counts transactions that are no more."""
    if _detik() - p.pada > _umur().total_seconds() or p.tx > _batas() or p.pada <= _pulih():
        raise PosisiLewat
    return p


def _umur() -> timedelta:
    return timedelta(days=rules.value("sinkron.simpan_hari"))


def _detik() -> int:
    return int(timezone.now().timestamp())


def _pulih() -> int:
    """When the database was last taken back to an earlier moment, in seconds; 0 if never."""
    saat = Pemulihan.objects.aggregate(saat=Max("pada"))["saat"]
    return int(saat.timestamp()) if saat else 0


def _batas() -> int:
    """The oldest transaction that may still be open; all older ones are decided."""
    with connection.cursor() as cursor:
        cursor.execute(f"{_BATAS} select x from batas")  # noqa: S608 - a text of our own
        return cursor.fetchone()[0]


def halaman(jenis: str, luas: Sequence[str], sejak: Posisi, n: int) -> Halaman:
    """At most `n` changes of one kind in these areas after `sejak`. One statement, so horizon and rows are of one moment."""
    potong = [rentang(kode) for kode in ringkas(luas)]
    syarat = " or ".join(["(wilayah >= %s and wilayah < %s)"] * len(potong)) or "false"
    with connection.cursor() as cursor:
        cursor.execute(
            f"""{_BATAS.replace("%", "%%")} select b.x, r.tx, r.id, r.objek from batas b left join lateral (
                  select tx, id, objek from dtks_perubahan
                  where jenis = %s and (tx, id) > (%s, %s) and tx < b.x and ({syarat}) order by tx, id limit %s) r on true""",  # noqa: S608
            [jenis, sejak.tx, sejak.id, *[k for satu in potong for k in satu], n],
        )
        rows = cursor.fetchall()
    horison, isi = rows[0][0], [r for r in rows if r[1] is not None]
    lagi = len(isi) == n
    tx, akhir = (isi[-1][1], isi[-1][2]) if lagi else (max(horison, sejak.tx), 0)
    if not lagi and tx == sejak.tx:
        akhir = sejak.id
    return Halaman(_terakhir(r[3] for r in isi), Posisi(tx, akhir, _detik()), lagi)


def _terakhir(objek: Iterable[UUID]) -> list[UUID]:
    """Each once, where it came last."""
    return list(reversed(dict.fromkeys(reversed(list(objek)))))
