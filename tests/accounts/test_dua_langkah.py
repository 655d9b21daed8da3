"""Whoever sees personal data needs a second factor."""

import time

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.contrib.sessions.models import Session

from tests.accounts.conftest import SANDI

ALAMAT = "/akun/dua-langkah/authenticate/"


@pytest.fixture(autouse=True)
def bukan_demo(tanpa_dua_langkah, settings):
    settings.DEMO = False


def kode(rahasia):
    return format_hotp_value(hotp_value(rahasia, int(time.time()) // 30))


def test_operator_must_set_it_up_first(masuk, operator):
    client = masuk(operator)
    assert client.get("/profil/").headers["Location"] == "/akun/dua-langkah/"
    assert client.get("/akun/dua-langkah/").status_code == 200
    api = client.get("/api/v1/usulan/")
    assert api.status_code == 403
    assert api.headers["Content-Type"] == "application/problem+json"


def test_admin_sees_no_personal_data_and_may_go_on(masuk, admin):
    assert masuk(admin).get("/profil/").status_code == 200


def test_demo_asks_for_none(masuk, operator, settings):
    settings.DEMO = True
    assert masuk(operator).get("/profil/").status_code == 200


def test_sign_in_with_password_and_code(client, operator):
    rahasia = generate_totp_secret()
    TOTP.activate(operator, rahasia)
    jawab = client.post("/masuk/", {"login": "budi", "password": SANDI, "next": "/profil/"})
    assert jawab.headers["Location"].startswith(ALAMAT)
    assert "_auth_user_id" not in client.session
    assert client.get("/profil/").status_code == 302
    assert client.post(ALAMAT, {"code": kode(rahasia)}).headers["Location"] == "/profil/"
    assert client.get("/profil/").status_code == 200


def test_recovery_code_works_once(client, operator):
    TOTP.activate(operator, generate_totp_secret())
    cadangan = RecoveryCodes.activate(operator).get_unused_codes()[0]
    for kali in (1, 2):
        client.logout()
        client.post("/masuk/", {"login": "budi", "password": SANDI, "next": "/profil/"})
        client.post(ALAMAT, {"code": cadangan})
        assert ("_auth_user_id" in client.session) is (kali == 1)


def test_codes_cannot_be_guessed_even_with_new_sessions(client, operator):
    rahasia = generate_totp_secret()
    TOTP.activate(operator, rahasia)
    for _ in range(10):
        client.cookies.clear()
        client.post("/masuk/", {"login": "budi", "password": SANDI, "next": "/profil/"})
        assert client.post(ALAMAT, {"code": "000000"}).status_code == 200
    assert client.post(ALAMAT, {"code": kode(rahasia)}).status_code == 429
    assert "_auth_user_id" not in client.session


def test_idle_session_ends(client, masuk, operator, settings):
    settings.DEMO = True
    masuk(operator)
    client.get("/profil/")
    sesi = client.session
    sesi["terlihat"] = int(time.time()) - settings.SESSION_IDLE_SECONDS - 1
    sesi.save()
    assert client.get("/profil/").headers["Location"] == "/masuk/?next=%2Fprofil%2F"
    assert not Session.objects.filter(session_key=sesi.session_key).exists()


def test_long_session_ends_even_when_busy(client, masuk, operator, settings):
    settings.DEMO = True
    masuk(operator)
    client.get("/profil/")
    sesi = client.session
    sesi["mulai"] = int(time.time()) - settings.SESSION_MAX_SECONDS - 1
    sesi.save()
    assert client.get("/profil/").status_code == 302
