import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("portal", "0001_laporan")]
    operations = [
        migrations.CreateModel(
            name="StatistikUmum",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("wilayah", models.CharField(db_collation="C", max_length=8, verbose_name="kabupaten/kota atau kecamatan")),
                ("periode", models.CharField(blank=True, max_length=7)),
                ("isi", models.JSONField()),
                ("dihitung_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                "verbose_name": "angka untuk umum",
                "verbose_name_plural": "angka untuk umum",
                "constraints": [models.UniqueConstraint(fields=("wilayah", "periode"), name="statistik_unik")],
            },
        ),
    ]
