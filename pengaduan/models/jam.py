"""The clock of what a citizen waits for: sanggah, pengaduan, kedaruratan, usul warga. Moved by `pengaduan.actions.jam` only."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q


class Berjam(models.Model):
    """A row with one running clock, in working days or in hours. Needs a column `wilayah` (its calendar and time zone).

    `tenggat_at` is frozen when the clock starts: the last second of its last working day, or the hour itself. It moves only by
    the time that the clock stood still. `eskalasi` is the highest threshold in percent that was raised, `eskalasi_at` the moment
    of the next one. A clock that ended keeps its deadline, so that 'answered in time' can be counted.
    """

    if TYPE_CHECKING:
        wilayah_id: str

    jam_kunci = models.CharField("jam", max_length=40, blank=True)
    jam_mulai = models.DateTimeField(null=True)
    jam_lama = models.PositiveSmallIntegerField(null=True)
    jam_kerja = models.BooleanField(
        default=True
    )  # working days; otherwise hours that run through nights and holidays
    tenggat_at = models.DateTimeField("tenggat", null=True)
    jam_selesai = models.DateTimeField(null=True)
    jeda_sejak = models.DateTimeField(null=True)
    jeda_sebab = models.CharField("menunggu", max_length=120, blank=True)
    eskalasi = models.PositiveSmallIntegerField(default=0)
    eskalasi_at = models.DateTimeField(null=True)

    KLASIFIKASI = {
        "jam_kunci": "umum", "jam_mulai": "umum", "jam_lama": "umum", "jam_kerja": "umum", "tenggat_at": "umum", "jam_selesai": "umum",
        "jeda_sejak": "umum", "jeda_sebab": "umum", "eskalasi": "umum", "eskalasi_at": "teknis",
    }  # fmt: skip

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(class)s_jam_utuh",
                condition=Q(jam_mulai__isnull=True, jam_lama__isnull=True, tenggat_at__isnull=True)
                | Q(jam_mulai__isnull=False, jam_lama__gt=0, tenggat_at__gt=F("jam_mulai")),
            ),
            models.CheckConstraint(
                name="%(class)s_jam_jeda",
                condition=Q(jeda_sejak__isnull=True)
                | (Q(tenggat_at__isnull=False, jam_selesai__isnull=True) & ~Q(jeda_sebab="")),
            ),
            models.CheckConstraint(
                name="%(class)s_jam_naik",
                condition=Q(eskalasi_at__isnull=True) | Q(tenggat_at__isnull=False, jam_selesai__isnull=True),
            ),
        ]
        indexes = [
            models.Index(
                fields=["eskalasi_at"],
                name="%(class)s_naik",
                condition=Q(eskalasi_at__isnull=False, jeda_sejak__isnull=True),
            )
        ]
