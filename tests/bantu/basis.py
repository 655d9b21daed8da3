"""Test database: areas of two kabupaten, reference data and the cast, committed once; and the clean-up after tests that commit.

Django's own flush would empty the reference tables and is refused by the audit trail, so `kosongkan` truncates the
case tables with the triggers off and takes fresh fingerprints of what stays.
"""

from django.core.management import call_command
from django.db import connection, transaction

from tests.bantu import pemain
from wilayah.actions import impor

TETAP = {
    "accounts_orang", "accounts_pengguna", "accounts_penugasan", "accounts_peran", "bansos_program", "core_ketentuan",
    "core_panah", "django_content_type", "django_migrations", "dtks_alasanlangkah", "dtks_kategorippks", "dtks_kodeacuan",
    "wilayah_wilayah", "auth_permission", "auth_group",
}  # fmt: skip


def siapkan() -> None:
    """Areas (all provinces and kabupaten; the whole of Garut and Tasikmalaya), reference data, cast."""
    baris = [b for b in impor.baca_wilayah() if len(b[0]) <= 5 or b[0].startswith(("32.05.", "32.06."))]
    sumber = impor.baca_sumber()
    impor.impor_wilayah(
        baris=baris,
        kode_lama=[],
        dasar=sumber.get("keputusan", "uji"),
        tanggal_dasar=impor.dt.date(2025, 4, 25),
    )
    call_command("muat_acuan", verbosity=0, stdout=open("/dev/null", "w"))  # noqa: PTH123, SIM115
    pemain.buat()


def kosongkan() -> None:
    """Empty every table that is not reference data or cast, and start the audit trail anew."""
    with connection.cursor() as cursor:  # a worker or a browser's server that is still at it
        cursor.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"
        )
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("set local session_replication_role = replica")
        cursor.execute("select tablename from pg_tables where schemaname = 'public'")
        isi = sorted(t for (t,) in cursor.fetchall() if t not in TETAP)
        cursor.execute("truncate " + ", ".join(f'"{t}"' for t in isi))
        cursor.execute(
            "delete from accounts_penugasan where pengguna_id in (select id from accounts_pengguna where username <> all(%s))",
            [list(pemain.PEMAIN)],
        )
        cursor.execute("delete from accounts_pengguna where username <> all(%s)", [list(pemain.PEMAIN)])
        cursor.execute("delete from accounts_orang where id not in (select orang_id from accounts_pengguna)")
    with transaction.atomic(), connection.cursor() as cursor:
        for tabel in (
            "accounts_orang",
            "accounts_pengguna",
            "accounts_peran",
            "accounts_penugasan",
            "core_ketentuan",
        ):
            cursor.execute("select jejak_sidik_ulang(%s, 'uji')", [tabel])
