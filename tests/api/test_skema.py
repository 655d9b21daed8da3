"""The schema tells the truth about the API, and the page reads it aloud."""

import json

import pytest

from core.api.galat import MASALAH
from tests.bantu.api import klien

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def skema(django_db_setup, django_db_blocker):
    from portal.queries import api

    with django_db_blocker.unblock():
        return json.loads(api.skema_json())


def test_every_operation_says_its_scope_and_its_refusals(skema):
    for alamat, cara in skema["paths"].items():
        for nama, isi in cara.items():
            assert {"400", "401", "403", "429"} <= set(isi["responses"]), (alamat, nama)
            assert isi["security"] and isi["description"] and isi["tags"], (alamat, nama)
            if nama != "get":
                assert any(p["name"] == "Idempotency-Key" and p["required"] for p in isi["parameters"])
            if "{" in alamat:
                assert "404" in isi["responses"]


def test_bodies_know_no_other_members(skema):
    for nama, isi in skema["components"]["schemas"].items():
        if isi.get("type") == "object" and nama != "Masalah":
            assert isi.get("additionalProperties") in (False, {}), nama


def test_every_list_answers_one_page_and_names_no_total(skema, sampai):
    sampai("ditetapkan")
    k = klien()
    for alamat, cara in skema["paths"].items():
        if "{" in alamat or "get" not in cara:
            continue
        jawab = k.get(f"{alamat}?ukuran=2")
        assert jawab.status_code == 200, (alamat, jawab.content)
        assert set(jawab.json()) == {"next", "previous", "results"}, alamat
        assert k.get(f"{alamat}?halaman=2").status_code == 400, alamat
        for rusak in (
            "kursor=a",
            "ukuran=1e30",
            "ukuran=201",
            "urut=nik",
            "urut=id;drop",
            "x=%00",
            "nik=3205",
        ):
            assert k.get(f"{alamat}?{rusak}").status_code == 400, (alamat, rusak)


def test_details_of_a_whole_journey(sampai):
    p, k = sampai("ditetapkan"), klien()
    for alamat in (
        f"usulan/{p.usulan.pk}/", f"keluarga/{p.usulan.keluarga_id}/", f"musyawarah/{p.usulan.putusan.get().musyawarah_id}/",
        f"asesmen/{p.usulan.asesmen.get().pk}/", f"penetapan/{p.penetapan.pk}/", "program/PKH/", "wilayah/32.05/",
    ):  # fmt: skip
        jawab = k.get(f"/api/v1/{alamat}")
        assert jawab.status_code == 200, (alamat, jawab.content)
        assert k.get(f"/api/v1/{alamat}?kursor=x").status_code == 400, alamat


def test_cursor_walks_through_all_rows_once_and_back(sampai):
    for n in range(5):
        sampai("draf", nomor=n)
    k = klien()
    alamat, maju, terakhir = "/api/v1/keluarga/?ukuran=2&urut=id", [], None
    while alamat:
        isi = k.get(alamat).json()
        maju += [r["id"] for r in isi["results"]]
        terakhir, alamat = isi, isi["next"]
    assert len(maju) == len(set(maju)) == 5 and maju == sorted(maju)
    mundur, alamat = [], terakhir["previous"]
    while alamat:
        isi = k.get(alamat).json()
        mundur = [r["id"] for r in isi["results"]] + mundur
        alamat = isi["previous"]
    assert mundur == maju[:4]


def test_cursor_of_another_key_or_filter_is_400(sampai):
    for n in range(3):
        sampai("draf", nomor=n)
    satu = klien().get("/api/v1/keluarga/?ukuran=1").json()["next"]
    assert klien().get(satu).status_code == 400
    k = klien()
    milik = k.get("/api/v1/keluarga/?ukuran=1").json()["next"]
    assert k.get(milik).status_code == 200
    assert k.get(milik + "&status=calon").status_code == 400


def test_the_page_lists_every_operation_and_every_refusal(client, skema):
    isi = client.get("/api/docs/").content.decode()
    for alamat in skema["paths"]:
        assert alamat in isi
    assert all(f'id="galat-{kode}"' in isi for kode in MASALAH)
    assert client.get("/api/schema/").json()["openapi"].startswith("3.0")
