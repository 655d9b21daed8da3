from django.db import migrations

from core.migrations import _sql


class Migration(migrations.Migration):
    dependencies = [("bansos", "0017_serah")]

    operations = [_sql.file("bansos", "perubahan_sk.sql")]
