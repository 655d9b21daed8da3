"""Settings of the tests: says where the servers are before `config.settings` asks, then takes all from there.

Works for `./test` and for a bare `pytest`. Each run has databases and a Redis prefix of its own, so several
can go on at once; the xdist workers of a run learn its name from the environment.
"""

import os
from pathlib import Path

from config import local_services

os.environ["DTKS_TESTING"] = "1"
os.environ.setdefault("DTKS_LOCAL", "1")
os.environ.setdefault("DTKS_LOCAL_DIR", str(Path(__file__).resolve().parent.parent / ".lokal-test"))
os.environ.setdefault("DTKS_TEST_RUN", str(os.getpid()))
os.environ.setdefault("DEMO", "0")
local_services.attach()

from config.settings import *  # noqa: E402, F403
from config.settings import CACHES, DATABASES  # noqa: E402

_run = os.environ["DTKS_TEST_RUN"]
_worker = os.environ.get("PYTEST_XDIST_WORKER", "")
DATABASES["default"]["TEST"] = {"NAME": f"test_dtks_{_run}"}  # pytest-django adds the worker
CACHES["default"]["KEY_PREFIX"] = f"test-{_run}-{_worker}"
# What a test commits need not survive a power cut: no wait for the disk at each commit.
DATABASES["default"]["OPTIONS"]["options"] += " -c synchronous_commit=off"
# Nothing may touch a database that is not the test's: outside the fixtures there is none.
DATABASES["default"]["NAME"] = f"dtks_tanpa_uji_{_run}"
# A name that one of our templates asks for and nobody gave fails the test instead of leaving a hole in the page.
from config.settings import TEMPLATES  # noqa: E402
from tests.bantu.jaga import NamaTidakDikenal  # noqa: E402

TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = NamaTidakDikenal()
