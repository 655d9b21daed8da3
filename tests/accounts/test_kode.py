"""A user trades the admin's code for a password."""

import pytest

from accounts.actions import kode, pengguna
from accounts.models import Pengguna
from core.models import Jejak
from tests.accounts.conftest import SANDI

BARU = "kuda-nil-makan-mangga"


@pytest.fixture
def kode_masuk(admin, operator):
    return pengguna.setel_ulang(by=admin, pengguna=operator)


def pakai(client, kode_ketik, username="budi", sandi=BARU, ulangi=None):
    isi = {"username": username, "kode": kode_ketik, "sandi": sandi, "ulangi": ulangi or sandi}
    return client.post("/masuk/kode/", isi)


def masuk(client, sandi):
    client.post("/masuk/", {"login": "budi", "password": sandi, "next": "/profil/"})
    return "_auth_user_id" in client.session


def test_code_is_traded_once(client, kode_masuk):
    assert pakai(client, kode_masuk.lower().replace("-", " ")).headers["Location"] == "/masuk/"
    assert "tidak cocok" in pakai(client, kode_masuk).content.decode()
    assert masuk(client, BARU)
    assert Jejak.objects.filter(aksi="pakai_kode", aktor_nama="budi").count() == 1


def test_old_password_and_code_itself_open_nothing(client, kode_masuk):
    assert not masuk(client, SANDI)
    assert not masuk(client, kode_masuk)
    assert len(Pengguna.objects.get(username="budi").password) <= 128


def test_wrong_code_and_unknown_name_get_the_same_words(client, kode_masuk):
    salah = pakai(client, "AAAA-AAAA-AAAA")
    asing = pakai(client, kode_masuk, username="tidakada")
    assert salah.context["form"].non_field_errors() == asing.context["form"].non_field_errors()
    assert pakai(client, "").status_code == 200


def test_account_that_waits_for_no_code_takes_none(client, operator):
    assert "tidak cocok" in pakai(client, SANDI).content.decode()
    assert masuk(client, SANDI)


def test_code_ends_after_a_day(client, kode_masuk, monkeypatch):
    kini = kode.time.time()
    monkeypatch.setattr(kode.time, "time", lambda: kini + kode.MASA + 1)
    assert "tidak berlaku" in pakai(client, kode_masuk).content.decode()


def test_codes_cannot_be_guessed_for_long(client, kode_masuk):
    for i in range(10):
        pakai(client, f"AAAA-AAAA-{i:04d}")
    assert "Terlalu banyak" in pakai(client, kode_masuk).content.decode()


def test_inactive_account_takes_no_code(client, kode_masuk, admin, operator):
    pengguna.nonaktifkan(by=admin, pengguna=operator)
    assert "tidak cocok" in pakai(client, kode_masuk).content.decode()


@pytest.mark.parametrize(
    "sandi",
    [
        "pendek",
        "empat-belas-ab",
        "123456789012345",
        "passwordpassword",
        "dinsosgarut2026",
        "budi.budi.budi.2026",
        "aaaaaaaaaaaaaaaa",
    ],
)
def test_weak_passwords_are_refused(client, kode_masuk, sandi):
    jawab = pakai(client, kode_masuk, sandi=sandi)
    assert jawab.status_code == 200
    assert jawab.context["form"].errors["sandi"]


def test_two_spellings_are_refused(client, kode_masuk):
    assert pakai(client, kode_masuk, ulangi=BARU + "x").context["form"].errors["ulangi"]
