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
    found = re.search(rf"^create or replace function {function}\(.*?^\$\$;\n", path.read_text(), re.M | re.S)
    assert found, f"{name} has no function {function}"
    return migrations.RunSQL(found.group(), migrations.RunSQL.noop)
