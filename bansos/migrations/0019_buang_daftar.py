from django.db import migrations

from core.migrations import _sql


class Migration(migrations.Migration):
    """Superseded lists that nobody signed may be thrown away (bansos/actions/daftar_buang.py)."""

    dependencies = [("bansos", "0018_kuota_wilayah")]
    operations = [_sql.file("bansos", "buang_daftar.sql")]
