"""What registers itself at import must be known to each process that needs it, not only to a test that imported it."""

import subprocess
import sys

import pytest

_TANYA = """
import django
django.setup()
{muat}
from dtks.actions.impor import inti
print(",".join(sorted(inti._jenis)))
"""
_WEB = "import config.urls"
_PEKERJA = "import accounts.tasks, bansos.tasks, dtks.tasks, pengaduan.tasks, portal.tasks"


def jenis_impor(muat: str) -> list[str]:
    """Kinds of import file that a fresh process knows."""
    hasil = subprocess.run(
        [sys.executable, "-c", _TANYA.format(muat=muat)], capture_output=True, text=True, check=True
    )
    return hasil.stdout.strip().split(",")


@pytest.mark.parametrize("proses", [_WEB, _PEKERJA], ids=["web", "pekerja"])
def test_setiap_jenis_impor_dikenal_portal_dan_pekerjanya(proses):
    assert jenis_impor(proses) == jenis_impor(f"{_WEB}; {_PEKERJA}")
