"""The invented population is stable, plausible and has every kind of trouble."""

import hashlib
import subprocess
import sys
from collections import Counter

import pytest

from core.identity import check_kk, check_nik
from core.integrations.dukcapil.population import CASES, DEFAULT_DESA, KATEGORI, Desa, Population
from core.integrations.dukcapil.verdict import Kategori, PersonQuery, answer, parse
from core.text import clean_name


@pytest.fixture(scope="module")
def population():
    return Population(seed=3205, families=4000)


def members(population):
    return [(family, member) for family in population.families() for member in family.members]


def digest(population):
    return hashlib.sha256(repr(population.families()).encode()).hexdigest()


def test_the_same_seed_gives_the_same_bytes_in_another_process(population):
    code = (
        "import hashlib; from core.integrations.dukcapil.population import Population;"
        "print(hashlib.sha256(repr(Population(3205, 4000).families()).encode()).hexdigest())"
    )
    out = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.strip()
    assert out == digest(population)
    assert digest(Population(1, 50)) != digest(Population(2, 50))


def test_a_smaller_population_is_the_beginning_of_a_larger_one(population):
    assert Population(3205, 40).families() == population.families()[:40]


def test_numbers_are_unique_and_structurally_right(population):
    people = members(population)
    assert len({member.told.nik for _, member in people}) == len(people)
    assert len({family.kk for family in population.families()}) == 4000
    for family, member in people:
        told = member.told
        true_date = member.record.person.tanggal_lahir if member.record else told.tanggal_lahir
        check = check_nik(told.nik, tanggal_lahir=true_date, jenis_kelamin=told.jenis_kelamin, kk=family.kk)
        assert (check.galat, check.tanda) == ([], [])
        assert not check_kk(family.kk).tanda
        assert clean_name(told.nama) == told.nama


def test_about_nine_in_ten_match_and_every_trouble_occurs(population):
    cases = Counter(member.kasus for _, member in members(population))
    assert set(cases) == set(CASES)
    assert 0.88 < cases["padan"] / cases.total() < 0.93
    assert min(cases.values()) > 50


def test_families_have_one_head_and_live_in_the_given_desa(population):
    for family in population.families():
        roles = [person.hubungan for person in family.told]
        assert roles[0] == "KEPALA KELUARGA"
        assert roles.count("KEPALA KELUARGA") == 1
        assert family.desa in DEFAULT_DESA
        assert family.kk.startswith(family.desa.kode.replace(".", "")[:6])


def test_mothers_are_adults_when_a_child_is_born(population):
    for family in population.families():
        wife = next((member.told for member in family.members if member.told.hubungan == "ISTRI"), None)
        for member in family.members:
            if wife and member.told.hubungan == "ANAK" and member.kasus == "padan" == family.members[1].kasus:
                assert member.told.tanggal_lahir.year - wife.tanggal_lahir.year >= 17


def test_other_desa_can_be_given():
    desa = (Desa("32.06.02.2001", "CIDADAP", "KARANGNUNGGAL", "KABUPATEN TASIKMALAYA"),)
    family = Population(1, 1, desa).families()[0]
    assert family.kk.startswith("320602")
    with pytest.raises(ValueError):
        Population(1, 1, ())


@pytest.mark.parametrize("name_only", [False, True])
def test_checking_what_each_family_says_gives_the_promised_category(population, name_only):
    for family, member in members(population):
        told, desa = member.told, family.desa
        query = PersonQuery(
            told.nik,
            told.nama,
            told.tanggal_lahir,
            told.jenis_kelamin,
            desa=desa.nama,
            kecamatan=desa.kecamatan,
            kabupaten=desa.kabupaten,
            provinsi=desa.provinsi,
        )
        if name_only:
            query = PersonQuery(told.nik, told.nama)
        result = parse(answer(population, query.fields() | {"TRESHOLD": "60"}), query)
        if name_only and member.kasus in ("tanggal_beda", "pindah"):
            assert result.kategori is Kategori.PADAN
        else:
            assert result.kategori == KATEGORI[member.kasus], (member, result)
        assert result.kategori == member.kategori or name_only
