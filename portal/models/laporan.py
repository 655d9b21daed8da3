"""What the reports read: counts made by a scheduled job from the rows themselves (ADR 0015)."""

from django.db import models
from django.db.models.functions import Now


class Ringkasan(models.Model):
    """One measure of one area: made anew as a whole by `portal.actions.ringkasan`, never changed by hand.

    `ukuran` says which (portal/queries/laporan/ukuran.py) and, behind the colon, for areas of which length of code: every
    level has its own rows, so a page reads those of its parts only. `rinci` is the breakdown; `n` counts, `m` too.
    """

    id = models.BigAutoField(primary_key=True)
    ukuran = models.CharField(max_length=20)
    wilayah = models.CharField("desa/kelurahan", max_length=13, db_collation="C", blank=True)
    periode = models.CharField(max_length=7, blank=True)
    rinci = models.CharField(max_length=80, blank=True)
    n = models.BigIntegerField()
    m = models.BigIntegerField(db_default=0)
    dihitung_at = models.DateTimeField(db_default=Now())

    KLASIFIKASI = {
        "id": "teknis", "ukuran": "teknis", "wilayah": "umum", "periode": "umum", "rinci": "umum", "n": "umum", "m": "umum",
        "dihitung_at": "teknis",
    }  # fmt: skip

    class Meta:
        verbose_name = verbose_name_plural = "ringkasan laporan"
        constraints = [
            models.UniqueConstraint(fields=["ukuran", "wilayah", "periode", "rinci"], name="ringkasan_unik")
        ]


class StatistikUmum(models.Model):
    """The public numbers of one area, written nightly with small numbers already hidden: the public page reads this only.

    `periode` '' holds what is about today. `isi`: {"jalur": [[code, name]], "tabel": [{"judul", "kalimat",
    "kolom": [title], "baris": [[code, name, [text]]], "kosong": lines left out, "jumlah": [text], "rincian": [[title, [[word, text]]]]}]}.
    """

    id = models.BigAutoField(primary_key=True)
    wilayah = models.CharField("kabupaten/kota atau kecamatan", max_length=8, db_collation="C")
    periode = models.CharField(max_length=7, blank=True)
    isi = models.JSONField()
    dihitung_at = models.DateTimeField(db_default=Now())

    KLASIFIKASI = {"id": "teknis", "wilayah": "umum", "periode": "umum", "isi": "umum", "dihitung_at": "umum"}

    class Meta:
        verbose_name = verbose_name_plural = "angka untuk umum"
        constraints = [models.UniqueConstraint(fields=["wilayah", "periode"], name="statistik_unik")]
