import django.core.serializers.json
import django.db.models.deletion
import django.db.models.functions.datetime
import uuid
from django.conf import settings
from django.db import migrations, models

from core.migrations import _sql


class Migration(migrations.Migration):

    dependencies = [
        ('bansos', '0012_cek_tanya'),
        ('core', '0006_tantangan_pakai'),
        ('dtks', '0020_hitungan'),
        ('wilayah', '0002_kalender'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='AturanProgram',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('versi', models.PositiveIntegerField()),
                ('isi', models.JSONField(encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ('status', models.CharField(choices=[('draf', 'Draf'), ('diajukan', 'Menunggu persetujuan'), ('berlaku', 'Disetujui'), ('ditolak', 'Ditolak'), ('dicabut', 'Dicabut')], default='draf', max_length=10)),
                ('berlaku_sejak', models.DateField()),
                ('berlaku_hingga', models.DateField(blank=True, null=True)),
                ('dasar_hukum', models.CharField(max_length=300)),
                ('sumber', models.TextField(max_length=2000, verbose_name='dari mana nilainya')),
                ('status_verifikasi', models.CharField(choices=[('perlu_cek', 'Perlu dicek ke naskahnya'), ('terverifikasi', 'Sudah dicek ke naskahnya'), ('kebijakan', 'Kebijakan daerah')], default='perlu_cek', max_length=15)),
                ('catatan', models.TextField(blank=True, max_length=2000)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('diajukan_at', models.DateTimeField(null=True)),
                ('diputus_at', models.DateTimeField(null=True)),
                ('alasan_putus', models.CharField(blank=True, max_length=500)),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('diajukan_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('diputus_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('program', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='aturan', to='bansos.program')),
                ('wilayah', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='wilayah.wilayah')),
            ],
            options={
                'verbose_name': 'aturan program',
                'verbose_name_plural': 'aturan program',
                'ordering': ['program', '-versi'],
            },
        ),
        migrations.CreateModel(
            name='DaftarKelayakan',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('periode', models.CharField(max_length=7, verbose_name='triwulan')),
                ('kuota', models.PositiveIntegerField(null=True)),
                ('snapshot', models.CharField(max_length=60)),
                ('sidik', models.BinaryField(max_length=32)),
                ('jumlah', models.JSONField(default=dict)),
                ('status', models.CharField(choices=[('dihitung', 'Dihitung, belum ditandatangani'), ('ditandatangani', 'Ditandatangani'), ('digantikan', 'Digantikan daftar yang lebih baru'), ('dicabut', 'Dicabut')], default='dihitung', max_length=15)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('ditandatangani_at', models.DateTimeField(null=True)),
                ('alasan_status', models.CharField(blank=True, max_length=300)),
                ('aturan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='daftar', to='bansos.aturanprogram')),
                ('berkas', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.berkas')),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('ditandatangani_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('program', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='daftar', to='bansos.program')),
                ('wilayah', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='wilayah.wilayah')),
            ],
            options={
                'verbose_name': 'daftar kelayakan',
                'verbose_name_plural': 'daftar kelayakan',
                'ordering': ['-created_at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='BarisDaftar',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('nama_kepala', models.CharField(max_length=100)),
                ('desil', models.PositiveSmallIntegerField(null=True)),
                ('skor', models.PositiveSmallIntegerField(default=0)),
                ('peringkat', models.PositiveIntegerField(null=True)),
                ('hasil', models.CharField(choices=[('layak', 'Layak'), ('daftar_tunggu', 'Daftar tunggu'), ('tidak_layak', 'Tidak layak')], max_length=15)),
                ('manfaat', models.BigIntegerField(default=0)),
                ('sebab', models.PositiveIntegerField()),
                ('data_per', models.DateField(null=True)),
                ('individu', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='dtks.individu')),
                ('keluarga', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='dtks.keluarga')),
                ('wilayah', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='wilayah.wilayah')),
                ('daftar', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='baris', to='bansos.daftarkelayakan')),
            ],
            options={
                'verbose_name': 'baris daftar kelayakan',
                'verbose_name_plural': 'baris daftar kelayakan',
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='SebabDaftar',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('nomor', models.PositiveIntegerField()),
                ('isi', models.JSONField()),
                ('komponen', models.JSONField(default=list)),
                ('daftar', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sebab', to='bansos.daftarkelayakan')),
            ],
            options={
                'verbose_name': 'sebab dalam daftar',
                'verbose_name_plural': 'sebab dalam daftar',
            },
        ),
        migrations.AddConstraint(
            model_name='aturanprogram',
            constraint=models.UniqueConstraint(fields=('program', 'versi'), name='aturanprogram_versi'),
        ),
        migrations.AddConstraint(
            model_name='aturanprogram',
            constraint=models.CheckConstraint(condition=models.Q(('berlaku_hingga__isnull', True), ('berlaku_hingga__gte', models.F('berlaku_sejak')), _connector='OR'), name='aturanprogram_masa'),
        ),
        migrations.AddConstraint(
            model_name='aturanprogram',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status', 'ditolak'), _negated=True), models.Q(('alasan_putus', ''), _negated=True), _connector='OR'), name='aturanprogram_putusan'),
        ),
        migrations.AddIndex(
            model_name='daftarkelayakan',
            index=models.Index(fields=['program', 'wilayah', 'periode', '-created_at'], name='daftarkelayakan_cari'),
        ),
        migrations.AddConstraint(
            model_name='daftarkelayakan',
            constraint=models.UniqueConstraint(condition=models.Q(('status', 'ditandatangani')), fields=('program', 'wilayah', 'periode'), name='daftarkelayakan_satu_sah'),
        ),
        migrations.AddConstraint(
            model_name='daftarkelayakan',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status', 'ditandatangani'), _negated=True), models.Q(('berkas__isnull', False), ('ditandatangani_at__isnull', False), ('ditandatangani_by__isnull', False)), _connector='OR'), name='daftarkelayakan_tanda_tangan'),
        ),
        migrations.AddIndex(
            model_name='barisdaftar',
            index=models.Index(fields=['daftar', 'wilayah'], name='barisdaftar_wilayah'),
        ),
        migrations.AddConstraint(
            model_name='barisdaftar',
            constraint=models.UniqueConstraint(fields=('daftar', 'keluarga', 'individu'), name='barisdaftar_unik', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='sebabdaftar',
            constraint=models.UniqueConstraint(fields=('daftar', 'nomor'), name='sebabdaftar_nomor'),
        ),
        _sql.file("bansos", "aturan.sql"),
    ]
