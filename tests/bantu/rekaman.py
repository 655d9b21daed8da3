"""A journey that a run has walked once through the real actions is written down, and put back for the tests that want the same.

What is put back are the very rows and files that the actions left, the audit trail too, in the test's own transaction; its seal
still falls due at the end. Only where the test has written nothing else before and where nothing is patched, overridden or
travelling in time: else the journey is walked. `DTKS_REKAMAN=0` walks always.
"""

import hashlib
import os
import pickle
import re
import shutil
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import psycopg
import time_machine
from django.conf import UserSettingsHolder, settings
from django.db import connection, connections, transaction
from django.utils import timezone
from psycopg import sql

from core import files, outbox
from tests.bantu import dunia_jadi

# Written by whoever logs in, and no part of any journey.
MASUK = re.compile(
    r'(?:INSERT INTO|UPDATE|DELETE FROM) "django_session"|UPDATE "accounts_pengguna" SET "last_login"'
)
MEMBACA = re.compile(r"\s*(?:SELECT|SAVEPOINT|RELEASE|SET|SHOW|DECLARE|FETCH|CLOSE|BEGIN|VALUES)\b", re.I)
MUNDUR = re.compile(r"\s*ROLLBACK\b", re.I)
BUKAN_JALAN = ("django_session", "accounts_pengguna", "core_jejaktx", "wilayah_wilayah", "django_migrations")
SEGEL = ("core_segel", "core_kepalarantai")
# A process may have made the cast anew after a test that commits: its journeys name people whom the others do not have.
ORANG = "select md5(string_agg(id::text, ',' order by id)) from accounts_pengguna"
# Numbers of tickets and letters: counters that no column owns.
PENGHITUNG = """
    select c.relname from pg_class c where c.relkind = 'S' and c.relnamespace = 'public'::regnamespace
      and not exists (select 1 from pg_depend d where d.objid = c.oid and d.deptype in ('a', 'i')) order by 1
"""
BASI = 600  # seconds: a journey should be of now; limits of a few minutes are tested too
PALING_PANJANG = 8  # journeys of one test that are written down as one line
Kunci = tuple[str, str]  # table, primary key


class Tabel(NamedTuple):
    nama: str
    kunci: str
    urut: bool  # its ids come from a sequence: another one each time
    kolom: tuple[str, ...]  # what is put back


@dataclass
class Rekaman:
    """Statements that put the rows back, with `tx` standing for the audit trail's transaction."""

    tanda: str
    tx: str
    sql: str
    pada: float  # when, on the machine's own clock
    dering: int  # how often the queue is rung at the end
    berkas: dict[str, bytes]
    seri: str  # numbers that were drawn are not drawn again: "select setval(…)"
    hasil: bytes


@dataclass
class _Keadaan:
    """What the open transaction holds: only journeys (`tanda` of the last one, "" before the first), or something else too (None)."""

    tanda: str | None = ""
    panjang: int = 0
    masuk: bool = False
    diam: int = 0  # our own statements
    utama: str = ""  # the test database; worlds have databases of their own
    tambalan: Callable[[], bool] = bool
    dikenal: dict[str, Rekaman] = field(default_factory=dict)


_kini = _Keadaan()
hitung = {"walked": 0, "written down": 0, "put back": 0}


def pasang(utama: str) -> None:
    """Watch what this process writes into its test database."""
    _kini.utama = utama
    if os.environ.get("DTKS_REKAMAN") == "0":
        _kini.utama = ""
        return
    pokok = connections["default"]
    pokok.execute_wrappers.insert(0, _lihat)
    kelas, asli = type(pokok), type(pokok)._set_autocommit

    def _set_autocommit(self: Any, autocommit: bool) -> None:
        asli(self, autocommit)
        if self is pokok:
            _kini.tanda, _kini.panjang, _kini.masuk = "", 0, False

    kelas._set_autocommit = _set_autocommit


def pakai(nama: str, argumen: dict[str, Any], bangun: Callable[[], Any]) -> Any:
    """What `bangun` gives: put back when it was written down before, else walked. Arguments are plain values."""
    if not _boleh():
        hitung["walked"] += 1
        return bangun()
    kunci = repr((_kini.tanda, nama, sorted(argumen.items()), timezone.localdate(), _setelan(), _satu(ORANG)))
    sidik = hashlib.sha256(kunci.encode()).hexdigest()[:32]
    for baca in (_kini.dikenal.get, _baca):
        rekaman = baca(sidik)
        if rekaman is not None and time.monotonic() - rekaman.pada < BASI:
            _kini.dikenal[sidik] = rekaman
            return _putar(rekaman)
    return _rekam(sidik, bangun)


def tambalan(ada: Callable[[], bool]) -> None:
    """How to learn whether the test that runs has patched something."""
    _kini.tambalan = ada


def hapus() -> None:
    """Forget what this run wrote down. For the process that started the others, once they are gone."""
    shutil.rmtree(_folder(), ignore_errors=True)


def _folder() -> Path:
    return Path(os.environ["DTKS_LOCAL_DIR"]) / f"rekaman-{os.environ['DTKS_TEST_RUN']}"


def _lihat(execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
    if _kini.tanda is not None and not _kini.diam:
        teks = sql if isinstance(sql, str) else ""
        if MASUK.match(teks):
            _kini.masuk = True
        elif MUNDUR.match(teks):
            _kini.tanda = _kini.tanda and None  # "" stays: before the first journey there is nothing to lose
        elif not MEMBACA.match(teks):
            _kini.tanda = None
    return execute(sql, params, many, context)


@contextmanager
def _sendiri() -> Iterator[None]:
    _kini.diam += 1
    try:
        yield
    finally:
        _kini.diam -= 1


def _boleh() -> bool:
    """Is this the plain world, and does the transaction hold nothing but journeys?"""
    biasa = (
        _kini.tanda is not None
        and _kini.panjang < PALING_PANJANG
        and connection.in_atomic_block
        and connection.settings_dict["NAME"] == _kini.utama
        and connection.execute_wrappers == [_lihat]
        and not (connection.force_debug_cursor or connection.needs_rollback)
        and not time_machine.escape_hatch.is_travelling()
        and not _kini.tambalan()
    )
    if biasa and _kini.tanda == "" and not _kini.masuk:  # a function that was selected may have written
        biasa = _satu("select pg_current_xact_id_if_assigned() is null")
    return biasa


def _setelan() -> list[tuple[str, str]]:
    """Settings that a test has overridden. FILES_DIR is not one: files go wherever it points; nor DEMO, which only pages read."""
    lapis, hasil = settings._wrapped, {}
    while isinstance(lapis, UserSettingsHolder):
        for nama, nilai in vars(lapis).items():
            if nama.isupper() and nama not in ("FILES_DIR", "SETTINGS_MODULE", "DEMO"):
                hasil.setdefault(nama, repr(nilai))
        lapis = lapis.default_settings
    return sorted(hasil.items())


def _baca(sidik: str) -> Rekaman | None:
    try:
        return pickle.loads((_folder() / sidik).read_bytes())
    except FileNotFoundError:
        return None


def _satu(perintah: str) -> Any:
    with _sendiri(), connection.cursor() as cursor:
        cursor.execute(perintah)
        return cursor.fetchone()[0]


def _putar(rekaman: Rekaman) -> Any:
    for nama, isi in rekaman.berkas.items():
        tujuan = files.path_of(uuid.UUID(nama))
        if not tujuan.exists():
            tujuan.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            tujuan.write_bytes(isi)
    tx = str(uuid.uuid4())
    with _sendiri(), connection.cursor() as cursor:
        cursor.execute("select jejak_tx()")  # its seal falls due when the test's transaction ends
        tx = str(cursor.fetchone()[0])
        cursor.execute(rekaman.sql.replace(rekaman.tx, tx))
        if rekaman.seri:
            cursor.execute(rekaman.seri)
    for _ in range(rekaman.dering):
        transaction.on_commit(outbox.ring, robust=True)
    _kini.tanda, _kini.panjang = rekaman.tanda, _kini.panjang + 1
    hitung["put back"] += 1
    return dunia_jadi.baca(rekaman.hasil)


def _rekam(sidik: str, bangun: Callable[[], Any]) -> Any:
    panjang = _kini.panjang
    sebelum = _milik() if _kini.tanda or _kini.masuk else {}
    dering = len(connection.run_on_commit)
    hasil = bangun()
    rekaman = _tulis(sebelum, connection.run_on_commit[dering:], hasil)
    if rekaman is None:
        hitung["walked"] += 1
        return hasil
    _folder().mkdir(exist_ok=True)
    baru = _folder() / f"{sidik}.{os.getpid()}"
    baru.write_bytes(pickle.dumps(rekaman, pickle.HIGHEST_PROTOCOL))
    baru.rename(_folder() / sidik)
    _kini.dikenal[sidik] = rekaman
    _kini.tanda, _kini.panjang = rekaman.tanda, panjang + 1
    hitung["written down"] += 1
    return hasil


def _tulis(sebelum: dict[Kunci, str], dering: list[Any], hasil: Any) -> Rekaman | None:
    """None for what cannot be put back as it was: a sealed trail, changes of rows whose ids will be others, another hook."""
    sesudah = _milik()
    tabel = {t.nama: t for t in _tabel()}
    beda = {k: isi for k, isi in sesudah.items() if sebelum.get(k) != isi}
    hilang = [k for k in sebelum if k not in sesudah]
    lama = set(sebelum) | _ada_dulu(list(beda))
    tx = _satu("select current_setting('dtks.tx', true)")
    if (
        not tx
        or any(t in SEGEL for t, _ in beda)
        or any(tabel[t].urut for t, k in (*beda, *hilang) if (t, k) in lama)
        or any(kait[1] is not outbox.ring for kait in dering)
    ):
        return None
    with _sendiri(), connection.cursor() as cursor:
        perintah = [*_taruh(tabel, beda, lama), *_buang(tabel, hilang)]
        isi = ";\n".join(("set local session_replication_role = replica", *(p.as_string(cursor.cursor) for p in perintah),
                          "set local session_replication_role = origin"))  # fmt: skip
    berkas = {
        uuid.UUID(k).hex: files.path_of(uuid.UUID(k)).read_bytes() for t, k in beda if t == "core_berkas"
    }
    return Rekaman(
        uuid.uuid4().hex, tx, isi, time.monotonic(), len(dering), berkas, _seri(), dunia_jadi.tulis(hasil)
    )


def _seri() -> str:
    """Each process has counters of its own; whoever puts this journey back must go on behind its numbers."""
    with _sendiri(), connection.cursor() as cursor:
        cursor.execute(PENGHITUNG)
        bagian = []
        for (nama,) in cursor.fetchall():
            cursor.execute(
                sql.SQL("select last_value from {} where is_called")
                .format(sql.Identifier(nama))
                .as_string(cursor.cursor)
            )
            for (akhir,) in cursor.fetchall():
                satu = sql.SQL("select setval({n}, greatest({a}, (select last_value from {i})))")
                bagian.append(
                    satu.format(n=sql.Literal(nama), a=sql.Literal(akhir), i=sql.Identifier(nama)).as_string(
                        cursor.cursor
                    )
                )
    return "; ".join(bagian)


def _taruh(tabel: dict[str, Tabel], beda: dict[Kunci, str], lama: set[Kunci]) -> Iterator[sql.Composed]:
    for nama in dict.fromkeys(t for t, _ in beda):
        t = tabel[nama]
        for ubah in (False, True):
            baris = [isi for k, isi in beda.items() if k[0] == nama and (k in lama) == ubah]
            if not baris:
                continue
            kolom = sql.SQL(", ").join(map(sql.Identifier, t.kolom))
            akhir = sql.SQL("")
            if ubah:
                ganti = sql.SQL(", ").join(
                    sql.SQL("{0} = excluded.{0}").format(sql.Identifier(c)) for c in t.kolom
                )
                akhir = sql.SQL(" on conflict ({}) do update set {}").format(sql.Identifier(t.kunci), ganti)
            yield sql.SQL("insert into {0} ({1}) select {1} from unnest({2}::text[]::{0}[]){3}").format(
                sql.Identifier(nama), kolom, sql.Literal(baris), akhir
            )


def _buang(tabel: dict[str, Tabel], hilang: list[Kunci]) -> Iterator[sql.Composed]:
    for nama in dict.fromkeys(t for t, _ in hilang):
        kunci = [k for t, k in hilang if t == nama]
        yield sql.SQL("delete from {} where {}::text = any({})").format(
            sql.Identifier(nama), sql.Identifier(tabel[nama].kunci), sql.Literal(kunci)
        )


@cache
def _tabel() -> tuple[Tabel, ...]:
    """Every table that a journey may write to. One without a key of a single column would be missed: there is none."""
    with _sendiri(), connection.cursor() as cursor:
        cursor.execute("""
            select c.relname, (select a.attname from pg_index i join pg_attribute a on a.attrelid = c.oid and a.attnum = i.indkey[0]
                               where i.indrelid = c.oid and i.indisprimary and i.indnkeyatts = 1) as kunci,
                   array_agg(a.attname order by a.attnum) filter (where a.attgenerated = ''),
                   array_agg(a.attname) filter (where a.attidentity <> '' or pg_get_expr(d.adbin, d.adrelid) like 'nextval(%%')
            from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
            left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
            where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and c.relname <> all(%s) group by c.oid, c.relname order by 1
        """, [list(BUKAN_JALAN)])  # fmt: skip
        semua = cursor.fetchall()
    assert all(kunci for _, kunci, *_ in semua), [nama for nama, kunci, *_ in semua if not kunci]
    return tuple(
        Tabel(nama, kunci, bool(seri), tuple(c for c in kolom if c not in (seri or ())))
        for nama, kunci, kolom, seri in semua
    )


def _milik() -> dict[Kunci, str]:
    """The rows that this transaction has written, as text, those with ids from a sequence in their order."""
    awal = _satu("select (pg_current_xact_id()::text::bigint & 4294967295)")
    bagian = sql.SQL(" union all ").join(
        sql.SQL("select {n}, {k}::text, isi_::text, {u} from {t} isi_ where isi_.xmin::text::bigint >= {x}{lain}").format(
            n=sql.Literal(t.nama), k=sql.Identifier(t.kunci), t=sql.Identifier(t.nama), x=sql.Literal(awal),
            u=sql.Identifier(t.kunci) if t.urut else sql.SQL("0::bigint"),
            lain=sql.SQL(" and tabel <> 'accounts_pengguna'") if t.nama == "core_jejakbaris" else sql.SQL(""),
        )
        for t in _tabel()
    )  # fmt: skip
    with _sendiri(), connection.cursor() as cursor:
        cursor.execute(bagian.as_string(cursor.cursor))
        baris = sorted(cursor.fetchall(), key=lambda b: (b[0], b[3]))
    return {(nama, kunci): isi for nama, kunci, isi, _ in baris}


def _ada_dulu(kunci: list[Kunci]) -> set[Kunci]:
    """Which of these rows were there before the test began: another connection sees only what was committed."""
    d = connection.settings_dict
    hasil: set[Kunci] = set()
    with psycopg.connect(host=d["HOST"], port=d["PORT"] or None, user=d["USER"], password=d["PASSWORD"] or None, dbname=d["NAME"]) as pg:  # fmt: skip
        for t in _tabel():
            cari = [k for n, k in kunci if n == t.nama]
            if cari:
                perintah = sql.SQL("select {0}::text from {1} where {0}::text = any(%s)").format(
                    sql.Identifier(t.kunci), sql.Identifier(t.nama)
                )
                hasil |= {(t.nama, k) for (k,) in pg.execute(perintah, [cari])}
    return hasil
