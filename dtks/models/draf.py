"""What somebody typed and has not sent yet. Not an act: no audit row, and gone once the form is saved."""

import json
import uuid
from typing import Any

from django.db import models
from django.db.models.functions import Now

from accounts.models import Pengguna
from core.privacy import keys


class DrafIsianQuerySet(models.QuerySet["DrafIsian"]):
    def visible_to(self, user: Pengguna) -> "DrafIsianQuerySet":
        """A draft is its owner's alone, whatever the areas."""
        return self.filter(pengguna=user)


class DrafIsian(models.Model):
    """One half-filled form of one person. `kunci` is the form's address, `isi` the sealed answers (they hold NIK)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    pengguna = models.ForeignKey(Pengguna, on_delete=models.CASCADE, related_name="+")
    kunci = models.CharField("alamat formulir", max_length=200)
    isi = models.BinaryField("isian")
    created_at = models.DateTimeField(db_default=Now())
    updated_at = models.DateTimeField(auto_now=True)

    objects = DrafIsianQuerySet.as_manager()

    KLASIFIKASI = {
        "id": "teknis", "pengguna": "teknis", "kunci": "teknis", "isi": "rahasia", "created_at": "teknis", "updated_at": "teknis",
    }  # fmt: skip

    class Meta:
        verbose_name = verbose_name_plural = "draf isian"
        constraints = [
            models.UniqueConstraint(fields=["pengguna", "kunci"], name="drafisian_satu_per_formulir"),
        ]
        indexes = [models.Index(fields=["updated_at"], name="drafisian_lama")]

    def __str__(self) -> str:
        return self.kunci

    def _context(self) -> str:
        return f"{self._meta.db_table}.isi:{self.pengguna_id}:{self.kunci}"

    def segel(self, jawaban: dict[str, list[str]]) -> None:
        self.isi = keys.seal(json.dumps(jawaban, ensure_ascii=False).encode(), self._context())

    def buka(self) -> dict[str, Any]:
        """Answers by field name, each a list as the form sent it. Raises keys.SealBroken."""
        jawaban: dict[str, Any] = json.loads(keys.unseal(self.isi, self._context()))
        return jawaban
