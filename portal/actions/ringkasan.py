"""The daily tables of the reports, made anew. Derived data by the machine: no act of a person, nothing for the audit trail."""

from collections.abc import Iterable
from typing import Any

from django.db import connection, transaction

from portal.queries.laporan.ukuran import UKURAN
from wilayah.kode import LENGTHS

JOB_JAM, JOB_HARI = "portal.ringkasan_jam", "portal.ringkasan_hari"
_GEMBOK = 0x52494E47  # 'RING': one maker at a time


def segarkan(kode: Iterable[str] = ()) -> dict[str, int]:
    """Make these measures anew (all without names), each in a transaction of its own. Running twice changes nothing.

    Readers see the old numbers until the new ones are there. Returns rows per measure.
    """
    mau = set(kode)
    return {u.kode: _satu(u.kode, u.query()) for u in UKURAN if not mau or u.kode in mau}


def per(tiap: str) -> list[str]:
    return [u.kode for u in UKURAN if tiap in ("hari", u.tiap)]


@transaction.atomic
def _satu(kode: str, query: Iterable[tuple[str, list[Any]]]) -> int:
    n = 0
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [_GEMBOK])
        cursor.execute(
            "delete from portal_ringkasan where ukuran = any(%s)",
            [[f"{kode}:{p}" for p in (0, *LENGTHS[:4])]],
        )
        for teks, nilai in query:
            cursor.execute(
                f"insert into portal_ringkasan (ukuran, wilayah, periode, rinci, n, m, dihitung_at) select %s, s.*, statement_timestamp() from ({teks}) s",  # noqa: S608 - text of `ukuran.py`
                [f"{kode}:{LENGTHS[3]}", *nilai],
            )
            n += cursor.rowcount
        cursor.execute(  # when it was made, also when there was nothing to count
            "insert into portal_ringkasan (ukuran, wilayah, periode, rinci, n, m, dihitung_at) values (%s, '', '', '', 0, 0, statement_timestamp())",
            [f"{kode}:0"],
        )
        for lebar, sempit in zip(
            LENGTHS[2::-1], LENGTHS[3:0:-1], strict=True
        ):  # each level from the one below it
            cursor.execute(
                "insert into portal_ringkasan (ukuran, wilayah, periode, rinci, n, m, dihitung_at) select %s, left(wilayah, %s), periode, "
                "rinci, sum(n), sum(m), statement_timestamp() from portal_ringkasan where ukuran = %s group by 2, 3, 4",
                [f"{kode}:{lebar}", lebar, f"{kode}:{sempit}"],
            )
    return n
