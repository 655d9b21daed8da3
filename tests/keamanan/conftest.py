"""The edge for the attack suite: real servers on the test database, one set for all its modules."""

import sys
from collections.abc import Callable, Iterator

import pytest
from django.db import connection

from tests.bantu import basis
from tests.bantu.proses import Panggung
from tests.bantu.tepi import Tepi, nginx
from tests.browser.panggung import kumpulkan_berkas_statis

DILEWATI = """
!! Uji lewat proksi DILEWATI: nginx tidak ditemukan. Pasang dengan `apt-get install nginx-light`.
!! Tests through the reverse proxy SKIPPED: no nginx found.
"""


@pytest.fixture(scope="package")
def panggung(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[Panggung]:
    if not nginx():
        print(DILEWATI, file=sys.__stderr__, flush=True)
        pytest.skip("no nginx: apt-get install nginx-light")
    with Panggung(tmp_path_factory.mktemp("panggung")) as p:
        kumpulkan_berkas_statis(p.env)
        yield p
    with django_db_blocker.unblock():
        basis.kosongkan()
        connection.close()


@pytest.fixture(scope="package")
def tepi(panggung, tmp_path_factory) -> Iterator[Tepi]:
    with Tepi(panggung, tmp_path_factory.mktemp("tepi")) as satu:
        yield satu


@pytest.fixture(scope="package")
def tepi_rakus(panggung, tmp_path_factory) -> Iterator[Tepi]:
    """The same with a cache that keeps whatever it may."""
    with Tepi(panggung, tmp_path_factory.mktemp("rakus"), simpan=True) as satu:
        yield satu


@pytest.fixture
def alamat_asal() -> Callable[[], str]:
    """Another visitor's address with every call: the limits of the proxy are per address, and stay as they are."""
    return _berikut


_nomor = iter(range(256 + 1, 250 * 65536))


def _berikut() -> str:
    n = next(_nomor)
    return f"127.{1 + n // 65536}.{n // 256 % 256}.{1 + n % 250}"
