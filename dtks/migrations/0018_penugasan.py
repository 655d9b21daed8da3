import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

from core.migrations import _sql

_DB_KINI = django.db.models.functions.datetime.Now()
_ID = ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False))


def _fk(ke: str, nama: str = "+", **opsi) -> models.ForeignKey:
    return models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name=nama, to=ke, **opsi)


class Migration(migrations.Migration):
    dependencies = [
        ("dtks", "0017_tenggat"),
        ("wilayah", "0001_awal"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        # Null for all rows that are there: their fingerprints stay as they are.
        migrations.AddField("asesmen", "mulai_at", models.DateTimeField(null=True, verbose_name="mulai kunjungan")),
        migrations.AddField(
            "asesmen",
            "tanpa_benturan_at",
            models.DateTimeField(null=True, verbose_name="menyatakan tanpa benturan kepentingan"),
        ),
        migrations.AddField(
            "asesmen",
            "kunjungan_lagi",
            models.DateField(null=True, verbose_name="rencana kunjungan berikutnya"),
        ),
        migrations.CreateModel(
            name="PermintaanAlih",
            fields=[
                _ID,
                ("alasan", models.CharField(max_length=40)),
                ("catatan", models.CharField(max_length=500)),
                ("created_at", models.DateTimeField(db_default=_DB_KINI)),
                ("petugas", _fk(settings.AUTH_USER_MODEL)),
                ("usulan", _fk("dtks.usulan", "permintaan_alih")),
            ],
            options={
                "verbose_name": "permintaan diganti",
                "verbose_name_plural": "permintaan diganti",
                "indexes": [models.Index(fields=["usulan", "petugas"], name="permintaanalih_usulan")],
            },
        ),
        migrations.CreateModel(
            name="KebijakanSampel",
            fields=[
                _ID,
                ("periode", models.CharField(max_length=7)),
                ("persen", models.PositiveSmallIntegerField(verbose_name="persen yang dikunjungi")),
                (
                    "kecuali_jalur",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=12), default=list, size=None
                    ),
                ),
                ("dasar_hukum", models.CharField(max_length=300, verbose_name="dasar hukum")),
                ("tutup_at", models.DateTimeField(verbose_name="daftar ditutup")),
                ("sidik_benih", models.CharField(max_length=64, verbose_name="sidik benih (SHA-256)")),
                ("benih_segel", models.BinaryField()),
                ("benih", models.CharField(blank=True, max_length=64, verbose_name="benih")),
                ("dibuka_at", models.DateTimeField(null=True)),
                ("created_at", models.DateTimeField(db_default=_DB_KINI)),
                ("created_by", _fk(settings.AUTH_USER_MODEL)),
                ("dibuka_by", _fk(settings.AUTH_USER_MODEL, null=True)),
                ("wilayah", _fk("wilayah.wilayah")),
            ],
            options={
                "verbose_name": "kebijakan sampel",
                "verbose_name_plural": "kebijakan sampel",
                "ordering": ["-periode", "wilayah", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("wilayah", "periode"), name="kebijakansampel_satu"),
                    models.CheckConstraint(
                        condition=models.Q(("persen__gte", 1), ("persen__lte", 99)),
                        name="kebijakansampel_persen",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SampelUsulan",
            fields=[
                _ID,
                (
                    "angka",
                    models.CharField(
                        max_length=64, verbose_name="angka (SHA-256 dari benih dan nomor usulan)"
                    ),
                ),
                ("dikunjungi", models.BooleanField()),
                ("created_at", models.DateTimeField(db_default=_DB_KINI)),
                ("kebijakan", _fk("dtks.kebijakansampel", "daftar")),
                ("usulan", _fk("dtks.usulan", "sampel")),
            ],
            options={
                "verbose_name": "daftar sampel",
                "verbose_name_plural": "daftar sampel",
                "ordering": ["angka"],
                "constraints": [
                    models.UniqueConstraint(fields=("kebijakan", "usulan"), name="sampelusulan_satu")
                ],
            },
        ),
        _sql.file("dtks", "penugasan.sql"),
    ]
