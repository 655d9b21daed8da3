import uuid

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

from core.migrations import _sql


class Migration(migrations.Migration):
    dependencies = [("core", "0003_indeks")]

    operations = [
        migrations.AddField(
            model_name='dokumen',
            name='penyedia_tte',
            field=models.CharField(max_length=20, null=True),
        ),
        migrations.CreateModel(
            name='TemplatSurat',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('jenis', models.CharField(max_length=20)),
                ('wilayah', models.CharField(db_collation='C', max_length=24)),
                ('versi', models.PositiveIntegerField()),
                ('isi', models.JSONField(default=dict)),
                ('dasar_hukum', models.CharField(max_length=300)),
                ('berlaku_sejak', models.DateField()),
                ('status', models.CharField(choices=[('draf', 'Menunggu persetujuan'), ('disetujui', 'Disetujui'), ('dibuang', 'Tidak dipakai')], default='draf', max_length=10)),
                ('dibuat_orang', models.CharField(max_length=60)),
                ('dibuat_nama', models.CharField(max_length=150)),
                ('diputus_orang', models.CharField(blank=True, max_length=60)),
                ('diputus_nama', models.CharField(blank=True, max_length=150)),
                ('diputus_at', models.DateTimeField(null=True)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                'verbose_name': 'templat surat',
                'verbose_name_plural': 'templat surat',
                'ordering': ['jenis', '-versi', 'id'],
                'constraints': [models.UniqueConstraint(fields=('jenis', 'wilayah', 'versi'), name='templatsurat_versi'), models.CheckConstraint(condition=models.Q(models.Q(('status', 'disetujui'), _negated=True), models.Q(models.Q(('diputus_orang', ''), _negated=True), models.Q(('diputus_orang', models.F('dibuat_orang')), _negated=True)), _connector='OR'), name='templatsurat_dua_orang')],
            },
        ),
        migrations.AddField(
            model_name='dokumen',
            name='templat',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='dokumen', to='core.templatsurat'),
        ),
        _sql.file("core", "jaga_templat.sql"),
    ]
