"""How full are the disks that hold what the portal must not lose?"""

import shutil
from pathlib import Path

from django.conf import settings
from django.db import connection

WARN = 80  # per cent: time enough to make room before an upload is refused (files.NoRoom) or PostgreSQL stops writing


def watched() -> dict[str, Path]:
    """Folders by the name that an administrator knows. That of PostgreSQL only where it tells us and lies on this machine."""
    with connection.cursor() as cursor:
        cursor.execute("select setting from pg_settings where name = 'data_directory'")
        row = cursor.fetchone()
    found = {"berkas": settings.FILES_DIR, **({"basis data": Path(row[0])} if row and row[0] else {})}
    return found | {str(folder): folder for folder in settings.DISK_WATCH}


def full(threshold: int = WARN) -> dict[str, int]:
    """Per cent used, of each disk at or above the threshold. The room that is left to the portal's account counts, not to root's."""
    found = {}
    for name, folder in watched().items():
        try:
            usage = shutil.disk_usage(folder)
        except OSError:  # not there yet, of another machine, or not ours to look at
            continue
        used = 100 - 100 * usage.free // max(usage.used + usage.free, 1)
        if used >= threshold:
            found[name] = used
    return found
