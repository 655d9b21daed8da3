from django.db import migrations

from core.migrations import _sql


class Migration(migrations.Migration):
    """The second wall around requests for long lists (docs/adr/0034)."""

    atomic = False
    dependencies = [("accounts", "0009_izin_unduh"), ("core", "0011_dinding")]
    operations = [_sql.wall({"accounts_izinunduh": ("wilayah",)})]
