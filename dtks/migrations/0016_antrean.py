import datetime
import uuid

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models
from django.db.models.functions import Coalesce, Left

from core.migrations import _sql

_DB_KINI = django.db.models.functions.datetime.Now()


class Migration(migrations.Migration):
    dependencies = [("dtks", "0013_akurasi"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]
    operations = [
        # Null for all rows that are there: their fingerprints stay as they are.
        migrations.AddField("riwayatusulan", "rincian", models.JSONField(null=True)),
        migrations.CreateModel(
            name="PegangKasus",
            fields=[
                (
                    "usulan",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="pegang",
                        serialize=False,
                        to="dtks.usulan",
                    ),
                ),
                ("sejak", models.DateTimeField()),
                ("hingga", models.DateTimeField()),
                (
                    "pengguna",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "kasus yang sedang dibuka",
                "verbose_name_plural": "kasus yang sedang dibuka",
            },
        ),
        migrations.CreateModel(
            name="BukaKasus",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("versi", models.PositiveIntegerField()),
                ("pada", models.DateTimeField(db_default=_DB_KINI)),
                ("terakhir", models.DateTimeField(db_default=_DB_KINI)),
                ("detik", models.PositiveIntegerField(default=0)),
                (
                    "pengguna",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "usulan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="dibuka", to="dtks.usulan"
                    ),
                ),
            ],
            options={
                "verbose_name": "kasus yang dibaca",
                "verbose_name_plural": "kasus yang dibaca",
                "constraints": [
                    models.UniqueConstraint(fields=("usulan", "pengguna", "versi"), name="bukakasus_satu")
                ],
            },
        ),
        *(
            migrations.AddIndex(
                "usulan",
                models.Index(
                    models.F("status"),
                    Left("wilayah_id", panjang),
                    Coalesce(models.F("tenggat"), models.Value(datetime.date(9999, 12, 31))),
                    models.F("status_sejak"),
                    models.F("id"),
                    condition=models.Q(("status__in", ("diinput", "ditugaskan", "diases", "terverifikasi"))),
                    name=nama,
                ),
            )
            for nama, panjang in (("usulan_meja_kabupaten", 5), ("usulan_meja_kecamatan", 8))
        ),
        _sql.file("dtks", "antrean.sql"),
        _sql.file("dtks", "urung.sql"),
    ]
