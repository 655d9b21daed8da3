"""Impatient fingers and the back button: sent twice is one record."""

import pytest

from dtks.models import Keluarga, RiwayatUsulan, Usulan
from tests.browser import langkah

pytestmark = pytest.mark.timeout(120)


def _satu_usulan() -> None:
    assert (Usulan.objects.count(), Keluarga.objects.count()) == (1, 1)


@pytest.mark.parametrize("skrip", [True, False], ids=["dengan javascript", "tanpa javascript"])
def test_tombol_simpan_ditekan_dua_kali(portal, layar, skrip):
    rt = layar(portal, "rtrw", skrip=skrip)
    rt.buka("/usulan/")
    langkah.isi_usulan_baru(rt, 2, "APBD-LANSIA")
    rt.hal.get_by_role("button", name="Simpan sebagai draf").dblclick(no_wait_after=True)
    rt.hal.wait_for_url("**/tanda-terima/")
    _satu_usulan()


def test_kembali_lalu_kirim_lagi(portal, layar):
    rt = layar(portal, "rtrw")
    rt.buka("/usulan/")
    langkah.isi_usulan_baru(rt, 3, "APBD-LANSIA")
    isian = rt.hal.locator("form[action='/usulan/baru/isian/']").evaluate("f => [...new FormData(f)]")
    rt.tekan("Simpan sebagai draf")
    resi = rt.hal.url
    # The browser keeps no private page: the same form, sent again, is what "back and send" comes to.
    rt.buka("/usulan/baru/")
    with rt.hal.expect_navigation():
        rt.hal.evaluate(
            """isian => {
              const f = document.createElement('form'); f.method = 'post'; f.action = '/usulan/baru/isian/'
              for (const [nama, nilai] of isian) f.append(Object.assign(document.createElement('input'), { name: nama, value: nilai }))
              document.body.append(f); f.submit()
            }""",
            isian,
        )
    assert rt.hal.url == resi, "the second sending leads to the record of the first"
    _satu_usulan()


def test_kembali_sesudah_mengajukan(portal, layar):
    rt = layar(portal, "rtrw")
    kasus, _, _ = langkah.usulkan(rt, n=4)
    rt.hal.go_back()
    assert not rt.hal.get_by_role("button", name="Ajukan ke desa").count()
    rt.buka(kasus)
    assert "Diajukan ke desa" in rt.teks
    assert RiwayatUsulan.objects.filter(langkah="ajukan").count() == 1


def test_nik_yang_sama_diketik_lagi_dijawab_sudah_diusulkan(portal, layar):
    rt = layar(portal, "rtrw")
    langkah.usulkan(rt, n=5)
    rt.buka("/usulan/baru/")
    rt.ketik(nik=langkah.keluarga_uji(5).told[0].nik)
    rt.tekan("Periksa NIK")
    assert "sudah" in rt.teks.lower()
    assert not rt.hal.get_by_role("button", name="Simpan sebagai draf").count()
    rt.lihat("48-nik-sudah-ada")
    _satu_usulan()
