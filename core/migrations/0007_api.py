"""Answers of the API by Idempotency-Key."""

import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0006_tantangan_pakai'),
    ]

    operations = [
        migrations.CreateModel(
            name='JawabanApi',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('pemilik', models.CharField(max_length=60)),
                ('kunci', models.UUIDField()),
                ('sidik_isi', models.BinaryField(max_length=32)),
                ('status', models.PositiveSmallIntegerField()),
                ('isi', models.BinaryField(null=True)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                'verbose_name': 'jawaban API',
                'verbose_name_plural': 'jawaban API',
                'constraints': [models.UniqueConstraint(fields=('pemilik', 'kunci'), name='jawabanapi_unik')],
            },
        ),
    ]
