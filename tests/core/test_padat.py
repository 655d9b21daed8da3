"""A dictionary in little memory gives what a dictionary gives."""

import random

from core.padat import Kata, Padat


def test_it_says_what_a_dictionary_says():
    acak, padat, kamus = random.Random(3), Padat(3), {}
    for _ in range(30_000):
        kunci = acak.choice((acak.randrange(10_000), acak.randrange(10**16) << 8, 0, (1 << 64) - 2))
        nilai = acak.randrange(1 << 63)
        assert padat.get(kunci) == kamus.get(kunci)
        assert padat.setdefault(kunci, nilai) == kamus.setdefault(kunci, nilai)
    assert all(padat.get(k) == v for k, v in kamus.items())


def test_a_text_keeps_its_number():
    kata = Kata()
    assert [kata.nomor(t) for t in ("BPNT", "PKH", "BPNT")] == [0, 1, 0]
    assert kata[1] == "PKH"
