"""The tables of the database as text: out by COPY in the order of the primary key, in again, and the hash of either.

The text does not depend on the server: version 15 and 18, whatever locale or time zone, spell a row alike.
"""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection
from psycopg import sql

SPELLING = """set local timezone to 'UTC'; set local datestyle to 'ISO, YMD'; set local intervalstyle to 'postgres';
set local bytea_output to 'hex'; set local extra_float_digits to 1; set local idle_in_transaction_session_timeout to 0"""
_BLOCK = 1 << 20

_TABLES = """
select c.relname, array_agg(array[a.attname::text, format_type(a.atttypid, a.atttypmod), (a.attcollation <> 0)::text] order by a.attnum),
  (select array_agg(k.attname::text order by array_position(i.indkey::int2[], k.attnum))
     from pg_index i join pg_attribute k on k.attrelid = i.indrelid and k.attnum = any(i.indkey::int2[])
    where i.indrelid = c.oid and i.indisprimary)
from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
where c.relnamespace = current_schema()::regnamespace and c.relkind = 'r' group by c.oid, c.relname order by c.relname
"""


@dataclass(frozen=True)
class Table:
    """`columns`: (name, type) in the order of the text; `order`: how its rows are sorted, as SQL."""

    name: str
    columns: tuple[tuple[str, str], ...]
    order: str

    def names(self) -> sql.Composable:
        return sql.SQL(", ").join(sql.Identifier(name) for name, _ in self.columns)


def tables() -> list[Table]:
    """Every ordinary table of the schema."""
    return [
        Table(name, tuple((c, t) for c, t, _ in columns), _order(columns, key or [c for c, _, _ in columns]))
        for name, columns, key in rows(_TABLES)
    ]


def _order(columns: Iterable[tuple[str, str, str]], key: list[str]) -> str:
    text = {name for name, _, collates in columns if collates == "true"}
    return ", ".join(f'"{name}" collate "C"' if name in text else f'"{name}"' for name in key)


def rows(query: str, *values: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(query, values or None)
        return cursor.fetchall()


def do(query: str | sql.Composable, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(query, values or None)


def copy_out(table: Table, write: Callable[[bytes], object] | None = None) -> tuple[int, str]:
    """(rows, sha256 of the text). `write` is given the text in blocks."""
    statement = sql.SQL("copy (select {} from {} order by {}) to stdout").format(
        table.names(), sql.Identifier(table.name), sql.SQL(table.order)
    )
    held: list[bytes] = []
    digest, n, size = hashlib.sha256(), 0, 0

    def pass_on() -> None:
        block = b"".join(held)
        digest.update(block)
        if write:
            write(block)

    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for part in copy:  # the server sends each row as one message
            n += 1
            held.append(bytes(part))
            size += len(part)
            if size >= _BLOCK:
                pass_on()
                held, size = [], 0
    pass_on()
    return n, digest.hexdigest()


def copy_in(table: Table, text: Iterable[bytes]) -> None:
    statement = sql.SQL("copy {} ({}) from stdin").format(sql.Identifier(table.name), table.names())
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for block in text:
            copy.write(block)


def sequences() -> dict[str, int]:
    """Last value given by each sequence; 0 where none was."""
    return dict(
        rows(
            "select sequencename::text, coalesce(last_value, 0) from pg_sequences where schemaname = current_schema() order by 1"
        )
    )


def set_sequences(values: dict[str, int]) -> None:
    known = sequences()
    for name, value in values.items():
        if name in known:
            do("select setval(quote_ident(%s)::regclass, %s, %s)", name, max(value, 1), value > 0)
