"""The clock of a state: working days, pauses, and what was raised because it ran. New columns are null: fingerprints stay."""

import uuid

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

from core.migrations import _sql

_STATUS = [
    ("draf", "Draf"), ("diajukan", "Diajukan ke desa"), ("dimusyawarahkan", "Dibahas di musyawarah"),
    ("disepakati", "Disepakati musyawarah"), ("diinput", "Lengkap, dikirim ke Dinsos"), ("ditugaskan", "Menunggu kunjungan"),
    ("diases", "Sudah dikunjungi"), ("terverifikasi", "Lolos verifikasi"), ("disahkan", "Disahkan Kepala Dinas"),
    ("dikirim", "Dikirim untuk penetapan"), ("ditetapkan", "Ditetapkan sebagai penerima"), ("tidak_ditetapkan", "Tidak ditetapkan"),
    ("daftar_tunggu", "Daftar tunggu (kuota)"), ("ditolak", "Ditolak"), ("ditunda", "Ditunda"), ("ditarik", "Ditarik pengusul"),
]  # fmt: skip
_KINI = django.db.models.functions.datetime.Now()


class Migration(migrations.Migration):
    dependencies = [("dtks", "0016_antrean"), ("wilayah", "0002_kalender")]
    operations = [
        migrations.AddField("usulan", "tenggat_hari", models.PositiveSmallIntegerField(blank=True, null=True)),
        migrations.AddField("usulan", "tenggat_mulai", models.DateField(blank=True, null=True)),
        migrations.CreateModel(
            name="Eskalasi",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("status", models.CharField(choices=_STATUS, max_length=20)),
                ("mulai", models.DateField()),
                ("ambang", models.PositiveSmallIntegerField()),
                ("tenggat", models.DateField()),
                ("created_at", models.DateTimeField(db_default=_KINI)),
                ("usulan", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="eskalasi", to="dtks.usulan")),
            ],
            options={
                "verbose_name": "eskalasi",
                "verbose_name_plural": "eskalasi",
                "constraints": [models.UniqueConstraint(fields=("usulan", "status", "mulai", "ambang"), name="eskalasi_sekali")],
            },
        ),
        migrations.CreateModel(
            name="JedaTenggat",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("status", models.CharField(choices=_STATUS, max_length=20)),
                ("jenis", models.CharField(choices=[("tunda", "Ditunda"), ("kembali", "Dikembalikan"), ("surat", "Surat ke Disdukcapil")], max_length=10)),
                ("menunggu", models.CharField(max_length=120, verbose_name="yang ditunggu")),
                ("alasan", models.CharField(blank=True, max_length=200)),
                ("sejak", models.DateField()),
                ("sampai", models.DateField(null=True)),
                ("mulai_semula", models.DateField(null=True)),
                ("hari_semula", models.PositiveSmallIntegerField(null=True)),
                ("tenggat_semula", models.DateField(null=True)),
                ("dibuka_versi", models.PositiveIntegerField()),
                ("ditutup_versi", models.PositiveIntegerField(null=True)),
                ("created_at", models.DateTimeField(db_default=_KINI)),
                ("usulan", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="jeda", to="dtks.usulan")),
            ],
            options={
                "verbose_name": "jeda tenggat",
                "verbose_name_plural": "jeda tenggat",
                "indexes": [models.Index(fields=["usulan", "status", "sejak"], name="jeda_usulan")],
                "constraints": [
                    models.UniqueConstraint(condition=models.Q(("sampai__isnull", True)), fields=("usulan", "status"), name="jeda_satu_terbuka"),
                    models.CheckConstraint(condition=models.Q(("sampai__isnull", True), ("sampai__gte", models.F("sejak")), _connector="OR"), name="jeda_maju"),
                ],
            },
        ),
        _sql.file("dtks", "tenggat.sql"),
    ]
