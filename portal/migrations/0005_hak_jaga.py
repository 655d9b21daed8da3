from django.db import migrations

from core.migrations import _sql


class Migration(migrations.Migration):
    dependencies = [("portal", "0004_hak"), ("pengaduan", "0006_rahasia"), ("dtks", "0025_beku"), ("bansos", "0023_perubahan_sk")]
    operations = [_sql.file("portal", "hak.sql"), _sql.file("portal", "beku.sql")]
