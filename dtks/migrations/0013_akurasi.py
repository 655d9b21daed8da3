from django.db import migrations, models


class Migration(migrations.Migration):
    """Null where nobody measured: such a column changes no fingerprint of the rows that are there (core/sql/jejak.sql)."""

    dependencies = [("dtks", "0012_hasil_siks")]
    operations = [
        migrations.AddField(
            "keluarga", "akurasi_m", models.PositiveIntegerField("ketelitian titik (meter)", null=True, blank=True)
        )
    ]
