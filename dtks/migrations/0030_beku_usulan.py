from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models import Q

from core.migrations import _sql


class Migration(migrations.Migration):
    """The few frozen families are found by an index of nothing else; built without a lock on a full register."""

    atomic = False
    dependencies = [("dtks", "0025_beku")]
    operations = [
        _sql.file("dtks", "beku.sql"),
        AddIndexConcurrently(
            "keluarga", models.Index(fields=["id"], name="keluarga_beku", condition=Q(dibekukan_at__isnull=False))
        ),
    ]
