"""Signed anchors of the audit chains: the head of each, written outside the database, so that a cut-off tail shows.

A chain proves what is in it, not that its last links are still there. An anchor says "chain 32.05 had link 812 with this
hash at this time", signed with Ed25519; whoever cuts links off afterwards must also get hold of every copy of the file.
Copy the folder to another machine: what lies on the same disk falls into the same hands.
"""

import base64
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings
from django.db import connection
from django.utils import timezone

from core.models import Segel

SUFFIX = ".jsonl"
_HEADS = """
select distinct on (rantai) rantai, urut, encode(hash, 'hex') from core_segel order by rantai, urut desc
"""


@dataclass(frozen=True)
class Breach:
    """`kunci` names file and line, `kalimat` is the Indonesian sentence."""

    kunci: str
    kalimat: str


def folder() -> Path:
    """Where anchors are kept by default: next to the stored files."""
    return Path(settings.FILES_DIR).parent / "jangkar"


def export(target: Path | None = None) -> tuple[Path, int]:
    """Write one signed line for the head of every chain; returns (file, number of chains). Never overwrites."""
    now = timezone.now()
    place = target or folder()
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    with connection.cursor() as cursor:
        cursor.execute(_HEADS)
        heads = cursor.fetchall()
    lines = [_line(rantai, urut, digest, now.isoformat()) for rantai, urut, digest in heads]
    path = place / f"jangkar-{now:%Y%m%dT%H%M%S%f}{SUFFIX}"
    with path.open("x", encoding="utf-8") as out:
        out.writelines(line + "\n" for line in lines)
    return path, len(lines)


def verify(places: Iterable[Path]) -> tuple[int, list[Breach]]:
    """Hold every anchor found in `places` against the chains; returns (number of anchors, breaches)."""
    found, breaches, wanted = 0, [], []
    for key, line in _lines(places):
        found += 1
        anchor = _read(line)
        if anchor is None:
            breaches.append(Breach(key, "Jangkar rusak atau tanda tangannya tidak cocok."))
        else:
            wanted.append((key, *anchor))
    present = _links({(rantai, urut) for _, rantai, urut, _ in wanted})
    for key, rantai, urut, digest in wanted:
        now = present.get((rantai, urut))
        if now is None:
            breaches.append(
                Breach(
                    key,
                    f"Mata rantai {rantai} #{urut} pernah ada, sekarang hilang: ujung jejak audit terpotong.",
                )
            )
        elif now != digest:
            breaches.append(
                Breach(key, f"Mata rantai {rantai} #{urut} sekarang berisi lain dari yang dijangkarkan.")
            )
    return found, breaches


def _key() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(base64.b64decode(settings.SIGNING_KEY)[:32])


def public_key() -> Ed25519PublicKey:
    """What anybody needs to check the signature of an anchor."""
    return _key().public_key()


def _signed(rantai: str, urut: int, digest: str, waktu: str) -> bytes:
    return f"jangkar|{rantai}|{urut}|{digest}|{waktu}".encode()


def _line(rantai: str, urut: int, digest: str, waktu: str) -> str:
    tanda = base64.b64encode(_key().sign(_signed(rantai, urut, digest, waktu))).decode()
    return json.dumps({"rantai": rantai, "urut": urut, "hash": digest, "waktu": waktu, "tanda_tangan": tanda})


def _lines(places: Iterable[Path]) -> Iterator[tuple[str, str]]:
    for place in places:
        for path in sorted(place.glob(f"*{SUFFIX}")):
            for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
                if line.strip():
                    yield f"{path.name}:{number}", line


def _read(line: str) -> tuple[str, int, str] | None:
    """(rantai, urut, hash) of a line whose signature holds, else None."""
    try:
        row = json.loads(line)
        rantai, urut, digest = str(row["rantai"]), int(row["urut"]), str(row["hash"])
        tanda = base64.b64decode(row["tanda_tangan"])
        _key().public_key().verify(tanda, _signed(rantai, urut, digest, str(row["waktu"])))
    except (ValueError, KeyError, TypeError, InvalidSignature):
        return None
    return rantai, urut, digest


def _links(wanted: set[tuple[str, int]]) -> dict[tuple[str, int], str]:
    if not wanted:
        return {}
    rows = Segel.objects.filter(
        rantai__in={r for r, _ in wanted}, urut__in={u for _, u in wanted}
    ).values_list("rantai", "urut", "hash")
    return {(rantai, urut): bytes(digest).hex() for rantai, urut, digest in rows}
