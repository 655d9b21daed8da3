"""The runbooks of docs/operasi: each block is run by a test, or says that it is not."""

import re

import pytest

from tests.config.conftest import BASE_DIR

# Page -> the test that runs its blocks, in the languages of `JALAN`. What a shell cannot run here is marked `sh`, with its reason.
PENGUJI = {
    "perluas": "tests/config/test_perluas.py", "wal": "tests/config/test_wal.py", "pemasangan": "tests/gangguan/test_perbarui.py",
    "perbarui": "tests/gangguan/test_perbarui.py", "cadangan": "tests/gangguan/test_perbarui.py",
    "pulihkan": "tests/gangguan/test_perbarui.py", "pelanggaran-data": "tests/gangguan/test_perbarui.py", "kunci-hilang": "",
}  # fmt: skip
JALAN = {"bash", "ini", "nginx"}
TIDAK_DIJALANKAN = {
    "pemasangan": ["python3 -m venv .venv && .venv/bin/pip install --require-hashes -r requirements.txt"],
}


def test_every_page_has_its_test_and_names_it():
    halaman = {p.stem for p in (BASE_DIR / "docs/operasi").glob("*.md")}
    assert halaman == set(PENGUJI)
    semua = "".join(p.read_text() for p in (BASE_DIR / "docs/operasi").glob("*.md"))
    for nama, uji in PENGUJI.items():
        assert not uji or ((BASE_DIR / uji).exists() and uji in semua), nama


@pytest.mark.parametrize("nama", PENGUJI)
def test_no_block_stands_there_that_nothing_runs(nama):
    """Two ways in: a language that its test takes from the page, or a line of `TIDAK_DIJALANKAN`. No block hides behind an indent."""
    teks = (BASE_DIR / f"docs/operasi/{nama}.md").read_text()
    blok = re.findall(r"^ *```(\w*)\n(.*?)^ *```$", teks, re.S | re.M)
    assert len(blok) * 2 == len(re.findall(r"^\s*```", teks, re.M)), "a block that is not closed"
    tidak = [isi.strip() for bahasa, isi in blok if bahasa not in JALAN]
    assert tidak == TIDAK_DIJALANKAN.get(nama, [])
    assert PENGUJI[nama] or not blok
    assert not re.search(r"^\n {4}\S", teks, re.M), "an indented block has no language"
