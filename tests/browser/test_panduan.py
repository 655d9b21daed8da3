"""The guide and its pictures belong together: every picture is explained, every explained picture exists."""

import re

from tests.browser.layar import GAMBAR


def test_setiap_gambar_ada_di_panduan():
    panduan = (GAMBAR.parent / "panduan" / "alur.md").read_text()
    disebut = re.findall(r"\]\(\.\./gambar/([\w-]+\.png)\)", panduan)
    assert len(disebut) == len(set(disebut))
    assert set(disebut) == {berkas.name for berkas in GAMBAR.glob("*.png")}
