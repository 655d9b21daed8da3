from django.db import migrations

from core.migrations import _sql


class Migration(migrations.Migration):
    initial = True
    dependencies = [("bansos", "0011_pengumuman")]
    operations = [_sql.file("pengaduan", "tiket.sql")]
