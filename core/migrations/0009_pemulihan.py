"""Returns of the database to an earlier moment: positions of clients from before them are worth nothing."""

import uuid

import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0007_api'),
    ]

    operations = [
        migrations.CreateModel(
            name='Pemulihan',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('cara', models.CharField(choices=[('cadangan', 'Cadangan'), ('wal', 'Arsip WAL')], max_length=10)),
                ('cadangan', models.CharField(blank=True, max_length=36)),
                ('data_pada', models.DateTimeField()),
                ('pada', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                'verbose_name': 'pemulihan',
                'verbose_name_plural': 'pemulihan',
            },
        ),
    ]
