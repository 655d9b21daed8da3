"""Test database: areas of two kabupaten, reference data and the cast, committed once; and the clean-up after tests that commit.

Django's own flush would empty the reference tables and is refused by the audit trail, so `kosongkan` truncates the
case tables with the triggers off and takes fresh fingerprints of what stays.
"""

import shutil

from django.core.management import call_command
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from core import anchors, audit
from core.models import Ketentuan
from tests.bantu import pemain, proses
from wilayah.actions import impor

TETAP = {
    "accounts_orang", "accounts_pengguna", "accounts_penugasan", "accounts_peran", "bansos_alasankelayakan", "bansos_aturanprogram", "bansos_cekgaram", "bansos_program", "bansos_statussalur", "bansos_sumberpengecualian", "core_ketentuan",
    "core_panah", "django_content_type", "django_migrations", "dtks_alasanlangkah", "dtks_kategorippks", "dtks_kodeacuan",
    "pengaduan_instansi", "pengaduan_kategoriaduan", "pengaduan_templatjawaban", "wilayah_harilibur", "wilayah_wilayah", "auth_permission", "auth_group",
}  # fmt: skip
SEDIKIT = 8_000_000  # bytes of tables with something in them


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
    sahkan_langsung()
    pemain.buat()


def sahkan_langsung() -> None:
    """West Java of the tests endorses straight from the queue; `tests/bansos/test_tiga_meja.py` tests the three desks."""
    with transaction.atomic():
        audit.catat(aksi="uji", jenis="uji", objek_id="-", by=None)
        Ketentuan.objects.create(
            kunci="pengesahan.tiga_meja", wilayah="32", nilai=False, berlaku_sejak="2021-05-27",
            dasar_hukum="uji", sumber="uji", status_verifikasi="kebijakan",
        )  # fmt: skip


_masih_kosong = False


def mulai_berisi() -> None:
    """From here on rows are committed. Emptied first, where the last test that did so has not left the database empty."""
    global _masih_kosong  # noqa: PLW0603
    if not _masih_kosong or proses.ada_yang_hidup():
        kosongkan()
    _masih_kosong = False


def kosongkan() -> None:
    """Empty every table that is not reference data or cast, and start the audit trail anew, its anchors too."""
    shutil.rmtree(anchors.folder(), ignore_errors=True)
    if not connection.in_atomic_block:
        connection.close()  # it may be one that somebody else's clean-up has ended (Playwright runs in contexts of its own)
    with proses.diam():
        _kosongkan()
    global _masih_kosong  # noqa: PLW0603
    _masih_kosong = True


def _kosongkan() -> None:
    with (
        connection.cursor() as cursor
    ):  # a thread of a race, a server of the stage in the middle of something
        cursor.execute(
            "select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"
        )
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("set local session_replication_role = replica")
        _buang_isi(cursor)
        cursor.execute(
            "delete from bansos_aturanprogram where created_by_id is not null"
        )  # rules that somebody wrote
        cursor.execute(
            "delete from accounts_penugasan where pengguna_id in (select id from accounts_pengguna where username <> all(%s))",
            [list(pemain.PEMAIN)],
        )
        cursor.execute("delete from accounts_pengguna where username <> all(%s)", [list(pemain.PEMAIN)])
        cursor.execute("delete from wilayah_harilibur where wilayah_id is not null")  # days off of a Dinas
        cursor.execute("delete from accounts_orang where id not in (select orang_id from accounts_pengguna)")
    with transaction.atomic(), connection.cursor() as cursor:
        for tabel in (
            "accounts_orang",
            "accounts_pengguna",
            "accounts_peran",
            "accounts_penugasan",
            "bansos_aturanprogram",
            "core_ketentuan",
            "pengaduan_templatjawaban",
            "wilayah_harilibur",
        ):
            cursor.execute("select jejak_sidik_ulang(%s, 'uji')", [tabel])


def _buang_isi(cursor: CursorWrapper) -> None:
    """The few rows of one test are deleted: to truncate makes a new file for each of a thousand tables and indexes."""
    cursor.execute("select tablename from pg_tables where schemaname = 'public' order by 1")
    semua = [t for (t,) in cursor.fetchall() if t not in TETAP]
    ada = ", ".join(f'case when exists (select from "{t}") then \'"{t}"\' end' for t in semua)
    cursor.execute(f"select array_remove(array[{ada}], null)")
    (berisi,) = cursor.fetchone()
    cursor.execute(
        "select coalesce(sum(pg_relation_size(t::regclass)), 0) from unnest(%s::text[]) t", [berisi]
    )
    if cursor.fetchone()[0] > SEDIKIT:
        cursor.execute("truncate " + ", ".join(f'"{t}"' for t in semua))
    elif berisi:
        cursor.execute("; ".join(f"delete from {t}" for t in berisi))


def tutup_pintu() -> None:
    """Before the database goes: nobody comes in any more, and who is in leaves. From another database, as Django drops it."""
    nama = connection.settings_dict["NAME"]
    connection.close()
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'alter database "{nama}" allow_connections false')
        cursor.execute(
            "select pg_terminate_backend(pid, 3000) from pg_stat_activity where datname = %s", [nama]
        )
