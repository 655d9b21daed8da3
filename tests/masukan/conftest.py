"""One world of cases for each test module, made in a transaction that is never committed."""

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client

from tests.bantu import basis, pemain
from tests.bantu import dunia as bentuk


@pytest.fixture(scope="module")
def dunia(django_db_setup, django_db_blocker, berkas_uji):
    """Cases in every state. DEMO: the second factor has tests of its own."""
    lama, settings.DEMO = settings.DEMO, True
    with django_db_blocker.unblock():
        basis.kosongkan()
        with transaction.atomic():
            yield bentuk.bangun()
            transaction.set_rollback(True)
    settings.DEMO = lama


@pytest.fixture
def peramban(dunia):
    """`peramban("operator")` is a browser of that user that answers 500 as a browser would see it; "" is a visitor."""

    def _buka(username: str, **opsi) -> Client:
        client = Client(raise_request_exception=False, **opsi)
        if username:
            pemain.masuk(client, username)
        return client

    return _buka
