import os
from typing import Any

from celery import Celery, bootsteps

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")


class PeopleFirst(bootsteps.Step):
    """Where web and worker share their cores, a page does not wait for an import (docs/adr/0037)."""

    def __init__(self, worker: Any, **kwargs: Any):
        os.nice(int(os.environ.get("WORKER_NICE") or 5))
        super().__init__(worker, **kwargs)


app = Celery("dtks")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.steps["worker"].add(PeopleFirst)
