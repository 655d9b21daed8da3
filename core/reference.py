"""Loading reference data that ships with the code: rows in, the same rows in the table out."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import models, transaction


@dataclass(frozen=True)
class Loaded:
    """What one load did to one table."""

    nama: str
    baru: int
    berubah: int
    tetap: int
    dihapus: int = 0


def read(path: Path) -> list[dict[str, Any]]:
    return json.loads(path.read_text(encoding="utf-8"))


def load(
    model: type[models.Model],
    rows: Iterable[dict[str, Any]],
    *,
    key: Sequence[str],
    keep: Sequence[str] = (),
) -> Loaded:
    """Insert or correct `rows` by the natural key `key`; rows the file does not name stay as they are.

    Columns in `keep` are written with a new row only: what a Dinas set there later is its own. Columns a row
    leaves out keep their value (a new row takes the default). Rows that are already right are not touched,
    so a second load writes nothing. Must run in a transaction. KeyError when two rows share a key.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("reference data is loaded as a whole or not at all")
    present = {_key(row, key): row for row in model._default_manager.select_for_update().all()}
    seen: set[tuple[Any, ...]] = set()
    counts = {"baru": 0, "berubah": 0, "tetap": 0}
    for values in rows:
        wanted = {name: _field(model, name).to_python(value) for name, value in values.items()}
        natural = tuple(wanted[name] for name in key)
        if natural in seen:
            raise KeyError(f"{model._meta.label}: {natural} ada dua kali")
        seen.add(natural)
        counts[_put(model, present.get(natural), wanted, keep)] += 1
    return Loaded(str(model._meta.verbose_name), **counts)


def _put(
    model: type[models.Model], row: models.Model | None, wanted: dict[str, Any], keep: Sequence[str]
) -> str:
    if row is None:
        model._default_manager.create(**wanted)
        return "baru"
    wrong = [name for name, value in wanted.items() if name not in keep and getattr(row, name) != value]
    if not wrong:
        return "tetap"
    for name in wrong:
        setattr(row, name, wanted[name])
    row.save(update_fields=wrong)
    return "berubah"


def _key(row: models.Model, key: Sequence[str]) -> tuple[Any, ...]:
    return tuple(getattr(row, name) for name in key)


def _field(model: type[models.Model], name: str) -> "models.Field[Any, Any]":
    field = model._meta.get_field(name)
    assert isinstance(field, models.Field)
    return field
