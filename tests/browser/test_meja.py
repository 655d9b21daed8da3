"""A verifier clears cases with the keyboard alone, and approves the ones that were read together."""

import pytest

from bansos.models import TindakanMassal
from core.models import Jejak
from dtks.models import PegangKasus, RiwayatUsulan, Usulan
from tests.bantu.alur import orang, sampai

SISA = 3  # read one by one, approved together


def _putuskan(v, *tombol: str) -> None:
    """Keys of one decision, on the case that is before the person; the next case comes up."""
    v.hal.locator("[data-putusan]").wait_for()
    for satu in tombol[:-1]:
        v.hal.keyboard.press(satu)
    with v.hal.expect_navigation():
        v.hal.keyboard.press(tombol[-1])


def _status() -> dict[str, int]:
    hitung: dict[str, int] = {}
    for satu in Usulan.objects.values_list("status", flat=True):
        hitung[satu] = hitung.get(satu, 0) + 1
    return hitung


@pytest.mark.timeout(1200)
@pytest.mark.parametrize("banyak", [7, pytest.param(50, marks=pytest.mark.load)])
def test_membereskan_antrean_dengan_papan_ketik(portal, layar, banyak):
    for n in range(banyak + SISA):
        sampai("diases", nomor=n)
    v = layar(portal, "verifikator", lebar=1280)
    v.buka("/verifikasi/?antrean=diases")
    v.lihat("meja-1-antrean")
    v.hal.keyboard.press("j")
    with v.hal.expect_navigation():
        v.hal.keyboard.press("Enter")
    v.hal.locator("[data-putusan]").wait_for()
    v.lihat("meja-2-kasus")
    v.hal.keyboard.press("?")
    v.hal.get_by_role("heading", name="Pintasan papan ketik").wait_for()
    v.lihat("meja-3-pintasan")
    v.hal.keyboard.press("Escape")

    rekan = layar(portal, "verifikator2")
    rekan.buka(v.hal.url)
    assert "Sedang dibuka Petugas Verifikator sejak" in rekan.teks
    assert not rekan.hal.locator("[data-putusan]").is_visible()
    rekan.lihat("meja-4-sedang-dibuka")

    _putuskan(v, "a")  # approve
    v.lihat("meja-5-urungkan")
    _putuskan(v, "u")  # not that one
    assert "Keputusan diurungkan" in v.teks
    assert _status() == {"diases": banyak + SISA}
    _putuskan(v, "t", "Space", "Enter")  # reject, first reason
    _putuskan(v, "r", "Space", "Tab", "Space", "Enter")  # return: first end, first reason
    _putuskan(v, "d", "Space", "Enter")  # postpone
    for _ in range(banyak - 3):
        _putuskan(v, "a")
    assert _status() == {
        "ditolak": 1,
        "ditugaskan": 1,
        "ditunda": 1,
        "terverifikasi": banyak - 3,
        "diases": SISA,
    }

    v.hal.evaluate("window.tetap = 1")
    for _ in range(
        SISA - 1
    ):  # read on without deciding: the next case is there already, the page stays the same one
        lama = v.hal.url
        v.hal.locator("[data-meja][data-dipegang]").wait_for()
        v.hal.keyboard.press("j")
        v.hal.wait_for_function("lama => location.href !== lama", arg=lama)
    v.hal.locator("[data-meja][data-dipegang]").wait_for()
    assert v.hal.evaluate("window.tetap") == 1
    v.lihat()
    with v.hal.expect_navigation():
        v.hal.keyboard.press("/")
    assert v.hal.evaluate("document.activeElement.name") == "program"
    v.hal.locator("[data-semua]").focus()
    v.hal.keyboard.press("Space")
    v.lihat("meja-6-centang")
    v.tekan("Periksa yang dicentang")
    assert f"{SISA} dapat, 0 tidak." in v.teks
    v.lihat("meja-7-periksa")
    v.tekan("Nyatakan lolos verifikasi")
    v.hal.get_by_text(f"{SISA} berhasil.").wait_for(timeout=60_000)
    v.lihat("meja-8-hasil")

    assert _status() == {"ditolak": 1, "ditugaskan": 1, "ditunda": 1, "terverifikasi": banyak - 3 + SISA}
    cara = list(RiwayatUsulan.objects.filter(langkah="verifikasi").values_list("rincian__cara", flat=True))
    assert cara.count("massal") == SISA == TindakanMassal.objects.get().baris.filter(hasil="berhasil").count()
    dibuka = Jejak.objects.filter(aksi="buka_kasus", aktor_id=str(orang("verifikator").pk))
    assert dibuka.values("objek_id").distinct().count() == banyak + SISA
    assert not PegangKasus.objects.filter(usulan__status="terverifikasi").exists()


def test_tanpa_javascript_memeriksa_dan_memutus_dengan_tombol(portal, layar):
    kasus = sampai("diases").usulan
    v = layar(portal, "verifikator", skrip=False)
    v.buka(f"/verifikasi/{kasus.pk}/")
    v.lihat()
    v.tekan("Mulai memeriksa")
    v.hal.locator("details:has(button[value=tunda]) summary").click()
    v.hal.locator("#id_tunda_alasan_0").check()
    v.hal.locator("button[value=tunda]").click()
    assert Usulan.objects.get(pk=kasus.pk).status == "ditunda"
    v.tekan("Urungkan")
    assert Usulan.objects.get(pk=kasus.pk).status == "diases"
