from django.db import migrations

from core.migrations import _sql


class Migration(migrations.Migration):
    """The second wall (docs/adr/0034) in front of requests about one's own data."""

    atomic = False
    dependencies = [("portal", "0005_hak_jaga"), ("dtks", "0022_dinding")]
    operations = [
        _sql.wall(
            {
                "portal_permohonanhak": ("wilayah_id",),
                "portal_riwayathak": ("permohonan_id>portal_permohonanhak",),
                "portal_tahanhukum": ("keluarga_id>dtks_keluarga",),
                "portal_pemusnahan": ("wilayah",),
            }
        )
    ]
