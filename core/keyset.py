"""Rows behind a key in a sorted list, as one comparison of whole rows, so that an index of the same order is entered at the key."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, F, Func, Value


def beyond(columns: Sequence[str], values: Sequence[Any], *, descending: bool = False) -> Func:
    """Condition `(a, b) > (x, y)`, or `<` for a descending list. The columns are never null, the last is unique."""
    return Func(
        _row(*(F(c) for c in columns)),
        _row(*(Value(v) for v in values)),
        template="(%(expressions)s)",
        arg_joiner=" < " if descending else " > ",
        output_field=BooleanField(),
    )


def _row(*parts: Any) -> Func:
    return Func(*parts, function="ROW", output_field=BooleanField())


def daftar_id(ids: Iterable[UUID]) -> str:
    """The ids of a page for `= any(%s::uuid[])`, spelled once; as a list the driver would spell them for each statement."""
    return "{" + ",".join(map(str, ids)) + "}"
