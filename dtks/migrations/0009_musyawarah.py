import django.db.models.deletion
from django.db import migrations, models

from core.migrations import _sql

_BERJALAN = ("dijadwalkan", "terlaksana", "ditandatangani")


def _dokumen():
    return models.ForeignKey(
        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="core.dokumen"
    )


class Migration(migrations.Migration):
    dependencies = [("dtks", "0008_periode"), ("core", "0003_indeks"), ("wilayah", "0001_awal")]

    operations = [
        migrations.AddField(
            "musyawarah",
            "alasan_perbaikan",
            models.CharField(
                blank=True, default="", db_default="", max_length=300, verbose_name="yang keliru dan sebabnya"
            ),
        ),
        migrations.AddField("musyawarah", "bnba", _dokumen()),
        migrations.AddField("musyawarah", "undangan", _dokumen()),
        migrations.AddField(
            "musyawarah",
            "perbaikan_dari",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="perbaikan",
                to="dtks.musyawarah",
            ),
        ),
        migrations.AddField(
            "putusanmusyawarah",
            "alasan_kode",
            models.CharField(blank=True, default="", db_default="", max_length=40, verbose_name="alasan"),
        ),
        migrations.AddField(
            "putusanmusyawarah",
            "suara_setuju",
            models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="suara setuju"),
        ),
        migrations.AddField(
            "putusanmusyawarah",
            "suara_tidak",
            models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="suara tidak setuju"),
        ),
        migrations.AddField(
            "putusanmusyawarah", "versi", models.PositiveIntegerField(db_default=0, default=0)
        ),
        migrations.AlterField(
            "putusanmusyawarah",
            "putusan",
            models.CharField(
                blank=True,
                choices=[
                    ("", "Belum diputus"),
                    ("disepakati", "Disepakati"),
                    ("ditolak", "Ditolak (tidak layak)"),
                    ("ditunda", "Ditunda"),
                    ("meninggal", "Meninggal"),
                    ("pindah", "Pindah"),
                    ("keluar", "Dikeluarkan dari daftar"),
                ],
                default="",
                max_length=12,
            ),
        ),
        migrations.AddConstraint(
            "musyawarah",
            models.UniqueConstraint(
                condition=models.Q(("status__in", _BERJALAN)),
                fields=("perbaikan_dari",),
                name="musyawarah_satu_perbaikan",
            ),
        ),
        migrations.AddConstraint(
            "musyawarah",
            models.CheckConstraint(
                condition=models.Q(
                    models.Q(("alasan_perbaikan", ""), ("perbaikan_dari__isnull", True)),
                    models.Q(
                        ("perbaikan_dari__isnull", False),
                        models.Q(("alasan_perbaikan", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="musyawarah_perbaikan_beralasan",
            ),
        ),
        _sql.file("dtks", "jaga_musyawarah.sql"),
        # Columns that are not null: rows that are there get fingerprints anew, or the self-check would call them altered.
        migrations.RunSQL(
            "select jejak_sidik_ulang(t, 'kolom perbaikan, alasan, dan versi putusan')"
            " from unnest(array['dtks_musyawarah', 'dtks_putusanmusyawarah']) t"
            " where exists (select 1 from dtks_musyawarah)",
            migrations.RunSQL.noop,
        ),
    ]
