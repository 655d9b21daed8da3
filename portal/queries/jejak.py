"""The audit trail of a person's areas, and of a month without an index on time."""

from calendar import monthrange
from datetime import datetime, timedelta

from django.db.models import Max, Min, QuerySet

from accounts.models import Pengguna
from core.models import Jejak
from wilayah.kode import dalam
from wilayah.waktu import zona

LONGGAR = 1000  # ids: acts of transactions that overlapped lie a few places apart


def jejak_terlihat(user: Pengguna) -> QuerySet[Jejak]:
    """Acts on objects inside the areas of `jejak.lihat`; nothing without that power."""
    return Jejak.objects.filter(dalam("wilayah", user.cakupan("jejak.lihat")))


def batas_bulan(periode: str, wilayah: str) -> tuple[datetime, datetime]:
    """First moment of the month '2026-11' and of the next one, on the clock of the area."""
    tahun, bulan, tz = int(periode[:4]), int(periode[5:]), zona(wilayah)
    awal = datetime(tahun, bulan, 1, tzinfo=tz)
    lanjut = awal + timedelta(days=monthrange(tahun, bulan)[1])
    return awal, datetime(lanjut.year, lanjut.month, 1, tzinfo=tz)


def id_sejak(saat: datetime) -> int:
    """Smallest id of an act at or after this moment: ids of the trail grow with time, so halving finds it. Queries that
    use it leave LONGGAR on both sides and filter by time as well."""
    ujung = Jejak.objects.aggregate(awal=Min("pk"), akhir=Max("pk"))
    bawah, atas = ujung["awal"] or 0, (ujung["akhir"] or 0) + 1
    while bawah < atas:
        tengah = (bawah + atas) // 2
        pada = Jejak.objects.filter(pk__gte=tengah).order_by("pk").values_list("pada", flat=True).first()
        if pada is not None and pada < saat:
            bawah = tengah + 1
        else:
            atas = tengah
    return bawah
