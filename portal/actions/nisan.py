"""What was thrown away on purpose, written outside of the database, so that a restored backup does not bring it back.

An act of erasure is one whose name begins with `hapus_` or `musnahkan_`; its deleted rows are in the trail. Where columns of a
family were overwritten (`hapus_hak`) the line names the family, and the erasure runs again (portal.actions.hapus). Lines are signed
and lie beside the anchors: copy that folder to another machine. They name rows, never a person (docs/adr/0033).
"""

import base64
import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from core import anchors, audit
from core.workflow import StepRefused
from portal.actions import hapus
from portal.queries import jejak

AKHIRAN = ".nisan"
MUNDUR = timedelta(hours=1)  # looked at again with each writing: a transaction commits after its acts
_NAMA = "nisan-%Y%m%dT%H%M%S%f"
# Only keys that are never given twice: after a restore a counter gives the same number to another row.
_SQL = r"""
select b.tabel, b.kunci, j.aksi, j.wilayah from core_jejak j join core_jejakbaris b on b.tx = j.tx and b.op = 'D'
where j.id >= %(id)s and j.aksi ~ '^(hapus|musnahkan)_' and b.kunci ~ '^[0-9a-f-]{36}$'
union select 'core_berkas', j.objek_id, j.aksi, j.wilayah from core_jejak j
where j.id >= %(id)s and j.aksi ~ '^(hapus|musnahkan)_' and j.objek_jenis = 'core.Berkas'
union select 'hapus_hak:' || (j.rincian ->> 'lingkup'), j.objek_id, j.aksi, j.wilayah from core_jejak j
where j.id >= %(id)s and j.aksi = 'hapus_hak' order by 1, 2"""

Nisan = tuple[str, str]


def folder() -> Path:
    return anchors.folder()


def tulis(tempat: Path | None = None) -> int:
    """Append what was thrown away since the last writing as a file of its own. Returns how many rows."""
    tempat = tempat or folder()
    ada = set(baca([tempat]))
    with connection.cursor() as cursor:
        cursor.execute(_SQL, {"id": max(jejak.id_sejak(_terakhir(tempat) - MUNDUR) - jejak.LONGGAR, 0)})
        baru = {(t, k): (aksi, wilayah) for t, k, aksi, wilayah in cursor.fetchall() if (t, k) not in ada}
    if not baru:
        return 0
    tempat.mkdir(parents=True, exist_ok=True, mode=0o700)
    kini = timezone.now()
    with (tempat / f"{kini:{_NAMA}}{AKHIRAN}").open("x", encoding="utf-8") as keluar:
        for (tabel, kunci), (aksi, wilayah) in sorted(baru.items()):
            isi = {
                "tabel": tabel,
                "kunci": kunci,
                "aksi": aksi,
                "wilayah": wilayah,
                "ditulis": kini.isoformat(),
            }
            keluar.write(json.dumps(isi | {"tanda_tangan": _tanda(isi)}) + "\n")
    return len(baru)


def _terakhir(tempat: Path) -> datetime:
    nama = max((p.stem for p in tempat.glob(f"*{AKHIRAN}")), default=f"{datetime(2000, 1, 1):{_NAMA}}")
    return datetime.strptime(nama, _NAMA).replace(tzinfo=UTC)


def baca(tempat: Iterable[Path]) -> dict[Nisan, str]:
    """(table, key) -> area of every line whose signature holds; the others are none of ours."""
    hasil = {}
    for satu in tempat:
        for path in sorted(satu.glob(f"*{AKHIRAN}")):
            for baris in path.read_text(encoding="utf-8", errors="replace").splitlines():
                if isi := _sah(baris):
                    hasil[isi["tabel"], isi["kunci"]] = isi["wilayah"]
    return hasil


def terapkan(tempat: Iterable[Path]) -> tuple[int, list[Nisan]]:
    """Throw away again what came back with a backup: (rows gone, those that the database did not let go)."""
    n, gagal = 0, []
    semua = baca(tempat)
    for tabel, kunci in semua:
        if tabel.startswith(hapus.AKSI + ":"):  # overwritten, not deleted: done again as a whole
            try:
                n += hapus.ulang(UUID(kunci), tabel.partition(":")[2])
            except (DatabaseError, hapus.MasihAda, StepRefused):
                gagal.append((tabel, kunci))
    for nisan, wilayah in _masih_ada(semua):
        try:
            n += _musnahkan(*nisan, wilayah)
        except DatabaseError:
            gagal.append(nisan)
    return n, gagal


def _masih_ada(semua: dict[Nisan, str]) -> Iterator[tuple[Nisan, str]]:
    model = {m._meta.db_table: m for m in apps.get_models()}
    for (tabel, kunci), wilayah in semua.items():
        if tabel in model and model[tabel]._base_manager.filter(pk=kunci).exists():
            yield (tabel, kunci), wilayah


def _musnahkan(tabel: str, kunci: str, wilayah: str) -> int:
    """One row, one transaction: what points to it is asked at its commit."""
    model = next(m for m in apps.get_models() if m._meta.db_table == tabel)
    with transaction.atomic():
        audit.catat(
            aksi="musnahkan_ulang", jenis=model._meta.label, objek_id=kunci, by=None, wilayah=wilayah, rincian={"sebab": "pemulihan"}
        )  # fmt: skip
        return model._base_manager.filter(pk=kunci)._raw_delete("default")


def _tanda(isi: dict[str, str]) -> str:
    return base64.b64encode(_kunci().sign(_teks(isi))).decode()


def _sah(baris: str) -> dict[str, str] | None:
    try:
        isi = json.loads(baris)
        tanda = base64.b64decode(isi.pop("tanda_tangan"))
        _kunci().public_key().verify(tanda, _teks(isi))
    except (ValueError, KeyError, TypeError, AttributeError, InvalidSignature):
        return None
    return isi


def _teks(isi: dict[str, str]) -> bytes:
    return b"nisan|" + json.dumps(isi, sort_keys=True).encode()


def _kunci() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(base64.b64decode(settings.SIGNING_KEY)[:32])
