from django.db import migrations, models

from core.migrations import _sql


class Migration(migrations.Migration):
    """Rows of a list are checked as a set when they come, not one by one by a unique index (ADR 0025)."""

    dependencies = [("bansos", "0020_pbi_aktif")]
    operations = [
        migrations.AddIndex(
            model_name="barisdaftar",
            index=models.Index(fields=["daftar", "keluarga"], name="barisdaftar_keluarga"),
        ),
        migrations.RemoveConstraint(model_name="barisdaftar", name="barisdaftar_unik"),
        _sql.file("bansos", "daftar_sekali.sql"),
    ]
