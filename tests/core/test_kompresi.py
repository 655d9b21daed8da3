"""Answers are compressed, and their length and their form token tell nothing twice (BREACH)."""

import gzip
import re

import pytest

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def tanpa_dua_langkah(settings):
    settings.DEMO = True


def test_halaman_kecil_tetapi_panjang_dan_tokennya_selalu_lain(masuk):
    operator = masuk("operator")
    jawab = [operator.get("/usulan/baru/", headers={"accept-encoding": "gzip"}) for _ in range(12)]
    assert {j.headers["content-encoding"] for j in jawab} == {"gzip"}
    polos = [gzip.decompress(j.content).decode() for j in jawab]
    assert all(len(j.content) < len(p) / 2 for j, p in zip(jawab, polos, strict=True))
    token = [re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', p)[1] for p in polos]
    assert len(set(token)) == 12, "masked anew every time"
    assert len({len(j.content) for j in jawab}) > 4, "padded by chance"
