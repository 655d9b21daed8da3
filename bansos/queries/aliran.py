"""A whole eligibility list as bytes: one snapshot, flat memory, whatever the size of the list.

PostgreSQL writes the lines (JSON or CSV) and hands over `SEKALI` of them as one text: a message per row costs more than the
row. Two connections of one snapshot take turns (`core.twin`). The order is that of the list (the row's id), so a reader that was cut off goes on after the last line that it has.
docs/adr/0030.
"""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any
from uuid import UUID

from django.db import connection, connections

from bansos.models import BarisDaftar, DaftarKelayakan
from bansos.queries.daftar import KESEHATAN, kalimat_tertutup
from core import bulk, replica, twin
from core.ekspor import aman
from dtks.models import Keluarga
from wilayah.kode import mencakup, rentang, ringkas

SEKALI = 20_000  # rows in one message of PostgreSQL
NDJSON, CSV = "ndjson", "csv"

# Column of the contract -> its JSON text over the row `b` and its reasons `s`. Only free text needs an escape.
_JSON = {
    "id": ("'\"'", "b.id", "'\"'"),
    "keluarga": ("'\"'", "b.keluarga_id", "'\"'"),
    "individu": ("coalesce('\"' || b.individu_id::text || '\"', 'null')",),
    "nama_kepala": ("to_json(b.nama_kepala)",),
    "wilayah": ("'\"'", "b.wilayah_id", "'\"'"),
    "desil": ("coalesce(b.desil::text, 'null')",),
    "skor": ("b.skor",),
    "peringkat": ("coalesce(b.peringkat::text, 'null')",),
    "hasil": ("'\"'", "b.hasil", "'\"'"),
    "manfaat": ("b.manfaat",),
    "komponen": ("s.komponen",),
    "alasan": ("s.isi",),
    "versi_aturan": ("%(aturan)s::text",),
    "snapshot": ("%(snapshot)s::text",),
    "data_per": ("coalesce('\"' || b.data_per::text || '\"', 'null')",),
}
KOLOM = tuple(_JSON)
# Said once for each combination of reasons and not for each row.
TETAP = ("komponen", "alasan", "versi_aturan", "snapshot")


def _kutip(sql: str) -> tuple[str, ...]:
    return "'\"'", f"replace({sql}, '\"', '\"\"')", "'\"'"


# The same as cells. A name that a spreadsheet would compute gets an apostrophe (core.ekspor); so would a control sign.
_NAMA = "case when b.nama_kepala ~ '^[[:alnum:]]' then b.nama_kepala else '''' || b.nama_kepala end"
_CSV = {
    "id": ("b.id",),
    "keluarga": ("b.keluarga_id",),
    "individu": ("b.individu_id",),
    "nama_kepala": _kutip(_NAMA),
    "wilayah": ("b.wilayah_id",),
    "desil": ("b.desil",),
    "skor": ("b.skor",),
    "peringkat": ("b.peringkat",),
    "hasil": ("b.hasil",),
    "manfaat": ("b.manfaat",),
    "komponen": ("case when s.komponen <> 'null' then concat(" + ", ".join(_kutip("s.komponen")) + ") end",),
    "alasan": _kutip("s.isi"),
    "versi_aturan": ("%(aturan)s::text",),
    "snapshot": ("%(snapshot)s::text",),
    "data_per": ("b.data_per",),
}
_KATA = re.compile(r"'[^']*'")


def _rangkai(potong: Iterable[str]) -> str:
    """One concat() and not a chain of `||`, each of which would copy the row so far; words that stand side by side are one word."""
    rapat: list[str] = []
    for satu in potong:
        if rapat and _KATA.fullmatch(satu) and _KATA.fullmatch(rapat[-1]):
            rapat[-1] = rapat[-1][:-1] + satu[1:]
        else:
            rapat.append(satu)
    return f"concat({', '.join(rapat)})"


def _baris(bentuk: str) -> tuple[str, str]:
    """(the line of a row, in which `s.tetap` stands for the columns of `TETAP`; what `tetap` is)."""
    if bentuk == NDJSON:
        awal, akhir = "'{'", "'}\n'"
        sel = {k: (f"'{', ' if n else ''}\"{k}\": '", *v) for n, (k, v) in enumerate(_JSON.items())}
    else:
        awal, akhir = "''", "'\r\n'"
        sel = {k: ("','" if n else "''", *v) for n, (k, v) in enumerate(_CSV.items())}
    depan, belakang = KOLOM[: KOLOM.index(TETAP[0])], KOLOM[KOLOM.index(TETAP[-1]) + 1 :]
    return (
        _rangkai(
            [
                awal,
                *(p for k in depan for p in sel[k]),
                "s.tetap",
                *(p for k in belakang for p in sel[k]),
                akhir,
            ]
        ),
        _rangkai(p for k in TETAP for p in sel[k]),
    )


_BARIS = {bentuk: _baris(bentuk) for bentuk in (NDJSON, CSV)}
# The reasons of a list, once for each combination that occurs in it.
_SEBAB = """select nomor, isi::text as isi, coalesce(komponen::text, 'null') as komponen
            from bansos_sebabdaftar where daftar_id = %(daftar)s"""
_SEBAB_TERTUTUP = """
  select nomor, 'null' as komponen, coalesce((
    select jsonb_agg(case when a ->> 'kode' <> all(%(kesehatan)s) then a else a || jsonb_build_object('saran', '', 'kalimat',
                          case when (a -> 'cocok')::boolean then %(terpenuhi)s::text else %(tidak)s::text end) end order by n)
    from jsonb_array_elements(isi) with ordinality e(a, n)), '[]')::text as isi
  from bansos_sebabdaftar where daftar_id = %(daftar)s"""
TERTUTUP: dict[str, Any] = {
    "kesehatan": sorted(KESEHATAN), "terpenuhi": kalimat_tertutup(cocok=True), "tidak": kalimat_tertutup(cocok=False),
}  # fmt: skip
KEPALA_CSV = (",".join(KOLOM) + "\r\n").encode()


class BarisLain(LookupError):
    """The row to go on after is in none of these lists: they were replaced, or it never was."""


@dataclass(frozen=True)
class Potong:
    """Some lines: `n` of them, and the id of the last."""

    isi: bytes
    n: int
    akhir: UUID


@dataclass(frozen=True)
class Saringan:
    """What is read: lists in the order in which they are read, areas, outcomes (all when empty).

    `kesehatan`: reasons and components that tell of pregnancy or disability are in the answer; without it the reader learns only
    whether they were met, as on the screen (`queries.daftar.untuk`). `samar`: names are masked.
    """

    daftar: Sequence[DaftarKelayakan]
    luas: Sequence[str]
    hasil: Sequence[str] = ()
    kesehatan: bool = False
    samar: bool = False

    def jumlah(self) -> int:
        """How many rows that is in all."""
        with connection.cursor() as cursor:
            syarat, nilai = self._syarat(self.luas)
            syarat += self._tanpa_beku
            nilai |= {"beku": self._beku}
            cursor.execute(
                f"select count(*) from bansos_barisdaftar b where b.daftar_id = any(%(daftar)s) and {syarat}",  # noqa: S608
                nilai | {"daftar": [d.pk for d in self.daftar]},
            )
            return cursor.fetchone()[0]

    def sisa(self, sesudah: UUID | None) -> list[tuple[DaftarKelayakan, UUID | None]]:
        """The lists that are still to be read, the first one after its row `sesudah`. Raises BarisLain."""
        if sesudah is None:
            return [(d, None) for d in self.daftar]
        milik = BarisDaftar.objects.filter(pk=sesudah).values_list("daftar_id", flat=True).first()
        for i, d in enumerate(self.daftar):
            if d.pk == milik:
                return [(d, sesudah), *((lain, None) for lain in self.daftar[i + 1 :])]
        raise BarisLain

    def _syarat(self, luas: Sequence[str]) -> tuple[str, dict[str, Any]]:
        potong = [rentang(kode) for kode in ringkas(luas)]
        bagian = [f"(b.wilayah_id >= %(dari{i})s and b.wilayah_id < %(ke{i})s)" for i, _ in enumerate(potong)]
        nilai: dict[str, Any] = {f"dari{i}": satu[0] for i, satu in enumerate(potong)}
        nilai |= {f"ke{i}": satu[1] for i, satu in enumerate(potong)} | {"hasil": list(self.hasil)}
        syarat = f"({' or '.join(bagian) or 'false'})" + (
            " and b.hasil = any(%(hasil)s)" if self.hasil else ""
        )
        return syarat, nilai

    def _kolom(self) -> str:
        nama = "cek_samar(nama_kepala) as nama_kepala" if self.samar else "nama_kepala"
        return f"id, keluarga_id, individu_id, {nama}, wilayah_id, desil, skor, peringkat, hasil, manfaat, sebab, data_per"

    def potong(self, daftar: DaftarKelayakan, sesudah: UUID | None, n: int) -> Potong | None:
        """At most `n` lines of one list after a row, as JSON; None when there are none."""
        isi, banyak, akhir = bulk.blob(*self._tanya(daftar, NDJSON, sesudah, n=n))
        return Potong(isi, banyak, akhir) if banyak else None

    def semua(
        self, sisa: list[tuple[DaftarKelayakan, UUID | None]], bentuk: str, alias: str
    ) -> Iterator[tuple[str, dict[str, Any]]]:
        """What to ask, one message each, for all lines of these lists."""
        for daftar, sesudah in sisa:
            for dari, hingga in self._batas(daftar, sesudah, alias):
                yield self._tanya(daftar, bentuk, dari, hingga)

    def _batas(
        self, daftar: DaftarKelayakan, sesudah: UUID | None, alias: str
    ) -> Iterator[tuple[UUID | None, UUID | None]]:
        """Ids from which (without it) to which (with it) `SEKALI` rows are. Ids of a list are its first half and the row's number."""
        if self._penuh(daftar):
            dari, akhir = self._ujung(daftar)
            dari, akhir = sesudah or dari, _terakhir(dari, akhir, alias)
            for awal in range(dari.int, akhir.int, SEKALI):
                yield UUID(int=awal), UUID(int=min(awal + SEKALI, akhir.int))
            return
        ruas = [sesudah, *self._tiap(daftar, sesudah, alias), None]
        yield from pairwise(ruas)

    def _tiap(self, daftar: DaftarKelayakan, sesudah: UUID | None, alias: str) -> list[UUID]:
        """Every `SEKALI`-th id of the rows of these areas after a row."""
        syarat, nilai = self._mana(daftar, sesudah)
        with connections[alias].cursor() as cursor:
            cursor.execute(
                f"""select id from (select b.id, row_number() over (order by b.id) as n from bansos_barisdaftar b
                                    where b.daftar_id = %(daftar)s and {syarat}) t where n %% %(sekali)s = 0 order by id""",  # noqa: S608
                nilai | {"daftar": daftar.pk, "sekali": SEKALI},
            )
            return [id for (id,) in cursor.fetchall()]

    def _penuh(self, daftar: DaftarKelayakan) -> bool:
        """Every row of the list may be read: they are one range of the primary key, already in order."""
        return any(mencakup(kode, daftar.wilayah_id) for kode in self.luas)

    def _ujung(self, daftar: DaftarKelayakan) -> tuple[UUID, UUID]:
        awal = str(daftar.pk)[:18]
        return UUID(f"{awal}-0000-000000000000"), UUID(f"{awal}-ffff-ffffffffffff")

    def _mana(
        self, daftar: DaftarKelayakan, dari: UUID | None, hingga: UUID | None = None
    ) -> tuple[str, dict[str, Any]]:
        """(condition on the rows of one list, its values)"""
        if self._penuh(daftar):
            paling = self._ujung(daftar)
            dari, hingga = dari or paling[0], hingga or paling[1]
            syarat, nilai = (
                ("b.hasil = any(%(hasil)s)" if self.hasil else "true"),
                {"hasil": list(self.hasil)},
            )
        else:
            syarat, nilai = self._syarat(self.luas)
        syarat += " and b.id > %(dari)s" if dari else ""
        syarat += " and b.id <= %(hingga)s" if hingga else ""
        return syarat + self._tanpa_beku, nilai | {"dari": dari, "hingga": hingga, "beku": self._beku}

    @cached_property
    def _beku(self) -> list[UUID]:
        """Families frozen since the lists were made: passed by (docs/adr/0042). Asked once, of an index that has only them."""
        rows = Keluarga._base_manager.filter(dibekukan_at__isnull=False).order_by()
        return list(rows.values_list("pk", flat=True))

    @property
    def _tanpa_beku(self) -> str:
        return " and b.keluarga_id <> all(%(beku)s)" if self._beku else ""

    def _tanya(
        self,
        daftar: DaftarKelayakan,
        bentuk: str,
        dari: UUID | None,
        hingga: UUID | None = None,
        n: int | None = None,
    ) -> tuple[str, dict[str, Any]]:
        """The lines of a range of rows (of its first `n`): (SQL, values). Answers (lines, how many, last id)."""
        syarat, nilai = self._mana(daftar, dari, hingga)
        versi, snapshot = f"{daftar.aturan.program_id}/{daftar.aturan.versi}", daftar.snapshot
        if bentuk == NDJSON:
            versi, snapshot = json.dumps(versi), json.dumps(snapshot)
        else:
            versi, snapshot = aman(versi), aman(snapshot)
        nilai |= TERTUTUP | {"daftar": daftar.pk, "aturan": versi, "snapshot": snapshot, "n": n}
        baris, tetap = _BARIS[bentuk]
        return (
            f"""with s as materialized (select nomor, {tetap} as tetap from ({_SEBAB if self.kesehatan else _SEBAB_TERTUTUP}) s),
                     t as (select {baris} as baris, b.id from (
                             select {self._kolom()} from bansos_barisdaftar b where b.daftar_id = %(daftar)s and {syarat} order by b.id limit %(n)s) b
                           join s on s.nomor = b.sebab)
                     select convert_to(string_agg(baris, '' order by id), 'UTF8'), count(*), (array_agg(id order by id))[count(*)::int] from t""",  # noqa: S608
            nilai,
        )


def _terakhir(dari: UUID, hingga: UUID, alias: str) -> UUID:
    """The last row's id in this range; its beginning when there is none."""
    with connections[alias].cursor() as cursor:
        cursor.execute(
            "select id from bansos_barisdaftar where id > %s and id <= %s order by id desc limit 1",
            [dari, hingga],
        )
        ketemu = cursor.fetchone()
    return ketemu[0] if ketemu else dari


def alirkan(saringan: Saringan, bentuk: str, sesudah: UUID | None = None) -> Iterator[bytes]:
    """Every line after `sesudah`, under one snapshot. Memory: one message. Raises BarisLain before the first byte.

    Of the replica when it has everything that the lists were chosen from; one that fails before its first message is not noticed.
    Later the stream breaks off, and the reader goes on after his last line as after any other break.
    """
    sisa = saringan.sisa(sesudah)
    return _alir(saringan, bentuk, sisa, kepala=sesudah is None)


def _alir(
    saringan: Saringan, bentuk: str, sisa: list[tuple[DaftarKelayakan, UUID | None]], *, kepala: bool
) -> Iterator[bytes]:
    if bentuk == CSV and kepala:
        yield KEPALA_CSV
    yield from replica.stream(lambda alias: _isi(saringan, bentuk, sisa, alias), at_most=replica.NOW)


def _isi(
    saringan: Saringan, bentuk: str, sisa: list[tuple[DaftarKelayakan, UUID | None]], alias: str
) -> Iterator[bytes]:
    for isi, banyak, _ in twin.blobs(saringan.semua(sisa, bentuk, alias), alias):
        if banyak:
            yield isi
