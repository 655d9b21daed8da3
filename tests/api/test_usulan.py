"""Another office's application proposes a family, takes it through its first steps, and is told what it may not do."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from core import idempotency
from core.models import JawabanApi, KunciKirim
from dtks.models import Keluarga, TemuanGanda, Usulan
from tests.bantu import pemain
from tests.bantu.api import klien

pytestmark = pytest.mark.django_db
ALAMAT = "/api/v1/usulan/"
TULIS = ("register", "usulan", "tulis")


def isi(**lain):
    return {
        "program": "PKH",
        "alasan_usul": "Kepala keluarga sakit dan tidak bisa bekerja.",
        "keluarga": {"wilayah": pemain.DESA, "no_kk": "3205012001100077", "alamat": "Kp. Cikole", "rt": "1", "rw": "5"},
        "anggota": [
            {"nik": "3205010101800077", "nama": "Ujang D'Jamal", "jenis_kelamin": "1", "tgl_lahir": "1980-01-01",
             "status_kawin": "2", "ibu_kandung": "Iis"},
            {"nik": "3205014101850078", "nama": "Nur-Aini", "jenis_kelamin": "2", "tgl_lahir": "1985-01-01",
             "status_kawin": "2", "ibu_kandung": "Eti", "hubungan": "2"},
        ],
    } | lain  # fmt: skip


def kirim(k, alamat, data, kunci=None, **kepala):
    kepala = {"Idempotency-Key": kunci or str(uuid.uuid4())} | {
        k.replace("_", "-"): v for k, v in kepala.items()
    }
    return k.post(alamat, data, content_type="application/json", headers=kepala)


def test_draft_with_family_and_members_then_submitted():
    k = klien(*TULIS)
    baru = kirim(k, ALAMAT, isi())
    assert baru.status_code == 201, baru.content
    usulan = baru.json()
    assert (
        usulan["status"] == "draf"
        and len(usulan["pin"]) == 6
        and baru["Location"] == f"{ALAMAT}{usulan['id']}/"
    )
    assert Keluarga.objects.get(pk=usulan["keluarga"]).anggota.count() == 2
    rinci = k.get(baru["Location"])
    assert "pin" not in rinci.json() and [s["nama"] for s in rinci.json()["langkah"]][:1] == ["ajukan"]
    maju = kirim(
        k, f"{baru['Location']}langkah/ajukan/", {"catatan": "Dari puskesos"}, If_Match=rinci["ETag"]
    )
    assert maju.status_code == 200, maju.content
    assert maju.json()["status"] == "diajukan" and maju.json()["riwayat"][-1]["langkah"] == "ajukan"


def test_same_key_is_one_draft_and_the_same_answer():
    k, kunci = klien(*TULIS), str(uuid.uuid4())
    satu, dua = (kirim(k, ALAMAT, isi(), kunci) for _ in range(2))
    assert satu.status_code == dua.status_code == 201 and satu.json() == dua.json()
    assert dua["Idempotent-Replayed"] == "true" and Usulan.objects.count() == 1
    lain = kirim(k, ALAMAT, isi(program="BPNT"), kunci)
    assert lain.status_code == 422 and "Idempotency-Key" in lain.json()["errors"]


def test_stored_answers_are_sealed_and_leave_after_their_days():
    kirim(klien(*TULIS), ALAMAT, isi())
    satu = JawabanApi.objects.get()
    assert b"Ujang" not in bytes(satu.isi) and b"pin" not in bytes(satu.isi)
    assert idempotency.buang_jawaban() == 0
    JawabanApi.objects.update(created_at=timezone.now() - timedelta(days=8))
    assert idempotency.buang_jawaban() == 1


def test_marks_of_sent_forms_leave_when_no_phone_can_still_be_waiting():
    for hari in (89, 91):
        idempotency.once(pemilik="uji", kunci=uuid.uuid4(), isi="x", do=lambda: "tersegel")
        KunciKirim.objects.filter(created_at__gt=timezone.now() - timedelta(days=1)).update(
            created_at=timezone.now() - timedelta(days=hari)
        )
    assert idempotency.buang_jawaban() == 1 and KunciKirim.objects.count() == 1


def test_a_draft_without_key_or_scope_is_not_made():
    assert klien(*TULIS).post(ALAMAT, isi(), content_type="application/json").status_code == 400
    assert kirim(klien("register", "usulan"), ALAMAT, isi()).status_code == 403
    assert Usulan.objects.count() == 0


def test_a_step_that_is_over_is_409_with_the_present_state():
    k = klien(*TULIS)
    alamat = kirim(k, ALAMAT, isi()).json()["id"]
    assert kirim(k, f"{ALAMAT}{alamat}/langkah/ajukan/", {}).status_code == 200
    lewat = kirim(k, f"{ALAMAT}{alamat}/langkah/ajukan/", {})
    assert lewat.status_code == 409 and lewat.json()["keadaan"] == "diajukan"


def test_an_old_version_is_412():
    k = klien(*TULIS)
    usulan = kirim(k, ALAMAT, isi()).json()
    basi = kirim(k, f"{ALAMAT}{usulan['id']}/langkah/ajukan/", {}, If_Match=f'"{usulan["id"]}.9"')
    assert basi.status_code == 412 and basi["ETag"] == k.get(f"{ALAMAT}{usulan['id']}/")["ETag"]


def test_a_key_never_takes_a_step_of_the_line_that_decides(sampai):
    p = sampai("diinput")
    k = klien()
    rinci = k.get(f"{ALAMAT}{p.usulan.pk}/").json()
    assert {s["nama"] for s in rinci["langkah"]} <= {"ajukan", "tarik"}
    for nama in ("tugaskan", "verifikasi", "tolak", "kembalikan", "tunda"):
        assert kirim(k, f"{ALAMAT}{p.usulan.pk}/langkah/{nama}/", {}).status_code in (403, 409), nama


def test_people_take_steps_through_their_session(sampai, masuk, settings):
    settings.DEMO = True
    p = sampai("draf")
    jawab = kirim(masuk("operator"), f"{ALAMAT}{p.usulan.pk}/langkah/ajukan/", {})
    assert jawab.status_code == 200, jawab.content


def test_outside_of_its_area_a_key_neither_sees_nor_proposes(sampai):
    p = sampai("draf")
    lain = klien(wilayah=pemain.KABUPATEN_LAIN)
    tidak = lain.get(f"{ALAMAT}{uuid.UUID(int=4)}/")
    assert lain.get(f"{ALAMAT}{p.usulan.pk}/").content == tidak.content
    assert kirim(lain, f"{ALAMAT}{p.usulan.pk}/langkah/ajukan/", {}).status_code == 404
    assert "keluarga.wilayah" in kirim(lain, ALAMAT, isi()).json()["errors"]
    ada = kirim(
        lain,
        ALAMAT,
        {"program": "PKH", "alasan_usul": "x y z", "keluarga": {"id": str(p.usulan.keluarga_id)}},
    )
    assert ada.status_code == 400 and "keluarga.id" in ada.json()["errors"]


def test_nik_of_another_kabupaten_is_409_without_saying_where(sampai):
    kepala = sampai("draf").usulan.keluarga.anggota.get(hubungan="1")
    lain = klien(wilayah=pemain.KABUPATEN_LAIN)
    data = isi()
    data["keluarga"] |= {"wilayah": pemain.DESA_LAIN}
    data["anggota"][0]["nik"] = kepala.nik.open()
    jawab = kirim(lain, ALAMAT, data)
    assert jawab.status_code == 409 and kepala.nik.open() not in jawab.content.decode()
    assert pemain.DESA not in jawab.content.decode() and kepala.nama not in jawab.content.decode()
    assert TemuanGanda.objects.count() == 1 and Keluarga.objects.count() == 1


@pytest.mark.parametrize(
    ("ubah", "kolom"),
    [
        ({"status": "ditetapkan"}, "status"),
        ({"program": "TIDAK-ADA"}, "program"),
        ({"program": 7}, "program"),
        ({"jalur": "KEDARURATAN"}, "jalur"),
        ({"anggota": []}, "anggota"),
        ({"bulan_berikutnya": "true"}, "bulan_berikutnya"),
        ({"keluarga": {"wilayah": pemain.DESA, "alamat": "x", "rt": "1", "rw": "1", "is_staff": True}}, "keluarga.is_staff"),
    ],
)  # fmt: skip
def test_what_does_not_belong_is_named(ubah, kolom):
    jawab = kirim(klien(*TULIS), ALAMAT, isi(**ubah))
    assert jawab.status_code == 400 and kolom in jawab.json()["errors"], jawab.content
    assert Usulan.objects.count() == Keluarga.objects.count() == 0


@pytest.mark.parametrize(
    ("kolom", "nilai"),
    [
        ("nik", 3205010101800077),
        ("nik", "320501010180007"),
        ("nik", "٣٢٠٥٠١٠١٠١٨٠٠٠٧٧"),
        ("nik", "0000000000000000"),
        ("tgl_lahir", "2043-01-01"),
        ("tgl_lahir", "1985-02-30"),
        ("tgl_lahir", ["1985-01-01"]),
        ("nama", "\u202eUjang"),
        ("nama", "x" * 121),
        ("jenis_kelamin", True),
    ],
)
def test_a_bad_value_of_a_member_is_named(kolom, nilai):
    data = isi()
    data["anggota"][0][kolom] = nilai
    jawab = kirim(klien(*TULIS), ALAMAT, data)
    assert jawab.status_code == 400 and f"anggota.0.{kolom}" in jawab.json()["errors"], jawab.content


@pytest.mark.parametrize(
    ("mentah", "status"),
    [
        (b"[" * 100_000, 400), (b'{"a":' * 30 + b"1" + b"}" * 30, 400), (b"null", 400), (b"[]", 400), (b"{", 400), (b"", 400),
        (b"\xff\xfe", 400), (b'{"program": "\\u0000"}', 400), (b'{"program": "\\ud800"}', 400), (b'{"program": NaN}', 400),
        (b'{"program": "A", "program": "B"}', 400), (b'{"program": ' + b"9" * 5000 + b"}", 400), (b'{"x": "' + b"a" * 1_100_000 + b'"}', 413),
    ],
    ids=range(13),
)  # fmt: skip
def test_a_broken_body_is_refused_and_never_an_error_of_ours(mentah, status):
    k = klien(*TULIS)
    jawab = k.post(
        ALAMAT, mentah, content_type="application/json", headers={"Idempotency-Key": "kunci-uji-1"}
    )
    assert jawab.status_code == status and jawab["Content-Type"] == "application/problem+json", jawab.content


@pytest.mark.parametrize(
    ("jenis", "kepala"),
    [
        ("application/json; charset=utf-16", {}),
        ("application/xml", {}),
        ("application/x-www-form-urlencoded", {}),
        ("application/json", {"Content-Encoding": "gzip"}),
    ],
)
def test_another_kind_of_body_is_415(jenis, kepala):
    k = klien(*TULIS)
    jawab = k.post(ALAMAT, b"{}", content_type=jenis, headers={"Idempotency-Key": "kunci-uji-1"} | kepala)
    assert jawab.status_code == 415, jawab.content
