"""The plan for the country says what its table of bytes and the measured rates say: nothing on it is typed."""

from benchmarks import rencana
from benchmarks.tempat import RENCANA


def test_the_plan_is_calculated_from_what_is_measured_now():
    """Red: `python -m benchmarks.rencana` (./bench does it when it writes docs/kinerja.md)."""
    halaman = rencana.HALAMAN.read_text()
    kini = halaman.split(rencana.AWAL)[1].split(rencana.AKHIR)[0].strip()
    assert kini == rencana.susun(
        rencana.gigabyte(halaman), rencana.laju(halaman, rencana.KINERJA.read_text())
    )


def test_twice_the_bytes_or_half_the_rate_is_twice_the_disk_and_the_hours():
    gb = dict.fromkeys(RENCANA, 100.0)
    laju = {k: rencana.Laju(1000, "uji") for k in ("impor", "silang", "daftar", "alir", "periksa", "cek")} | {"antrean": rencana.Laju(20, "uji")}  # fmt: skip
    teks = rencana.susun(gb, laju)
    assert "as written | 1,000 |" in teks and "| photographs, each year | 22,500 |" in teks
    assert "80.6 h" in teks and "= **67 cores**" in teks and "**20 machines**" in teks
    lebih = rencana.susun({k: 200.0 for k in gb}, laju | {"impor": rencana.Laju(500, "uji")})
    assert "as written | 2,000 |" in lebih and "161.1 h" in lebih


def test_rates_are_read_from_the_largest_size():
    kinerja = """
| 3 | NIK cross-check by Celery, persons/s / ONE SQL join | 100,000 | 2.07 s (48,303 persons/s) | 1.75 s | 0.8 |
| 3 | NIK cross-check by Celery, persons/s / ONE SQL join | 1,000,000 | 8 s (125,600 persons/s) | 1.75 s | 0.8 |
| 6 | list as NDJSON over HTTP, rows/s / psql \\copy csv | 100,000 | 1.43 s (70,094 rows/s) | 0.7 s (142,771 rows/s) | 0.4 |
| 7 | public lookup, found, requests/s / an empty view | 100,000 | 306 requests/s | 670 requests/s | 0.485 |
| 5 | queue, perlu ditugaskan: handler p95 / bare SQL p95 (13 statements) | 100,000 | p50 17.6 ms, p95 31.8 ms | p50 7.0 ms | 1.8 |
| 9 | one altered row is found, and only that one | 100,000 | 9.25 s for the whole check |  | 1 |
"""
    sendiri = "| import, rows | 1,299 |\n| eligibility lists, rows | 20,788 |\n"
    hasil = {k: v.nilai for k, v in rencana.laju(sendiri, kinerja).items()}
    assert hasil == {"impor": 1299, "daftar": 20788, "periksa": 100_000 / 9.25, "silang": 125600, "alir": 70094, "cek": 306, "antrean": 31.8}  # fmt: skip
