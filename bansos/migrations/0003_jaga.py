from django.db import migrations

from core.migrations import _sql


class Migration(migrations.Migration):
    dependencies = [("bansos", "0002_initial"), ("core", "0002_jaga")]
    operations = [_sql.file("bansos", "jaga.sql")]
