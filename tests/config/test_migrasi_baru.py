"""A migration that is written from now on holds no large table for as long as an index takes: people work while it runs (F28)."""

import re
from collections.abc import Iterator

import pytest
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader

from core.models import Pekerjaan

# The last ones that landed before this rule; what they build under a lock, they built on registers that were still empty.
LAMA = {
    "accounts": "0010_dinding_izin", "bansos": "0024_dinding", "core": "0020_dinding_rentang", "dtks": "0030_beku_usulan",
    "pengaduan": "0007_dinding", "portal": "0006_hak_dinding", "wilayah": "0002_kalender",
}  # fmt: skip
INDEKS = re.compile(r"\bcreate\s+(unique\s+)?index\s+(?!concurrently)", re.I)


def memegang(operations: list, baru: set[str]) -> Iterator[str]:
    """Operations that build an index, or read every row, under the lock of a table that was there before. `baru`: models made since."""
    for satu in operations:
        if isinstance(satu, migrations.CreateModel):
            baru.add(satu.name_lower)
        elif isinstance(satu, migrations.SeparateDatabaseAndState):
            yield from memegang(satu.database_operations, baru)
        elif isinstance(satu, migrations.RunSQL):
            if INDEKS.search(str(satu.sql)):
                yield "RunSQL: create index"
        elif getattr(satu, "model_name", "").lower() in baru:
            continue
        elif isinstance(satu, migrations.AddIndex) and not isinstance(satu, AddIndexConcurrently):
            yield f"AddIndex {satu.index.name}: AddIndexConcurrently"
        elif type(satu) is migrations.AddConstraint:
            yield f"AddConstraint {satu.constraint.name}: an index concurrently, then the constraint using it; AddConstraintNotValid"
        elif isinstance(satu, migrations.AddField) and _berindeks(satu.field):
            yield f"AddField {satu.name}: without its index, then AddIndexConcurrently"


def _berindeks(field: models.Field) -> bool:
    return field.unique or field.db_index


def test_migrasi_baru_tidak_memegang_tabel():
    loader = MigrationLoader(None)
    salah, baru = [], set()
    lama = {key for app, nama in LAMA.items() for key in loader.graph.forwards_plan((app, nama))}
    for app in LAMA:
        for key in loader.graph.forwards_plan(loader.graph.leaf_nodes(app)[0]):
            if key not in lama and key[0] in LAMA:
                salah += [
                    f"{key[0]}.{key[1]}: {kata}"
                    for kata in memegang(loader.disk_migrations[key].operations, baru)
                ]
    assert salah == []


@pytest.mark.parametrize(
    ("operasi", "kena"),
    [
        (migrations.AddIndex("pekerjaan", Pekerjaan._meta.indexes[0]), True),
        (AddIndexConcurrently("pekerjaan", Pekerjaan._meta.indexes[0]), False),
        (migrations.AddField("pekerjaan", "x", models.UUIDField(null=True, unique=True)), True),
        (migrations.AddField("pekerjaan", "x", models.UUIDField(null=True)), False),
        (migrations.AddConstraint("pekerjaan", models.UniqueConstraint(fields=["kunci"], name="x")), True),
        (migrations.RunSQL("CREATE UNIQUE INDEX x ON core_pekerjaan (kunci)"), True),
        (migrations.RunSQL("create index concurrently x on core_pekerjaan (kunci)"), False),
    ],
)
def test_yang_dilarang_terlihat(operasi, kena):
    assert bool(list(memegang([operasi], set()))) is kena
    baru = migrations.CreateModel("Pekerjaan", [])
    if not isinstance(operasi, migrations.RunSQL):
        assert list(memegang([baru, operasi], set())) == []
