"""Twenty pages in the header: in groups, on a phone, by the keyboard, and without JavaScript."""

import pytest

pytestmark = pytest.mark.timeout(240)


def test_menu_di_hp_dan_dengan_papan_ketik(portal, layar):
    for lebar in (320, 360, 1280):
        orang = layar(portal, "supervisor", lebar=lebar)
        menu = orang.hal.locator("nav.menu")
        assert not menu.get_by_role("link", name="Kuota").is_visible()
        menu.locator("summary", has_text="Program").click()
        orang.lihat("menu-hp" if lebar == 360 else "")
        menu.locator("summary", has_text="Warga").click()
        menu.get_by_role("link", name="Kuota").wait_for(state="hidden")  # one group at a time
        orang.hal.keyboard.press("Escape")
        menu.get_by_role("link", name="Pengaduan").wait_for(state="hidden")
        assert orang.hal.evaluate("document.activeElement.textContent.trim()") == "Warga"
        orang.buka("/program/")
        menu.locator("summary", has_text="Program").focus()
        orang.hal.keyboard.press("Enter")
        orang.hal.keyboard.press("Tab")
        orang.hal.keyboard.press("Tab")
        with orang.hal.expect_navigation():
            orang.hal.keyboard.press("Enter")
        assert orang.hal.url.endswith("/kuota/")
        orang.tutup_jendela()


def test_menu_tanpa_javascript(portal, layar):
    operator = layar(portal, "operator", skrip=False)
    operator.buka("/profil/")
    operator.ikuti("Surat di loket")
    assert operator.hal.url.endswith("/surat/")
    operator.lihat()


def test_yang_tugasnya_sedikit_tidak_perlu_membuka_kelompok(portal, layar):
    petugas = layar(portal, "dukcapil")
    menu = petugas.hal.locator("nav.menu")
    assert menu.get_by_role("link", name="Padan NIK").is_visible() and not menu.locator("summary").count()
    petugas.lihat()
