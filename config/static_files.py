"""collectstatic only when a static file was added, changed or removed: it costs seconds."""

import hashlib
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command

from config.servers.places import write_private


def collect_if_changed(stamp: Path) -> bool:
    """True when the files were collected. `stamp` remembers the listing that STATIC_ROOT was made from."""
    listing = _listing()
    if Path(settings.STATIC_ROOT).exists() and stamp.exists() and stamp.read_text() == listing:
        return False
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    write_private(stamp, listing)
    return True


def _listing() -> str:
    rows = [settings.STORAGES["staticfiles"]["BACKEND"]]
    for finder in get_finders():
        for name, storage in finder.list(None):
            info = Path(storage.path(name)).stat()
            rows.append(f"{name}\0{info.st_mtime_ns}\0{info.st_size}")
    return hashlib.sha256("\n".join(sorted(rows)).encode()).hexdigest()
