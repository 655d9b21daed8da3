"""Numbers without a gap and without a double: taken from a locked row, in the transaction that uses them."""

from datetime import date

from django.db import transaction

from core import rules
from core.models import NomorSeri


def take(seri: str, tahun: int) -> int:
    """Next number of the series in that year, from 1. Rolls back with its user, so no number is ever lost."""
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("a number is taken in the transaction that uses it")
    NomorSeri.objects.bulk_create([NomorSeri(seri=seri, tahun=tahun)], ignore_conflicts=True)
    row = NomorSeri.objects.select_for_update().get(seri=seri, tahun=tahun)
    row.terakhir += 1
    row.save(update_fields=["terakhir"])
    return row.terakhir


_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")


def roman_month(month: int) -> str:
    return _ROMAN[month - 1]


def issue(kunci: str, *, seri: str, hari: date, wilayah: str) -> tuple[int, str]:
    """Take the next number of `seri` and write it as the rule `kunci` ('sk.nomor' …) says; returns (number, text)."""
    urut = take(seri, hari.year)
    pola = rules.value(kunci, wilayah, hari)["pola"]
    return urut, pola.format(
        urut=urut, bulan=hari.month, bulan_romawi=roman_month(hari.month), tahun=hari.year, wilayah=wilayah
    )
