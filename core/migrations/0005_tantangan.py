from django.db import migrations, models


class Migration(migrations.Migration):
    """Challenges of public forms that were used up (core/tantangan.py)."""

    dependencies = [("core", "0004_surat")]
    operations = [
        migrations.CreateModel(
            name="Tantangan",
            fields=[
                ("acak", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("isi", models.BinaryField(max_length=32)),
                ("hingga", models.DateTimeField(db_index=True)),
            ],
            options={"verbose_name": "tantangan terpakai", "verbose_name_plural": "tantangan terpakai"},
        ),
    ]
