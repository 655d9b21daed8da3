"""Celery's side of the queue: come and look."""

import logging
import threading
from collections.abc import Callable

from celery import current_app, shared_task
from django.utils import timezone

from core import clock, idempotency, outbox, schedule, tantangan
from core.privacy import saksi

log = logging.getLogger(__name__)


@shared_task(name=outbox.RING)
def kerjakan() -> int:
    """Do due jobs. Rung after a commit and every few seconds by beat, so a lost ring costs seconds, not work.

    Rings never expire: that would be by the worker's clock, and one that is a few seconds ahead would let every one of beat's go by.
    """
    saksi.pastikan()
    if not clock.agrees():
        return 0
    done = outbox.work()
    if done >= 200:
        outbox.ring()
    return done


@shared_task(name="core.jadwalkan")
def jadwalkan() -> None:
    """Queue what the calendar asks for; each (job, period) exactly once, however many beats run."""
    schedule.enqueue_due(timezone.localtime(clock.database_now()))


class Bell:
    """Rings without ever holding up the request: one thread at a time sends, rings that come meanwhile are one more.

    A broker that accepts and never answers costs that thread its socket timeout; beat finds the work anyway.
    """

    def __init__(self, send: Callable[[], object]):
        self._send, self._busy, self._wanted = send, threading.Lock(), threading.Event()

    def __call__(self) -> None:
        self._wanted.set()
        if self._busy.acquire(blocking=False):
            threading.Thread(target=self._run, daemon=True, name="bell").start()

    def _run(self) -> None:
        try:
            while self._wanted.is_set():
                self._wanted.clear()
                self._send()
        except Exception:
            log.warning("doorbell unreachable; the sweeper will find the work")
        finally:
            self._busy.release()


outbox.on_ring(Bell(lambda: current_app.send_task(outbox.RING, retry=False, ignore_result=True)))
outbox.register("core.buang_tantangan", lambda job: {"baris": tantangan.buang(timezone.now())})
schedule.register("core.buang_tantangan", lambda now: f"{now:%Y-%m-%dT%H}")
outbox.register("core.buang_jawaban", lambda job: {"baris": idempotency.buang_jawaban()})
schedule.register("core.buang_jawaban", schedule.daily(4))
