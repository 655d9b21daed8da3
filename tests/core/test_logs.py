"""Log lines: numbers of people are masked however they are written, other numbers stay readable."""

import json
import logging

import pytest

from core.logs import JsonFormatter, mask


@pytest.mark.parametrize(
    ("tulis", "jadi"),
    [
        ("/keluarga/3205014101900042/", "/keluarga/3205********0042/"),
        ("320501 410190 0042", "(angka)"),
        ("3205 0141 0190 0042", "(angka)"),
        ("/320501%20410190%200042/", "/(angka)/"),
        ("/320501 4101900042/", "/(angka)/"),
        ("32050141-01900042", "(angka)"),
        ("3205.0141.0190.0042", "(angka)"),
        ("0812-3456-7890", "(angka)"),
        ("+62 812 3456 789", "(angka)"),
        ("320501410190004", "(angka)"),
        ("32050141019000421", "(angka)"),
        ("081234567890", "(angka)"),
        ("+6281234567890", "(angka)"),
        ("2026-11-22 18:57:28", "2026-11-22 18:57:28"),
        ("32.05.01.1001", "32.05.01.1001"),
        ("USL-202611-00001 in 12345 ms", "USL-202611-00001 in 12345 ms"),
        ("ADU-202611-000001", "ADU-202611-000001"),
        ("10.20.30.40:54321", "10.20.30.40:54321"),
    ],
)
def test_numbers_of_people_do_not_reach_the_log(tulis, jadi):
    assert mask(tulis) == jadi
    baris = logging.LogRecord("uji", logging.WARNING, "", 0, "Lihat %s", (tulis,), None)
    assert json.loads(JsonFormatter().format(baris))["pesan"] == f"Lihat {jadi}"
