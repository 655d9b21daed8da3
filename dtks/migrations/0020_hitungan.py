from django.db import migrations, models

from core.migrations import _sql


class Migration(migrations.Migration):
    dependencies = [("dtks", "0019_bendera")]
    operations = [
        migrations.CreateModel(
            name="HitunganUsulan",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("wilayah", models.CharField(db_collation="C", max_length=13, verbose_name="desa/kelurahan")),
                ("status", models.CharField(max_length=20)),
                ("program", models.CharField(max_length=20)),
                ("jalur", models.CharField(max_length=12)),
                ("periode", models.CharField(max_length=7)),
                ("n", models.IntegerField()),
                ("lipat", models.BooleanField(db_default=False, verbose_name="sudah dilipat")),
            ],
            options={
                "verbose_name": "hitungan usulan",
                "verbose_name_plural": "hitungan usulan",
                "indexes": [
                    models.Index(fields=["status", "wilayah"], include=("program", "jalur", "periode", "n"), name="hitunganusulan_baca"),
                    models.Index(fields=["periode", "wilayah"], include=("status", "program", "jalur", "n"), name="hitunganusulan_periode"),
                    models.Index(condition=models.Q(("lipat", False), ("n", 0), _connector="OR"), fields=["id"], name="hitunganusulan_kerja"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("lipat", True)),
                        fields=("status", "wilayah", "program", "jalur", "periode"),
                        name="hitunganusulan_lipat",
                    )
                ],
            },
        ),
        _sql.file("dtks", "hitungan.sql"),
        migrations.RunSQL("select usulan_hitung_ulang()", migrations.RunSQL.noop),
    ]
