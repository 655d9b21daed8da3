"""Another office's application corrects its draft: only what it named, only as it read it, only while it is a draft."""

import pytest

from core.models import Jejak
from dtks.actions import usulan as langkah
from dtks.models import Individu, TemuanGanda, Usulan
from tests.api.test_usulan import ALAMAT, TULIS, isi, kirim
from tests.bantu import pemain
from tests.bantu.alur import alasan_pertama, orang
from tests.bantu.api import klien

pytestmark = pytest.mark.django_db


@pytest.fixture
def k():
    return klien(*TULIS)


@pytest.fixture
def draf(k):
    """(address, ETag) of a draft of two people."""
    alamat = kirim(k, ALAMAT, isi())["Location"]
    return alamat, k.get(alamat)["ETag"]


def ubah(k, alamat, data, tanda=None, kunci=None):
    kepala = {"Idempotency-Key": kunci or f"ubah-{id(data)}-{Jejak.objects.count()}"}
    if tanda:
        kepala["If-Match"] = tanda
    return k.patch(alamat, data, content_type="application/json", headers=kepala)


def test_only_what_is_named_changes_and_the_new_tag_opens_the_next_edit(k, draf):
    alamat, tanda = draf
    satu = ubah(
        k, alamat, {"alasan_usul": "Rumah terbakar.", "keluarga": {"rt": "2", "alamat": "Kp. Baru"}}, tanda
    )
    assert satu.status_code == 200, satu.content
    usulan = Usulan.objects.get(pk=satu.json()["id"])
    assert (usulan.alasan_usul, usulan.program, usulan.status) == ("Rumah terbakar.", "PKH", "draf")
    assert (usulan.keluarga.rt, usulan.keluarga.rw, usulan.keluarga.alamat) == ("002", "005", "Kp. Baru")
    assert satu["ETag"] == k.get(alamat)["ETag"] != tanda
    dua = ubah(k, alamat, {"program": "BPNT"}, satu["ETag"])
    assert dua.status_code == 200 and dua.json()["program"] == "BPNT"
    assert Jejak.objects.filter(aksi="ubah_usulan").count() == 2


def test_without_if_match_428_and_with_an_old_one_412_and_nothing_written(k, draf):
    alamat, tanda = draf
    assert ubah(k, alamat, {"alasan_usul": "Lain sekali."}).status_code == 428
    assert ubah(k, alamat, {"keluarga": {"alamat": "Kp. Baru"}}, tanda).status_code == 200
    basi = ubah(k, alamat, {"alasan_usul": "Lain sekali."}, tanda)
    assert basi.status_code == 412 and basi["ETag"] == k.get(alamat)["ETag"]
    assert Usulan.objects.get().alasan_usul == isi()["alasan_usul"]


def test_a_member_is_corrected_by_id_and_a_new_one_added(k, draf):
    alamat, tanda = draf
    usulan = Usulan.objects.get()
    istri = usulan.keluarga.anggota.get(hubungan="2")
    baru = {"nama": "Siti", "jenis_kelamin": "2", "tgl_lahir": "2015-02-01", "status_kawin": "1", "ibu_kandung": "Nur-Aini",
            "hubungan": "3", "nik": "3205014102150079"}  # fmt: skip
    jawab = ubah(
        k,
        alamat,
        {"anggota": [{"id": str(istri.pk), "tempat_lahir": "GARUT", "nama": "Nur Aini"}, baru]},
        tanda,
    )
    assert jawab.status_code == 200, jawab.content
    nik = istri.nik.open()
    istri.refresh_from_db()
    assert (istri.nama, istri.tempat_lahir, istri.nik.open()) == ("Nur Aini", "GARUT", nik)
    assert istri.tgl_lahir.isoformat() == "1985-01-01" and istri.ibu_kandung == "Eti"
    assert usulan.keluarga.anggota.count() == 3


def test_somebody_of_another_family_or_a_bad_value_is_named_and_nothing_is_written(k, draf, sampai):
    alamat, tanda = draf
    lain = sampai("draf").usulan.keluarga.anggota.first()
    for data, kolom in (
        ({"anggota": [{"id": str(lain.pk), "nama": "X"}]}, "anggota.0.id"),
        ({"alasan_usul": "Rumah terbakar.", "anggota": [{"nama": "X"}]}, "anggota.0.tgl_lahir"),
        ({"alasan_usul": "Rumah terbakar.", "keluarga": {"rt": "x"}}, "keluarga.rt"),
        ({"program": "TIDAK-ADA"}, "program"),
        ({"jalur": "KEDARURATAN"}, "jalur"),
        ({"status": "diajukan"}, "status"),
        ({"keluarga": {"wilayah": pemain.DESA2}}, "keluarga.wilayah"),
        ({"anggota": [{"id": str(lain.pk)}, {"id": str(lain.pk)}]}, "anggota"),
        ({}, "isi"),
    ):
        jawab = ubah(k, alamat, data, tanda)
        assert jawab.status_code == 400 and kolom in jawab.json()["errors"], (data, jawab.content)
    assert k.get(alamat)["ETag"] == tanda


def test_the_same_key_is_one_edit(k, draf):
    alamat, tanda = draf
    data = {"alasan_usul": "Rumah terbakar."}
    satu, dua = (ubah(k, alamat, data, tanda, "kunci-sama-1") for _ in range(2))
    assert satu.status_code == dua.status_code == 200 and satu.json() == dua.json()
    assert dua["Idempotent-Replayed"] == "true" and Jejak.objects.filter(aksi="ubah_usulan").count() == 1


def test_what_was_submitted_is_not_changed_and_what_came_back_is(k, draf):
    alamat, tanda = draf
    kirim(k, f"{alamat}langkah/ajukan/", {})
    tanda = k.get(alamat)["ETag"]
    lewat = ubah(k, alamat, {"alasan_usul": "Rumah terbakar."}, tanda)
    assert lewat.status_code == 409 and lewat.json()["keadaan"] == "diajukan"
    langkah.kembalikan(
        Usulan.objects.get(), by=orang("operator"), tujuan="draf", alasan=alasan_pertama("kembalikan")
    )
    kembali = ubah(k, alamat, {"alasan_usul": "Rumah terbakar."}, k.get(alamat)["ETag"])
    assert kembali.status_code == 200, kembali.content


def test_a_key_that_may_not_write_and_one_from_elsewhere(k, draf):
    alamat, tanda = draf
    assert ubah(klien("usulan"), alamat, {"alasan_usul": "x y"}, tanda).status_code == 403
    jauh = ubah(klien(*TULIS, wilayah=pemain.KABUPATEN_LAIN), alamat, {"alasan_usul": "x y"}, tanda)
    assert jauh.status_code == 404


def test_a_nik_that_another_village_has_is_409_and_both_are_told(sampai):
    nik = sampai("draf").usulan.keluarga.anggota.get(hubungan="1").nik.open()
    lain, data = klien(*TULIS, wilayah=pemain.KABUPATEN_LAIN), isi()
    data["keluarga"] |= {"wilayah": pemain.DESA_LAIN}
    alamat = kirim(lain, ALAMAT, data)["Location"]
    istri = Individu.objects.get(nama="Nur-Aini")
    jawab = ubah(lain, alamat, {"anggota": [{"id": str(istri.pk), "nik": nik}]}, lain.get(alamat)["ETag"])
    assert jawab.status_code == 409 and nik not in jawab.content.decode()
    assert TemuanGanda.objects.count() == 1
    istri.refresh_from_db()
    assert istri.nik.open() != nik


def test_every_detail_has_a_tag_that_stays_while_nothing_changes(sampai):
    p, k = sampai("ditetapkan"), klien()
    u = p.usulan
    for alamat in (
        f"usulan/{u.pk}/", f"keluarga/{u.keluarga_id}/", f"individu/{u.keluarga.anggota.first().pk}/", f"musyawarah/{u.putusan.get().musyawarah_id}/",
        f"asesmen/{u.asesmen.get().pk}/", f"penetapan/{p.penetapan.pk}/", "program/PKH/", "wilayah/32.05/",
    ):  # fmt: skip
        satu, dua = (k.get(f"/api/v1/{alamat}") for _ in range(2))
        assert satu["ETag"] == dua["ETag"] and satu["ETag"].startswith('"'), alamat


def test_a_draft_that_would_be_the_second_programme_of_the_month_stays_what_it_was(k, draf):
    alamat, _ = draf
    usulan = Usulan.objects.get()
    kirim(k, f"{alamat}langkah/ajukan/", {})
    kedua = kirim(
        k,
        ALAMAT,
        {"program": "PBI", "alasan_usul": "Perlu berobat.", "keluarga": {"id": str(usulan.keluarga_id)}},
    )
    assert kedua.status_code == 201, kedua.content
    jawab = ubah(k, kedua["Location"], {"program": "BPNT"}, k.get(kedua["Location"])["ETag"])
    assert jawab.status_code == 422 and "SATU_PROGRAM_PER_BULAN" in jawab.content.decode()
    assert k.get(kedua["Location"]).json()["program"] == "PBI"
