"""What a backup says about itself: signed with SIGNING_KEY, so that nobody else makes or changes one; and the check of its files."""

import base64
import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

from core.backup import BackupError
from core.privacy import keys

FORMAT = 1
NAME, SUMS = "manifes.json", "SHA256SUMS"
_KEYS = ("SIGNING_KEY",)


@dataclass(frozen=True)
class Manifest:
    """`tabel`: name -> {kolom, baris, sha256 of the text}; `tanpa_isi`: tables that are empty after a restore; `kunci`: what
    tells a wrong key from the right one, not the keys; `kunci_tabel`: the key of the tables, sealed with DATA_KEYS."""

    id: str
    dibuat: str
    server: str
    migrasi: list[list[str]]
    tabel: dict[str, dict[str, Any]]
    tanpa_isi: list[str]
    urutan: dict[str, int]
    berkas: int
    kunci: dict[str, str]
    kunci_tabel: str
    sha256sums: str
    format: int = FORMAT

    @property
    def key(self) -> bytes:
        try:
            return keys.unseal(base64.b64decode(self.kunci_tabel), f"cadangan:{self.id}")
        except keys.SealBroken as error:
            raise BackupError("DATA_KEYS di server ini tidak bisa membuka cadangan ini.") from error

    def rows(self) -> int:
        return sum(t["baris"] for t in self.tabel.values())


def seal_key(key: bytes, backup_id: str) -> str:
    return base64.b64encode(keys.seal(key, f"cadangan:{backup_id}")).decode()


def key_marks() -> dict[str, str]:
    """A mark for each key: the same key, the same mark. The keys are 32 random bytes, so a mark tells nothing about them."""
    marks = {name: _mark(getattr(settings, name)) for name in _KEYS}
    for n, item in enumerate(settings.INDEX_KEY.split(",")):
        purpose, _, _ = item.strip().rpartition(":")
        marks[f"INDEX_KEY:{purpose}" if purpose else f"INDEX_KEY:{n + 1}" if n else "INDEX_KEY"] = _mark(
            item.strip()
        )
    for item in settings.DATA_KEYS.split(","):
        key_id, _, key = item.strip().partition(":")
        marks[f"DATA_KEYS:{key_id}"] = _mark(key)
    return marks


def _mark(key: str) -> str:
    return hashlib.sha256(b"tanda kunci|" + key.encode()).hexdigest()[:16]


def wrong_keys(manifest: Manifest) -> list[str]:
    """Names of the keys of the backup that this server does not have."""
    here = key_marks()
    index = {
        mark for name, mark in here.items() if name.startswith("INDEX_KEY")
    }  # in whichever place of the ring
    return [
        name
        for name, mark in manifest.kunci.items()
        if (mark not in index if name.startswith("INDEX_KEY") else here.get(name) != mark)
    ]


def write(folder: Path, manifest: Manifest) -> None:
    """Last of all, in one step: a backup without it was never finished."""
    body = json.dumps(asdict(manifest), ensure_ascii=False, indent=1)
    signature = base64.b64encode(_signer().sign(body.encode())).decode()
    draft = folder / f"{NAME}.baru"
    with os.fdopen(
        os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8"
    ) as out:
        out.write(f"{body}\n{signature}\n")
        out.flush()
        os.fsync(out.fileno())
    draft.rename(folder / NAME)


def read(folder: Path) -> Manifest:
    """Raises BackupError when the folder is no finished backup of a portal with this SIGNING_KEY, or was changed."""
    try:
        text = (folder / NAME).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BackupError(
            f"{folder} bukan cadangan yang selesai: {NAME} tidak ada atau tidak terbaca."
        ) from error
    body, _, signature = text.rstrip("\n").rpartition("\n")
    try:
        _signer().public_key().verify(base64.b64decode(signature, validate=True), body.encode())
        return Manifest(**json.loads(body))
    except (ValueError, TypeError, InvalidSignature) as error:
        raise BackupError(
            f"{NAME} berubah sesudah dibuat, atau SIGNING_KEY server ini bukan kunci portal yang membuatnya."
        ) from error


def _signer() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(base64.b64decode(settings.SIGNING_KEY)[:32])


def sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_sums(folder: Path, sums: dict[str, str]) -> str:
    """The list that `sha256sum -c` reads; returns its own hash."""
    text = "".join(f"{digest}  {name}\n" for name, digest in sorted(sums.items()))
    with os.fdopen(os.open(folder / SUMS, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    return hashlib.sha256(text.encode()).hexdigest()


def read_sums(folder: Path, manifest: Manifest) -> dict[str, str]:
    try:
        content = (folder / SUMS).read_bytes()
    except OSError as error:
        raise BackupError(f"{SUMS} tidak ada di cadangan ini.") from error
    if hashlib.sha256(content).hexdigest() != manifest.sha256sums:
        raise BackupError(f"{SUMS} berubah sesudah cadangan dibuat.")
    return {
        name: digest for digest, _, name in (line.partition("  ") for line in content.decode().splitlines())
    }


def broken_files(folder: Path, sums: dict[str, str]) -> Iterator[str]:
    """A sentence for each file that is gone, changed, or was put there."""
    for name, digest in sums.items():
        try:
            now = sha256_of(folder / name)
        except OSError:
            yield f"{name} hilang dari cadangan."
            continue
        if now != digest:
            yield f"{name} berubah sesudah cadangan dibuat."
    here = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if not p.is_dir()}
    for name in sorted(here - set(sums) - {NAME, SUMS}):
        yield f"{name} bukan bagian cadangan ini."
