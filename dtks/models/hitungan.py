"""Counts of proposals that cost nothing to read (ADR 0015)."""

from django.db import models
from django.db.models import Q


class HitunganUsulan(models.Model):
    """So many proposals more (or fewer) in this village, state, programme, path and period.

    Written by the trigger `usulan_hitung` only, one row per statement and place, never changed by it: two writers
    never meet in a row. `dtks.actions.hitungan.lipat` folds the small rows into one per place (`lipat`). The count of
    a place is the sum of all its rows, at every moment.
    """

    id = models.BigAutoField(primary_key=True)
    wilayah = models.CharField("desa/kelurahan", max_length=13, db_collation="C")
    status = models.CharField(max_length=20)
    program = models.CharField(max_length=20)
    jalur = models.CharField(max_length=12)
    periode = models.CharField(max_length=7)
    n = models.IntegerField()
    lipat = models.BooleanField("sudah dilipat", db_default=False)

    KLASIFIKASI = {
        "id": "teknis", "wilayah": "umum", "status": "umum", "program": "umum", "jalur": "umum", "periode": "umum",
        "n": "umum", "lipat": "teknis",
    }  # fmt: skip

    class Meta:
        verbose_name = verbose_name_plural = "hitungan usulan"
        constraints = [
            models.UniqueConstraint(
                fields=["status", "wilayah", "program", "jalur", "periode"],
                name="hitunganusulan_lipat",
                condition=Q(lipat=True),
            )
        ]
        indexes = [
            models.Index(
                fields=["status", "wilayah"],
                include=["program", "jalur", "periode", "n"],
                name="hitunganusulan_baca",
            ),
            models.Index(
                fields=["periode", "wilayah"],
                include=["status", "program", "jalur", "n"],
                name="hitunganusulan_periode",
            ),
            models.Index(
                fields=["id"], name="hitunganusulan_kerja", condition=Q(lipat=False) | Q(n=0)
            ),  # what the folding has to look at
        ]
