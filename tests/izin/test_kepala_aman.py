"""Cookies and settings of a portal served by HTTPS. The headers of every route are checked where the matrix asks it."""

import os
import subprocess
import sys

import pytest

from tests.bantu import rute

TABEL = rute.tabel()


@pytest.mark.parametrize(
    "r", [r for r in TABEL if r.lihat == "publik" and not r.milik], ids=lambda r: r.kunci or "beranda"
)
def test_pengunjung_tidak_diberi_kue_tanpa_perlu(r, dunia, tanya):
    """Only a page with a form that is sent needs one, and it is the form's token."""
    jawab = tanya("", "GET", r.alamat(dunia.contoh(r)))
    assert "sesi" not in jawab.cookies
    if b"csrfmiddlewaretoken" not in jawab.isi and b"X-CSRFToken" not in jawab.isi:
        assert not jawab.cookies


def test_check_deploy():
    """`manage.py check --deploy` has nothing to say about the settings of a portal that is served by HTTPS."""

    env = os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings", "PUBLIC_URL": "https://dtks.contoh.go.id", "DTKS_TESTING": "0",
                        "ALLOWED_HOSTS": "dtks.contoh.go.id", "DEBUG": "0"}  # fmt: skip
    env.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)  # the browser tests of the same worker set it
    hasil = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        check=False,
        cwd=rute.AKAR,
        env=env,
        capture_output=True,
        text=True,
    )
    assert hasil.returncode == 0, hasil.stderr
    assert "0 silenced" in hasil.stdout + hasil.stderr


def test_kue_sesi_di_https():

    kode = (
        "from django.conf import settings as s; import django; django.setup();"
        "print(s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SESSION_COOKIE_HTTPONLY, s.CSRF_COOKIE_HTTPONLY,"
        " s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.SECURE_HSTS_SECONDS > 0, s.SECURE_SSL_REDIRECT)"
    )
    env = os.environ | {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PUBLIC_URL": "https://dtks.contoh.go.id",
        "DTKS_TESTING": "0",
    }
    hasil = subprocess.run(
        [sys.executable, "-c", kode], check=False, cwd=rute.AKAR, env=env, capture_output=True, text=True
    )
    assert hasil.stdout.split() == [
        "True",
        "True",
        "True",
        "True",
        "__Host-sesi",
        "__Host-csrf",
        "True",
        "True",
    ], hasil.stderr
