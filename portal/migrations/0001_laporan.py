import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="Ringkasan",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("ukuran", models.CharField(max_length=20)),
                ("wilayah", models.CharField(blank=True, db_collation="C", max_length=13, verbose_name="desa/kelurahan")),
                ("periode", models.CharField(blank=True, max_length=7)),
                ("rinci", models.CharField(blank=True, max_length=80)),
                ("n", models.BigIntegerField()),
                ("m", models.BigIntegerField(db_default=0)),
                ("dihitung_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                "verbose_name": "ringkasan laporan",
                "verbose_name_plural": "ringkasan laporan",
                "constraints": [models.UniqueConstraint(fields=("ukuran", "wilayah", "periode", "rinci"), name="ringkasan_unik")],
            },
        ),
    ]
