"""The stage of the permission tests: one world for all of them, every request undone after it was answered."""

import logging

import pytest
from django.db import transaction

from tests.bantu import dunia_jadi
from tests.izin import dunia as buatan
from tests.izin.tanya import Penanya


@pytest.fixture(scope="module")
def dunia_modul(django_db_setup, django_db_blocker, folder_bersama):
    """The world, in a database of its own; what the module writes into it is undone."""
    with django_db_blocker.unblock(), dunia_jadi.pakai("izin", buatan.bangun, folder_bersama) as dunia:
        yield dunia


@pytest.fixture
def dunia(request, record_property, dunia_modul, django_db_blocker, settings, get_tidak_menulis):
    """The world, for one test: what the test adds is undone. The second factor has a test of its own."""
    settings.DEMO = True
    logging.disable(logging.WARNING)  # thousands of refusals, each with a line of its own
    request.addfinalizer(lambda: logging.disable(logging.NOTSET))
    sebelum = Penanya.jumlah
    with django_db_blocker.unblock(), transaction.atomic():
        yield dunia_modul
        transaction.set_rollback(True)
    record_property("permintaan", Penanya.jumlah - sebelum)


@pytest.fixture
def tanya(dunia):
    """`tanya("operator", "GET", "/usulan/")` is the answer; nothing of the request stays."""
    return Penanya(dunia)
