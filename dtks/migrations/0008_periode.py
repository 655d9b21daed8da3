import django.db.models.deletion
import django.db.models.functions.datetime
import uuid
from django.conf import settings
from django.db import migrations, models

from core.migrations import _sql


class Migration(migrations.Migration):

    dependencies = [
        ('dtks', '0007_impor'),
        ('wilayah', '0001_awal'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='GuliranPeriode',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('dari', models.CharField(max_length=7)),
                ('ke', models.CharField(max_length=7)),
                ('batas', models.DateTimeField()),
                ('status', models.CharField(max_length=20)),
                ('putaran', models.UUIDField(null=True)),
                ('pada', models.DateTimeField()),
            ],
            options={
                'verbose_name': 'guliran periode',
                'verbose_name_plural': 'guliran periode',
                'ordering': ['dari'],
            },
        ),
        migrations.CreateModel(
            name='Periode',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('program', models.CharField(blank=True, max_length=20, verbose_name='program (kosong: semua)')),
                ('jalur', models.CharField(blank=True, choices=[('', 'Semua jalur'), ('REGULER', 'Reguler'), ('MANDIRI', 'Mandiri (usul warga)'), ('KEDARURATAN', 'Kedaruratan'), ('PERBAIKAN', 'Perbaikan data'), ('PENGHAPUSAN', 'Penghapusan')], max_length=12)),
                ('periode', models.CharField(max_length=7)),
                ('buka', models.DateTimeField(verbose_name='dibuka')),
                ('tutup_input', models.DateTimeField(verbose_name='batas mengajukan ke desa')),
                ('tutup_musdes', models.DateTimeField(verbose_name='batas musyawarah dan kirim ke Dinsos')),
                ('tutup_verifikasi', models.DateTimeField(verbose_name='batas verifikasi Dinsos')),
                ('tutup_pengesahan', models.DateTimeField(verbose_name='batas pengesahan')),
                ('tarik_pusat', models.DateTimeField(verbose_name='data ditarik pusat')),
                ('dasar_hukum', models.CharField(max_length=300, verbose_name='dasar hukum')),
                ('sumber', models.CharField(blank=True, max_length=300)),
                ('status_verifikasi', models.CharField(default='perlu_cek', max_length=20)),
                ('versi', models.PositiveIntegerField(default=0)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('updated_at', models.DateTimeField(auto_now=True)),
            ],
            options={
                'verbose_name': 'periode',
                'verbose_name_plural': 'periode',
            },
        ),
        migrations.CreateModel(
            name='PerubahanPeriode',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('sebelum', models.JSONField()),
                ('sesudah', models.JSONField()),
                ('alasan', models.CharField(max_length=300)),
                ('pada', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                'verbose_name': 'perubahan periode',
                'verbose_name_plural': 'perubahan periode',
                'ordering': ['-pada', '-id'],
            },
        ),
        migrations.AddIndex(
            model_name='usulan',
            index=models.Index(condition=models.Q(('status__in', ('draf', 'diajukan', 'dimusyawarahkan', 'disepakati', 'diinput', 'ditugaskan', 'diases', 'terverifikasi', 'disahkan', 'dikirim', 'ditunda'))), fields=['wilayah', 'periode'], name='usulan_periode_terbuka'),
        ),
        migrations.AddField(
            model_name='guliranperiode',
            name='usulan',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='guliran', to='dtks.usulan'),
        ),
        migrations.AddField(
            model_name='periode',
            name='wilayah',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='wilayah.wilayah', verbose_name='kabupaten/kota'),
        ),
        migrations.AddField(
            model_name='perubahanperiode',
            name='jendela',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='perubahan', to='dtks.periode'),
        ),
        migrations.AddField(
            model_name='perubahanperiode',
            name='oleh',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddIndex(
            model_name='guliranperiode',
            index=models.Index(fields=['putaran'], name='guliran_putaran'),
        ),
        migrations.AddConstraint(
            model_name='guliranperiode',
            constraint=models.UniqueConstraint(fields=('usulan', 'dari'), name='guliran_sekali'),
        ),
        migrations.AddConstraint(
            model_name='guliranperiode',
            constraint=models.CheckConstraint(condition=models.Q(('ke__gt', models.F('dari'))), name='guliran_maju'),
        ),
        migrations.AddConstraint(
            model_name='periode',
            constraint=models.UniqueConstraint(fields=('wilayah', 'periode', 'program', 'jalur'), name='periode_unik'),
        ),
        migrations.AddConstraint(
            model_name='periode',
            constraint=models.CheckConstraint(condition=models.Q(('periode__regex', '^[0-9]{4}-(0[1-9]|1[0-2])$')), name='periode_bentuk'),
        ),
        migrations.AddConstraint(
            model_name='periode',
            constraint=models.CheckConstraint(condition=models.Q(('buka__lt', models.F('tutup_input')), ('tutup_input__lte', models.F('tutup_musdes')), ('tutup_musdes__lte', models.F('tutup_verifikasi')), ('tutup_verifikasi__lte', models.F('tutup_pengesahan')), ('tutup_pengesahan__lte', models.F('tarik_pusat'))), name='periode_berurutan'),
        ),
        _sql.file('dtks', 'periode.sql'),
    ]
