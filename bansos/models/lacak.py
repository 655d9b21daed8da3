"""What a citizen holds who asked for a service at the counter: a ticket and a PIN for /lacak/."""

from django.db import models


class Berlacak(models.Model):
    """`tiket` PBI-YYYYMM-NNNNN or SRT-…; both empty until a receipt was made. The PIN is shown once; its keyed index is stored."""

    tiket = models.CharField(max_length=20, null=True, unique=True)  # noqa: DJ001 - NULL = no receipt yet
    pin_indeks = models.BinaryField(max_length=32, null=True)

    KLASIFIKASI = {"tiket": "pribadi", "pin_indeks": "rahasia"}

    class Meta:
        abstract = True
