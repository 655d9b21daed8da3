from django.db import migrations

from core.migrations import _sql


class Migration(migrations.Migration):
    """The same fingerprints, made in the statement that stores them (docs/kinerja.md)."""

    dependencies = [("core", "0016_kunci_indeks")]
    operations = [
        _sql.function("core", "jejak.sql", name)
        for name in ("jejak_sidik_cepat", "jejak_baris", "jejak_sidik_ulang", "jejak_periksa")
    ]
