from django.db import migrations, models


class Migration(migrations.Migration):
    """A nullable column without a default: no rewrite of the table, the lock is held for an instant."""

    dependencies = [("dtks", "0022_dinding")]
    operations = [
        migrations.AddField("keluarga", "dibekukan_at", models.DateTimeField(editable=False, null=True)),
    ]
