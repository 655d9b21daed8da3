"""A user signs in, or is refused."""

import time

import pytest
from axes.models import AccessAttempt
from django.core.cache import cache
from django.db import connection
from django.urls import reverse

from accounts.models import Pengguna
from core.models import Jejak
from tests.accounts.conftest import SANDI

MASUK = "/masuk/"


def coba(client, username, sandi, **opsi):
    return client.post(
        f"{MASUK}?next=/profil/", {"login": username, "password": sandi, "next": "/profil/"}, **opsi
    )


def test_there_is_one_login_page():
    assert reverse("account_login") == MASUK


@pytest.mark.parametrize("username", ["budi", "  BUDI ", "Budi"])
def test_case_and_spaces_of_the_name_do_not_count(client, operator, username):
    assert coba(client, username, SANDI).headers["Location"] == "/profil/"
    assert "_auth_user_id" in client.session
    assert Jejak.objects.filter(aksi="masuk", aktor_nama="budi").count() == 1


def test_the_session_id_changes_at_login(client, operator):
    client.get(MASUK)
    client.session["x"] = 1
    sesi = client.session
    sesi["titipan"] = "penyerang"
    sesi.save()
    client.cookies["sesi"] = sesi.session_key
    coba(client, "budi", SANDI)
    assert client.session.session_key != sesi.session_key


@pytest.mark.parametrize(
    "tujuan", ["https://jahat.example/", "//jahat.example/", "/\\jahat.example", "javascript:alert(1)"]
)
def test_next_stays_on_this_site(client, operator, settings, tujuan):
    settings.LOGIN_REDIRECT_URL = "/profil/"
    jawab = client.post(MASUK, {"login": "budi", "password": SANDI, "next": tujuan})
    assert jawab.headers["Location"] == "/profil/"


def kalimat(jawab):
    return [str(satu) for satu in jawab.context["form"].non_field_errors()]


def test_wrong_unknown_and_inactive_get_the_same_words(client, operator, buat):
    buat("pensiun", is_active=False)
    jawaban = [
        coba(client, "budi", "salah-salah-salah"),
        coba(client, "tidakada", SANDI),
        coba(client, "pensiun", SANDI),
    ]
    assert {j.status_code for j in jawaban} == {200}
    assert kalimat(jawaban[0]) == kalimat(jawaban[1]) == kalimat(jawaban[2])
    assert kalimat(jawaban[0])


def test_unknown_takes_as_long_as_known(client, operator):
    def lama(nama):
        ukur = []
        for i in range(5):
            mulai = time.process_time()
            coba(client, nama, f"salah-salah-{i}")
            ukur.append(time.process_time() - mulai)
        return min(ukur)

    lama("budi")
    AccessAttempt.objects.all().delete()
    dikenal, asing = lama("budi"), lama("tidakada")
    assert 0.3 < asing / dikenal < 3  # without the hash it would be a hundredth


@pytest.mark.parametrize("nama", ["budi", "tidakada"])
def test_ten_wrong_passwords_lock_name_and_address(client, operator, nama):
    for i in range(9):
        assert coba(client, nama, f"salah-{i}").status_code == 200
    terkunci = coba(client, nama.upper(), "salah-lagi")
    assert terkunci.status_code == 429
    assert terkunci.headers["Retry-After"] == "900"
    assert "15 menit" in terkunci.content.decode()
    cache.clear()  # a broker flush opens nothing
    assert coba(client, nama, SANDI).status_code == 429


def test_the_lock_hits_no_other_name_and_no_other_address(client, operator, buat):
    buat("laila", ("LURAH", "32.05.01.1001"))
    for i in range(11):
        coba(client, "budi", f"salah-{i}")
    assert coba(client, "laila", SANDI).headers["Location"] == "/profil/"
    client.logout()
    assert coba(client, "budi", SANDI, REMOTE_ADDR="10.0.0.9").headers["Location"] == "/profil/"


def test_no_password_is_kept_with_the_attempts(client, operator):
    coba(client, "budi", "rahasia-yang-salah")
    catatan = AccessAttempt.objects.get()
    assert catatan.username == "budi"
    assert "rahasia-yang-salah" not in catatan.post_data + catatan.get_data


@pytest.mark.parametrize(
    "ketikan", ["3205014101900042", "3205 0141 0190 0042", "081234567890", "demo-portal-2026"]
)
def test_what_was_typed_for_a_name_is_not_kept(client, operator, ketikan):
    """A NIK, a telephone or the password in the wrong field; in the address line too. It still counts."""
    for _ in range(9):
        assert coba(client, ketikan, "salah-salah-salah").status_code == 200
    client.post(
        f"{MASUK}?next=/keluarga/?cari={ketikan}", {"login": ketikan, "password": "x", "lain": ketikan}
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "select t::text from axes_accessattempt t union all select t::text from core_pembatas t union all select t::text from axes_accesslog t"
        )
        assert not [baris for (baris,) in cursor.fetchall() if ketikan in baris]
    assert coba(client, ketikan, "salah-salah-salah").status_code == 429


@pytest.mark.parametrize("isian", ["\x00", "a" * 5000, "' or 1=1 --", "😀"])
def test_odd_names_are_just_wrong(client, db, isian):
    assert coba(client, isian, "apa-saja-yang-panjang").status_code == 200


def test_sign_up_is_closed(client, db):
    isi = {"username": "baru", "password1": SANDI, "password2": SANDI}
    jawab = client.post("/akun/signup/", isi)
    assert jawab.status_code in (200, 404)
    assert not Pengguna.objects.filter(username="baru").exists()
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(
    ("dari", "ke"),
    [("/akun/login/?next=/profil/", "/masuk/?next=/profil/"), ("/akun/password/reset/", "/masuk/kode/")],
)
def test_side_doors_lead_to_the_front(client, db, dari, ke):
    assert client.get(dari).headers["Location"] == ke
