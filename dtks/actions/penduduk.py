"""The population table: the file of Disdukcapil taken over whole, by COPY into a table beside and one merge."""

import csv
from collections.abc import Iterable, Iterator
from datetime import date
from typing import IO

from django.db import connection, transaction

from accounts.models import Pengguna
from core import audit, bulk, pause
from core.identity import check_nik, normalise_sex
from core.privacy import keys

KOLOM = ("nik", "nama", "tgl_lahir", "jenis_kelamin", "status")
STATUS = {"": "", "11": "11", "12": "12", "14": "14"}
_TABEL = ("nik_indeks", "nama", "tgl_lahir", "jenis_kelamin", "wilayah", "status", "per_tanggal")


class BerkasSalah(ValueError):
    """The file is not a population file; the text names the line and what is wrong with it."""


def baca(berkas: IO[str], kabupaten: str, per_tanggal: date) -> Iterator[str]:
    """Lines for COPY from a CSV with the columns `KOLOM`. Raises BerkasSalah at the first line that cannot be used."""
    baris = csv.reader(berkas)
    if tuple(h.strip().lower() for h in next(baris, [])) != KOLOM:
        raise BerkasSalah(f"Baris pertama harus: {','.join(KOLOM)}")
    for nomor, satu in enumerate(baris, 2):
        if len(satu) != len(KOLOM):
            raise BerkasSalah(f"Baris {nomor}: harus {len(KOLOM)} kolom.")
        nik, nama, lahir, kelamin, status = (s.strip() for s in satu)
        cek, jk = check_nik(nik), {"L": "1", "P": "2"}.get(normalise_sex(kelamin) or "")
        if not cek.ok or not nama or jk is None or status not in STATUS:
            raise BerkasSalah(f"Baris {nomor}: NIK, nama, jenis kelamin, atau status tidak bisa dibaca.")
        try:
            tanggal = date.fromisoformat(lahir)
        except ValueError:
            raise BerkasSalah(f"Baris {nomor}: tanggal lahir ditulis YYYY-MM-DD.") from None
        yield bulk.line([
            keys.blind_index(cek.nik, "nik"), nama.upper()[:100], tanggal, jk, kabupaten, status, per_tanggal,
        ])  # fmt: skip


@bulk.without_collector
@transaction.atomic
def muat(
    baris: Iterable[str], *, kabupaten: str, per_tanggal: date, sidik: str, by: Pengguna | None = None
) -> int:
    """Replace the persons of one kabupaten by those of the file (lines of `baca`). `sidik`: SHA-256 of the file in hex.

    A NIK of another kabupaten's file moves to this one: the newer file is right. Returns how many persons it holds.
    """
    pause.not_while_changing_keys()
    with connection.cursor() as cursor:
        cursor.execute("create temp table muat_penduduk (like dtks_penduduk)")
        bulk.copy("muat_penduduk", _TABEL, baris)
        cursor.execute("delete from dtks_penduduk where wilayah = %s", [kabupaten])
        cursor.execute(
            f"""insert into dtks_penduduk ({", ".join(_TABEL)})
                select distinct on (nik_indeks) {", ".join(_TABEL)} from muat_penduduk order by nik_indeks
                on conflict (nik_indeks) do update set nama = excluded.nama,
                  tgl_lahir = excluded.tgl_lahir, jenis_kelamin = excluded.jenis_kelamin, wilayah = excluded.wilayah,
                  status = excluded.status, per_tanggal = excluded.per_tanggal
                where dtks_penduduk.per_tanggal <= excluded.per_tanggal"""  # noqa: S608 - column names of our own
        )
        n = cursor.rowcount
        cursor.execute("drop table muat_penduduk")
    audit.catat(
        aksi="muat_penduduk", jenis="dtks.Penduduk", objek_id=kabupaten, by=by, wilayah=kabupaten,
        rincian={"jumlah": n, "per_tanggal": per_tanggal.isoformat(), "sidik": sidik},
    )  # fmt: skip
    return n
