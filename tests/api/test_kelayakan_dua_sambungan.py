"""A whole list by two connections, where transactions really commit; what a list is stands in test_kelayakan_api.py."""

import json

import pytest
from django.db import transaction

from bansos.queries import aliran
from tests.api.test_kelayakan_api import CSV, ND, baca
from tests.bantu.api import klien
from tests.bantu.daftar_api import daftar
from tests.bantu.pemain import DESA, DESA2, DESA_LAIN, KABUPATEN_LAIN


@pytest.fixture
def potongan_kecil(monkeypatch):
    monkeypatch.setattr(aliran, "SEKALI", 7)


def test_dua_sambungan_mengirim_byte_yang_sama_dengan_satu(db_nyata, potongan_kecil):
    with transaction.atomic():
        daftar(50)
        daftar(9, kabupaten=KABUPATEN_LAIN, desa=(DESA_LAIN, DESA_LAIN))
        k = klien("kelayakan")
        utuh = baca(k, ND)
        pilih = [
            {},
            {"wilayah": DESA2},
            {"hasil": "layak"},
            {"sesudah": json.loads(utuh.splitlines()[16])["id"]},
            {"wilayah": DESA, "sesudah": json.loads(utuh.splitlines()[17])["id"]},
        ]
        satu = [baca(k, bentuk, **p) for bentuk in (ND, CSV) for p in pilih]
    assert [baca(k, bentuk, **p) for bentuk in (ND, CSV) for p in pilih] == satu
    assert [len(s.splitlines()) for s in satu[:5]] == [50, 25, 34, 33, 16]
