"""Stages of the fault tests: each has servers of its own, and each ends with the portal's own self-check."""

import os
import random
from collections.abc import Iterator

import pytest
from django.db import connection

from core import files
from portal.queries import periksa
from tests.bantu.klaster import Klaster, klaster_sendiri
from tests.bantu.proses import Panggung
from tests.browser.panggung import Portal, kumpulkan_berkas_statis


@pytest.fixture
def keras() -> bool:
    """`./test --faults --keras`: the full counts of reliability.md, for a night; DTKS_MENIT=30 stops the longest two after so many minutes."""
    return os.environ.get("DTKS_KERAS") == "1"


@pytest.fixture
def acak() -> random.Random:
    return random.Random(os.environ.get("DTKS_SEED", "3205"))


@pytest.fixture
def klaster(db_nyata) -> Iterator[Klaster]:
    with klaster_sendiri() as satu:
        yield satu


@pytest.fixture
def panggung(db_nyata, tmp_path) -> Iterator[Panggung]:
    with Panggung(tmp_path, simulator=False) as satu:
        kumpulkan_berkas_statis(satu.env)
        yield satu


@pytest.fixture
def panggung_klaster(klaster, tmp_path) -> Iterator[Panggung]:
    """The same on the cluster that may be stopped; the self-check runs there, before it goes."""
    with Panggung(tmp_path, simulator=False) as satu:
        kumpulkan_berkas_statis(satu.env)
        yield satu
    _periksa()


@pytest.fixture
def buat_web(tmp_path) -> Iterator:
    """`buat_web(panggung, pekerja=2)`: a gunicorn that answers already."""
    ada: list[Portal] = []

    def buat(panggung: Panggung, *, pekerja: int = 2) -> Portal:
        ada.append(Portal(panggung, tmp_path, demo=True, pekerja=pekerja))
        ada[-1].tunggu()
        return ada[-1]

    yield buat
    for satu in ada:
        satu.hentikan()


@pytest.fixture
def periksa_semua(db_nyata) -> Iterator[None]:
    """After the test: the self-check finds nothing. Orphaned files are the janitor's, run now."""
    yield
    _periksa()


def _periksa() -> None:
    connection.close()
    files.purge_orphans(older_than_seconds=0)
    assert [str(s) for s in periksa.jalankan(berkas=True).pelanggaran] == []
