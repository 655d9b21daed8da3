"""Journeys in a real Chromium. One stage for all of them; every journey starts with an empty register.

SIMPAN_GAMBAR=1 keeps the pictures of the screens in docs/gambar; a normal run writes none.
"""

import os
from collections.abc import Iterator

import pytest
from django.db import connection
from playwright.sync_api import Browser, Playwright, sync_playwright

from dtks.actions import periode
from dtks.queries.periode import saat_ini
from tests.bantu import basis
from tests.bantu.pemain import KABUPATEN, KABUPATEN_LAIN
from tests.bantu.proses import Panggung
from tests.browser.layar import Layar
from tests.browser.panggung import Portal, kumpulkan_berkas_statis


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser/" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)
            # A browser, a worker and a server share two cores with the other tests: one second chance. The run names it.
            item.add_marker(pytest.mark.flaky(reruns=1, only_rerun=["TimeoutError", "net::ERR"]))


GAGAL = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo):
    laporan = yield
    item.stash[GAGAL] = item.stash.get(GAGAL, False) or laporan.failed
    return laporan


HURUF_BESAR = 200  # percent: what an old person sets in his phone


@pytest.fixture(scope="package")
def main_lakon() -> Iterator[Playwright]:
    lama = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = (
        "1"  # Playwright keeps an event loop in this thread; the ORM is used beside it
    )
    with sync_playwright() as p:
        yield p
    os.environ.pop("DJANGO_ALLOW_ASYNC_UNSAFE") if lama is None else None


def _peramban(p: Playwright, *opsi: str) -> Browser:
    return p.chromium.launch(
        executable_path=os.environ["CHROMIUM"], args=["--no-sandbox", "--disable-gpu", *opsi]
    )


@pytest.fixture(scope="package")
def peramban(main_lakon) -> Iterator[Browser]:
    browser = _peramban(main_lakon)
    yield browser
    browser.close()


@pytest.fixture(scope="package")
def peramban_besar(main_lakon) -> Iterator[Browser]:
    """The browser of somebody who has set large text; the pages know nothing of it."""
    browser = _peramban(main_lakon, f"--blink-settings=defaultFontSize={16 * HURUF_BESAR // 100}")
    yield browser
    browser.close()


@pytest.fixture(scope="package")
def panggung(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[Panggung]:
    """Until the last journey: its worker and its beat write whenever they like, other tests must not meet that."""
    with Panggung(tmp_path_factory.mktemp("panggung")) as p:
        kumpulkan_berkas_statis(p.env)
        yield p
    with django_db_blocker.unblock():
        basis.kosongkan()
        connection.close()


def _portal(panggung: Panggung, tmp_path_factory, *, demo: bool) -> Iterator[Portal]:
    web = Portal(panggung, tmp_path_factory.mktemp("web"), demo=demo)
    try:
        web.tunggu()
        yield web
    finally:
        web.hentikan()


@pytest.fixture(scope="package")
def portal(panggung, tmp_path_factory) -> Iterator[Portal]:
    yield from _portal(panggung, tmp_path_factory, demo=True)


@pytest.fixture(scope="package")
def portal_resmi(panggung, tmp_path_factory) -> Iterator[Portal]:
    """The portal outside the demo: roles that see personal data need a second step."""
    yield from _portal(panggung, tmp_path_factory, demo=False)


@pytest.fixture
def layar(peramban, request, db_nyata) -> Iterator[type]:
    """`layar(portal, "operator", lebar=360)` is that person's own browser, logged in. Its findings fail the test."""
    terbuka: list[Layar] = []
    for kabupaten in (
        KABUPATEN,
        KABUPATEN_LAIN,
    ):  # a portal that runs knows its months: nothing rolls over in the middle of a journey
        periode.siapkan(kabupaten, saat_ini())

    def _layar(web: Portal, username: str = "", *, besar: bool = False, **opsi) -> Layar:
        browser = request.getfixturevalue("peramban_besar") if besar else peramban
        satu = Layar(browser, web.alamat, **opsi)
        terbuka.append(satu)
        if username:
            satu.masuk(username)
        return satu

    yield _layar
    if request.node.stash.get(GAGAL, False) and terbuka:
        print("\n\n".join(satu.keadaan() for satu in terbuka))
    temuan = [t for satu in terbuka for t in satu.tutup()]
    assert not temuan, "\n".join(dict.fromkeys(temuan))
