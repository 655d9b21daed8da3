"""The same submission twice is one effect: the key is stored in the transaction of the effect."""

import hashlib
import uuid
from collections.abc import Callable
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from core import rules
from core.models import JawabanApi, KunciKirim


class KeyReused(Exception):
    """The key came back with other content."""


def once(*, pemilik: str, kunci: uuid.UUID, isi: str, do: Callable[[], str]) -> tuple[str, bool]:
    """Run `do` unless (`pemilik`, `kunci`) already ran; returns (its result, True when it ran now).

    A second caller waits for the first one's commit. Raises KeyReused when `isi` differs.
    """
    sidik = hashlib.sha256(isi.encode()).digest()
    with transaction.atomic():
        try:
            with transaction.atomic():
                mark = KunciKirim.objects.create(pemilik=pemilik, kunci=kunci, sidik_isi=sidik)
        except IntegrityError:
            mark = KunciKirim.objects.get(pemilik=pemilik, kunci=kunci)
            if bytes(mark.sidik_isi) != sidik:
                raise KeyReused from None
            return mark.hasil, False
        mark.hasil = do()
        mark.save(update_fields=["hasil"])
        return mark.hasil, True


def buang_jawaban() -> int:
    """Delete what nobody will ask for again; how many rows.

    Answers of the API after `api.jawaban_simpan_hari`; marks of sent forms (with the sealed PIN of a receipt) after
    `kirim.simpan_hari`, which is longer than a phone may be without a signal.
    """
    kini = timezone.now()
    return sum(
        model.objects.filter(created_at__lt=kini - timedelta(days=rules.value(kunci))).delete()[0]
        for model, kunci in ((JawabanApi, "api.jawaban_simpan_hari"), (KunciKirim, "kirim.simpan_hari"))
    )
