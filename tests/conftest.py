"""What every test shares. The servers are already up: `tests/settings.py` saw to that."""

import functools
import os
from collections import Counter
from pathlib import Path
from typing import Any

import hypothesis
import psycopg
import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import teardown_databases
from xdist.scheduler import LoadScopeScheduling

from accounts.models import Pengguna
from tests.bantu import alur, basis, dunia_jadi, jaga, pemain, rekaman, templat

hypothesis.settings.register_profile("biasa", derandomize=True, deadline=None, print_blob=True)
hypothesis.settings.register_profile("fuzz", max_examples=2000, deadline=None, print_blob=True)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "biasa"))


# The demo is shared by these modules; the pages that an officer reaches, by all that send him bad input.
DEMO = ("portal/test_demo.py", "portal/test_periksa.py", "portal/test_padankan.py", "portal/test_cadangan.py")


class SatuPanggung(LoadScopeScheduling):
    """Tests go to whichever worker is free, but those that share a costly set-up go to one.

    xdist's own `loadgroup` marks test ids in a way that pytest 9.2 no longer passes on.
    """

    def _split_scope(self, nodeid: str) -> str:
        modul = nodeid.partition("::")[0].removeprefix("tests/")
        if modul.startswith("browser/"):
            return "browser"
        if modul in DEMO:
            return "demo"
        if modul.startswith("keamanan/"):  # one proxy and one set of servers
            return "keamanan"
        peran = nodeid.partition("[")[2].removesuffix("]")
        return f"masukan {peran}" if modul.startswith("masukan/") and peran in pemain.PEMAIN else nodeid

    def mark_test_complete(self, node: Any, item_index: int, duration: float = 0) -> None:
        """A scope that is done is forgotten: with each test xdist counts through all that a worker ever had."""
        nodeid = self.registered_collections[node][item_index]
        scope, kerja = self._split_scope(nodeid), self.assigned_work[node]
        kerja[scope][nodeid] = True
        if all(kerja[scope].values()):
            del kerja[scope]
        self._reschedule(node)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> SatuPanggung:
    return SatuPanggung(config, log)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--beban",
        choices=("kecil", "penuh"),
        default="kecil",
        help="how many people: tests/beban/test_beban.py",
    )
    parser.addoption("--beban-detik", type=int, help="seconds at work instead of the usual ones")


def pytest_report_header() -> list[str]:
    """Which servers and seeds this run used: the first question when it is red somewhere else."""
    database = settings.DATABASES["default"]
    options = {"host": database["HOST"], "port": database["PORT"] or None, "user": database["USER"]}
    with psycopg.connect(
        **options, password=database.get("PASSWORD") or None, dbname="postgres"
    ) as connection:
        version = connection.execute("select current_setting('server_version')").fetchone()
    seeds = " ".join(
        f"{nama}={os.environ.get(nama, '-')}" for nama in ("PYTHONHASHSEED", "DTKS_SEED", "DTKS_GILIRAN")
    )
    place = database["HOST"] or "unix"
    return [f"PostgreSQL {version[0]} ({place}), Redis {settings.REDIS_URL.split('@')[-1]}", seeds]


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_modify_db_settings, django_db_blocker):
    """The test database with two kabupaten, the reference data and the cast in it.

    Written out because pytest-django makes the database only for tests with its own mark, and `db_nyata` has none.
    """
    with django_db_blocker.unblock():
        lama = templat.buat()
    rekaman.pasang(connection.settings_dict["NAME"])
    yield
    with django_db_blocker.unblock():
        basis.tutup_pintu()
        teardown_databases(lama, verbosity=0)


@pytest.fixture(scope="session")
def folder_bersama(tmp_path_factory) -> Path:
    """One folder for all processes of a run."""
    sendiri = tmp_path_factory.getbasetemp()
    return sendiri.parent if os.environ.get("PYTEST_XDIST_WORKER") else sendiri


def pytest_sessionfinish(session: pytest.Session) -> None:
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["rekaman"] = rekaman.hitung


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any, error: Any) -> None:
    for apa, n in getattr(node, "workeroutput", {}).get("rekaman", {}).items():
        rekaman.hitung[apa] += n


def pytest_terminal_summary(terminalreporter: Any) -> None:
    terminalreporter.write_line("journeys: " + ", ".join(f"{n} {apa}" for apa, n in rekaman.hitung.items()))
    permintaan: Counter[str] = Counter()
    for satu in terminalreporter.stats.get("", []):
        for apa, isi in satu.user_properties if satu.when == "teardown" else ():
            if apa == "lapor":
                terminalreporter.write_line(f"{satu.nodeid.rpartition('/')[2]}: {isi}")
            elif apa == "permintaan" and isi:
                permintaan[satu.nodeid.partition("[")[0]] += isi
    for nama, n in sorted(permintaan.items()):
        terminalreporter.write_line(f"requests: {n:7,} {nama}")


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput") and not config.option.collectonly:
        dunia_jadi.hapus()
        rekaman.hapus()


@pytest.fixture(autouse=True, scope="session")
def berkas_uji(tmp_path_factory):
    """Uploads of a run go to a folder of its own."""
    settings.FILES_DIR = tmp_path_factory.mktemp("berkas")


@pytest.fixture
def db_nyata(django_db_setup, django_db_blocker):
    """A database where transactions really commit, for races, queues and the audit chain; emptied afterwards."""
    with django_db_blocker.unblock():
        basis.mulai_berisi()
        try:
            yield
        finally:
            connection.rollback() if connection.in_atomic_block else None
            basis.kosongkan()
            connection.close()


@pytest.fixture
def lapor(record_property):
    """`lapor("400 pairs")`: a figure of this test, written at the end of the run, whichever process came to it."""
    return functools.partial(record_property, "lapor")


@pytest.fixture
def cast(db):
    """`cast("operator")` is that user of the demo cast, fresh from the database."""
    return alur.orang


@pytest.fixture
def masuk(db):
    """`masuk("operator")` is a browser in which that user is logged in."""

    def _masuk(username: str) -> Client:
        client = Client()
        client.force_login(
            Pengguna.objects.get(username=username), backend="django.contrib.auth.backends.ModelBackend"
        )
        return client

    return _masuk


@pytest.fixture
def sampai(db):
    """`sampai("diases")` is a journey whose proposal stands in that state, taken there through the real actions."""
    return alur.sampai


@pytest.fixture(autouse=True)
def tambalan(request):
    """Journeys are walked, not put back, in a test that has patched something."""
    if "monkeypatch" in request.fixturenames:
        mp = request.getfixturevalue("monkeypatch")
        rekaman.tambalan(lambda: bool(mp._setattr or mp._setitem))
        yield
        rekaman.tambalan(bool)
    else:
        yield


@pytest.fixture
def get_tidak_menulis():
    """A GET that writes (sessions and failed logins apart) fails the test."""
    with jaga.get_tidak_menulis():
        yield


@pytest.fixture(autouse=True, scope="session")
def urutan_acak():
    """Rows of our models that nobody ordered come in another order each time."""
    with jaga.urutan_acak(("core", "wilayah", "accounts", "dtks", "bansos", "pengaduan", "portal")):
        yield


@pytest.fixture(autouse=True, scope="session")
def berkas_statis():
    """The static files are looked through once, not by each test client."""
    with jaga.berkas_statis_sekali():
        yield
