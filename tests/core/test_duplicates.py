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


@pytest.mark.parametrize("nama", ["SITI AMINUH KURNIASIH", "SOTI AMINAH KURNIASIH"])
def test_twins_named_by_a_vowel_are_not_asked_about(nama):
    """A pair of them is 65 points otherwise; of 100,000 persons it was a third of all false pairs."""
    assert skor(nik="3205011507800008", nama=nama).skor < AMBANG["tinjau"]


@pytest.mark.parametrize(("lahir", "kata"), [
    (date(1979, 7, 15), "lahir_tahun_dekat"), (date(1981, 7, 15), "lahir_satu_angka"), (date(1978, 7, 15), "lahir_beda"),
])  # fmt: skip
def test_a_year_that_is_one_off_is_found_over_the_turn_of_a_decade(lahir, kata):
    hasil = skor(nik=f"320501{lahir:%d%m%y}0007", lahir=lahir)
    assert kata in hasil.alasan and (hasil.skor >= AMBANG["kuat"]) == (kata != "lahir_beda")


def test_a_pair_that_cannot_reach_the_threshold_is_left_early_and_no_other():
    """With a threshold the same pairs reach it, with the same points and evidence."""
    himpunan = buat(3000, BENIH_RANCANG[0], baru=True)
    orang = [
        duplicates.person(
            id=b.id, nik=b.nik, nama=b.nama, lahir=b.tgl, kelamin=b.jk, ibu=b.ibu, keluarga=b.kk
        )
        for b in himpunan.baris
    ]
    singkat = 0
    for a, b in duplicates.pairs_by_year(orang):
        penuh, cepat = duplicates.compare(a, b), duplicates.compare(a, b, AMBANG["tinjau"])
        singkat += cepat is duplicates.BEDA
        assert cepat == penuh or (cepat is duplicates.BEDA and penuh.skor < AMBANG["tinjau"])
    assert 10 < singkat < 1000
    a, b = (duplicates.person(id=n, **(ASAL | {"nama": nama})) for n, nama in enumerate(("SITI", "BUDI")))
    assert duplicates.compare(a, b, AMBANG["tinjau"]).skor >= AMBANG["tinjau"]  # one NIK


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
