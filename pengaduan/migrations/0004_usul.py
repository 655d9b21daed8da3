import core.privacy.fields
import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
import uuid
from django.conf import settings
from django.db import migrations, models

from core.migrations import _sql


class Migration(migrations.Migration):

    dependencies = [
        ("pengaduan", "0003_darurat"),
        ("accounts", "0001_initial"),
        ("core", "0001_initial"),
        ("dtks", "0001_initial"),
        ("wilayah", "0002_kalender"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Usul',
            fields=[
                ('jam_kunci', models.CharField(blank=True, max_length=40, verbose_name='jam')),
                ('jam_mulai', models.DateTimeField(null=True)),
                ('jam_lama', models.PositiveSmallIntegerField(null=True)),
                ('jam_kerja', models.BooleanField(default=True)),
                ('tenggat_at', models.DateTimeField(null=True, verbose_name='tenggat')),
                ('jam_selesai', models.DateTimeField(null=True)),
                ('jeda_sejak', models.DateTimeField(null=True)),
                ('jeda_sebab', models.CharField(blank=True, max_length=120, verbose_name='menunggu')),
                ('eskalasi', models.PositiveSmallIntegerField(default=0)),
                ('eskalasi_at', models.DateTimeField(null=True)),
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('tiket', models.CharField(max_length=20, unique=True)),
                ('pin_indeks', models.BinaryField(max_length=32)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('untuk', models.CharField(choices=[('sendiri', 'Diri sendiri'), ('keluarga', 'Keluarga sendiri'), ('tetangga', 'Tetangga')], max_length=10, verbose_name='untuk siapa')),
                ('kanal', models.CharField(choices=[('web', 'Halaman usul'), ('loket', 'Loket')], default='web', max_length=10)),
                ('nama_kepala', models.CharField(max_length=100, verbose_name='nama yang diusulkan')),
                ('nik_indeks', core.privacy.fields.BlindIndexField(blank=True, max_length=32, null=True, source='nik')),
                ('nik', core.privacy.fields.SealedField(blank=True, null=True, purpose='nik', verbose_name='NIK yang diusulkan')),
                ('alamat', models.CharField(max_length=200, verbose_name='alamat')),
                ('rt', models.CharField(blank=True, max_length=3, verbose_name='RT')),
                ('rw', models.CharField(blank=True, max_length=3, verbose_name='RW')),
                ('patokan', models.CharField(blank=True, max_length=200, verbose_name='patokan')),
                ('alasan', models.TextField(max_length=2000, verbose_name='keadaan keluarga')),
                ('pengusul_nama', core.privacy.fields.SealedField(blank=True, null=True, purpose='nama', verbose_name='nama pengusul')),
                ('pengusul_nik_indeks', core.privacy.fields.BlindIndexField(blank=True, max_length=32, null=True, source='pengusul_nik')),
                ('pengusul_nik', core.privacy.fields.SealedField(blank=True, null=True, purpose='nik', verbose_name='NIK pengusul')),
                ('telepon', core.privacy.fields.SealedField(blank=True, null=True, purpose='telepon', verbose_name='nomor HP pengusul')),
                ('tanda', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), blank=True, default=list, size=None)),
                ('status', models.CharField(choices=[('masuk', 'Menunggu desa'), ('diusulkan', 'Sudah jadi usulan'), ('minta_mundur', 'Pengusul minta mundur'), ('ditolak', 'Tidak dilanjutkan'), ('ditarik', 'Ditarik pengusul')], default='masuk', max_length=20)),
                ('status_sejak', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('versi', models.PositiveIntegerField(default=0)),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('usulan', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='usul_warga', to='dtks.usulan')),
                ('wilayah', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='wilayah.wilayah', verbose_name='desa/kelurahan')),
            ],
            options={
                'verbose_name': 'usul warga',
                'verbose_name_plural': 'usul warga',
            },
        ),
        migrations.CreateModel(
            name='RiwayatUsul',
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
                ('oleh', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('orang', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.orang')),
                ('usul', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='riwayat', to='pengaduan.usul')),
            ],
            options={
                'verbose_name': 'riwayat usul warga',
                'verbose_name_plural': 'riwayat usul warga',
                'ordering': ['urut'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='FotoUsul',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('jenis', models.CharField(max_length=20)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('berkas', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.berkas')),
                ('usul', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='foto', to='pengaduan.usul')),
            ],
            options={
                'verbose_name': 'foto usul warga',
                'verbose_name_plural': 'foto usul warga',
                'ordering': ['created_at', 'id'],
            },
        ),
        migrations.AddIndex(
            model_name='usul',
            index=models.Index(condition=models.Q(('eskalasi_at__isnull', False), ('jeda_sejak__isnull', True)), fields=['eskalasi_at'], name='usul_naik'),
        ),
        migrations.AddIndex(
            model_name='usul',
            index=models.Index(fields=['wilayah', 'status', 'tenggat_at', 'id'], name='usul_kotak_masuk'),
        ),
        migrations.AddIndex(
            model_name='usul',
            index=models.Index(fields=['nik_indeks'], name='usul_nik'),
        ),
        migrations.AddConstraint(
            model_name='usul',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('jam_lama__isnull', True), ('jam_mulai__isnull', True), ('tenggat_at__isnull', True)), models.Q(('jam_lama__gt', 0), ('jam_mulai__isnull', False), ('tenggat_at__gt', models.F('jam_mulai'))), _connector='OR'), name='usul_jam_utuh'),
        ),
        migrations.AddConstraint(
            model_name='usul',
            constraint=models.CheckConstraint(condition=models.Q(('jeda_sejak__isnull', True), models.Q(('jam_selesai__isnull', True), ('tenggat_at__isnull', False), models.Q(('jeda_sebab', ''), _negated=True)), _connector='OR'), name='usul_jam_jeda'),
        ),
        migrations.AddConstraint(
            model_name='usul',
            constraint=models.CheckConstraint(condition=models.Q(('eskalasi_at__isnull', True), models.Q(('jam_selesai__isnull', True), ('tenggat_at__isnull', False)), _connector='OR'), name='usul_jam_naik'),
        ),
        migrations.AddConstraint(
            model_name='usul',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status__in', ['diusulkan', 'minta_mundur']), _negated=True), ('usulan__isnull', False), _connector='OR'), name='usul_berusulan'),
        ),
        migrations.AddConstraint(
            model_name='usul',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kanal', 'loket'), _negated=True), ('created_by__isnull', False), _connector='OR'), name='usul_loket_pencatat'),
        ),
        migrations.AddConstraint(
            model_name='riwayatusul',
            constraint=models.UniqueConstraint(fields=('usul', 'urut'), name='riwayatusul_urut'),
        ),
        _sql.file("pengaduan", "usul.sql"),
    ]
