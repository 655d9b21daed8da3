"""The clock of each region: a deadline at 23.59 is another moment in Garut, Makassar and Jayapura."""

from datetime import UTC, date, datetime

import pytest

from wilayah import waktu
from wilayah.actions import impor

SAAT = datetime(2026, 11, 17, 16, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("kode", "singkatan", "jam"),
    [
        ("32.05.01.1001", "WIB", "17 23.30"),
        ("61.71", "WIB", "17 23.30"),
        ("73.71", "WITA", "18 00.30"),
        ("51", "WITA", "18 00.30"),
        ("91.71", "WIT", "18 01.30"),
    ],
)
def test_jam_dinding_menurut_wilayah(kode, singkatan, jam):
    assert waktu.singkatan(kode) == singkatan
    assert f"{waktu.waktu_wilayah(kode, SAAT):%d %H.%M}" == jam


def test_hari_berganti_lebih_dulu_di_timur():
    assert waktu.hari_wilayah("32.05", SAAT) == date(2026, 11, 17)
    assert waktu.hari_wilayah("91.71", SAAT) == date(2026, 11, 18)


def test_setiap_provinsi_punya_zona():
    """Also those that were formed later: a province without a zone would fall back to WIB without a word."""
    provinsi = {kode for kode, *_ in impor.baca_wilayah() if len(kode) == 2}
    assert provinsi == set(waktu._ZONA)
