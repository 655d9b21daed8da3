"""Run the SQL files that stand beside the models, so that triggers are read where the tables are."""

import re
from pathlib import Path

from django.db import migrations


def file(app: str, name: str) -> migrations.RunSQL:
    path = Path(__file__).resolve().parents[2] / app / "sql" / name
    return migrations.RunSQL(path.read_text(), migrations.RunSQL.noop)


def function(app: str, name: str, function: str) -> migrations.RunSQL:
    """One function of a file, as it stands there now: for databases that ran an older spelling of it."""
    path = Path(__file__).resolve().parents[2] / app / "sql" / name
    found = re.search(rf"^create or replace function {function}\(.*?^(?:end )?\$\$;\n", path.read_text(), re.M | re.S)
    assert found, f"{name} has no function {function}"
    return migrations.RunSQL(found.group(), migrations.RunSQL.noop)


def wall(rows: dict[str, tuple[str, ...]]) -> migrations.RunSQL:
    """Policies of the second wall (core/sql/dinding.sql): table -> "wilayah_id" or "keluarga_id>dtks_keluarga".

    One transaction a table (the migration is not atomic): each lock is held for a moment. Running it again is harmless.
    """
    work = []
    for table, columns in rows.items():
        calls = [f"call dinding_mulai('{table}')"]
        for one in columns:
            column, _, parent = one.partition(">")
            calls.append(
                f"call dinding_ikut('{table}', '{column}', '{parent}')"
                if parent
                else f"call dinding_kolom('{table}', '{column}')"
            )
        work.append("; ".join(calls))
    return migrations.RunSQL(work, migrations.RunSQL.noop)
