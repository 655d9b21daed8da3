import uuid

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("bansos", "0005_kelayakan"),
        ("dtks", "0016_antrean"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.CreateModel(
            name='TindakanMassal',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('langkah', models.CharField(max_length=30)),
                ('dari', models.CharField(max_length=30, verbose_name='antrean asal')),
                ('isian', models.JSONField(default=dict)),
                ('status', models.CharField(choices=[('pratinjau', 'Belum dikonfirmasi'), ('jalan', 'Sedang dikerjakan'), ('selesai', 'Selesai')], default='pratinjau', max_length=10)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('mulai_at', models.DateTimeField(null=True)),
                ('selesai_at', models.DateTimeField(null=True)),
                ('oleh', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'tindakan massal',
                'verbose_name_plural': 'tindakan massal',
            },
        ),
        migrations.CreateModel(
            name='BarisMassal',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('urut', models.PositiveSmallIntegerField()),
                ('versi', models.PositiveIntegerField()),
                ('hasil', models.CharField(blank=True, choices=[('tidak', 'Tidak dapat'), ('', 'Menunggu'), ('berhasil', 'Berhasil'), ('gagal', 'Gagal')], default='', max_length=10)),
                ('kode', models.CharField(blank=True, max_length=60)),
                ('kalimat', models.CharField(blank=True, max_length=500)),
                ('usulan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='dtks.usulan')),
                ('massal', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='baris', to='bansos.tindakanmassal')),
            ],
            options={
                'verbose_name': 'baris tindakan massal',
                'verbose_name_plural': 'baris tindakan massal',
                'ordering': ['urut'],
                'constraints': [models.UniqueConstraint(fields=('massal', 'usulan'), name='barismassal_satu')],
            },
        ),
    ]
