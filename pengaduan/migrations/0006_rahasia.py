import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models

from core.migrations import _sql


class Migration(migrations.Migration):

    dependencies = [
        ('pengaduan', '0005_sanggah'),
        ('wilayah', '0002_kalender'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='GangguanRahasia',
            fields=[
                ('hari', models.DateField(primary_key=True, serialize=False)),
                ('jumlah', models.PositiveIntegerField(default=0)),
            ],
            options={
                'verbose_name': 'gangguan rahasia',
                'verbose_name_plural': 'gangguan rahasia',
            },
        ),
        migrations.CreateModel(
            name='KunciInspektur',
            fields=[
                ('id', models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ('publik', models.BinaryField(max_length=65)),
                ('bungkus', models.JSONField()),
                ('sejak', models.DateField()),
                ('dicabut', models.DateField(null=True)),
                ('pengguna', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'kunci inspektur',
                'verbose_name_plural': 'kunci inspektur',
            },
        ),
        migrations.CreateModel(
            name='KunciKantor',
            fields=[
                ('id', models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ('publik', models.BinaryField(max_length=65)),
                ('sejak', models.DateField()),
                ('sampai', models.DateField(null=True)),
                ('dibuat_oleh', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('wilayah', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='wilayah.wilayah')),
            ],
            options={
                'verbose_name': 'kunci kantor',
                'verbose_name_plural': 'kunci kantor',
            },
        ),
        migrations.CreateModel(
            name='LaporanRahasia',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('tanda', models.BinaryField(max_length=32, unique=True)),
                ('publik', models.BinaryField(max_length=65)),
                ('hari', models.DateField()),
                ('terakhir', models.DateField()),
                ('giliran', models.CharField(choices=[('inspektorat', 'Menunggu inspektorat'), ('pelapor', 'Sudah dijawab')], default='inspektorat', max_length=12)),
                ('ditutup', models.DateField(null=True)),
                ('ditutup_oleh', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('wilayah', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='wilayah.wilayah')),
            ],
            options={
                'verbose_name': 'laporan rahasia',
                'verbose_name_plural': 'laporan rahasia',
            },
        ),
        migrations.CreateModel(
            name='PesanRahasia',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('urut', models.PositiveSmallIntegerField()),
                ('dari', models.CharField(choices=[('pelapor', 'Pelapor'), ('inspektorat', 'Inspektorat')], max_length=12)),
                ('hari', models.DateField()),
                ('isi_kantor', models.BinaryField()),
                ('isi_pelapor', models.BinaryField(null=True)),
                ('sidik', models.BinaryField(max_length=32)),
                ('kantor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='pengaduan.kuncikantor')),
                ('laporan', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pesan', to='pengaduan.laporanrahasia')),
                ('oleh', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'pesan rahasia',
                'verbose_name_plural': 'pesan rahasia',
                'ordering': ['urut'],
            },
        ),
        migrations.CreateModel(
            name='LampiranRahasia',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('urut', models.PositiveSmallIntegerField()),
                ('isi', models.BinaryField()),
                ('pesan', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lampiran', to='pengaduan.pesanrahasia')),
            ],
            options={
                'verbose_name': 'lampiran rahasia',
                'verbose_name_plural': 'lampiran rahasia',
                'ordering': ['urut'],
            },
        ),
        migrations.CreateModel(
            name='SalinanKunci',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('isi', models.BinaryField()),
                ('inspektur', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='salinan', to='pengaduan.kunciinspektur')),
                ('kantor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='salinan', to='pengaduan.kuncikantor')),
            ],
            options={
                'verbose_name': 'salinan kunci',
                'verbose_name_plural': 'salinan kunci',
            },
        ),
        migrations.AddConstraint(
            model_name='kunciinspektur',
            constraint=models.UniqueConstraint(condition=models.Q(('dicabut__isnull', True)), fields=('pengguna',), name='kunciinspektur_satu_aktif'),
        ),
        migrations.AddConstraint(
            model_name='kuncikantor',
            constraint=models.UniqueConstraint(condition=models.Q(('sampai__isnull', True)), fields=('wilayah',), name='kuncikantor_satu_aktif'),
        ),
        migrations.AddIndex(
            model_name='laporanrahasia',
            index=models.Index(fields=['wilayah', '-terakhir', '-id'], name='laporanrahasia_meja'),
        ),
        migrations.AddConstraint(
            model_name='pesanrahasia',
            constraint=models.UniqueConstraint(fields=('laporan', 'urut'), name='pesanrahasia_urut'),
        ),
        migrations.AddConstraint(
            model_name='pesanrahasia',
            constraint=models.UniqueConstraint(fields=('laporan', 'sidik'), name='pesanrahasia_sekali'),
        ),
        migrations.AddConstraint(
            model_name='lampiranrahasia',
            constraint=models.UniqueConstraint(fields=('pesan', 'urut'), name='lampiranrahasia_urut'),
        ),
        migrations.AddConstraint(
            model_name='salinankunci',
            constraint=models.UniqueConstraint(fields=('kantor', 'inspektur'), name='salinankunci_satu'),
        ),
        _sql.file("pengaduan", "rahasia.sql"),
    ]
