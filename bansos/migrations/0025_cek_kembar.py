from django.db import migrations

from core.migrations import _sql


class Migration(migrations.Migration):
    """The index of names can be used whichever collation the function is called with."""

    dependencies = [("bansos", "0024_dinding")]

    operations = [_sql.function("bansos", "cek.sql", "cek_kembar")]
