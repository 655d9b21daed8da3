"""Do the keys of this process belong to this database? Asked once, before it does any work.

A key of the right shape but of another installation would not be noticed by itself: new rows would be sealed with it under the
same key id, and a person who is in the register would not be found by his number and be entered a second time. What is stored
already is the witness: some rows are opened, and their blind index is made again.
"""

import logging
from collections.abc import Iterator

from django.apps import apps
from django.conf import settings
from django.db import models

from core.privacy import keys
from core.privacy.fields import BlindIndexField

log = logging.getLogger(__name__)
SALAH = (
    "Kunci tidak cocok dengan basis data ini: {nama}. Portal tidak dijalankan supaya data tidak rusak. "
    "Pasang kunci yang dipakai basis data ini (docs/operasi/kunci-hilang.md)."
)
_pasti = False  # this process has seen that they fit


class WrongKey(Exception):
    """The sentence names the setting, never a key."""


def pastikan() -> None:
    """Raises WrongKey. A database without a single sealed row fits every key, and is asked again next time."""
    global _pasti  # noqa: PLW0603 - one mark per process
    if _pasti or settings.TESTING:
        return
    _pasti = periksa()


def periksa() -> bool:
    """True when the keys fit, False when nothing is stored yet that could say so. Raises WrongKey."""
    ada = [_cocok(satu, kolom) for satu, kolom in _contoh()]
    if ada and not any(buka for buka, _ in ada):
        _tolak("DATA_KEYS")
    if ada and not any(indeks for _, indeks in ada):
        _tolak("INDEX_KEY")
    return bool(ada)


def _tolak(nama: str) -> None:
    kalimat = SALAH.format(nama=nama)
    log.critical(kalimat)
    raise WrongKey(kalimat)


def _contoh() -> Iterator[tuple[models.Model, BlindIndexField]]:
    """The first and the last row of each table with a blind index. One that fits is enough: the others may be older than a key."""
    for model in apps.get_models():
        kolom = next((f for f in model._meta.fields if isinstance(f, BlindIndexField)), None)
        if kolom is None or model._meta.proxy:
            continue
        rows = model._base_manager.filter(
            **{f"{kolom.name}__isnull": False, f"{kolom.source}__isnull": False}
        )
        for urut in ("pk", "-pk"):
            if (satu := rows.order_by(urut).first()) is not None:
                yield satu, kolom


def _cocok(satu: models.Model, kolom: BlindIndexField) -> tuple[bool, bool]:
    """(it could be opened, its index was made with our key)."""
    asal = satu._meta.get_field(kolom.source)
    try:
        isi = getattr(satu, kolom.source).open()
    except keys.SealBroken:
        return False, False
    return True, keys.blind_index(isi, asal.purpose) == bytes(getattr(satu, kolom.attname))  # type: ignore[union-attr]
