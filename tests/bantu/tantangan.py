"""What the browser does for public forms (core/tantangan.py): look for the number.

client.post("/usul/", {...} | jawab_tantangan(client, "/usul/"))
"""

import hashlib
import re
from itertools import count
from typing import Any

from django import forms
from django.http import HttpResponse
from django.test import Client

from core import rules, tantangan

_SOAL = re.compile(r'name="tantangan" value="([\w=-]+)"')


def jawab(soal: str) -> dict[str, str]:
    """The fields that carry this challenge and its answer."""
    bit = rules.value("tantangan")["bit"]
    awal = hashlib.sha256(f"{soal}:".encode())
    for n in count(100000):
        h = awal.copy()
        h.update(str(n).encode())
        if int.from_bytes(h.digest()[:4]) >> (32 - bit) == 0:
            return {"tantangan": soal, "tantangan_jawab": str(n), "tantangan_situs": ""}
    raise AssertionError


def di_halaman(jawaban: HttpResponse) -> dict[str, str]:
    """The same for the first form of a page that was already asked for."""
    cocok = _SOAL.search(jawaban.content.decode())
    assert cocok, "no challenge on this page"
    return jawab(cocok[1])


def jawab_tantangan(client: Client, url: str, **kepala: Any) -> dict[str, str]:
    """Open the page and solve what it carries."""
    return di_halaman(client.get(url, **kepala))


def untuk_form(kelas: type[forms.Form]) -> dict[str, str]:
    """For tests of a form class without a page."""
    untuk = f"{kelas.__module__}.{kelas.__qualname__}"
    return jawab(tantangan.buat(untuk, rules.value("tantangan")["bit"]))
