"""Working days: national and regional days off."""

import django.db.models.deletion
from django.db import migrations, models

from core.migrations import _sql


class Migration(migrations.Migration):
    dependencies = [("wilayah", "0001_awal"), ("core", "0003_indeks")]
    operations = [
        migrations.CreateModel(
            name="HariLibur",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("tanggal", models.DateField()),
                ("nama", models.CharField(max_length=100)),
                ("jenis", models.CharField(choices=[("libur_nasional", "Libur nasional"), ("cuti_bersama", "Cuti bersama"), ("daerah", "Libur daerah")], max_length=16)),
                ("dasar_hukum", models.CharField(max_length=300)),
                ("sumber", models.CharField(blank=True, max_length=300)),
                ("perkiraan", models.BooleanField(default=False)),
                ("wilayah", models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="wilayah.wilayah", verbose_name="provinsi atau kabupaten/kota")),
            ],
            options={
                "verbose_name": "hari libur",
                "verbose_name_plural": "hari libur",
                "ordering": ["tanggal", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("tanggal", "wilayah"), name="harilibur_satu_sehari", nulls_distinct=False),
                    models.CheckConstraint(condition=models.Q(models.Q(("jenis", "daerah"), ("wilayah__isnull", False)), models.Q(models.Q(("jenis", "daerah"), _negated=True), ("wilayah__isnull", True)), _connector="OR"), name="harilibur_daerah_berwilayah"),
                ],
            },
        ),
        _sql.file("wilayah", "kalender.sql"),
    ]
