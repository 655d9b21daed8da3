"""Journeys in a real Chromium. One stage for all of them; every journey starts with an empty register.

SIMPAN_GAMBAR=1 keeps the pictures of the screens in docs/gambar; a normal run writes none.
"""

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.bantu.proses import Panggung
from tests.browser.layar import Layar
from tests.browser.panggung import Portal, kumpulkan_berkas_statis


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser/" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)


GAGAL = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo):
    laporan = yield
    item.stash[GAGAL] = item.stash.get(GAGAL, False) or laporan.failed
    return laporan


@pytest.fixture(scope="session")
def peramban() -> Iterator[Browser]:
    lama = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = (
        "1"  # Playwright keeps an event loop in this thread; the ORM is used beside it
    )
    with sync_playwright() as p:
        browser = p.chromium.launch(
            executable_path=os.environ["CHROMIUM"], args=["--no-sandbox", "--disable-gpu"]
        )
        yield browser
        browser.close()
    os.environ.pop("DJANGO_ALLOW_ASYNC_UNSAFE") if lama is None else None


@pytest.fixture(scope="session")
def panggung(django_db_setup, tmp_path_factory) -> Iterator[Panggung]:
    with Panggung(tmp_path_factory.mktemp("panggung")) as p:
        kumpulkan_berkas_statis(p.env)
        yield p


def _portal(panggung: Panggung, tmp_path_factory, *, demo: bool) -> Iterator[Portal]:
    web = Portal(panggung, tmp_path_factory.mktemp("web"), demo=demo)
    try:
        web.tunggu()
        yield web
    finally:
        web.hentikan()


@pytest.fixture(scope="session")
def portal(panggung, tmp_path_factory) -> Iterator[Portal]:
    yield from _portal(panggung, tmp_path_factory, demo=True)


@pytest.fixture(scope="session")
def portal_resmi(panggung, tmp_path_factory) -> Iterator[Portal]:
    """The portal outside the demo: roles that see personal data need a second step."""
    yield from _portal(panggung, tmp_path_factory, demo=False)


@pytest.fixture
def layar(peramban, request, db_nyata) -> Iterator[type]:
    """`layar(portal, "operator", lebar=360)` is that person's own browser, logged in. Its findings fail the test."""
    terbuka: list[Layar] = []

    def _layar(web: Portal, username: str = "", **opsi) -> Layar:
        satu = Layar(peramban, web.alamat, **opsi)
        terbuka.append(satu)
        if username:
            satu.masuk(username)
        return satu

    yield _layar
    if request.node.stash.get(GAGAL, False) and terbuka:
        print("\n\n".join(satu.keadaan() for satu in terbuka))
    temuan = [t for satu in terbuka for t in satu.tutup()]
    assert not temuan, "\n".join(dict.fromkeys(temuan))
