"""One world of cases for all these modules; what a module writes into it is never committed."""

import pytest
from django.conf import settings
from django.test import Client

from tests.bantu import dunia as bentuk
from tests.bantu import dunia_jadi, pemain
from tests.bantu.formulir import Pengirim


@pytest.fixture(scope="module")
def dunia(django_db_setup, django_db_blocker, folder_bersama):
    """Cases in every state. DEMO: the second factor has tests of its own."""
    lama, settings.DEMO = settings.DEMO, True
    with django_db_blocker.unblock(), dunia_jadi.pakai("masukan", bentuk.bangun, folder_bersama) as d:
        yield d
    settings.DEMO = lama


@pytest.fixture
def peramban(dunia, record_property):
    """`peramban("operator")` is a browser of that user that answers 500 as a browser would see it; "" is a visitor."""

    def _buka(username: str, **opsi) -> Client:
        client = Client(raise_request_exception=False, **opsi)
        if username:
            pemain.masuk(client, username)
        return client

    sebelum = Pengirim.jumlah
    yield _buka
    record_property("permintaan", Pengirim.jumlah - sebelum)
