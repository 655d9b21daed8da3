"""The first admin of an empty portal, from the terminal to a password of his own."""

import re

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.models import Pengguna, Penugasan
from tests.bantu.pemain import nik_petugas

pytestmark = pytest.mark.django_db
ISI = {"nama": "Admin Pertama", "nik": "3205014101800999", "wilayah": "32.05"}


@pytest.fixture
def tanpa_admin():
    Penugasan.objects.filter(peran_id="ADMIN").delete()


def test_admin_pertama_membuat_kata_sandi_dengan_kodenya(tanpa_admin, capsys, settings):
    settings.DEMO = True
    call_command("buat_admin", "Admin.Satu", **ISI)
    kode = re.search(r"24 jam: (\S+)", capsys.readouterr().out)[1]
    client = Client()
    sandi = "hujan turun di kebun teh"
    client.post("/masuk/kode/", {"username": "admin.satu", "kode": kode, "sandi": sandi, "ulangi": sandi})
    masuk = client.post("/masuk/", {"login": "admin.satu", "password": sandi})
    assert masuk.status_code == 302
    assert client.get("/pengguna/").status_code == 200


def test_ditolak_bila_sudah_ada_admin(capsys):
    with pytest.raises(CommandError, match="Sudah ada admin"):
        call_command("buat_admin", "admin.dua", **ISI)
    assert not Pengguna.objects.filter(username="admin.dua").exists()


@pytest.mark.parametrize(
    ("ubah", "kata"),
    [
        ({"nik": "123"}, "nik"),
        ({"wilayah": "99.99"}, "wilayah"),
        ({"wilayah": "32.05.01.1001"}, "wilayah"),
        ({"nama": "\u200b"}, "nama"),
        ({"username": "a b"}, "username"),
    ],
)
def test_isian_salah_disebut_namanya(tanpa_admin, ubah, kata):
    isi = {"username": "admin.tiga", **ISI, **ubah}
    with pytest.raises(CommandError, match=kata):
        call_command("buat_admin", isi.pop("username"), **isi)


def test_orang_yang_sudah_punya_akun_tetap_satu_orang(tanpa_admin):
    """The NIK of somebody who is known already does not make a second person."""
    lama = Pengguna.objects.get(username="operator")
    call_command("buat_admin", "admin.empat", **(ISI | {"nik": nik_petugas(2)}))
    assert Pengguna.objects.get(username="admin.empat").orang_id == lama.orang_id
