"""A disk that is small enough to fill: a tmpfs of the test's own, mounted inside its folder (root only)."""

import contextlib
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest


@contextlib.contextmanager
def disk_kecil(tempat: Path, mb: int) -> Iterator[Path]:
    """Skips the test, with the reason, where mounting is not allowed."""
    tempat.mkdir(exist_ok=True)
    mount = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={mb}m", "tmpfs", str(tempat)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if mount.returncode:
        pytest.skip(
            f"a full disk needs a small file system, and mounting is not allowed here: {mount.stderr.strip()}"
        )
    try:
        yield tempat
    finally:
        # Lazily: a process that was just killed may hold it for a moment.
        subprocess.run(["umount", "-l", str(tempat)], check=True)


def penuhi(disk: Path) -> Path:
    """Not one byte more fits. Remove what comes back and there is room again."""
    isi = disk / "penuh"
    with isi.open("ab", buffering=0) as keluar:
        for potong in (1 << 20, 1 << 12, 1):
            with contextlib.suppress(OSError):
                while keluar.write(b"\0" * potong) == potong:
                    pass
    return isi
