import uuid

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("dtks", "0004_tinjauan"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]
    operations = [
        migrations.CreateModel(
            name="DrafIsian",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("kunci", models.CharField(max_length=200, verbose_name="alamat formulir")),
                ("isi", models.BinaryField(verbose_name="isian")),
                ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("pengguna", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "verbose_name": "draf isian",
                "verbose_name_plural": "draf isian",
                "indexes": [models.Index(fields=["updated_at"], name="drafisian_lama")],
                "constraints": [models.UniqueConstraint(fields=("pengguna", "kunci"), name="drafisian_satu_per_formulir")],
            },
        ),
    ]
