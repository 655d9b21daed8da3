"""What a citizen holds: a number to say aloud and a PIN to keep."""

import uuid

from django.db import models
from django.db.models.functions import Now


class Bertiket(models.Model):
    """Found again by ticket and PIN at /lacak/. The PIN is shown once; only its keyed index is stored."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    tiket = models.CharField(max_length=20, unique=True)
    pin_indeks = models.BinaryField(max_length=32)
    created_at = models.DateTimeField(db_default=Now())
    updated_at = models.DateTimeField(auto_now=True)

    KLASIFIKASI = {
        "id": "teknis", "tiket": "pribadi", "pin_indeks": "rahasia", "created_at": "teknis", "updated_at": "teknis",
    }  # fmt: skip

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.tiket
