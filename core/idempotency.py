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
    """Delete the stored answers of the API that nobody will ask for again (rule `api.jawaban_simpan_hari`); how many."""
    batas = timezone.now() - timedelta(days=rules.value("api.jawaban_simpan_hari"))
    return JawabanApi.objects.filter(created_at__lt=batas).delete()[0]
