import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
import uuid
from django.conf import settings
from django.db import migrations, models

from core.migrations import _sql


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0003_kabar'),
        ('bansos', '0014_kuota'),
        ('core', '0006_tantangan_pakai'),
        ('dtks', '0020_hitungan'),
        ('wilayah', '0002_kalender'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='StatusSalur',
            fields=[
                ('kode', models.CharField(max_length=20, primary_key=True, serialize=False)),
                ('nama', models.CharField(max_length=60)),
                ('ejaan', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), default=list, size=None)),
                ('kelompok', models.CharField(choices=[('proses', 'Dalam proses'), ('gagal', 'Gagal rekening'), ('dibayar', 'Dana masuk'), ('tidak_transaksi', 'Dana tidak diambil'), ('diambil', 'Dana sudah diambil'), ('dikeluarkan', 'Dikeluarkan dari daftar bayar')], max_length=15)),
                ('capai', models.PositiveSmallIntegerField()),
                ('kalimat', models.CharField(max_length=200)),
                ('saran', models.CharField(max_length=300)),
                ('tindakan', models.CharField(max_length=300)),
                ('urut', models.PositiveSmallIntegerField()),
                ('aktif', models.BooleanField(default=True)),
                ('sumber', models.CharField(max_length=200)),
                ('status_verifikasi', models.CharField(default='perlu_cek', max_length=20)),
            ],
            options={
                'verbose_name': 'status penyaluran',
                'verbose_name_plural': 'status penyaluran',
                'ordering': ['urut', 'kode'],
                'constraints': [models.CheckConstraint(condition=models.Q(('capai__lte', 3)), name='statussalur_capai')],
            },
        ),
        migrations.CreateModel(
            name='Penyaluran',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('periode', models.CharField(max_length=7)),
                ('tahap', models.PositiveSmallIntegerField(default=1)),
                ('perorangan', models.BooleanField(default=False)),
                ('lembaga', models.CharField(blank=True, max_length=40, verbose_name='lembaga penyalur')),
                ('status_tanggal', models.DateField(verbose_name='tanggal status')),
                ('nominal', models.BigIntegerField()),
                ('nominal_perintah', models.BigIntegerField(null=True)),
                ('nominal_dibayar', models.BigIntegerField(null=True)),
                ('nominal_diambil', models.BigIntegerField(null=True)),
                ('keterangan', models.CharField(blank=True, max_length=200)),
                ('urut_riwayat', models.PositiveIntegerField(default=1)),
                ('berlaku', models.BooleanField(default=True)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('updated_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('baris', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='penyaluran', to='bansos.barispenetapan')),
                ('individu', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='penyaluran', to='dtks.individu')),
                ('keluarga', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='penyaluran', to='dtks.keluarga')),
                ('program', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='penyaluran', to='bansos.program')),
                ('wilayah', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='wilayah.wilayah')),
                ('status', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='bansos.statussalur')),
            ],
            options={
                'verbose_name': 'penyaluran',
                'verbose_name_plural': 'penyaluran',
                'ordering': ['-periode', '-tahap', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Graduasi',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('jenis', models.CharField(choices=[('alamiah', 'Graduasi alamiah'), ('mandiri', 'Graduasi mandiri')], max_length=10)),
                ('sebab', models.CharField(choices=[('tanpa_komponen', 'Tidak ada lagi anggota yang memenuhi komponen'), ('naik_desil', 'Desil keluarga naik melewati batas program'), ('meninggal', 'Penerima meninggal'), ('masa_habis', 'Masa kepesertaan paling lama sudah lewat'), ('permintaan', 'Keluarga meminta berhenti karena sudah mampu')], max_length=15)),
                ('alasan', models.CharField(max_length=500, verbose_name='keterangan')),
                ('rentan', models.BooleanField(verbose_name='ada lanjut usia atau penyandang disabilitas')),
                ('status', models.CharField(choices=[('menunggu', 'Menunggu orang kedua'), ('disetujui', 'Disetujui, usulan penghapusan belum dibuat'), ('diusulkan', 'Usulan penghapusan dibuat'), ('ditolak', 'Tidak disetujui')], max_length=10)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('diputus_at', models.DateTimeField(null=True)),
                ('alasan_putus', models.CharField(blank=True, max_length=500)),
                ('baris', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='graduasi', to='bansos.barispenetapan')),
                ('berkas', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.berkas')),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('diputus_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('keluarga', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='graduasi', to='dtks.keluarga')),
                ('pemutus_orang', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.orang')),
                ('pengaju_orang', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.orang')),
                ('program', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='bansos.program')),
                ('usulan', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='dtks.usulan')),
                ('wilayah', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='wilayah.wilayah')),
            ],
            options={
                'verbose_name': 'graduasi',
                'verbose_name_plural': 'graduasi',
                'ordering': ['-created_at', '-id'],
                'indexes': [models.Index(fields=['wilayah', 'status', '-created_at'], name='graduasi_daftar')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('status__in', ['menunggu', 'disetujui'])), fields=('baris',), name='graduasi_satu_berjalan'), models.CheckConstraint(condition=models.Q(models.Q(('rentan', True), ('status__in', ['disetujui', 'diusulkan']), _negated=True), ('pemutus_orang__isnull', False), _connector='OR'), name='graduasi_orang_kedua'), models.CheckConstraint(condition=models.Q(('pemutus_orang__isnull', True), models.Q(('pemutus_orang', models.F('pengaju_orang')), _negated=True), _connector='OR'), name='graduasi_dua_orang'), models.CheckConstraint(condition=models.Q(('status', 'diusulkan'), ('usulan__isnull', True), _connector='XOR'), name='graduasi_usulan'), models.CheckConstraint(condition=models.Q(models.Q(('status', 'ditolak'), _negated=True), models.Q(('alasan_putus', ''), _negated=True), _connector='OR'), name='graduasi_tolak_beralasan')],
            },
        ),
        migrations.CreateModel(
            name='PantauMandiri',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('tanggal', models.DateField(verbose_name='tanggal dilihat')),
                ('keadaan', models.CharField(choices=[('mandiri', 'Mandiri, penghasilan cukup'), ('goyah', 'Goyah, perlu didampingi'), ('jatuh', 'Kembali tidak mampu')], max_length=10)),
                ('catatan', models.CharField(blank=True, max_length=500)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('keluarga', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='pantau_mandiri', to='dtks.keluarga')),
                ('program', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='bansos.program')),
            ],
            options={
                'verbose_name': 'pemantauan sesudah graduasi',
                'verbose_name_plural': 'pemantauan sesudah graduasi',
                'ordering': ['-tanggal', '-created_at', '-id'],
                'indexes': [models.Index(fields=['keluarga', 'program', '-tanggal'], name='pantaumandiri_keluarga')],
            },
        ),
        migrations.CreateModel(
            name='RiwayatPenyaluran',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('urut', models.PositiveIntegerField()),
                ('nomor', models.PositiveIntegerField(verbose_name='baris di berkas')),
                ('lembaga', models.CharField(blank=True, max_length=40)),
                ('status_tanggal', models.DateField()),
                ('nominal', models.BigIntegerField()),
                ('nominal_perintah', models.BigIntegerField(null=True)),
                ('nominal_dibayar', models.BigIntegerField(null=True)),
                ('nominal_diambil', models.BigIntegerField(null=True)),
                ('keterangan', models.CharField(blank=True, max_length=200)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('impor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='riwayat_penyaluran', to='dtks.impor')),
                ('penyaluran', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='riwayat', to='bansos.penyaluran')),
                ('status', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='bansos.statussalur')),
            ],
            options={
                'verbose_name': 'riwayat penyaluran',
                'verbose_name_plural': 'riwayat penyaluran',
                'ordering': ['urut'],
                'constraints': [models.UniqueConstraint(fields=('penyaluran', 'urut'), name='riwayatpenyaluran_urut'), models.UniqueConstraint(fields=('impor', 'nomor'), name='riwayatpenyaluran_baris')],
            },
        ),
        migrations.AddIndex(
            model_name='penyaluran',
            index=models.Index(fields=['program', 'periode', 'wilayah', 'id'], name='penyaluran_daftar'),
        ),
        migrations.AddIndex(
            model_name='penyaluran',
            index=models.Index(fields=['wilayah', '-periode', 'id'], name='penyaluran_wilayah'),
        ),
        migrations.AddIndex(
            model_name='penyaluran',
            index=models.Index(fields=['keluarga', '-periode'], name='penyaluran_keluarga'),
        ),
        migrations.AddConstraint(
            model_name='penyaluran',
            constraint=models.UniqueConstraint(fields=('program', 'periode', 'tahap', 'individu'), name='penyaluran_satu_orang'),
        ),
        migrations.AddConstraint(
            model_name='penyaluran',
            constraint=models.UniqueConstraint(condition=models.Q(('berlaku', True), ('perorangan', False)), fields=('program', 'periode', 'tahap', 'keluarga'), name='penyaluran_satu_keluarga'),
        ),
        migrations.AddConstraint(
            model_name='penyaluran',
            constraint=models.CheckConstraint(condition=models.Q(('periode__regex', '^20[0-9]{2}-([1-4]|0[1-9]|1[0-2])$')), name='penyaluran_periode'),
        ),
        migrations.AddConstraint(
            model_name='penyaluran',
            constraint=models.CheckConstraint(condition=models.Q(('nominal__gte', 0), ('nominal__lte', 100000000)), name='penyaluran_nominal'),
        ),
        migrations.AddConstraint(
            model_name='penyaluran',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('nominal_diambil__isnull', True), ('nominal_dibayar__isnull', False), _connector='OR'), models.Q(('nominal_dibayar__isnull', True), ('nominal_perintah__isnull', False), _connector='OR')), name='penyaluran_urutan_uang'),
        ),
        migrations.AddConstraint(
            model_name='penyaluran',
            constraint=models.CheckConstraint(condition=models.Q(('nominal_diambil__isnull', True), ('nominal_diambil__lte', models.F('nominal_dibayar')), _connector='OR'), name='penyaluran_diambil'),
        ),
        _sql.file("bansos", "penyaluran.sql"),
        _sql.file("bansos", "cek_tanya.sql"),
    ]
