"""The rules that say whether two rows are one person: on single pairs, and on a small labelled set they never saw."""

import json
from datetime import date
from pathlib import Path

import pytest

from benchmarks.ganda import AMBANG, jalankan
from core import duplicates
from tests.bantu.populasi_ganda import BENIH_NILAI, BENIH_RANCANG, JENIS, JENIS_BARU, buat

ASAL = {
    "nik": "3205011507800007", "nama": "SITI AMINAH KURNIASIH", "lahir": date(1980, 7, 15), "kelamin": "2", "ibu": "EUIS HALIMAH",
    "keluarga": 1,
}  # fmt: skip


def skor(**ubah) -> duplicates.Verdict:
    a = duplicates.person(id=1, **ASAL)
    b = duplicates.person(id=2, **(ASAL | {"keluarga": 2} | ubah))
    hasil = duplicates.compare(a, b)
    assert hasil == duplicates.compare(b, a)
    return hasil


@pytest.mark.parametrize(
    "ubah",
    [
        {"nik": "3205011507850007"},
        {"nik": "3205015107800007"},
        {"nik": "3273020101990001"},
        {"nik": "", "nama": "SITI AMINAH K."},
        {"nik": "3273020101990001", "nama": "HJ. SITI AMINAH KURNIASIH, S.PD"},
        {"nik": "3273020101990001", "nama": "SITI AMINAH KURNIASIH HIDAYAT"},
        {"nik": "3273020101990001", "nama": "SITI AMINA KURNIASIH", "ibu": "EUIS HALIMA"},
    ],
)
def test_one_person_typed_twice_is_strong(ubah):
    assert skor(**ubah).skor >= AMBANG["kuat"]


@pytest.mark.parametrize(
    ("ubah", "sebab"),
    [
        ({"nik": "3205011507800008", "nama": "SITI AMINUH KURNIASIH"}, "twins with consecutive numbers"),
        ({"nik": "3205011507800008", "nama": "SITI RAHMAH KURNIASIH", "keluarga": 1}, "twins in one family"),
        ({"nik": "3205014408840003", "nama": "SITI AMINEH KURNIASIH", "lahir": date(1984, 8, 4), "keluarga": 1}, "sisters"),
        ({"nik": "3206011507800007", "ibu": "NENG ROHAYATI"}, "a namesake of the same day, number of the next kabupaten"),
        ({"nik": "3205015207050001", "lahir": date(2005, 7, 12), "ibu": "SITI AMINAH KURNIASIH"}, "mother and daughter of one name"),
        ({"nik": "3205011507800008", "nama": "ENUNG ROHMAH", "ibu": "CUCU MARYAM"}, "next number on the page of the registry"),
    ],
)  # fmt: skip
def test_people_who_only_look_alike_are_not_strong(ubah, sebab):
    assert skor(**ubah).skor < AMBANG["kuat"], sebab


def test_one_nik_under_two_names_is_always_looked_at():
    assert skor(nama="ENUNG ROHMAH", ibu="CUCU MARYAM", lahir=date(1950, 1, 1)).skor >= AMBANG["tinjau"]


def test_only_pairs_that_touch_the_focus_come_out():
    orang = [duplicates.person(id=n, **(ASAL | {"keluarga": n})) for n in range(4)]
    semua = {frozenset((a.id, b.id)) for a, b in duplicates.pairs_by_year(orang)}
    assert len(semua) == 6 == sum(1 for _ in duplicates.pairs_by_year(orang))
    assert {frozenset((a.id, b.id)) for a, b in duplicates.pairs_by_year(orang, {0})} == {
        p for p in semua if 0 in p
    }
    assert list(duplicates.pairs_by_year(orang, set())) == []


def test_a_crowd_under_one_key_is_not_compared_all_with_all():
    """A thousand people called Siti on 1 January: only those of one mother meet."""
    orang = [
        duplicates.person(
            id=n, nik="", nama="SITI", lahir=date(1970, 1, 1), kelamin="2", ibu=f"IBU {'ABCDEFGHIJ'[n % 10]}{'KLMNOPQRST'[n // 10 % 10]}A",
            keluarga=n,
        )
        for n in range(1000)
    ]  # fmt: skip
    assert sum(1 for _ in duplicates.pairs_by_year(orang)) < 1000 * 999 / 2 / 10


def test_the_generator_gives_the_same_set_for_the_same_seed():
    assert buat(500, 5).baris == buat(500, 5).baris != buat(500, 6).baris
    assert set(buat(2000, 5).ganda.values()) <= set(JENIS)
    assert set(buat(2000, 5, baru=True).ganda.values()) & set(JENIS_BARU)
    assert not set(BENIH_NILAI) & set(BENIH_RANCANG)


def test_recall_and_precision_on_a_seed_the_rules_never_saw():
    """Recall at `tinjau` and precision at `kuat`: floors set on the design seeds, before any evaluation seed was run.

    The other two were set afterwards, to notice a change for the worse. docs/ganda.md has the large runs.
    """
    hasil = jalankan(buat(6000, 90210, baru=True))
    recall, presisi, _ = hasil.ukur(AMBANG["tinjau"])
    assert recall >= 0.95 and presisi >= 0.93
    recall, presisi, _ = hasil.ukur(AMBANG["kuat"])
    assert recall >= 0.85 and presisi >= 0.97


def test_the_benchmark_measures_at_the_thresholds_in_force():
    rows = json.loads(Path("dtks/data/ketentuan.json").read_text())
    assert next(r["nilai"] for r in rows if r["kunci"] == "ganda.ambang") == AMBANG
