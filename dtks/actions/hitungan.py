"""Care of the maintained counts (ADR 0015). Derived data: no act of a person, so nothing for the audit trail."""

from django.db import connection, transaction

JOB = "dtks.lipat_hitungan"


def lipat() -> int:
    """Fold the small rows into one per place; returns how many went. 0 when another folding is at it."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("select usulan_hitung_lipat()")
        return int(cursor.fetchone()[0])


def hitung_ulang() -> None:
    """Count anew from the proposals, after rows came in with the triggers off."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("select usulan_hitung_ulang()")
