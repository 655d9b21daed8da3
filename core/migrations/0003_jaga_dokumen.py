from django.db import migrations

from core.migrations import _sql


class Migration(migrations.Migration):
    dependencies = [("core", "0002_jaga")]
    operations = [_sql.file("core", "sidik.sql")]
