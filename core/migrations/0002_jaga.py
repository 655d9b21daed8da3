from django.db import migrations

from core.migrations import _sql


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]
    operations = [_sql.file("core", "jejak.sql"), _sql.file("core", "alur.sql"), _sql.file("core", "jaga.sql")]
