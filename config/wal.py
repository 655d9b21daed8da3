"""Seals what PostgreSQL hands out for a point-in-time restore: segments of its log and base backups. docs/operasi/wal.md.

Without Django, for whoever may read the keys; the server itself only copies files.

    wal.py --kunci FILE segel SPOOL ARCHIVE    seal every segment that the server put into SPOOL, and take it away there
    wal.py --kunci FILE buka ARCHIVE FOLDER    open every segment into FOLDER, for restore_command; stops at a broken one
    wal.py --kunci FILE tulis FILE             stdin, sealed into FILE
    wal.py --kunci FILE baca FILE              FILE, opened, on stdout

The key file holds what DATA_KEYS holds; the first key seals, every one opens. Exit 1 with a sentence when something is wrong.
"""

import argparse
import base64
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from core.backup import BackupError
from core.backup.sealed import Writer, read

BASE = "dasar-"  # base backups lie in the same folder
_BLOCK = 1 << 20


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description="Menyegel log PostgreSQL untuk pemulihan ke satu waktu.")
    parser.add_argument(
        "--kunci", type=Path, required=True, help="berkas berisi DATA_KEYS, hanya terbaca akun server"
    )
    parser.add_argument("kerja", choices=("segel", "buka", "tulis", "baca"))
    parser.add_argument("tempat", nargs="+")
    options = parser.parse_args(arguments)
    keys = [base64.b64decode(item.strip().partition(":")[2]) for item in options.kunci.read_text().split(",")]
    try:
        {"segel": seal, "buka": unseal, "tulis": write, "baca": show}[options.kerja](
            keys, *map(Path, options.tempat)
        )
    except BackupError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def seal(keys: list[bytes], spool: Path, archive: Path) -> None:
    for source in sorted(spool.iterdir()):
        if source.name.startswith("."):  # the server is still writing it
            continue
        target = archive / source.name
        if not target.exists():
            with source.open("rb") as file:
                _seal(keys, file, target)
        elif b"".join(_opened(keys, target)) != source.read_bytes():
            raise BackupError(f"{target} sudah ada dengan isi lain: arsip ini milik basis data lain.")
        source.unlink()


def unseal(keys: list[bytes], archive: Path, folder: Path) -> None:
    for source in sorted(archive.iterdir()):
        if source.name.startswith(BASE) or source.suffix == ".part":
            continue
        with (folder / source.name).open("wb") as out:
            out.writelines(_opened(keys, source))


def write(keys: list[bytes], target: Path) -> None:
    _seal(keys, sys.stdin.buffer, target)


def show(keys: list[bytes], source: Path) -> None:
    for block in _opened(keys, source):
        sys.stdout.buffer.write(block)
    sys.stdout.buffer.flush()


def _seal(keys: list[bytes], source: IO[bytes], target: Path) -> None:
    """Whole and on the disk under its name, or not there."""
    draft = target.with_name(f"{target.name}.part")
    draft.unlink(missing_ok=True)
    writer = Writer(draft, keys[0], target.name)
    while block := source.read(_BLOCK):
        writer.write(block)
    writer.close()
    draft.rename(target)
    folder = os.open(target.parent, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)


def _opened(keys: list[bytes], source: Path) -> Iterator[bytes]:
    for number, key in enumerate(keys, 1):
        blocks = read(source, key, source.name)
        try:
            first = next(blocks, b"")
        except BackupError:
            if number == len(keys):
                raise
            continue
        yield first
        yield from blocks
        return


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
