"""An answer about a NIK becomes a verdict only when it is complete and understood (domain.md §3.2-3.4)."""

import json
from datetime import date

import pytest

from core.integrations.dukcapil.population import Population
from core.integrations.dukcapil.repair import REPAIR
from core.integrations.dukcapil.verdict import (
    CODES,
    Ambang,
    Kategori,
    PersonQuery,
    answer,
    parse,
    register_fields,
    safe_message,
)

NIK = "3205011707850001"
QUERY = PersonQuery(NIK, "Asep Suryana", date(1985, 7, 17))
AREA = PersonQuery(NIK, "Asep Suryana", date(1985, 7, 17), "L", desa="Desa Cibatu", kabupaten="Garut")


def reply(**fields):
    return {"content": [fields], "quotaLimiter": 12}


def good(**fields):
    return reply(**({"NIK": "Sesuai", "NAMA_LGKP": "Sesuai (98)", "TGL_LHR": "Sesuai"} | fields))


@pytest.mark.parametrize(
    ("name", "birth", "expected"),
    [
        ("Sesuai (100)", "Sesuai", "PADAN"),
        ("Sesuai (90)", "Sesuai", "PADAN"),
        ("sesuai (90.0%)", "SESUAI", "PADAN"),
        (98, "Sesuai", "PADAN"),
        ("Sesuai (89)", "Sesuai", "PADAN_SEBAGIAN"),
        ("Sesuai (60)", "Sesuai", "PADAN_SEBAGIAN"),
        ("Sesuai", "Sesuai", "PADAN_SEBAGIAN"),
        ("Sesuai (59)", "Sesuai", "TIDAK_PADAN_NAMA"),
        ("Tidak Sesuai", "Sesuai", "TIDAK_PADAN_NAMA"),
        ("Tidak Sesuai (72)", "Sesuai", "PADAN_SEBAGIAN"),
        ("Sesuai (98)", "Tidak Sesuai", "PADAN_SEBAGIAN"),
        ("ASEP SURYANA", "17-07-1985", "PADAN"),
        ("H. ASEP SURYANA, S.E.", "17-07-1985", "PADAN"),
        ("ASEP SURYADI", "17-07-1985", "PADAN_SEBAGIAN"),
        ("BUDI SANTOSO", "17-07-1985", "TIDAK_PADAN_NAMA"),
        ("ASEP SURYANA", "18-07-1985", "PADAN_SEBAGIAN"),
    ],
)
def test_name_and_birth_date_decide_by_threshold(name, birth, expected):
    result = parse(good(NAMA_LGKP=name, TGL_LHR=birth), QUERY)
    assert result.kategori == expected
    assert result.sisa_kuota == 12
    assert result.sebab == ""
    assert result.ada_putusan


def test_thresholds_are_the_callers():
    assert parse(good(NAMA_LGKP="Sesuai (75)"), QUERY, Ambang(70, 50)).kategori is Kategori.PADAN
    assert parse(good(NAMA_LGKP="Sesuai"), QUERY, Ambang(80, 80)).kategori is Kategori.PADAN
    assert parse(good(), QUERY, Ambang(70, 50)).ambang == Ambang(70, 50)
    with pytest.raises(ValueError):
        Ambang(50, 60)


def test_another_area_means_moved_and_prefixes_do_not_matter():
    fields = {"JENIS_KLMIN": "Sesuai", "KEL_NAME": "CIBATU", "KAB_NAME": "KABUPATEN GARUT"}
    assert parse(good(**fields), AREA).kategori is Kategori.PADAN
    assert parse(good(**fields | {"KAB_NAME": "Tidak Sesuai"}), AREA).kategori is Kategori.PINDAH
    assert parse(good(**fields | {"KAB_NAME": "KOTA BANDUNG"}), AREA).kategori is Kategori.PINDAH
    assert parse(good(**fields | {"JENIS_KLMIN": "Perempuan"}), AREA).kategori is Kategori.PADAN_SEBAGIAN


@pytest.mark.parametrize("code", CODES)
def test_each_negative_code_has_its_category(code):
    kategori, words = CODES[code]
    result = parse(reply(RESPONSE_CODE=code, RESPON=words), QUERY)
    assert (result.kategori, result.kode_respon, result.pesan) == (kategori, code, words)
    assert parse(reply(RESPON=words), QUERY).kategori is kategori
    assert parse({"RESPON": words}, QUERY).kategori is kategori


@pytest.mark.parametrize(
    ("words", "sebab"),
    [
        ("Login Gagal", "login_gagal"),
        ("IP Client Tidak terdaftar", "ip_ditolak"),
        ("IP Address Tidak Sesuai", "ip_ditolak"),
        ("User ID Tidak Aktif", "pengguna_tidak_aktif"),
        ("Kuota Akses Hari ini telah Habis", "kuota_habis"),
    ],
)
def test_access_failures_are_told_apart_and_beat_any_code(words, sebab):
    for code in ("", "13"):
        result = parse(reply(RESPONSE_CODE=code, RESPON=words), QUERY)
        assert (result.kategori, result.sebab) == (Kategori.GAGAL_LAYANAN, sebab)
        assert not result.ada_putusan


@pytest.mark.parametrize(
    ("raw", "sebab"),
    [
        (None, "bentuk_tidak_dikenal"),
        ([], "bentuk_tidak_dikenal"),
        ("x", "bentuk_tidak_dikenal"),
        (7, "bentuk_tidak_dikenal"),
        ({}, "bentuk_tidak_dikenal"),
        ({"content": None}, "bentuk_tidak_dikenal"),
        ({"content": []}, "bentuk_tidak_dikenal"),
        ({"content": {}}, "bentuk_tidak_dikenal"),
        ({"content": [{}]}, "bentuk_tidak_dikenal"),
        ({"content": ["x"]}, "bentuk_tidak_dikenal"),
        ({"content": [{"NIK": "Sesuai"}, {"NIK": "Sesuai"}]}, "bentuk_tidak_dikenal"),
        (good(NIK="3205011707850002"), "nik_lain"),
        (good(NIK="Tidak Sesuai"), "nik_lain"),
        (good(NIK=3205011707850001), "nik_lain"),
        (good(NIK=[NIK]), "nik_lain"),
        (reply(RESPONSE_CODE="13", RESPON="Data Tidak Ditemukan", NIK="3205011707850002"), "nik_lain"),
        (good(NIK=None), "nik_tidak_disebut"),
        (reply(NIK="Sesuai"), "jawaban_tidak_lengkap"),
        (reply(NIK="Sesuai", NAMA_LGKP="Sesuai (98)"), "jawaban_tidak_lengkap"),
        (good(NAMA_LGKP=True), "jawaban_tidak_lengkap"),
        (good(NAMA_LGKP=None), "jawaban_tidak_lengkap"),
        (good(NAMA_LGKP=""), "jawaban_tidak_lengkap"),
        (good(NAMA_LGKP=["Sesuai"]), "jawaban_tidak_lengkap"),
        (good(NAMA_LGKP=float("nan")), "jawaban_tidak_lengkap"),
        (good(NAMA_LGKP=10**400), "jawaban_tidak_lengkap"),
        (good(NAMA_LGKP="Sesuai (999)"), "jawaban_tidak_lengkap"),
        (good(NAMA_LGKP="x" * 100_000), "jawaban_tidak_lengkap"),
        (good(TGL_LHR="1985"), "jawaban_tidak_lengkap"),
        (good(TGL_LHR=0), "jawaban_tidak_lengkap"),
        (good(RESPONSE_CODE="99", RESPON="apa saja"), "kode_tidak_dikenal"),
    ],
)
def test_what_is_not_understood_is_never_a_verdict(raw, sebab):
    result = parse(raw, QUERY)
    assert (result.kategori, result.sebab, result.skor) == (Kategori.GAGAL_LAYANAN, sebab, {})


@pytest.mark.parametrize("left", [True, -1, "5", 1.5, None, [], 10**30])
def test_an_odd_quota_is_ignored(left):
    assert parse(good() | {"quotaLimiter": left}, QUERY).sisa_kuota is None


def test_nothing_that_is_kept_or_shown_holds_a_nik():
    result = parse(reply(RESPONSE_CODE="13", RESPON=f"NIK {NIK} Tidak Ditemukan\nx\x00"), QUERY)
    assert NIK not in repr(result)
    assert NIK not in repr(QUERY)
    assert "Asep" not in repr(QUERY)
    assert safe_message("a\r\nb" + "c" * 900) == ("a  b" + "c" * 900)[:200]


def test_the_service_side_answers_in_the_words_of_the_real_one():
    population = Population(3205, 300)
    member = next(m for f in population.families() for m in f.members if m.kasus == "padan")
    request = PersonQuery(member.told.nik, member.told.nama, member.told.tanggal_lahir, "L").fields()
    request |= {"TRESHOLD": "90", "KAB_NAME": "KAB. GARUT", "user_id": "x"}
    content = answer(population, request, quota_left=7)
    assert content["quotaLimiter"] == 7
    assert content["numberOfElements"] == content["totalElements"] == 1
    item = content["content"][0]
    assert item["NIK"] == item["TGL_LHR"] == item["KAB_NAME"] == "Sesuai"
    assert item["NAMA_LGKP"] == "Sesuai (100)"
    assert "user_id" not in item
    assert json.dumps(content)
    assert register_fields(member.record)["TGL_LHR"] == f"{member.told.tanggal_lahir:%d-%m-%Y}"


@pytest.mark.parametrize("nik", [None, 7, "", "abc", "3205013207850001", " 3205011707850001"])
def test_the_service_side_refuses_a_malformed_nik(nik):
    assert answer(Population(1, 1), {"NIK": nik})["content"][0]["RESPONSE_CODE"] == "15"


@pytest.mark.parametrize("threshold", [None, "x", [], "nan", "-5", "1e9"])
def test_an_odd_threshold_does_not_break_the_service_side(threshold):
    population = Population(3205, 30)
    member = next(m for f in population.families() for m in f.members if m.kasus == "padan")
    request = {"NIK": member.told.nik, "NAMA_LGKP": member.told.nama, "TRESHOLD": threshold}
    assert "NAMA_LGKP" in answer(population, request)["content"][0]


def test_every_category_says_what_it_means_what_to_do_and_who():
    assert set(REPAIR) == {kategori.value for kategori in Kategori}
    for repair in REPAIR.values():
        assert repair.arti.endswith(".")
        assert repair.langkah.endswith(".")
        assert repair.siapa in ("desa", "disdukcapil", "warga")
