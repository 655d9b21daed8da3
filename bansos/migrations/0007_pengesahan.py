import uuid

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

from core.migrations import _sql


class Migration(migrations.Migration):
    dependencies = [
        ("bansos", "0006_antrean"),
        ("core", "0003_indeks"),
        ("dtks", "0013_akurasi"),
        ("wilayah", "0001_awal"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="BatchPengesahan",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("nomor", models.CharField(max_length=20)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("disusun", "Disusun verifikator"),
                            ("diserahkan", "Diperiksa supervisor"),
                            ("diteruskan", "Menunggu pengesahan"),
                            ("disahkan", "Disahkan"),
                            ("dibubarkan", "Dibubarkan"),
                        ],
                        default="disusun",
                        max_length=20,
                    ),
                ),
                ("status_sejak", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("versi", models.PositiveIntegerField(default=0)),
                ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("updated_at", models.DateTimeField(auto_now=True)),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "pemeriksa_orang",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.orang",
                    ),
                ),
                (
                    "pengesah_orang",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.orang",
                    ),
                ),
                (
                    "pengesahan",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="batch",
                        to="bansos.pengesahan",
                    ),
                ),
                (
                    "penyusun_orang",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.orang",
                    ),
                ),
                (
                    "program",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="bansos.program"
                    ),
                ),
                (
                    "wilayah",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="wilayah.wilayah"
                    ),
                ),
            ],
            options={
                "verbose_name": "batch pengesahan",
                "verbose_name_plural": "batch pengesahan",
                "ordering": ["-created_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="BarisBatch",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("aktif", models.BooleanField(default=True)),
                ("keluar_at", models.DateTimeField(null=True)),
                ("keluar_alasan", models.CharField(blank=True, max_length=40)),
                ("keluar_kalimat", models.CharField(blank=True, max_length=200)),
                ("keluar_catatan", models.CharField(blank=True, max_length=500)),
                (
                    "keluar_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "usulan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="batch", to="dtks.usulan"
                    ),
                ),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="baris",
                        to="bansos.batchpengesahan",
                    ),
                ),
            ],
            options={
                "verbose_name": "usulan dalam batch",
                "verbose_name_plural": "usulan dalam batch",
            },
        ),
        migrations.CreateModel(
            name="Pengiriman",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("urut", models.PositiveSmallIntegerField()),
                ("nama_berkas", models.CharField(max_length=200)),
                ("sha256", models.BinaryField(max_length=32)),
                ("jumlah", models.PositiveIntegerField(verbose_name="jumlah usulan")),
                ("jumlah_baris", models.PositiveIntegerField(verbose_name="jumlah baris dalam berkas")),
                (
                    "tanpa_nomor",
                    models.PositiveIntegerField(default=0, verbose_name="orang tanpa NIK atau KK"),
                ),
                ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "tanda_terima",
                    models.CharField(blank=True, max_length=80, verbose_name="nomor tanda terima"),
                ),
                ("tanda_terima_tanggal", models.DateField(null=True, verbose_name="tanggal tanda terima")),
                (
                    "berkas",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="core.berkas"
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "pengesahan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pengiriman",
                        to="bansos.pengesahan",
                    ),
                ),
                (
                    "tanda_terima_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "pengiriman",
                "verbose_name_plural": "pengiriman",
                "ordering": ["urut"],
            },
        ),
        migrations.CreateModel(
            name="RiwayatBatch",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("urut", models.PositiveIntegerField()),
                ("langkah", models.CharField(max_length=30)),
                ("dari", models.CharField(max_length=30)),
                ("ke", models.CharField(max_length=30)),
                ("peran", models.CharField(blank=True, max_length=20)),
                ("alasan", models.CharField(blank=True, max_length=40)),
                ("alasan_kalimat", models.CharField(blank=True, max_length=200)),
                ("catatan", models.TextField(blank=True, max_length=2000)),
                ("pada", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="riwayat",
                        to="bansos.batchpengesahan",
                    ),
                ),
                (
                    "oleh",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "orang",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.orang",
                    ),
                ),
            ],
            options={
                "verbose_name": "riwayat batch",
                "verbose_name_plural": "riwayat batch",
                "ordering": ["urut"],
                "abstract": False,
            },
        ),
        migrations.AddIndex(
            model_name="batchpengesahan",
            index=models.Index(fields=["wilayah", "status", "-created_at"], name="batchpengesahan_daftar"),
        ),
        migrations.AddConstraint(
            model_name="batchpengesahan",
            constraint=models.UniqueConstraint(fields=("wilayah", "nomor"), name="batchpengesahan_nomor"),
        ),
        migrations.AddConstraint(
            model_name="batchpengesahan",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("penyusun_orang__isnull", True),
                        ("pemeriksa_orang__isnull", True),
                        models.Q(("penyusun_orang", models.F("pemeriksa_orang")), _negated=True),
                        _connector="OR",
                    ),
                    models.Q(
                        ("penyusun_orang__isnull", True),
                        ("pengesah_orang__isnull", True),
                        models.Q(("penyusun_orang", models.F("pengesah_orang")), _negated=True),
                        _connector="OR",
                    ),
                    models.Q(
                        ("pemeriksa_orang__isnull", True),
                        ("pengesah_orang__isnull", True),
                        models.Q(("pemeriksa_orang", models.F("pengesah_orang")), _negated=True),
                        _connector="OR",
                    ),
                ),
                name="batchpengesahan_tiga_orang",
            ),
        ),
        migrations.AddConstraint(
            model_name="batchpengesahan",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("pengesahan__isnull", False),
                    models.Q(("status", "disahkan"), _negated=True),
                    _connector="OR",
                ),
                name="batchpengesahan_surat",
            ),
        ),
        migrations.AddIndex(
            model_name="barisbatch",
            index=models.Index(fields=["batch", "aktif"], name="barisbatch_isi"),
        ),
        migrations.AddConstraint(
            model_name="barisbatch",
            constraint=models.UniqueConstraint(
                condition=models.Q(("aktif", True)), fields=("usulan",), name="barisbatch_satu"
            ),
        ),
        migrations.AddConstraint(
            model_name="barisbatch",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("keluar_at__isnull", True),
                    models.Q(("aktif", False), models.Q(("keluar_kalimat", ""), _negated=True)),
                    _connector="OR",
                ),
                name="barisbatch_keluar_beralasan",
            ),
        ),
        migrations.AddConstraint(
            model_name="pengiriman",
            constraint=models.UniqueConstraint(fields=("pengesahan", "urut"), name="pengiriman_urut"),
        ),
        migrations.AddConstraint(
            model_name="pengiriman",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("tanda_terima", ""), ("tanda_terima_tanggal__isnull", True)),
                    models.Q(
                        models.Q(("tanda_terima", ""), _negated=True), ("tanda_terima_tanggal__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="pengiriman_tanda_terima",
            ),
        ),
        migrations.AddConstraint(
            model_name="riwayatbatch",
            constraint=models.UniqueConstraint(fields=("batch", "urut"), name="riwayatbatch_urut"),
        ),
        _sql.file("bansos", "jaga_batch.sql"),
    ]
