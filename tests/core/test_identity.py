"""An officer types a NIK, a KK number or a phone number (reliability.md §4A)."""

from datetime import date

import pytest

from core.identity import (
    birth_from_nik,
    check_kk,
    check_nik,
    check_phone,
    mask_name,
    mask_nik,
    mask_numbers,
    normalise_digits,
    normalise_sex,
    sex_from_nik,
)

NIK = "3205011707850001"
NIK_P = "3205015707850001"


def codes(check):
    return [flag.kode for flag in check.tanda]


@pytest.mark.parametrize(
    "raw",
    [
        NIK,
        "3205 0117 0785 0001",
        "3205.0117.0785.0001",
        "3205-0117-0785-0001",
        "\n3205011707850001\n",
        "\u00a03205\u00a0011707850001 ",
        "\u200b3205011707850001\ufeff",
        "３２０５０１１７０７８５０００１",
        "'3205011707850001",
        "3205\u20130117\u20130785\u20130001",
    ],
)
def test_separators_and_full_width_digits_are_accepted_and_normalised(raw):
    check = check_nik(raw)
    assert (check.nik, check.galat, check.tanda) == (NIK, [], [])
    assert check.ok


@pytest.mark.parametrize(
    ("raw", "word"),
    [
        ("320501170785001", "15 angka"),
        ("32050117078500012", "17 angka"),
        ("ABCDEFGHIJKLMNOP", "huruf"),
        ("320501170785000O", "huruf"),
        ("0000000000000000", "bukan nomor sungguhan"),
        ("9999999999999999", "bukan nomor sungguhan"),
        ("1234567890123456", "bukan nomor sungguhan"),
        ("٣٢٠٥٠١١٧٠٧٨٥٠٠٠١", "aksara lain"),
        ("३२०५०११७०७८५०००१", "aksara lain"),
        ("3205013207850001", "ke-7"),
        ("3205010007850001", "ke-7"),
        ("3205014007850001", "ke-7"),
        ("3205017207850001", "ke-7"),
        ("3205011713850001", "ke-9"),
        ("3205011700850001", "ke-9"),
        ("3.17E+15", "Excel"),
        ("3,20501E+15", "Excel"),
        ("7.371e15", "Excel"),
        ("3205011707850001.0", "Excel"),
        ("3205011707850001/2", "bukan angka"),
        ("", "belum diisi"),
        ("   ", "belum diisi"),
        ("3" * 10_000, "terlalu panjang"),
        ("\ufdfa" * 16, "huruf"),
        (3205011707850001, "sebagai teks"),
        (3.205e15, "sebagai teks"),
        (True, "sebagai teks"),
        (None, "sebagai teks"),
        ([NIK], "sebagai teks"),
    ],
)
def test_wrong_structure_is_refused_with_a_way_out(raw, word):
    check = check_nik(raw)
    assert check.nik == ""
    assert any(word in sentence for sentence in check.galat), check.galat
    assert not check.ok


def test_the_typed_number_is_never_echoed():
    assert all("3205" not in sentence for sentence in check_nik("32050132138500017").galat)


def test_both_day_and_month_are_named_when_both_are_wrong():
    assert len(check_nik("3205013213850001").galat) == 2


@pytest.mark.parametrize(
    ("nik", "arguments", "expected"),
    [
        (NIK, {"tanggal_lahir": date(1985, 7, 17), "jenis_kelamin": "L"}, []),
        (NIK, {"tanggal_lahir": date(1985, 7, 18)}, ["TANGGAL_BEDA"]),
        (NIK, {"jenis_kelamin": "P"}, ["KELAMIN_BEDA"]),
        (NIK, {"jenis_kelamin": "PEREMPUAN"}, ["KELAMIN_BEDA"]),
        (NIK_P, {"jenis_kelamin": "Perempuan", "tanggal_lahir": date(1985, 7, 17)}, []),
        (NIK, {"jenis_kelamin": ""}, []),
        ("3205013102850001", {}, ["TANGGAL_TIDAK_ADA"]),
        ("3205012902840001", {}, []),
        ("3205012902850001", {}, ["TANGGAL_TIDAK_ADA"]),
        ("3205011707850000", {}, ["SERI_NOL"]),
        (NIK, {"kk": "3205.0117.0785.0001"}, ["NIK_SAMA_KK"]),
        (NIK, {"kk": "3205011707850002"}, []),
        (NIK, {"kk": "rusak"}, []),
        (NIK, {"kode_wilayah_dikenal": lambda kode: False}, ["WILAYAH_TIDAK_DIKENAL"]),
        (NIK, {"kode_wilayah_dikenal": lambda kode: kode == "320501"}, []),
        ("0505011707850001", {}, ["WILAYAH_TIDAK_DIKENAL"]),
        ("9602011707850001", {}, []),
    ],
)
def test_odd_meaning_is_accepted_with_a_flag(nik, arguments, expected):
    check = check_nik(nik, **arguments)
    assert check.ok
    assert check.nik == nik
    assert codes(check) == expected


def test_a_person_over_a_hundred_gets_no_date_flag():
    assert codes(check_nik("3205011707200001", tanggal_lahir=date(1920, 7, 17))) == []


@pytest.mark.parametrize(
    ("nik", "born"),
    [
        (NIK, date(1985, 7, 17)),
        (NIK_P, date(1985, 7, 17)),
        ("3205011707150001", date(2015, 7, 17)),
        ("3205013112260001", date(1926, 12, 31)),
        ("3205013102850001", None),
    ],
)
def test_birth_date_is_read_from_the_nik(nik, born):
    assert birth_from_nik(nik, today=date(2026, 11, 21)) == born


def test_sex_is_read_from_the_day_digits():
    assert (sex_from_nik(NIK), sex_from_nik(NIK_P)) == ("L", "P")
    assert (
        normalise_sex("Laki-Laki"),
        normalise_sex("PEREMPUAN"),
        normalise_sex("x"),
        normalise_sex(None),
    ) == (
        "L",
        "P",
        None,
        None,
    )


def test_kk_numbers_follow_the_same_structure_rules():
    assert check_kk("3205 0117 0785 0001").kk == "3205011707850001"
    assert "15 angka" in check_kk("320501170785001").galat[0]
    assert "Nomor KK" in check_kk("x").galat[0]
    assert codes(check_kk("3205015707850001")) == ["TANGGAL_KK_JANGGAL"]
    assert codes(check_kk("3205011707850001", kode_wilayah_dikenal=lambda kode: False)) == [
        "WILAYAH_TIDAK_DIKENAL"
    ]


@pytest.mark.parametrize(
    "raw", ["081234567890", "6281234567890", "+62 812-3456-7890", "(+62) 812 3456 7890", "+62 0812 3456 7890"]
)
def test_phone_numbers_become_plus_62(raw):
    assert check_phone(raw).nomor == "+6281234567890"
    assert check_phone(raw).ok


@pytest.mark.parametrize(
    ("raw", "word"),
    [
        ("", "belum diisi"),
        ("81234567890", "diawali 08"),
        ("0262233445", "diawali 08"),
        ("+1 812 345 6789", "diawali 08"),
        ("08123456", "yang diketik 8 angka"),
        ("08123456789012", "yang diketik 14 angka"),
        ("0812abc45678", "huruf"),
        ("٠٨١٢٣٤٥٦٧٨", "aksara lain"),
        ("0888888888888", "bukan nomor sungguhan"),
        (81234567890, "sebagai teks"),
        (None, "sebagai teks"),
    ],
)
def test_wrong_phone_numbers_are_refused(raw, word):
    check = check_phone(raw)
    assert check.nomor == ""
    assert word in check.galat[0]


@pytest.mark.parametrize("length", [9, 13])
def test_phone_length_limits_are_inclusive(length):
    assert check_phone("0812345678901"[:length]).ok


def test_masks_never_show_a_whole_number_or_word():
    assert mask_nik(NIK) == "3205••••••••0001"
    assert mask_nik("12345") == "•••••"
    assert mask_nik("") == ""
    assert mask_name("Siti Aminah") == "SIT* A*****"
    assert mask_name("Ade A") == "AD* *"
    assert mask_name("") == ""


@pytest.mark.parametrize(
    "nomor",
    [
        NIK,
        "3205 0117 0785 0001",
        "3205.0117.0785.0001",
        "320501-170785-0001",
        "32 05 01 17 07 85 00 01",
        NIK[:-1],
        NIK + "7",
    ],
)
def test_a_number_in_a_story_is_masked_however_it_is_written(nomor):
    samar = mask_numbers(f"Tetangga saya ({nomor}), tinggal di RT 003.")
    assert "0117" not in samar and "17 07" not in samar and "170785" not in samar
    assert samar.startswith("Tetangga saya (") and samar.endswith("), tinggal di RT 003.")


@pytest.mark.parametrize(
    "teks",
    [
        "HP 081234567890",
        "Rp 1.500.000 sejak 2024-01-02",
        "USL-202611-004512",
        "",
        "081234567890 dan 2024",
        "12 11 2026",
    ],
)
def test_other_numbers_in_a_story_stay(teks):
    assert mask_numbers(teks) == teks


def test_normalise_digits_names_the_field_it_was_given():
    with pytest.raises(ValueError, match="Nomor KK"):
        normalise_digits("abc", "Nomor KK")
