"""Run the SQL files that stand beside the models, so that triggers are read where the tables are."""

from pathlib import Path

from django.db import migrations


def file(app: str, name: str) -> migrations.RunSQL:
    path = Path(__file__).resolve().parents[2] / app / "sql" / name
    return migrations.RunSQL(path.read_text(), migrations.RunSQL.noop)
