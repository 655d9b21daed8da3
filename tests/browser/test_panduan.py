"""The guide and its pictures belong together: every picture is explained, every explained picture exists."""

import re

from tests.browser.layar import GAMBAR


def test_setiap_gambar_ada_di_panduan():
    panduan = "".join(p.read_text() for p in sorted((GAMBAR.parent / "panduan").glob("*.md")))
    disebut = re.findall(r"\]\(\.\./gambar/([\w-]+\.png)\)", panduan)
    assert len(disebut) == len(set(disebut))
    assert set(disebut) == {berkas.name for berkas in GAMBAR.glob("*.png")}
