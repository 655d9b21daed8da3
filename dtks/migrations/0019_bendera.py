import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q

from core.migrations import _sql


def _fk(ke: str, nama: str = "+", **opsi) -> models.ForeignKey:
    return models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name=nama, to=ke, **opsi)


class Migration(migrations.Migration):
    dependencies = [
        ("dtks", "0018_penugasan"),
        ("accounts", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        # Null for all flags that are there: their fingerprints stay as they are.
        migrations.AddField(
            "bendera",
            "orang",
            django.contrib.postgres.fields.ArrayField(models.UUIDField(), null=True, size=None),
        ),
        migrations.AddField("bendera", "ditutup_orang", _fk("accounts.orang", null=True)),
        migrations.AddField("bendera", "usul_tutup_by", _fk(settings.AUTH_USER_MODEL, null=True)),
        migrations.AddField("bendera", "usul_tutup_orang", _fk("accounts.orang", null=True)),
        migrations.AddField("bendera", "usul_tutup_at", models.DateTimeField(null=True)),
        migrations.AddConstraint(
            "bendera",
            models.CheckConstraint(
                name="bendera_kerabat_dua_orang",
                condition=~Q(kode="KERABAT_PETUGAS")
                | Q(ditutup_at__isnull=True)
                | (
                    Q(usul_tutup_orang__isnull=False, ditutup_orang__isnull=False)
                    & ~Q(usul_tutup_orang=F("ditutup_orang"))
                    & ~Q(alasan_tutup="")
                ),
            ),
        ),
        migrations.CreateModel(
            name="PernyataanKerabat",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "jenis",
                    models.CharField(
                        choices=[
                            ("ada", "Ada hubungan keluarga"),
                            ("tidak_ada", "Tidak ada hubungan keluarga"),
                            ("penutup", "Pernyataan yang menutup catatan"),
                        ],
                        max_length=10,
                    ),
                ),
                ("isi", models.CharField(max_length=600)),
                ("tanda_tangan", models.BinaryField(max_length=64)),
                ("pada", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("bendera", _fk("dtks.bendera", "pernyataan")),
                ("oleh", _fk(settings.AUTH_USER_MODEL)),
                ("orang", _fk("accounts.orang")),
            ],
            options={
                "verbose_name": "pernyataan kerabat",
                "verbose_name_plural": "pernyataan kerabat",
                "ordering": ["pada", "id"],
                "indexes": [models.Index(fields=["bendera", "orang"], name="pernyataankerabat_satu")],
            },
        ),
        _sql.file("dtks", "bendera.sql"),
    ]
