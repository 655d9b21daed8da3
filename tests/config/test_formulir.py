"""Forms that people fill in: a mistake is told by the portal in Indonesian, not by the browser in its own language."""

import re

from tests.config.test_house import BASE_DIR

_FORM = re.compile(r"<form\b(?P<kepala>(?:\{[%{].*?[%}]\}|[^>])*)>(?P<isi>.*?)</form>", re.S)
_ISIAN = re.compile(r"\{% kolom |\{\{ \w*(?:form|tolak|isian)\w* \}\}")


def test_formulir_dengan_isian_diperiksa_portal_bukan_peramban():
    salah = []
    for berkas in sorted((BASE_DIR / "templates").rglob("*.html")):
        for satu in _FORM.finditer(berkas.read_text()):
            kepala = satu["kepala"]
            if 'method="post"' in kepala and _ISIAN.search(satu["isi"]) and "novalidate" not in kepala:
                salah.append(f"{berkas.relative_to(BASE_DIR)}: <form{kepala[:80]}>")
    assert not salah, "\n".join(salah)
