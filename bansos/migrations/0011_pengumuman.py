import uuid

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

from core.migrations import _sql


class Migration(migrations.Migration):
    dependencies = [
        ("bansos", "0009_cek"),
        ("dtks", "0020_hitungan"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Pengumuman',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('periode', models.CharField(max_length=7)),
                ('mulai', models.DateField()),
                ('sampai', models.DateField()),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('ditarik_at', models.DateTimeField(null=True)),
                ('alasan_tarik', models.CharField(blank=True, max_length=300)),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('musyawarah', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='pengumuman', to='dtks.musyawarah')),
                ('wilayah', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='wilayah.wilayah')),
            ],
            options={
                'verbose_name': 'pengumuman',
                'verbose_name_plural': 'pengumuman',
                'ordering': ['-created_at', 'id'],
                'indexes': [models.Index(fields=['wilayah', 'periode'], name='pengumuman_desa')],
                'constraints': [models.CheckConstraint(condition=models.Q(('sampai__gte', models.F('mulai'))), name='pengumuman_masa'), models.CheckConstraint(condition=models.Q(('ditarik_at__isnull', True), models.Q(('alasan_tarik', ''), _negated=True), _connector='OR'), name='pengumuman_tarik')],
            },
        ),
        _sql.file("bansos", "pengumuman.sql"),
    ]
