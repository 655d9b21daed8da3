from django.db import migrations

from core.migrations import _sql

# One transaction a table, as in _sql.wall: each lock is held for a moment.
ULANG = """
do $$
declare p record;
begin
  for p in select polname, polrelid::regclass as tabel, substr(polname, length('dinding_kab_') + 1)::name as kolom
           from pg_policy where polname like 'dinding\\_kab\\_%' order by polrelid loop
    execute format('alter policy %I on %s using (%s)', p.polname, p.tabel, dinding_kab(p.kolom));
    commit;
  end loop;
end $$
"""


class Migration(migrations.Migration):
    """The wall of a kabupaten compares a range instead of cutting every code (core/sql/dinding.sql)."""

    atomic = False
    dependencies = [("core", "0019_sidik_cepat")]
    operations = [_sql.file("core", "dinding.sql"), migrations.RunSQL(ULANG, migrations.RunSQL.noop)]
