"""Rows for PostgreSQL's COPY: one line of text per row, in the order of the columns."""

import gc
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from functools import wraps
from typing import Any, ParamSpec, TypeVar
from uuid import UUID

import psycopg
from django.db import DEFAULT_DB_ALIAS, connection, connections, transaction

P = ParamSpec("P")
T = TypeVar("T")
_ESCAPE = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


class Json:
    """Marks a value for a JSON column."""

    __slots__ = ("value",)

    def __init__(self, value: Any):
        self.value = value


_json = json.JSONEncoder(ensure_ascii=False).encode  # one for all rows


def _list(value: Sequence[Any]) -> str:
    return ("{" + ",".join(f'"{v}"' for v in value) + "}").translate(_ESCAPE) if value else "{}"


def _json_line(v: "Json") -> str:
    teks = _json(v.value)  # it has no tab or line end of its own
    return teks.replace("\\", "\\\\") if "\\" in teks else teks


_FORMS: dict[type, Any] = {
    bool: lambda v: "t" if v else "f",
    bytes: lambda v: "\\\\x" + v.hex(),
    UUID: lambda v: f"{v.int:032x}",
    int: str,
    datetime: datetime.isoformat,
    date: date.isoformat,
    Json: _json_line,
    list: _list,
    tuple: _list,
}


def line(values: Iterable[Any]) -> str:
    """One row. A list is an array of plain codes or keys; JSON is passed as `Json`. KeyError on any other type."""
    return "\t".join([
        (v if v.isprintable() and "\\" not in v else v.translate(_ESCAPE)) if type(v) is str
        else "\\N" if v is None else _FORMS[type(v)](v)
        for v in values
    ]) + "\n"  # fmt: skip


def keys(values: Iterable[bytes]) -> str:
    """The text of a bytea[] for `= any(%s::bytea[])`: thousands of hashes at the price of one string."""
    return "{" + ",".join([f'"\\\\x{v.hex()}"' for v in values]) + "}"


def copy(table: str, columns: Sequence[str], rows: Iterable[str]) -> None:
    """COPY ready lines into a table of ours. `table` and `columns` are names from code, never from people.

    Raises Django's errors: those of COPY would come as the driver's own.
    """
    with (
        connection.wrap_database_errors,
        connection.cursor() as cursor,
        cursor.copy(f"copy {table} ({', '.join(columns)}) from stdin") as target,
    ):
        for block in chunks(rows, 500):
            target.write("".join(block))


def blob(query: str, values: dict[str, Any], using: str = DEFAULT_DB_ALIAS) -> tuple[Any, ...]:
    """The one row of a query with a large bytea in it, which comes as it is and not as twice as many hexadecimal digits to be read.

    Django's cursor knows the text form only; this one is beside it, in the same transaction: behind the second wall it needs one.
    """
    asked = connections[using]
    with transaction.atomic(using=using), asked.wrap_database_errors:
        return fetch(asked.connection, written(asked, query, values))


def written(asked: Any, query: str, values: dict[str, Any]) -> str:
    """The query with its values in it, for a connection of Django's behind whose wall it can be sent now."""
    with asked.cursor() as cursor:
        text: str = cursor.mogrify(query, values)
        asked.dirikan(cursor.cursor)  # core.database
    return text


def fetch(raw: "psycopg.Connection[Any]", text: str) -> tuple[Any, ...]:
    """The first row, values in their binary form."""
    with psycopg.Cursor(raw) as cursor:
        cursor.execute(text, binary=True)
        return cursor.fetchone()  # type: ignore[return-value]


def chunks(rows: Iterable[Any], size: int) -> Iterator[list[Any]]:
    block: list[Any] = []
    for row in rows:
        block.append(row)
        if len(block) >= size:
            yield block
            block = []
    if block:
        yield block


def without_collector(work: Callable[P, T]) -> Callable[P, T]:
    """For a pass over very many rows: none of its objects are cycles, reference counts free them, and the collector would
    only walk them again and again (a quarter of the time of an import)."""

    @wraps(work)
    def run(*args: P.args, **kwargs: P.kwargs) -> T:
        if not gc.isenabled():
            return work(*args, **kwargs)
        gc.disable()
        try:
            return work(*args, **kwargs)
        finally:
            gc.enable()

    return run


def json_text(value: Any) -> str:
    """JSON for a parameter of a statement."""
    return json.dumps(value, ensure_ascii=False, default=str)
