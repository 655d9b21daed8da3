"""One step that was taken: the columns every history has. Append-only; triggers check arrow, order and person."""

import uuid

from django.db import models
from django.db.models.functions import Now

from accounts.models import Orang, Pengguna


class Riwayat(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    urut = models.PositiveIntegerField()
    langkah = models.CharField(max_length=30)
    dari = models.CharField(max_length=30)
    ke = models.CharField(max_length=30)
    oleh = models.ForeignKey(Pengguna, on_delete=models.PROTECT, null=True, related_name="+")
    orang = models.ForeignKey(Orang, on_delete=models.PROTECT, null=True, related_name="+")
    peran = models.CharField(max_length=20, blank=True)
    alasan = models.CharField(max_length=40, blank=True)
    alasan_kalimat = models.CharField(max_length=200, blank=True)
    catatan = models.TextField(blank=True, max_length=2000)
    pada = models.DateTimeField(db_default=Now())

    KLASIFIKASI = {
        "id": "teknis", "urut": "teknis", "langkah": "umum", "dari": "umum", "ke": "umum", "oleh": "umum", "orang": "teknis",
        "peran": "umum", "alasan": "umum", "alasan_kalimat": "umum", "catatan": "pribadi", "pada": "umum",
    }  # fmt: skip

    class Meta:
        abstract = True
        ordering = ["urut"]
