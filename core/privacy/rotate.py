"""A new INDEX_KEY while people work (docs/adr/0039).

INDEX_KEY="new,old": every process knows both. A number has one form in the whole database at any moment: all rows that bear its old
index get the new one in one transaction, so joins and unique constraints never see two. Look-ups ask for both forms
(`core.privacy.keys.Indeks`); who stores an index asks here which form is in use (`pilih`), under a lock per number that the
change of the key takes too.
"""
# ruff: noqa: S608 - names of our own tables and columns

import hashlib
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError, connection, models, transaction

from core import dinding
from core.privacy import keys

BATCH, WAIT_MS, TRIES = 500, 300, 200
_LOCKED = ("40P01", "55P03", "40001")

Pairs = Mapping[bytes, bytes]  # old index -> new one


@dataclass(frozen=True)
class Column:
    """A column of blind indexes. `sealed`: the column that it can be made from; '' = a copy of another table's."""

    table: str
    name: str
    key: str
    sealed: str = ""
    purpose: str = ""

    def __str__(self) -> str:
        return f"{self.table}.{self.name}"


@cache
def columns() -> tuple[Column, ...]:
    """Every column of blind indexes that are changed: those with the sealed value beside them first."""
    sources: list[Column] = []
    copies: list[Column] = []
    for model in apps.get_models(include_auto_created=True):
        meta: Any = model._meta
        for field in meta.concrete_fields:
            if source := getattr(field, "source", ""):
                sealed: Any = meta.get_field(source)
                sources.append(
                    Column(meta.db_table, field.column, meta.pk.column, sealed.column, sealed.purpose)
                )
        copies += [Column(meta.db_table, name, meta.pk.column) for name in getattr(model, "INDEKS", ())]
    return (*sources, *copies)


def pilih(index: bytes) -> bytes:
    """The form in which this index is stored now. Holds the number until the end of the transaction."""
    if not isinstance(index, keys.Indeks):
        return index
    new, old = index.bentuk
    with dinding.terbuka("one form in the whole register"), connection.cursor() as cursor:
        if connection.in_atomic_block:
            cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [old.hex()])
        any_row = " or ".join(f"exists(select 1 from {c.table} where {c.name} = %s)" for c in columns())
        begun = "exists(select 1 from core_kunciindeks where tanda = %s)"
        cursor.execute(f"select {any_row}, {begun}", [*[old] * len(columns()), mark()])
        in_old, begun_now = cursor.fetchone()
    return old if in_old or (not begun_now and not _stored(new)) else new


def _stored(index: bytes) -> bool:
    any_row = " or ".join(f"exists(select 1 from {c.table} where {c.name} = %s)" for c in columns())
    with connection.cursor() as cursor:
        cursor.execute(f"select {any_row}", [index] * len(columns()))
        return bool(cursor.fetchone()[0])


def mark() -> str:
    """Names the key that is coming; tells nothing about it."""
    return hashlib.sha256(b"tanda indeks|" + keys.index_ring(settings.INDEX_KEY).keys[0]).hexdigest()[:16]


def run(
    begin: models.Model,
    *,
    follow: Callable[[Pairs], None] = lambda pairs: None,
    progress: Callable[[str, int], None] = lambda column, n: None,
    stop_after: int | None = None,
    batch: int = BATCH,
) -> int:
    """Change every index to the new key, from where `begin` (core.models.KunciIndeks) says. Returns how many numbers were changed.

    `follow` makes right, in the same transaction, what was derived from these indexes. Can be killed at any moment and run again.
    """
    if len(keys.index_ring(settings.INDEX_KEY).keys) != 2:
        raise ImproperlyConfigured("INDEX_KEY must hold the new key and the old one.")
    total, batches = 0, 0
    while True:
        changed = 0
        for column in (c for c in columns() if c.sealed):
            for pairs, last in _chunks(column, begin.posisi.get(str(column), ""), batch):  # type: ignore[attr-defined]
                _patiently(lambda pairs=pairs, last=last, column=column: _batch(begin, column, pairs, last, follow))  # type: ignore[misc]  # fmt: skip
                changed, batches = changed + len(pairs), batches + 1
                progress(str(column), len(pairs))
                if stop_after is not None and batches >= stop_after:
                    return total + changed
        total += changed
        begin.posisi = {}  # type: ignore[attr-defined]
        begin.save(update_fields=["posisi"])
        if not changed:  # a whole pass found nothing: what was written meanwhile is right too
            return total


def _chunks(column: Column, after: str, batch: int) -> Iterator[tuple[dict[bytes, bytes], str]]:
    """Numbers whose index is not the new one, with the key of the last row that was read."""
    where = f"{column.name} is not null and {column.sealed} is not null"
    while True:
        with connection.cursor() as cursor:
            more, values = (f" and {column.key} > %s", [after]) if after else ("", [])
            cursor.execute(
                f"select {column.key}, {column.sealed}, {column.name} from {column.table} where {where}{more}"
                f" order by {column.key} limit {batch}",
                values,
            )
            rows = cursor.fetchall()
        if not rows:
            return
        after = str(rows[-1][0])
        yield dict(_changed(column, rows)), after


def _changed(column: Column, rows: list[tuple[Any, Any, Any]]) -> Iterator[tuple[bytes, bytes]]:
    for pk, sealed, index in rows:
        plain = keys.unseal(bytes(sealed), f"{column.table}.{column.sealed}:{pk}").decode()
        forms = keys.blind_index(plain, column.purpose)
        assert isinstance(forms, keys.Indeks)
        new, old = forms.bentuk
        if bytes(index) == old:
            yield old, new
        elif bytes(index) != new:
            raise ImproperlyConfigured(f"{column}: row {pk} has an index of neither key.")


def _batch(begin: Any, column: Column, pairs: Pairs, last: str, follow: Callable[[Pairs], None]) -> None:
    """All rows of these numbers in all tables, and how far we are: one transaction."""
    with transaction.atomic(), connection.cursor() as cursor:
        if pairs:
            cursor.execute("select set_config('lock_timeout', %s, true)", [f"{WAIT_MS}ms"])
            old, new = list(pairs), list(pairs.values())
            cursor.execute(
                "select pg_advisory_xact_lock(h) from (select hashtextextended(x, 0) as h from unnest(%s::text[]) x order by 1) s",
                [[satu.hex() for satu in old]],
            )
            for satu in columns():
                _replace(cursor, satu, old, new)
            follow(pairs)
        position, count = {**begin.posisi, str(column): last}, begin.jumlah + len(pairs)
        type(begin).objects.filter(pk=begin.pk).update(posisi=position, jumlah=count)
    begin.posisi, begin.jumlah = position, count


def _replace(cursor: Any, column: Column, old: list[bytes], new: list[bytes]) -> None:
    table, name = column.table, column.name
    cursor.execute(f"select exists(select 1 from {table} where {name} = any(%s::bytea[]))", [old])
    if not cursor.fetchone()[0]:
        return
    sleeping = _resting(table)
    for trigger in sleeping:
        cursor.execute(f"alter table {table} disable trigger {trigger}")
    cursor.execute(
        f"update {table} t set {name} = m.baru from unnest(%s::bytea[], %s::bytea[]) m(lama, baru) where t.{name} = m.lama",
        [old, new],
    )
    for trigger in sleeping:
        cursor.execute(f"alter table {table} enable trigger {trigger}")


@cache
def _resting(table: str) -> tuple[str, ...]:
    """Triggers that a change of the index does not concern: those that keep contents as they were, and the feed of changes."""
    with connection.cursor() as cursor:
        cursor.execute(
            """select quote_ident(tgname) from pg_trigger where tgrelid = %s::regclass and not tgisinternal and tgtype & 16 = 16
               and (tgname like %s or tgname like %s) order by 1""",
            [table, r"%\_beku", r"perubahan%"],
        )
        return tuple(nama for (nama,) in cursor.fetchall())


def _patiently(do: Callable[[], None]) -> None:
    """Somebody works on one of the rows: people go first, we come again."""
    for n in range(TRIES):
        try:
            return do()
        except OperationalError as busy:
            if getattr(busy.__cause__, "sqlstate", "") not in _LOCKED or n == TRIES - 1:
                raise
            time.sleep(min(0.05 * (n + 1), 1))


def orphans() -> dict[str, int]:
    """Copies whose number stands nowhere sealed, by column: nothing can give them a new index, the list must be loaded again."""
    found = {}
    sources = [c for c in columns() if c.sealed]
    with connection.cursor() as cursor:
        for copy in (c for c in columns() if not c.sealed):
            known = " and ".join(
                f"not exists(select 1 from {s.table} s where s.{s.name} = t.{copy.name})" for s in sources
            )
            cursor.execute(f"select count(*) from {copy.table} t where {copy.name} is not null and {known}")
            if n := cursor.fetchone()[0]:
                found[str(copy)] = n
    return found
