"""Celery's side of the queue: come and look."""

from celery import current_app, shared_task
from django.utils import timezone

from core import outbox, schedule


@shared_task(name=outbox.RING)
def kerjakan() -> int:
    """Do due jobs. Rung after a commit and every few seconds by beat, so a lost ring costs seconds, not work."""
    done = outbox.work()
    if done >= 200:
        outbox.ring()
    return done


@shared_task(name="core.jadwalkan")
def jadwalkan() -> None:
    """Queue what the calendar asks for; each (job, period) exactly once, however many beats run."""
    schedule.enqueue_due(timezone.localtime())


def _ring() -> None:
    current_app.send_task(outbox.RING, expires=60, retry=False, ignore_result=True)


outbox.on_ring(_ring)
