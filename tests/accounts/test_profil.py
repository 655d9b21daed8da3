"""A user looks at the own account and leaves all devices."""

import pytest

from core.models import Jejak
from tests.accounts.conftest import SANDI


def test_profile_explains_every_role(masuk, operator):
    isi = masuk(operator).get("/profil/").content.decode()
    assert "Anda mengurus usulan satu desa" in isi
    assert "/akun/dua-langkah/" in isi
    assert operator.orang.nik.open() not in isi


def test_visitor_is_sent_to_the_login(client, db):
    assert client.get("/profil/").headers["Location"] == "/masuk/?next=/profil/"


def test_leaving_all_devices(client, masuk, operator):
    lain = type(client)()
    lain.force_login(operator, backend="django.contrib.auth.backends.ModelBackend")
    masuk(operator)
    assert "salah" in client.post("/profil/keluar-semua/", {"sandi": "bukan-ini"}).content.decode()
    assert lain.get("/profil/").status_code == 200
    assert client.post("/profil/keluar-semua/", {"sandi": SANDI}).status_code == 302
    assert lain.get("/profil/").status_code == 302
    assert client.get("/profil/").status_code == 302
    client.post("/masuk/", {"login": "budi", "password": SANDI, "next": "/profil/"})
    assert "_auth_user_id" in client.session


def test_password_cannot_be_guessed_there(masuk, operator):
    client = masuk(operator)
    for i in range(10):
        client.post("/profil/keluar-semua/", {"sandi": f"salah-{i}"})
    assert "Terlalu banyak" in client.post("/profil/keluar-semua/", {"sandi": SANDI}).content.decode()


@pytest.mark.parametrize("baru", ["pendek", "passwordpassword", "123456789012345", "dinsosgarut2026"])
def test_own_password_change_keeps_the_rules(masuk, operator, baru):
    isi = {"oldpassword": SANDI, "password1": baru, "password2": baru}
    assert masuk(operator).post("/akun/password/change/", isi).status_code == 200
    operator.refresh_from_db()
    assert operator.check_password(SANDI)


def test_own_password_change_is_in_the_trail(masuk, operator):
    baru = "jerapah-minum-teh-sore"
    isi = {"oldpassword": SANDI, "password1": baru, "password2": baru}
    assert masuk(operator).post("/akun/password/change/", isi).status_code == 302
    operator.refresh_from_db()
    assert operator.check_password(baru)
    assert Jejak.objects.filter(aksi="ganti_sandi", aktor_nama="budi").count() == 1
