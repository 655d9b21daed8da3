"""Rows of lists that a person took out in one day, by download or by the API in the own session."""

from datetime import date

from django.db import connection, models

from accounts.models.pengguna import Orang


class PemakaianUnduh(models.Model):
    """`nomor`: with full NIK. By person, not by account: a second account is no second allowance."""

    orang = models.ForeignKey(Orang, on_delete=models.CASCADE, related_name="+")
    hari = models.DateField()
    nomor = models.BooleanField()
    baris = models.BigIntegerField()
    terakhir_at = models.DateTimeField()

    KLASIFIKASI = {
        "id": "teknis", "orang": "teknis", "hari": "umum", "nomor": "umum", "baris": "umum", "terakhir_at": "umum",
    }  # fmt: skip

    class Meta:
        verbose_name = verbose_name_plural = "pemakaian unduhan"
        ordering = ["-hari"]
        constraints = [models.UniqueConstraint(fields=["orang", "hari", "nomor"], name="pemakaianunduh_hari")]

    @classmethod
    def pakai(cls, orang: Orang, hari: date, *, nomor: bool, baris: int, maks: int) -> bool:
        """Book rows of this day; False, and nothing booked, when `maks` does not hold them. Exact under concurrency."""
        with connection.cursor() as cursor:
            cursor.execute(_PAKAI, [orang.pk, hari, nomor, baris, baris, maks, maks])
            return cursor.fetchone() is not None


_PAKAI = """
insert into accounts_pemakaianunduh as p (orang_id, hari, nomor, baris, terakhir_at)
select %s, %s, %s, %s, clock_timestamp() where %s <= %s
on conflict (orang_id, hari, nomor) do update set baris = p.baris + excluded.baris, terakhir_at = excluded.terakhir_at
 where p.baris + excluded.baris <= %s
returning baris"""
