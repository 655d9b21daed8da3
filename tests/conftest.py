"""What every test shares. The servers are already up: `tests/settings.py` saw to that."""

import os

import hypothesis
import psycopg
from django.conf import settings

hypothesis.settings.register_profile("biasa", derandomize=True, deadline=None, print_blob=True)
hypothesis.settings.register_profile("fuzz", max_examples=2000, deadline=None, print_blob=True)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "biasa"))


def pytest_report_header() -> list[str]:
    """Which servers and seeds this run used: the first question when it is red somewhere else."""
    database = settings.DATABASES["default"]
    options = {"host": database["HOST"], "port": database["PORT"] or None, "user": database["USER"]}
    with psycopg.connect(
        **options, password=database.get("PASSWORD") or None, dbname="postgres"
    ) as connection:
        version = connection.execute("select current_setting('server_version')").fetchone()
    seeds = (
        f"PYTHONHASHSEED={os.environ.get('PYTHONHASHSEED', '-')} DTKS_SEED={os.environ.get('DTKS_SEED', '-')}"
    )
    place = database["HOST"] or "unix"
    return [f"PostgreSQL {version[0]} ({place}), Redis {settings.REDIS_URL.split('@')[-1]}", seeds]
