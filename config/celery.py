import os

from celery import Celery
from celery.signals import worker_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("dtks")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_init.connect
def let_people_go_first(**_: object) -> None:
    """Where web and worker share their cores, a page does not wait for an import (docs/adr/0037)."""
    os.nice(int(os.environ.get("WORKER_NICE") or 5))
