"""The village's work in a browser without JavaScript: an old phone, or a script that did not arrive."""

import pytest

from dtks.models import Musyawarah, Usulan
from tests.bantu.alur import keluarga_uji
from tests.browser import langkah

pytestmark = pytest.mark.timeout(180)


def test_usulan_dan_musyawarah_tanpa_javascript(portal, layar):
    rt = layar(portal, "rtrw", skrip=False)
    kasus, _, _ = langkah.usulkan(rt, n=1)
    op = layar(portal, "operator", skrip=False)
    langkah.lengkapi(op, kasus, n=1)
    rapat = langkah.musyawarah(op, keluarga_uji(1).told[0].nama)
    lurah = layar(portal, "lurah", skrip=False)
    langkah.setujui(lurah, rapat)
    op.buka(rapat)
    op.tekan("Terapkan putusan")
    assert Usulan.objects.get().status == "disepakati"
    assert Musyawarah.objects.get().status == "disetujui"
