import django.db.models.deletion
import django.db.models.functions.datetime
import uuid
from django.conf import settings
from django.db import migrations, models

from core.migrations import _sql


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0003_kabar'),
        ("bansos", "0013_aturan"),
        ('core', '0006_tantangan_pakai'),
        ('dtks', '0020_hitungan'),
        ('wilayah', '0002_kalender'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='SumberPengecualian',
            fields=[
                ('kode', models.CharField(max_length=20, primary_key=True, serialize=False)),
                ('nama', models.CharField(max_length=100)),
                ('kalimat', models.CharField(max_length=150)),
                ('saran', models.CharField(max_length=300)),
                ('mengenai', models.CharField(choices=[('keluarga', 'Seluruh keluarga (satu KK)'), ('individu', 'Orang itu saja')], default='keluarga', max_length=8)),
                ('dasar_hukum', models.CharField(blank=True, max_length=300)),
                ('urut', models.PositiveSmallIntegerField()),
                ('aktif', models.BooleanField(default=True)),
            ],
            options={
                'verbose_name': 'sumber pengecualian',
                'verbose_name_plural': 'sumber pengecualian',
                'ordering': ['urut', 'kode'],
            },
        ),
        migrations.CreateModel(
            name='ButirPengecualian',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('nik_indeks', models.BinaryField(max_length=32)),
                ('asal', models.CharField(max_length=120, verbose_name='asal data')),
                ('tanggal_data', models.DateField(verbose_name='tanggal data')),
                ('berlaku_hingga', models.DateField(null=True, verbose_name='berlaku hingga')),
                ('keterangan', models.CharField(blank=True, max_length=200)),
                ('status', models.CharField(choices=[('berlaku', 'Berlaku'), ('disanggah', 'Disanggah'), ('gugur', 'Keliru, tidak dihitung'), ('diganti', 'Diganti data lebih baru')], default='berlaku', max_length=9)),
                ('nomor', models.PositiveIntegerField(verbose_name='baris di berkas')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('impor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='dtks.impor')),
                ('menggantikan', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='diganti_oleh', to='bansos.butirpengecualian')),
                ('wilayah', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='wilayah.wilayah')),
                ('sumber', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='butir', to='bansos.sumberpengecualian')),
            ],
            options={
                'verbose_name': 'butir pengecualian',
                'verbose_name_plural': 'butir pengecualian',
                'ordering': ['-tanggal_data', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Kuota',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('periode', models.CharField(max_length=6, verbose_name='triwulan')),
                ('jumlah', models.PositiveIntegerField(default=0, verbose_name='jumlah tempat')),
                ('pagu', models.PositiveBigIntegerField(null=True, verbose_name='pagu (rupiah setahun)')),
                ('versi', models.PositiveIntegerField(default=0)),
                ('terisi', models.IntegerField(default=0)),
                ('terpakai', models.BigIntegerField(default=0)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('program', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='kuota', to='bansos.program')),
                ('wilayah', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='wilayah.wilayah')),
            ],
            options={
                'verbose_name': 'kuota',
                'verbose_name_plural': 'kuota',
                'ordering': ['-periode', 'program_id', 'wilayah_id'],
            },
        ),
        migrations.CreateModel(
            name='PengisianKuota',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('peringkat', models.PositiveIntegerField(null=True)),
                ('nilai', models.PositiveBigIntegerField(default=0)),
                ('status', models.CharField(choices=[('terisi', 'Menempati kuota'), ('lepas', 'Keluar')], default='terisi', max_length=6)),
                ('asal', models.CharField(choices=[('daftar', 'Dari daftar kelayakan'), ('sk', 'Dari SK'), ('promosi', 'Naik dari daftar tunggu')], max_length=7)),
                ('alasan', models.CharField(max_length=300)),
                ('diisi_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('sebab_lepas', models.CharField(blank=True, max_length=300)),
                ('lepas_at', models.DateTimeField(null=True)),
                ('baris', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='bansos.barisdaftar')),
                ('diisi_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('individu', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='dtks.individu')),
                ('keluarga', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='dtks.keluarga')),
                ('kuota', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='pengisian', to='bansos.kuota')),
                ('lepas_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('menggantikan', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='diganti_oleh', to='bansos.pengisiankuota')),
            ],
            options={
                'verbose_name': 'pengisian kuota',
                'verbose_name_plural': 'pengisian kuota',
                'ordering': ['peringkat', 'id'],
            },
        ),
        migrations.CreateModel(
            name='PerubahanKuota',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('nomor', models.PositiveIntegerField(verbose_name='perubahan ke-')),
                ('jumlah_lama', models.PositiveIntegerField(default=0)),
                ('jumlah', models.PositiveIntegerField(verbose_name='jumlah tempat')),
                ('pagu_lama', models.PositiveBigIntegerField(null=True)),
                ('pagu', models.PositiveBigIntegerField(null=True, verbose_name='pagu (rupiah setahun)')),
                ('alasan', models.CharField(max_length=500)),
                ('dasar_hukum', models.CharField(max_length=300, verbose_name='dasar hukum')),
                ('sumber', models.CharField(blank=True, max_length=300)),
                ('status_verifikasi', models.CharField(default='perlu_cek', max_length=20)),
                ('status', models.CharField(choices=[('diusulkan', 'Menunggu persetujuan'), ('disetujui', 'Disetujui'), ('ditolak', 'Ditolak'), ('ditarik', 'Ditarik pengusul')], default='diusulkan', max_length=10)),
                ('unit_pengusul', models.CharField(max_length=80)),
                ('diusulkan_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('unit_pemutus', models.CharField(blank=True, max_length=80)),
                ('diputus_at', models.DateTimeField(null=True)),
                ('alasan_putusan', models.CharField(blank=True, max_length=500)),
                ('diputus_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('diputus_orang', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.orang')),
                ('diusulkan_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('diusulkan_orang', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.orang')),
                ('kuota', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='perubahan', to='bansos.kuota')),
            ],
            options={
                'verbose_name': 'perubahan kuota',
                'verbose_name_plural': 'perubahan kuota',
                'ordering': ['-diusulkan_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='SanggahButir',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('alasan', models.CharField(max_length=1000)),
                ('rujukan', models.CharField(blank=True, max_length=60, verbose_name='nomor aduan atau surat')),
                ('status', models.CharField(choices=[('diajukan', 'Menunggu putusan'), ('dikabulkan', 'Dikabulkan: data itu keliru'), ('ditolak', 'Ditolak: data itu benar'), ('ditarik', 'Ditarik warga')], default='diajukan', max_length=10)),
                ('batas_jawab', models.DateField(verbose_name='paling lambat diputus')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('diputus_at', models.DateTimeField(null=True)),
                ('alasan_putusan', models.CharField(blank=True, max_length=1000)),
                ('berkas', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.berkas')),
                ('butir', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sanggah', to='bansos.butirpengecualian')),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('created_orang', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.orang')),
                ('diputus_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('diputus_orang', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.orang')),
                ('individu', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='dtks.individu')),
            ],
            options={
                'verbose_name': 'sanggah pengecualian',
                'verbose_name_plural': 'sanggah pengecualian',
                'ordering': ['batas_jawab', 'id'],
            },
        ),
        migrations.AddIndex(
            model_name='kuota',
            index=models.Index(fields=['wilayah', '-periode', 'program'], name='kuota_wilayah'),
        ),
        migrations.AddConstraint(
            model_name='kuota',
            constraint=models.UniqueConstraint(fields=('program', 'wilayah', 'periode'), name='kuota_satu'),
        ),
        migrations.AddConstraint(
            model_name='kuota',
            constraint=models.CheckConstraint(condition=models.Q(('periode__regex', '^20[0-9]{2}-[1-4]$')), name='kuota_periode'),
        ),
        migrations.AddConstraint(
            model_name='kuota',
            constraint=models.CheckConstraint(condition=models.Q(('terisi__gte', 0), ('terisi__lte', models.F('jumlah'))), name='kuota_tak_lebih'),
        ),
        migrations.AddConstraint(
            model_name='kuota',
            constraint=models.CheckConstraint(condition=models.Q(('terpakai__gte', 0), models.Q(('pagu__isnull', True), ('terpakai__lte', models.F('pagu')), _connector='OR')), name='kuota_pagu_cukup'),
        ),
        migrations.AddIndex(
            model_name='pengisiankuota',
            index=models.Index(fields=['kuota', 'status', 'peringkat', 'id'], name='pengisiankuota_daftar'),
        ),
        migrations.AddConstraint(
            model_name='pengisiankuota',
            constraint=models.UniqueConstraint(condition=models.Q(('status', 'terisi')), fields=('kuota', 'keluarga', 'individu'), name='pengisiankuota_sekali', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='pengisiankuota',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('lepas_at__isnull', True), ('sebab_lepas', ''), ('status', 'terisi')), models.Q(('lepas_at__isnull', False), ('lepas_by__isnull', False), ('status', 'lepas'), models.Q(('sebab_lepas', ''), _negated=True)), _connector='OR'), name='pengisiankuota_lepas_beralasan'),
        ),
        migrations.AddConstraint(
            model_name='pengisiankuota',
            constraint=models.CheckConstraint(condition=models.Q(('alasan', ''), _negated=True), name='pengisiankuota_beralasan'),
        ),
        migrations.AddIndex(
            model_name='perubahankuota',
            index=models.Index(fields=['status', '-diusulkan_at', '-id'], name='perubahankuota_antre'),
        ),
        migrations.AddConstraint(
            model_name='perubahankuota',
            constraint=models.UniqueConstraint(fields=('kuota', 'nomor'), name='perubahankuota_nomor'),
        ),
        migrations.AddConstraint(
            model_name='perubahankuota',
            constraint=models.UniqueConstraint(condition=models.Q(('status', 'diusulkan')), fields=('kuota',), name='perubahankuota_satu_terbuka'),
        ),
        migrations.AddConstraint(
            model_name='perubahankuota',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('alasan', ''), _negated=True), models.Q(('dasar_hukum', ''), _negated=True)), name='perubahankuota_beralasan'),
        ),
        migrations.AddConstraint(
            model_name='perubahankuota',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status__in', ['disetujui', 'ditolak']), _negated=True), models.Q(('diputus_at__isnull', False), ('diputus_by__isnull', False), ('diputus_orang__isnull', False), models.Q(('diputus_orang', models.F('diusulkan_orang')), _negated=True), models.Q(('unit_pemutus', ''), _negated=True), models.Q(('unit_pemutus', models.F('unit_pengusul')), _negated=True)), _connector='OR'), name='perubahankuota_dua_unit'),
        ),
        migrations.AddConstraint(
            model_name='perubahankuota',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status', 'ditolak'), _negated=True), models.Q(('alasan_putusan', ''), _negated=True), _connector='OR'), name='perubahankuota_tolak_beralasan'),
        ),
        migrations.AddIndex(
            model_name='sanggahbutir',
            index=models.Index(fields=['status', 'batas_jawab', 'id'], name='sanggahbutir_antre'),
        ),
        migrations.AddConstraint(
            model_name='sanggahbutir',
            constraint=models.UniqueConstraint(condition=models.Q(('status', 'diajukan')), fields=('butir',), name='sanggahbutir_satu_terbuka'),
        ),
        migrations.AddConstraint(
            model_name='sanggahbutir',
            constraint=models.CheckConstraint(condition=models.Q(('alasan', ''), _negated=True), name='sanggahbutir_beralasan'),
        ),
        migrations.AddConstraint(
            model_name='sanggahbutir',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['diajukan', 'ditarik']), models.Q(('diputus_at__isnull', False), ('diputus_orang__isnull', False), models.Q(('alasan_putusan', ''), _negated=True)), _connector='OR'), name='sanggahbutir_putusan'),
        ),
        migrations.AddConstraint(
            model_name='sanggahbutir',
            constraint=models.CheckConstraint(condition=models.Q(('diputus_orang__isnull', True), ('created_orang__isnull', True), models.Q(('diputus_orang', models.F('created_orang')), _negated=True), _connector='OR'), name='sanggahbutir_orang_lain'),
        ),
        migrations.AddIndex(
            model_name='butirpengecualian',
            index=models.Index(fields=['wilayah', 'sumber', 'status', 'id'], name='butirpengecualian_daftar'),
        ),
        migrations.AddConstraint(
            model_name='butirpengecualian',
            constraint=models.UniqueConstraint(condition=models.Q(('status', 'diganti'), _negated=True), fields=('nik_indeks', 'sumber', 'wilayah'), name='butirpengecualian_satu'),
        ),
        migrations.AddConstraint(
            model_name='butirpengecualian',
            constraint=models.UniqueConstraint(fields=('impor', 'nomor'), name='butirpengecualian_baris'),
        ),
        _sql.file("bansos", "jaga_kuota.sql"),
    ]
