"""Making a backup: all tables from one snapshot, then the stored files that the snapshot names, then the manifest."""

import hashlib
import os
import secrets
import shutil
import uuid
from collections.abc import Callable, Collection
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from core import anchors, files
from core.backup import BackupError, manifest, sealed, tables
from core.backup.manifest import Manifest
from core.models import Berkas

SNAPSHOT = "set transaction isolation level repeatable read read only"
TRIES = 3
_BLOCK = 1 << 20


def make(
    folder: Path, *, without: Collection[str], say: Callable[[str], object]
) -> tuple[Manifest, list[str]]:
    """Write a backup into `folder`, which must be new or empty; (manifest, ids of files that the storage has lost).

    `without`: tables whose rows stay out. The portal goes on working meanwhile.
    """
    _new_folder(folder)
    backup_id, key, made = str(uuid.uuid4()), secrets.token_bytes(32), timezone.now()
    for attempt in range(TRIES):
        shutil.rmtree(folder / "tabel", ignore_errors=True)
        content, ids = _tables(folder, key, without, say)
        say(f"Menyalin {len(ids)} berkas ...")
        lost = _files(folder, ids)
        # A file that somebody threw away meanwhile is no loss: the next snapshot does not name it any more.
        if not lost or attempt == TRIES - 1:
            break
    _drop_unnamed(folder, ids)
    _anchors(folder)
    sums = {
        path.relative_to(folder).as_posix(): manifest.sha256_of(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
    done = Manifest(
        id=backup_id, dibuat=made.isoformat(), berkas=len(ids) - len(lost), kunci=manifest.key_marks(),
        kunci_tabel=manifest.seal_key(key, backup_id), tanpa_isi=sorted(without), sha256sums=manifest.write_sums(folder, sums),
        **content,
    )  # fmt: skip
    os.sync()
    manifest.write(folder, done)
    return done, lost


def _new_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        filled = any(folder.iterdir())
    except OSError as error:
        raise BackupError(f"{folder} tidak bisa ditulisi: {error.strerror}.") from error
    if filled:
        raise BackupError(f"{folder} sudah berisi. Satu cadangan satu folder: pilih folder baru.")


def _tables(
    folder: Path, key: bytes, without: Collection[str], say: Callable[[str], object]
) -> tuple[dict, list[uuid.UUID]]:
    place = folder / "tabel"
    place.mkdir(mode=0o700)
    connection.close()
    with transaction.atomic():
        tables.do(SNAPSHOT)
        tables.do(tables.SPELLING)
        content = {}
        every = [t for t in tables.tables() if t.name != "django_migrations"]
        say(f"Menulis {len(every)} tabel ...")
        for table in every:
            if table.name in without:
                n, digest = 0, hashlib.sha256().hexdigest()
            else:
                writer = sealed.Writer(place / table.name, key, f"tabel/{table.name}")
                n, digest = tables.copy_out(table, writer.write)
                writer.close()
            content[table.name] = {"kolom": [list(c) for c in table.columns], "baris": n, "sha256": digest}
        ids = list(Berkas.objects.order_by("pk").values_list("pk", flat=True))
        return {
            "tabel": content,
            "migrasi": [list(m) for m in tables.rows("select app::text, name::text from django_migrations order by 1, 2")],
            "urutan": tables.sequences(),
            "server": tables.rows("select current_setting('server_version')")[0][0],
        }, ids  # fmt: skip


def _files(folder: Path, ids: list[uuid.UUID]) -> list[str]:
    lost = []
    for one in ids:
        source = files.path_of(one)
        target = folder / "berkas" / source.relative_to(settings.FILES_DIR)
        if target.exists():
            continue  # an earlier try; a stored file never changes
        try:
            copy_file(source, target)
        except FileNotFoundError:
            lost.append(str(one))
    return lost


def copy_file(source: Path, target: Path) -> str:
    """Copy one file whole or not at all; its sha256."""
    digest = hashlib.sha256()
    with source.open("rb") as file:
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = target.with_name(f"{target.name}.part")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
            while block := file.read(_BLOCK):
                digest.update(block)
                out.write(block)
    draft.rename(target)
    return digest.hexdigest()


def _drop_unnamed(folder: Path, ids: list[uuid.UUID]) -> None:
    named = {one.hex for one in ids}
    for path in (folder / "berkas").glob("??/*"):
        if path.name not in named:
            path.unlink()


def _anchors(folder: Path) -> None:
    for path in sorted(anchors.folder().glob(f"*{anchors.SUFFIX}")):
        copy_file(path, folder / "jangkar" / path.name)
