"""Canaries: words that may be nowhere afterwards, and a look at every byte that could hold them.

All canaries of a test share a mark that occurs nowhere else, so one search for the mark finds each of them in each spelling.
`tandai` takes a new one: the write-ahead log still holds what the test before planted.
"""

import base64
import functools
import itertools
import os
import random
import tempfile
import time
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

import redis
from django.conf import settings
from django.core import mail
from django.db import connection

from core.integrations.dukcapil.population import Family

POTONG = 8_000_000
HURUF = "bcdfghjkmnpqrstvwxz"
_kini = {"tanda": "", "jaring": ""}
_angka: dict[str, str] = {}  # marks of numbers by what they are: "nik", "kk", "hp"


def tandai() -> None:
    acak = random.SystemRandom()
    _kini["tanda"] = "Xk" + "".join(acak.choices(HURUF, k=6))
    _kini["jaring"] = f"10.{acak.randrange(100, 255)}.{acak.randrange(100, 255)}."
    _angka.clear()
    bentuk.cache_clear()


class Nomor:
    """Well-formed numbers that nobody else has: each NIK, KK and telephone begins with the mark of its kind.

    A NIK's mark is a kecamatan and a birth date (12 digits), so that one search finds all of up to 9,999 people.
    """

    def __init__(self, *terlarang: str) -> None:
        """`terlarang`: numbers that are in use; no mark may occur in them."""
        acak, pakai = random.SystemRandom(), "|".join(terlarang)
        self._urut = itertools.count(1)
        for apa in ("nik", "kk", "hp"):
            while True:
                hari = f"{acak.randrange(41, 69)}" if apa == "nik" else f"{acak.randrange(1, 29):02}"
                tanda = f"320501{hari}{acak.randrange(1, 13):02}{acak.randrange(60, 99)}"
                if apa == "hp":
                    tanda = "81" + "".join(acak.choices("3456789", k=7))
                if tanda not in pakai and tanda not in _angka.values():
                    break
            _angka[apa] = tanda
        bentuk.cache_clear()

    @property
    def lahir(self) -> date:
        t = _angka["nik"]
        return date(1900 + int(t[10:12]), int(t[8:10]), int(t[6:8]) - 40)

    def nik(self) -> str:
        return f"{_angka['nik']}{next(self._urut):04}"

    def kk(self) -> str:
        return f"{_angka['kk']}{next(self._urut):04}"

    def hp(self) -> str:
        return f"0{_angka['hp']}{next(self._urut):03}"

    def keluarga(self, asal: Family) -> Family:
        """The same family with canaries for numbers."""
        anggota = tuple(m._replace(told=m.told._replace(nik=self.nik())) for m in asal.members)
        return asal._replace(kk=self.kk(), members=anggota)


def tanda() -> str:
    return _kini["tanda"]


def kata(acak: random.Random) -> str:
    return tanda() + "".join(acak.choices(HURUF, k=14))


def alamat(acak: random.Random) -> str:
    return f"{_kini['jaring']}{acak.randrange(1, 255)}"


@functools.cache
def bentuk() -> dict[str, bytes]:
    """The marks as they would lie on a disk: plain, in hex, in UTF-16, in base64 at each of the three offsets."""
    hasil = _bentuk_kata()
    for apa, nomor in _angka.items():
        hasil |= {f"{apa} {nama}": isi for nama, isi in _bentuk_nomor(nomor).items()}
    return hasil


def _bentuk_nomor(nomor: str) -> dict[str, bytes]:
    """Digits, also as people group them."""
    pisah = {
        f"{apa} {c!r}": f"{nomor[:6]}{c}{nomor[6:]}".encode()
        for apa, c in (("dipisah", " "), ("dipisah", "."), ("dipisah", "-"))
    }
    hasil = {
        "polos": nomor.encode(),
        "hex": nomor.encode().hex().encode(),
        "utf-16": nomor.encode("utf-16-le"),
    } | pisah
    for geser in range(3):
        b = base64.b64encode(b"\0" * geser + nomor.encode())
        hasil[f"base64+{geser}"] = b[(0, 2, 3)[geser] : -4]
    return hasil


def _bentuk_kata() -> dict[str, bytes]:
    t, j = tanda().encode(), _kini["jaring"].encode()
    hasil = {
        "polos": t,
        "hex": t.hex().encode(),
        "HEX": t.hex().upper().encode(),
        "utf-16": tanda().encode("utf-16-le"),
        "alamat": j,
        "alamat hex": j.hex().encode(),
    }
    for geser in range(3):
        b = base64.b64encode(b"\0" * geser + t)
        hasil[f"base64+{geser}"] = b[(0, 2, 3)[geser] : -4]
    return hasil


def cari(isi: bytes) -> list[str]:
    return [nama for nama, b in bentuk().items() if b in isi]


def di_berkas(berkas: Path) -> set[str]:
    """Which spellings a file holds. Read in pieces that overlap."""
    ada: set[str] = set()
    try:
        with berkas.open("rb") as f:
            ekor = b""
            while potong := f.read(POTONG):
                ada |= set(cari(ekor + potong))
                ekor = potong[-64:]
    except OSError:  # gone in the meantime
        pass
    return ada


def di_folder(akar: Iterable[Path], sejak: float = 0) -> Iterator[tuple[str, set[str]]]:
    for folder in akar:
        for p in [folder] if folder.is_file() else sorted(folder.rglob("*")):
            try:
                if not p.is_file() or p.is_symlink() or p.stat().st_mtime < sejak:
                    continue
            except OSError:
                continue
            if ada := di_berkas(p):
                yield str(p), ada


def di_tabel() -> Iterator[tuple[str, set[str]]]:
    with connection.cursor() as cursor:
        cursor.execute("select tablename from pg_tables where schemaname = 'public'")
        for (tabel,) in cursor.fetchall():
            cursor.execute(f'select t::text from "{tabel}" t')
            for (baris,) in cursor.fetchall():
                if ada := cari(baris.encode()):
                    yield tabel, set(ada)


def di_valkey(url: str) -> Iterator[tuple[str, set[str]]]:
    pipa = redis.Redis.from_url(url)
    for kunci in pipa.scan_iter(count=500):
        if ada := cari(kunci + (pipa.dump(kunci) or b"")):
            yield f"valkey {kunci!r}", set(ada)


def di_surat() -> Iterator[tuple[str, set[str]]]:
    for surat in getattr(mail, "outbox", []):
        if ada := cari(surat.message().as_bytes()):
            yield "surat", set(ada)


class Jejak:
    """Everything written since it was made: rows, files of this database, write-ahead log, files of uploads, temporary files."""

    def __init__(self) -> None:
        tandai()
        self.sejak = time.time() - 1
        with connection.cursor() as cursor:
            cursor.execute("set wal_compression = off")  # a compressed page image would hide what it holds
            cursor.execute("select pg_walfile_name(pg_current_wal_lsn()), current_setting('data_directory')")
            self.wal, data = cursor.fetchone()
            cursor.execute("select oid::text from pg_database where datname = current_database()")
            self.pg, self.oid = Path(data), cursor.fetchone()[0]
            # Until this connection closes no log written from here on is recycled, however busy the other tests are.
            cursor.execute(
                "select pg_create_physical_replication_slot(%s, true, true)",
                [f"kenari_{os.getpid()}_{tanda().lower()}"],
            )

    @property
    def terbaca(self) -> bool:
        """Is the server's folder on this machine?"""
        return (self.pg / "base" / self.oid).is_dir()

    def semua(self, lain: Iterable[Path] = (), valkey: str = "") -> dict[str, set[str]]:
        with connection.cursor() as cursor:
            cursor.execute("checkpoint")
            cursor.execute("select pg_walfile_name(pg_current_wal_lsn())")
            akhir = cursor.fetchone()[0]
        hasil = dict(di_tabel()) | dict(di_valkey(valkey or settings.REDIS_URL)) | dict(di_surat())
        folder = [Path(settings.FILES_DIR), *lain]
        if self.terbaca:
            folder.append(self.pg / "base" / self.oid)
            folder += [p for p in (self.pg / "pg_wal").glob("0*") if self.wal <= p.name <= akhir]
            folder += [p for p in self.pg.parent.glob("*.log")]
        hasil |= dict(di_folder(folder))
        sementara = [p for p in Path(tempfile.gettempdir()).iterdir() if p.is_file()]
        return hasil | dict(di_folder(sementara, self.sejak))
