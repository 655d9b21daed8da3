"""An officer types a name, a note or a birth date (reliability.md §4B, §4C)."""

import unicodedata
from datetime import date, datetime

import pytest

from core.text import (
    TextTooLarge,
    check_birth_date,
    clean_name,
    clean_text,
    fold_homoglyphs,
    is_blank,
    soft_flags_name,
)

TODAY = date(2026, 11, 21)


def codes(nama):
    return [flag.kode for flag in soft_flags_name(nama)]


@pytest.mark.parametrize(
    "nama",
    [
        "D'JAMALUDDIN",
        "O'Nang",
        "Ma’ruf",
        "Nur-Aini",
        "Andi Ba'so",
        "A",
        "IT",
        "NA70",
        "THR",
        "José",
        "H. Ujang, S.Pd.",
        "<script>alert(1)</script>",
        "'; DROP TABLE keluarga;--",
        "=cmd|'/c calc'!A0",
        "{{7*7}}",
        "${7*7}",
        "%27",
        "x" * 100,
    ],
)
def test_real_and_hostile_looking_names_are_kept_byte_identical(nama):
    assert clean_name(nama) == unicodedata.normalize("NFC", nama)


def test_outer_and_doubled_spaces_are_removed():
    assert clean_name("  Siti\u00a0 Aminah ") == "Siti Aminah"


def test_decomposed_letters_are_composed():
    assert clean_name("Jose\u0301") == "José"


@pytest.mark.parametrize(
    ("raw", "word"),
    [
        ("x" * 101, "paling banyak 100"),
        ("x" * 1_000_000, "paling banyak 100"),
        ("Siti\x00", "rusak"),
        ("Siti\ud800", "rusak"),
        ("Siti\r\nBcc: a@b", "ganti baris"),
        ("Siti\n", "ganti baris"),
        ("Siti\tAminah", "ganti baris"),
        ("Siti\u2028Aminah", "ganti baris"),
        ("Siti\x1b[31m", "ganti baris"),
        ("Siti\u202eexe", "pembalik arah"),
        ("Siti\u2066x\u2069", "pembalik arah"),
        ("\u200fSiti", "pembalik arah"),
        ("Siti 😀", "emoji"),
        ("Siti ❤️", "emoji"),
        ("👍🏽", "emoji"),
        ("S" + "\u0301" * 90, "bertumpuk"),
        ("S" + "\u0335" * 5, "bertumpuk"),
        ("\u200b\u200b", "tidak terlihat"),
        ("Si\u200bti", "tidak terlihat"),
        ("\u3164", "tidak terlihat"),
        ("Siti\ufeff", "tidak terlihat"),
        ("\ue000", "gambar"),
        ("", "belum diisi"),
        ("   ", "belum diisi"),
        (".", "belum memuat huruf"),
        ("---", "belum memuat huruf"),
        (None, "berupa tulisan"),
        (7, "berupa tulisan"),
        (["Siti"], "berupa tulisan"),
    ],
)
def test_what_cannot_be_a_name_is_refused(raw, word):
    with pytest.raises(ValueError, match=word):
        clean_name(raw)


def test_four_marks_on_one_letter_are_still_a_name():
    assert clean_name("S" + "\u0335" * 4)


@pytest.mark.parametrize(
    ("nama", "expected"),
    [
        ("Siti Aminah", []),
        ("D'JAMALUDDIN", []),
        ("Ma’ruf", []),
        ("José", []),
        ("Аminah", ["HURUF_MIRIP"]),
        ("A", ["SATU_HURUF"]),
        ("IT", ["TIDAK_LAZIM"]),
        ("THR", ["TIDAK_LAZIM"]),
        ("NA70", ["ADA_ANGKA", "TIDAK_LAZIM"]),
        ("Test Test", ["ISIAN_COBA"]),
        ("Sitiiiii", ["ISIAN_COBA"]),
        ("=cmd", ["TIDAK_LAZIM", "SIMBOL"]),
    ],
)
def test_odd_but_accepted_names_carry_a_flag(nama, expected):
    assert clean_name(nama)
    assert codes(nama) == expected


def test_look_alike_letters_fold_for_search():
    assert fold_homoglyphs("аminah") == "AMINAH"


@pytest.mark.parametrize(
    "raw", ["Rumah rusak 😢\nAtap bocor", "ꦱꦶꦠꦶ", "ᨔᨗᨈᨗ", "چيتي أمينه", "<b>{{7*7}}</b>", "=1+1"]
)
def test_free_text_round_trips(raw):
    assert clean_text(raw) == unicodedata.normalize("NFC", raw)


def test_line_ends_overrides_and_controls_are_cleaned_from_free_text():
    assert clean_text("satu\r\ndua\rtiga\u202e\u2066empat\x07") == "satu\ndua\ntigaempat"


@pytest.mark.parametrize(
    "raw", ["a\x00", "a\ud800", "", "  \n ", "\u3164", "\u200b", "a" + "\u0301" * 90, None, 3]
)
def test_free_text_refuses_broken_or_empty_text(raw):
    with pytest.raises(ValueError):
        clean_text(raw)


def test_optional_free_text_may_be_empty():
    assert clean_text(" \u200b ", required=False) == ""


def test_free_text_size_limits():
    assert len(clean_text("a" * 20_000)) == 20_000
    with pytest.raises(TextTooLarge):
        clean_text("a" * 20_001)
    with pytest.raises(TextTooLarge):
        clean_text("a\n" * 2_001)
    with pytest.raises(ValueError, match="paling banyak 10"):
        clean_text("a" * 11, 10)


def test_blank_test_sees_through_invisible_characters():
    assert is_blank("\u200b\u3164 \u2800\n")
    assert not is_blank("·")


@pytest.mark.parametrize(
    ("d", "word"),
    [
        (date(2043, 1, 1), "belum terjadi"),
        (date(9999, 12, 31), "belum terjadi"),
        (date(1, 1, 1), "sebelum 1900"),
        (date(1899, 12, 31), "sebelum 1900"),
        (date(1901, 11, 20), None),
        (date(1900, 11, 20), "125 tahun"),
        (date(2026, 11, 22), "belum terjadi"),
        (date(2026, 11, 21), None),
        (datetime(2000, 1, 1, 8, 0), "tanpa jam"),
        ("2000-01-01", "tanpa jam"),
        (None, "tanpa jam"),
    ],
)
def test_impossible_birth_dates_are_explained(d, word):
    sentences = check_birth_date(d, TODAY)
    assert sentences == [] if word is None else word in sentences[0]
