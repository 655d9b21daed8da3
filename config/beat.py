from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Any

from celery.beat import Scheduler


class Doorbell(Scheduler):
    """Rings by a clock that only counts: one that is set back would keep it silent until the old time came again.

    It keeps no file: which job of which period is due, PostgreSQL knows (core.schedule).
    """

    def __init__(self, *args: Any, **kwargs: Any):
        self._begun, self._counted = datetime.now(UTC), monotonic()
        super().__init__(*args, **kwargs)

    def _now(self) -> datetime:
        return self._begun + timedelta(seconds=monotonic() - self._counted)

    def setup_schedule(self) -> None:
        super().setup_schedule()
        for entry in self.schedule.values():
            entry.schedule.nowfun = self._now
