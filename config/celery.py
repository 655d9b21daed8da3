import logging
import mmap
import os
import signal
import threading
import time
from pathlib import Path
from typing import Any

from celery import Celery, Task, bootsteps
from celery.worker import state

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

log = logging.getLogger(__name__)
_SLOTS = 4096
_at_work = mmap.mmap(-1, _SLOTS)  # one byte for each child of the pool; they and their parent see the same


def _working(pid: int) -> bool:
    """A child that was killed leaves its mark, and may lie there unburied: it does not count."""
    try:
        life = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return life not in "ZX" and bool(_at_work[pid % _SLOTS])


class MarkedTask(Task):
    """Says to the parent that this child is at work, however long it takes."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        slot = os.getpid() % _SLOTS
        _at_work[slot] = 1
        try:
            return super().__call__(*args, **kwargs)
        finally:
            _at_work[slot] = 0


class PeopleFirst(bootsteps.Step):
    """Where web and worker share their cores, a page does not wait for an import (docs/adr/0037)."""

    def __init__(self, worker: Any, **kwargs: Any):
        os.nice(int(os.environ.get("WORKER_NICE") or 5))
        super().__init__(worker, **kwargs)


class Watch(bootsteps.StartStopStep):
    """Ends a worker that does not hear the bell any more, for whoever looks after the service to start it again (docs/adr/0003).

    When Redis dies together with a child of the pool, Celery 5.7 can be left without a connection and never ask for another one: the
    process lives, and does nothing until somebody restarts it. It is deaf when rings lie in the broker, none was taken for half a
    minute, and no child is at work. With the broker away nothing is known, and nothing is done.
    """

    requires = ("celery.worker.components:Pool",)
    SILENT, STARTING, EVERY = 30, 120, 5  # seconds

    def start(self, worker: Any) -> None:
        threading.Thread(target=self._run, args=(worker,), daemon=True, name="watch").start()

    def _run(self, worker: Any) -> None:
        taken, since = 0, time.monotonic()
        while True:
            time.sleep(self.EVERY)
            children = [child.pid for child in getattr(worker.pool._pool, "_pool", ())]
            heard = state.all_total_count[0] != taken or any(_working(pid) for pid in children)
            if heard or not self._rings(worker.app):
                taken, since = state.all_total_count[0], time.monotonic()
            elif time.monotonic() - since > (self.SILENT if taken else self.STARTING):
                log.critical(
                    "the worker does not hear the bell any more and ends itself, to be started again"
                )
                for pid in children:
                    os.kill(pid, signal.SIGKILL)
                os._exit(70)

    @staticmethod
    def _rings(app: Celery) -> bool:
        """Do rings lie in the broker? False when it does not answer."""
        try:
            with app.connection_for_read() as connection:
                queue = app.conf.task_default_queue
                return connection.default_channel.queue_declare(queue, passive=True).message_count > 0
        except Exception:  # of one of several clients; the worker itself says it in the log
            return False


app = Celery("dtks", task_cls=MarkedTask)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.steps["worker"].add(PeopleFirst)
app.steps["worker"].add(Watch)
