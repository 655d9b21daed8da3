from django.db import migrations

from core.migrations import _sql


class Migration(migrations.Migration):
    """A challenge is used up by a function whose plans a connection keeps (core/tantangan.py)."""

    dependencies = [("core", "0005_tantangan")]
    operations = [_sql.file("core", "tantangan.sql")]
