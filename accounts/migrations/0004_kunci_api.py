"""Keys of the REST API, and how many rows left by each in a day."""

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
    ]

    operations = [
        migrations.CreateModel(
            name='KunciApi',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('nama', models.CharField(max_length=80, verbose_name='nama aplikasi')),
                ('tujuan', models.CharField(blank=True, max_length=300, verbose_name='untuk apa')),
                ('awalan', models.CharField(max_length=12, unique=True)),
                ('cakupan', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('register', 'Data keluarga dan anggota'), ('usulan', 'Usulan, musyawarah, asesmen, penetapan'), ('kelayakan', 'Daftar kelayakan dan penerima'), ('padan', 'Cek NIK'), ('pengaduan', 'Aduan dan sanggahan'), ('nik', 'NIK dan nomor KK lengkap'), ('tulis', 'Membuat dan mengubah')], max_length=20), size=None)),
                ('ip', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=50), blank=True, default=list, size=None)),
                ('anggaran_baris', models.PositiveIntegerField(verbose_name='jatah baris sehari')),
                ('berlaku_hingga', models.DateField()),
                ('status', models.CharField(choices=[('diminta', 'Menunggu persetujuan'), ('disetujui', 'Disetujui'), ('ditolak', 'Ditolak'), ('dicabut', 'Dicabut')], default='diminta', max_length=10)),
                ('sidik', models.BinaryField(max_length=32, null=True, unique=True)),
                ('sidik_lama', models.BinaryField(max_length=32, null=True, unique=True)),
                ('lama_hingga', models.DateTimeField(null=True)),
                ('diputus_at', models.DateTimeField(null=True)),
                ('dicabut_at', models.DateTimeField(null=True)),
                ('alasan', models.CharField(blank=True, max_length=200, verbose_name='alasan ditolak atau dicabut')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('akun', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='kunci_api', to=settings.AUTH_USER_MODEL)),
                ('diminta_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('diminta_orang', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.orang')),
                ('diputus_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('diputus_orang', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.orang')),
            ],
            options={
                'verbose_name': 'kunci API',
                'verbose_name_plural': 'kunci API',
                'ordering': ['-created_at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='PemakaianKunci',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('hari', models.DateField()),
                ('baris', models.BigIntegerField()),
                ('terakhir_at', models.DateTimeField()),
                ('kunci', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pemakaian', to='accounts.kunciapi')),
            ],
            options={
                'verbose_name': 'pemakaian kunci API',
                'verbose_name_plural': 'pemakaian kunci API',
                'ordering': ['-hari'],
            },
        ),
        migrations.AddConstraint(
            model_name='kunciapi',
            constraint=models.CheckConstraint(condition=models.Q(('diminta_orang__isnull', True), ('diputus_orang__isnull', True), ('status', 'dicabut'), models.Q(('diminta_orang', models.F('diputus_orang')), _negated=True), _connector='OR'), name='kunciapi_dua_orang'),
        ),
        migrations.AddConstraint(
            model_name='kunciapi',
            constraint=models.CheckConstraint(condition=models.Q(('sidik__isnull', True), ('status__in', ['disetujui', 'dicabut']), _connector='OR'), name='kunciapi_rahasia_sesudah_setuju'),
        ),
        migrations.AddConstraint(
            model_name='pemakaiankunci',
            constraint=models.UniqueConstraint(fields=('kunci', 'hari'), name='pemakaiankunci_hari'),
        ),
        _sql.file("accounts", "kunci_api.sql"),
    ]
