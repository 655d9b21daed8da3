"""Requests a minute by caller, counted in PostgreSQL: a flush of the cache opens nothing."""

from datetime import timedelta
from typing import Any

from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from core import limits, rules

JENDELA = timedelta(minutes=1)


class PerPemanggil(BaseThrottle):
    """Key or person; an anonymous caller is refused before this asks."""

    def allow_request(self, request: Request, view: Any) -> bool:
        if not request.user or not request.user.is_authenticated:
            return True
        return limits.hit(
            f"api:{request.user.pk}", limit=rules.value("api.permintaan_per_menit"), window=JENDELA
        )

    def wait(self) -> float:
        return JENDELA.total_seconds()
