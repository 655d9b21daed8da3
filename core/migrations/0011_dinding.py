from django.db import migrations

from core.migrations import _sql


class Migration(migrations.Migration):
    """The second wall: roles, and the procedures that give a table its policies."""

    dependencies = [("core", "0010_sidik")]
    operations = [_sql.file("core", "dinding.sql")]
