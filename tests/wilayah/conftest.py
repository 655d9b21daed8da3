"""Pieces of Garut and Ciamis, and what Papua's split left behind: enough for most questions, quick."""

import datetime as dt

import pytest
from django.db import connection

from wilayah.actions import impor

DASAR = "Keputusan Uji"
TANGGAL = dt.date(2025, 4, 25)
AWALAN = ("32.05.01", "32.05.02", "32.05.04", "32.07.06", "32.07.32", "91.03.01", "93.01.01")


@pytest.fixture(scope="session")
def semua_baris():
    return impor.baca_wilayah()


@pytest.fixture(scope="session")
def baris(semua_baris):
    pilih = [satu for satu in semua_baris if satu[0].startswith(AWALAN)]
    induk = {kode for satu, _, _ in pilih for kode in (satu[:2], satu[:5], satu[:8])}
    return [satu for satu in semua_baris if satu[0].startswith(AWALAN) or satu[0] in induk]


@pytest.fixture(autouse=True)
def tabel_kosong(request):
    """These tests begin with no areas at all; what the test database brings is back after the rollback."""
    if "db" not in request.fixturenames and request.node.get_closest_marker("django_db") is None:
        return
    request.getfixturevalue("db")
    with connection.cursor() as cursor:
        cursor.execute("delete from accounts_penugasan")
        cursor.execute("delete from wilayah_wilayah")


@pytest.fixture
def muat(db, baris):
    kini = {kode for kode, _, _ in baris}

    def _muat(pakai=None, **opsi):
        bahan = {
            "baris": baris if pakai is None else pakai,
            "kode_lama": [satu for satu in impor.baca_kode_lama() if satu.pengganti in kini],
            "dasar": DASAR,
            "tanggal_dasar": TANGGAL,
        }
        return impor.impor_wilayah(**(bahan | opsi))

    return _muat


@pytest.fixture
def wilayah(muat):
    """The areas are loaded."""
    return muat()
