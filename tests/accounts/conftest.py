"""A small cast of its own beside the shared one: accounts in Garut and Tasikmalaya with known passwords."""

import datetime as dt
import itertools

import pytest
from django.utils import timezone

from accounts.models import Orang, Pengguna, Penugasan, Peran

SANDI = "empat-kata-acak-2026"
HARI_INI = timezone.localdate()
KEMARIN = HARI_INI - dt.timedelta(days=1)
DESA = "32.05.01.1001"
_urut = itertools.count(1)


@pytest.fixture(autouse=True)
def tanpa_dua_langkah(settings):
    """As in the demo; test_dua_langkah.py turns the second factor on again."""
    settings.DEMO = True


@pytest.fixture
def buat(db):
    """buat("siti", ("OPERATOR_DESA", DESA), …) -> an account with its roles and SANDI."""

    def _buat(username, *peran, orang=None, **opsi):
        if orang is None:
            orang = Orang(nama=username.title())
            orang.nik = f"320599010190{next(_urut):04d}"
            orang.save()
        sandi = opsi.pop("sandi", SANDI)
        pengguna = Pengguna.objects.create_user(username, sandi, nama=username.title(), orang=orang, **opsi)
        for kode, wilayah in peran:
            Penugasan.objects.create(
                pengguna=pengguna, peran=Peran.objects.get(pk=kode), wilayah_id=wilayah, berlaku_sejak=KEMARIN
            )
        return pengguna

    return _buat


@pytest.fixture
def admin(buat):
    return buat("rina", ("ADMIN", "32.05"))


@pytest.fixture
def operator(buat):
    return buat("budi", ("OPERATOR_DESA", DESA))


@pytest.fixture
def jauh(buat):
    """An account of the other kabupaten."""
    return buat("jauhari", ("VERIFIKATOR", "32.06"))


@pytest.fixture
def masuk(client):
    """masuk(pengguna) -> a client that is signed in."""

    def _masuk(pengguna):
        client.force_login(pengguna, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return _masuk
