"""Restoring a backup: into an empty database and an empty folder of files, in one transaction, compared before it commits."""

import hashlib
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from psycopg import sql

from core import anchors
from core.backup import BackupError, manifest, sealed, tables
from core.backup.make import copy_file
from core.backup.manifest import Manifest
from core.models import Berkas
from core.privacy.fields import SealedField

Say = Callable[[str], object]
_SHOWN = 10
_OTHERS = """select count(*) from pg_stat_activity
where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'"""
_FOREIGN = """select conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid) from pg_constraint
where contype = 'f' and connamespace = current_schema()::regnamespace order by 1, 2"""
_INDEXES = """select i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) from pg_index i join pg_class c on c.oid = i.indrelid
where c.relnamespace = current_schema()::regnamespace and c.relkind = 'r'
  and not exists (select 1 from pg_constraint k where k.conindid = i.indexrelid) order by 1"""


def check(folder: Path, say: Say) -> Manifest:
    """Read a whole backup without restoring it. Raises BackupError with what is wrong."""
    found = manifest.read(folder)
    say(f"Memeriksa cadangan {found.id} dari {found.dibuat} ...")
    if wrong := manifest.wrong_keys(found):
        raise BackupError(f"Kunci server ini bukan kunci cadangan ini: {', '.join(wrong)}.")
    _raise_all(list(manifest.broken_files(folder, manifest.read_sums(folder, found))))
    key = found.key
    for name, told in found.tabel.items():
        digest = hashlib.sha256()
        n = 0
        if name not in found.tanpa_isi:
            for block in sealed.read(folder / "tabel" / name, key, f"tabel/{name}"):
                digest.update(block)
                n += block.count(b"\n")  # COPY spells a newline inside a value as \n
        if (n, digest.hexdigest()) != (told["baris"], told["sha256"]):
            raise BackupError(f"Tabel {name} di cadangan ini bukan yang dicatat di {manifest.NAME}.")
    return found


def restore(folder: Path, say: Say) -> Manifest:
    """Bring a backup back. Raises BackupError before anything is changed, or leaves the database as it was."""
    found = check(folder, say)
    _require_empty(folder)
    _schema(found, say)
    say("Menyalin berkas ...")
    _files(folder)
    say(f"Memuat {found.rows()} baris ...")
    with transaction.atomic():
        _load(folder, found, say)
    say("Menyelesaikan tabel untuk versi portal ini ...")
    call_command("migrate", verbosity=0, interactive=False)
    return found


def _raise_all(sentences: list[str]) -> None:
    if sentences:
        more = f" (dan {len(sentences) - _SHOWN} lagi)" if len(sentences) > _SHOWN else ""
        raise BackupError(" ".join(sentences[:_SHOWN]) + more)


def _require_empty(folder: Path) -> None:
    """Nobody is connected, nobody ever did anything here, nobody's data is here. Reference data may be there."""
    if others := _others():
        raise BackupError(
            f"{others} sambungan lain ke basis data ini. Hentikan dulu portal: web, worker, dan beat."
        )
    known = set(connection.introspection.table_names())
    for model in apps.get_models():
        personal = model in (Berkas, get_user_model()) or any(
            isinstance(f, SealedField) for f in model._meta.concrete_fields
        )
        if personal and model._meta.db_table in known and model._default_manager.exists():
            raise BackupError(
                f"Basis data tujuan sudah berisi ({model._meta.verbose_name}). Pulihkan hanya ke basis data kosong; "
                "yang lama jangan dihapus, pakai nama basis data lain."
            )
    for path in settings.FILES_DIR.glob("??/*"):
        twin = folder / "berkas" / path.relative_to(settings.FILES_DIR)
        if not twin.exists() or manifest.sha256_of(twin) != manifest.sha256_of(path):
            raise BackupError(
                f"Folder berkas {settings.FILES_DIR} sudah berisi berkas lain. Isi FILES_DIR dengan folder kosong."
            )


def _others() -> int:
    """Connections of others. Ours is one, without the pool that keeps more; one that just ended may take a moment to go."""
    connection.close()
    if getattr(connection, "pool", None):
        connection.close_pool()  # type: ignore[attr-defined]
        connection.settings_dict["OPTIONS"].pop("pool")
    others = 0
    for _ in range(10):
        if not (others := tables.rows(_OTHERS)[0][0]):
            break
        time.sleep(0.3)
    return others


def _schema(found: Manifest, say: Say) -> None:
    """The tables as they were on the day of the backup: a newer portal changes them afterwards, with the data in them."""
    then = {(app, name) for app, name in found.migrasi}
    executor = MigrationExecutor(connection)
    if unknown := sorted(node for node in then if node not in executor.loader.graph.nodes):
        raise BackupError(
            f"Cadangan ini dari versi portal yang lebih baru (migrasi {'.'.join(unknown[0])}). Perbarui portal dulu."
        )
    if set(executor.loader.applied_migrations) - then:
        say("Basis data baru berisi tabel versi lain dan data acuan: dibuat ulang ...")
        with transaction.atomic():
            schema = sql.Identifier(tables.rows("select current_schema()::text")[0][0])
            tables.do(sql.SQL("drop schema {} cascade").format(schema))
            tables.do(sql.SQL("create schema {}").format(schema))
        executor = MigrationExecutor(connection)
    graph = executor.loader.graph
    leaves = [
        node
        for node in sorted(then)
        if not any(child.key[0] == node[0] and child.key in then for child in graph.node_map[node].children)
    ]
    say("Membuat tabel ...")
    executor.migrate(leaves)
    _same_columns(found)


def _same_columns(found: Manifest) -> None:
    here = {t.name: [list(c) for c in t.columns] for t in tables.tables() if t.name != "django_migrations"}
    then = {name: told["kolom"] for name, told in found.tabel.items()}
    for name in sorted(here.keys() | then.keys()):
        if sorted(here.get(name, [])) != sorted(then.get(name, [])):
            raise BackupError(
                f"Tabel {name} di cadangan ini tidak sama dengan tabel yang dibuat versi portal ini."
            )


def _files(folder: Path) -> None:
    for path in sorted((folder / "berkas").glob("??/*")):
        target = settings.FILES_DIR / path.relative_to(folder / "berkas")
        if not target.exists() and copy_file(path, target) != manifest.sha256_of(target):
            raise BackupError(f"Berkas {path.name} tidak bisa disalin dengan utuh.")
    for path in sorted((folder / "jangkar").glob(f"*{anchors.SUFFIX}")):
        target = anchors.folder() / path.name
        if not target.exists():
            copy_file(path, target)
    os.sync()


def _load(folder: Path, found: Manifest, say: Say) -> None:
    """Rows in, guards off; then guards on, and every table read back and compared with what was written down."""
    tables.do(tables.SPELLING)
    tables.do("set local lock_timeout to 0; set local maintenance_work_mem to '256MB'")
    by_name = {name: _table(name, told) for name, told in found.tabel.items()}
    foreign, indexes, key = tables.rows(_FOREIGN), tables.rows(_INDEXES), found.key
    for table, name, _ in foreign:
        tables.do(f"alter table {table} drop constraint {name}")
    for name in by_name:
        tables.do(sql.SQL("alter table {} disable trigger user").format(sql.Identifier(name)))
    tables.do(sql.SQL("truncate {}").format(sql.SQL(", ").join(map(sql.Identifier, by_name))))
    for name, _ in indexes:
        tables.do(f"drop index {name}")
    for name, table in by_name.items():
        if name not in found.tanpa_isi:
            tables.copy_in(table, sealed.read(folder / "tabel" / name, key, f"tabel/{name}"))
    for _, definition in indexes:
        tables.do(definition)
    for table, name, definition in foreign:
        tables.do(f"alter table {table} add constraint {name} {definition}")
    for name in by_name:
        tables.do(sql.SQL("alter table {} enable trigger user").format(sql.Identifier(name)))
    tables.set_sequences(found.urutan)
    tables.do("analyze")
    say("Membandingkan jumlah dan sidik setiap tabel ...")
    for name, table in by_name.items():
        told = found.tabel[name]
        if tables.copy_out(table) != (told["baris"], told["sha256"]):
            raise BackupError(
                f"Tabel {name} sesudah dimuat tidak sama dengan cadangannya. Tidak ada yang diubah."
            )


def _table(name: str, told: dict[str, Any]) -> tables.Table:
    """The table here with the columns in the order of the backup."""
    here = next(t for t in tables.tables() if t.name == name)
    return tables.Table(name, tuple((c, t) for c, t in told["kolom"]), here.order)
