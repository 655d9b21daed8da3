from django.db import migrations

from core.migrations import _sql


class Migration(migrations.Migration):
    """What /cek/ asks (bansos/actions/cek.py)."""

    dependencies = [("bansos", "0011_pengumuman"), ("core", "0006_tantangan_pakai")]
    operations = [_sql.file("bansos", "cek_tanya.sql")]
