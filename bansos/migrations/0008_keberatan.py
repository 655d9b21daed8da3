import uuid

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

from core.migrations import _sql


class Migration(migrations.Migration):
    dependencies = [
        ("bansos", "0007_pengesahan"),
        ("core", "0004_surat"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Keberatan',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('nomor', models.CharField(max_length=20)),
                ('urut_putusan', models.PositiveIntegerField()),
                ('putusan', models.CharField(max_length=20)),
                ('putusan_tanggal', models.DateField(verbose_name='tanggal putusan')),
                ('diterima_tanggal', models.DateField(verbose_name='tanggal keberatan diterima')),
                ('batas_ajukan', models.DateField(verbose_name='paling lambat diajukan')),
                ('alasan_terlambat', models.CharField(blank=True, max_length=500)),
                ('batas_jawab', models.DateField(verbose_name='paling lambat dijawab')),
                ('pemohon', models.CharField(max_length=100)),
                ('alasan', models.TextField(max_length=2000)),
                ('status', models.CharField(choices=[('diajukan', 'Menunggu putusan'), ('dikabulkan', 'Dikabulkan'), ('ditolak', 'Ditolak'), ('dianggap_kabul', 'Dianggap dikabulkan, lewat waktu')], default='diajukan', max_length=20)),
                ('status_sejak', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('versi', models.PositiveIntegerField(default=0)),
                ('dieskalasi_at', models.DateTimeField(null=True)),
                ('alasan_putusan', models.TextField(blank=True, max_length=2000)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('berkas', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.berkas')),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('dokumen', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.dokumen')),
                ('pemutus_orang', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.orang')),
                ('usulan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='keberatan', to='dtks.usulan')),
                ('usulan_baru', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='dtks.usulan')),
                ('wilayah', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='wilayah.wilayah')),
            ],
            options={
                'verbose_name': 'keberatan',
                'verbose_name_plural': 'keberatan',
                'ordering': ['batas_jawab', 'id'],
            },
        ),
        migrations.CreateModel(
            name='RiwayatKeberatan',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('urut', models.PositiveIntegerField()),
                ('langkah', models.CharField(max_length=30)),
                ('dari', models.CharField(max_length=30)),
                ('ke', models.CharField(max_length=30)),
                ('peran', models.CharField(blank=True, max_length=20)),
                ('alasan', models.CharField(blank=True, max_length=40)),
                ('alasan_kalimat', models.CharField(blank=True, max_length=200)),
                ('catatan', models.TextField(blank=True, max_length=2000)),
                ('pada', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('keberatan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='riwayat', to='bansos.keberatan')),
                ('oleh', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('orang', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.orang')),
            ],
            options={
                'verbose_name': 'riwayat keberatan',
                'verbose_name_plural': 'riwayat keberatan',
                'ordering': ['urut'],
                'abstract': False,
            },
        ),
        migrations.AddIndex(
            model_name='keberatan',
            index=models.Index(fields=['wilayah', 'status', 'batas_jawab'], name='keberatan_antrean'),
        ),
        migrations.AddConstraint(
            model_name='keberatan',
            constraint=models.UniqueConstraint(fields=('nomor', 'wilayah'), name='keberatan_nomor'),
        ),
        migrations.AddConstraint(
            model_name='keberatan',
            constraint=models.UniqueConstraint(fields=('usulan', 'urut_putusan'), name='keberatan_sekali'),
        ),
        migrations.AddConstraint(
            model_name='keberatan',
            constraint=models.CheckConstraint(condition=models.Q(('diterima_tanggal__lte', models.F('batas_ajukan')), models.Q(('alasan_terlambat', ''), _negated=True), _connector='OR'), name='keberatan_terlambat_beralasan'),
        ),
        migrations.AddConstraint(
            model_name='keberatan',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status__in', ['dikabulkan', 'ditolak']), _negated=True), models.Q(models.Q(('alasan_putusan', ''), _negated=True), ('dokumen__isnull', False)), _connector='OR'), name='keberatan_putusan_beralasan'),
        ),
        migrations.AddConstraint(
            model_name='riwayatkeberatan',
            constraint=models.UniqueConstraint(fields=('keberatan', 'urut'), name='riwayatkeberatan_urut'),
        ),
        _sql.file("bansos", "jaga_keberatan.sql"),
    ]
