"""One clock for all machines: the database's. A machine whose own clock disagrees with it does no work that asks what day it is."""

import logging
from datetime import datetime, timedelta

from django.db import connection
from django.utils import timezone

log = logging.getLogger(__name__)
SLACK = timedelta(seconds=60)  # more than clocks differ that are set over the network, less than any deadline


def database_now() -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("select clock_timestamp()")
        now: datetime = cursor.fetchone()[0]
        return now


def ahead() -> timedelta:
    """How far this machine's clock is ahead of the database's; behind: negative. The time that the question took is no difference."""
    before = timezone.now()
    there = database_now()
    after = timezone.now()
    return before - there if there < before else min(after - there, timedelta(0))


def agrees() -> bool:
    """False, and a line in the log, when this machine's clock is off by more than `SLACK`."""
    off = ahead()
    if abs(off) <= SLACK:
        return True
    log.critical(
        "Jam mesin ini berbeda %.0f detik dari jam basis data. Tidak ada pekerjaan yang dikerjakan di sini sampai jamnya benar.",
        off.total_seconds(),
    )
    return False
