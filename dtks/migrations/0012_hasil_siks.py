import uuid

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

from core.migrations import _sql


class Migration(migrations.Migration):
    dependencies = [("dtks", "0011_ganda")]
    operations = [
        migrations.CreateModel(
            name="HasilSiks",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("nomor", models.PositiveIntegerField(verbose_name="baris di berkas")),
                ("hasil", models.CharField(max_length=60)),
                ("padan", models.CharField(blank=True, choices=[("padan", "Padan"), ("tidak", "Tidak padan"), ("", "Tidak disebut")], max_length=5)),
                ("nama_dukcapil", models.CharField(blank=True, max_length=100)),
                ("keterangan", models.CharField(blank=True, max_length=300)),
                ("tiket", models.UUIDField(null=True)),
                ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("impor", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="hasil_siks", to="dtks.impor")),
                ("individu", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="hasil_siks", to="dtks.individu")),
                ("usulan", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="hasil_siks", to="dtks.usulan")),
            ],
            options={
                "verbose_name": "hasil SIKS-NG",
                "verbose_name_plural": "hasil SIKS-NG",
                "ordering": ["-created_at", "-id"],
                "indexes": [models.Index(fields=["usulan", "individu", "-created_at", "-id"], name="hasilsiks_usulan")],
                "constraints": [models.UniqueConstraint(fields=("impor", "nomor"), name="hasilsiks_baris")],
            },
        ),
        _sql.file("dtks", "hasil_siks.sql"),
    ]
