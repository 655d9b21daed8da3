"""A key: what it opens, what it never opens, and how it ends."""

import json

import pytest
from django.core.management import call_command
from django.test import Client

from accounts.models import KunciApi
from core.models import Jejak
from tests.bantu import pemain
from tests.bantu.api import SEMUA, klien, kunci

pytestmark = pytest.mark.django_db
REGISTER = "/api/v1/keluarga/"


def test_key_of_the_command_reads_the_register(sampai, capsys):
    p = sampai("draf")
    call_command("kunci_api", "buat", nama="X", peran="klien_api", wilayah="32.05", cakupan=",".join(SEMUA))
    rahasia = capsys.readouterr().out.strip()
    jawab = Client().get(REGISTER, headers={"Authorization": f"Bearer {rahasia}"})
    assert jawab.status_code == 200, jawab.content
    assert [r["id"] for r in jawab.json()["results"]] == [str(p.usulan.keluarga_id)]
    assert rahasia not in str(KunciApi.objects.get().__dict__)


def test_without_a_key_or_with_a_wrong_one_it_is_the_same_401():
    tanpa = Client().get(REGISTER)
    salah = Client().get(REGISTER, headers={"Authorization": "Bearer dtks_abc_def"})
    basic = Client().get(REGISTER, headers={"Authorization": "Basic YTpi"})
    assert tanpa.status_code == salah.status_code == basic.status_code == 401
    assert tanpa.content == salah.content == basic.content
    assert tanpa["Content-Type"] == "application/problem+json"
    assert tanpa["WWW-Authenticate"].startswith("Bearer")


def test_scope_that_the_key_lacks_is_403():
    jawab = klien("usulan").get(REGISTER)
    assert jawab.status_code == 403 and jawab["Content-Type"] == "application/problem+json"


def test_other_kabupaten_is_byte_for_byte_like_nothing(sampai):
    p = sampai("draf")
    lain = klien("register", wilayah=pemain.KABUPATEN_LAIN)
    ada = lain.get(f"{REGISTER}{p.usulan.keluarga_id}/")
    tidak = lain.get(f"{REGISTER}00000000-0000-4000-8000-000000000000/")
    assert ada.status_code == 404 and ada.content == tidak.content
    assert lain.get(REGISTER).json()["results"] == []
    assert klien("register").get(f"{REGISTER}{p.usulan.keluarga_id}/").status_code == 200


def test_nik_is_masked_without_the_scope_and_each_full_one_is_in_the_trail(sampai):
    keluarga = sampai("draf").usulan.keluarga
    samar = klien("register").get(f"{REGISTER}{keluarga.pk}/").json()
    assert "•" in samar["no_kk"] and all("•" in a["nik"] for a in samar["anggota"] if a["nik"])
    sebelum = Jejak.objects.filter(aksi="baca_nomor_api").count()
    utuh = klien("register", "nik").get(f"{REGISTER}{keluarga.pk}/").json()
    assert utuh["no_kk"] == keluarga.no_kk.open()
    nomor = 1 + sum(1 for a in utuh["anggota"] if a["nik"])
    assert Jejak.objects.filter(aksi="baca_nomor_api").count() == sebelum + nomor


def test_revoked_key_is_dead_with_the_next_request(sampai):
    sampai("draf")
    rahasia = kunci("register")
    k = Client(headers={"Authorization": f"Bearer {rahasia}"})
    assert k.get(REGISTER).status_code == 200
    call_command("kunci_api", "cabut", rahasia.split("_")[1])
    assert k.get(REGISTER).status_code == 401


def test_key_from_another_address_is_unknown():
    assert klien("register", ip=["10.1.2.0/24"]).get(REGISTER).status_code == 401
    assert klien("register", ip=["127.0.0.0/8"]).get(REGISTER).status_code == 200


def test_row_budget_ends_with_429(sampai):
    sampai("draf")
    k = klien("register", anggaran=1)
    assert k.get(REGISTER).status_code == 200
    habis = k.get(REGISTER)
    assert habis.status_code == 429 and int(habis["Retry-After"]) > 0


def test_unknown_parameter_and_order_are_400_and_named():
    jawab = klien("register").get(REGISTER + "?wilyah=32.05&urut=nik&ukuran=0")
    assert jawab.status_code == 400
    assert set(jawab.json()["errors"]) == {"wilyah", "urut", "ukuran"}


def test_session_of_a_person_reads_with_his_own_powers(sampai, masuk, settings):
    settings.DEMO = True  # without it the second factor comes first
    p = sampai("draf")
    assert masuk("operator").get(f"{REGISTER}{p.usulan.keluarga_id}/").status_code == 200
    assert masuk("operator2").get(f"{REGISTER}{p.usulan.keluarga_id}/").status_code == 404
    assert masuk("admin").get(REGISTER).status_code == 403


def test_wrong_address_below_the_api_is_a_problem_too():
    jawab = klien("register").get("/api/v1/tidak-ada/")
    assert jawab.status_code == 404 and json.loads(jawab.content)["title"] == "Tidak ditemukan."
