"""The clock of a service of the Dinas: hours that run through the night, or working days. Moved by bansos.actions.jam_layanan only."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q


class BerjamLayanan(models.Model):
    """A row with one clock that never pauses. Needs a column `wilayah` (its calendar and time zone).

    `tenggat_at` is frozen when the clock starts; `eskalasi` is the highest threshold in percent that was raised, `eskalasi_at`
    the moment of the next one. A clock that ended keeps its deadline, so that 'in time' can be counted.
    """

    if TYPE_CHECKING:
        wilayah_id: str

    jam_kunci = models.CharField("jam", max_length=40, blank=True)
    jam_mulai = models.DateTimeField(null=True)
    tenggat_at = models.DateTimeField("tenggat", null=True)
    jam_selesai = models.DateTimeField(null=True)
    eskalasi = models.PositiveSmallIntegerField(default=0)
    eskalasi_at = models.DateTimeField(null=True)

    KLASIFIKASI = {
        "jam_kunci": "umum", "jam_mulai": "umum", "tenggat_at": "umum", "jam_selesai": "umum", "eskalasi": "umum", "eskalasi_at": "teknis",
    }  # fmt: skip

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(class)s_jam_utuh",
                condition=Q(jam_mulai__isnull=True, tenggat_at__isnull=True)
                | Q(tenggat_at__gt=F("jam_mulai")),
            ),
            models.CheckConstraint(
                name="%(class)s_jam_naik",
                condition=Q(eskalasi_at__isnull=True) | Q(tenggat_at__isnull=False, jam_selesai__isnull=True),
            ),
        ]
        indexes = [
            models.Index(
                fields=["eskalasi_at"], name="%(class)s_naik", condition=Q(eskalasi_at__isnull=False)
            )
        ]
