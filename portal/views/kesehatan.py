"""Health for load balancers: alive (`/healthz`) and ready to serve (`/readyz`)."""

import logging

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from core import clock, replica
from wilayah.models import Wilayah

log = logging.getLogger(__name__)


@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """200 while the process answers. Asks nobody, so a slow database does not get the server restarted."""
    return JsonResponse({"status": "hidup"})


def _limits_hold() -> bool:
    """Behind a pooler they come from its `connect_query`; without them one stuck request holds its locks for ever."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select bool_and(current_setting(n) <> '0') from unnest(%s::text[]) n",
            [list(settings.SESSION_LIMITS)],
        )
        return bool(cursor.fetchone()[0])


def _checks() -> dict[str, bool]:
    """Answers by name. Raises DatabaseError when PostgreSQL is away."""
    executor = MigrationExecutor(connection)
    pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if pending:
        return {"basis_data": True, "migrasi": False, "wilayah": False}
    checks = {"basis_data": True, "migrasi": True, "wilayah": Wilayah.objects.exists()}
    if not _limits_hold():
        checks["batas_tunggu"] = False
    if not clock.agrees():
        checks["jam"] = False
    return checks


@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """200 when the database answers, every migration is applied, the areas are loaded and the clocks agree; else 503.

    Redis is not asked: the queue lives in PostgreSQL and Redis only rings the bell (docs/adr/0003), so
    a portal without Redis is slower but serves every page.
    """
    try:
        checks = _checks()
    except DatabaseError:
        log.exception("readyz: database is away")
        checks = {"basis_data": False, "migrasi": False, "wilayah": False}
    ready = all(checks.values())
    # A replica that is behind or gone makes nobody unready: the primary is read instead.
    isi = {"status": "siap" if ready else "belum siap", **checks, **(replica.state() if ready else {})}
    return JsonResponse(isi, status=200 if ready else 503)
