"""The empty field of a form is drawn once per process; what a person typed is never kept (core/form_renderer.py)."""

import pytest
from django import forms

from core import form_renderer
from core.form_renderer import FormRenderer


class Isian(forms.Form):
    nama = forms.CharField(label="Nama", max_length=60, help_text="Sesuai KTP.")
    jalur = forms.ChoiceField(label="Jalur", choices=[("1", "Reguler"), ("2", "Darurat")], initial="1")
    setuju = forms.BooleanField(label="Setuju", required=False)


@pytest.fixture(autouse=True)
def kosong():
    form_renderer._drawn.clear()
    yield
    form_renderer._drawn.clear()


def gambar(form: forms.Form) -> list[str]:
    return [f.as_field_group() for f in form]


def dari_templat(form: forms.Form) -> list[str]:
    lama, form_renderer._key = form_renderer._key, lambda bound: None
    try:
        return gambar(form)
    finally:
        form_renderer._key = lama


def test_the_second_empty_page_is_the_same_as_the_first_and_as_the_template():
    satu = gambar(Isian(renderer=FormRenderer()))
    assert len(form_renderer._drawn) == 2  # not the tick box: its widget carries a function
    assert satu == gambar(Isian(renderer=FormRenderer())) == dari_templat(Isian(renderer=FormRenderer()))


def test_what_somebody_typed_is_drawn_anew_and_kept_nowhere():
    gambar(Isian(renderer=FormRenderer()))
    salah = Isian({"nama": "RAHASIA " * 20}, renderer=FormRenderer())
    salah.is_valid()
    assert "RAHASIA" in gambar(salah)[0] and "kolom-galat" in gambar(salah)[1]
    lama = Isian(initial={"nama": "RAHASIA", "jalur": "2"}, renderer=FormRenderer())
    assert 'value="RAHASIA"' in gambar(lama)[0] and '"2" selected' in gambar(lama)[1]
    assert "RAHASIA" not in repr(form_renderer._drawn)
    assert "RAHASIA" not in gambar(Isian(renderer=FormRenderer()))[0]


@pytest.mark.parametrize(
    "ubah",
    [
        {"label": "Nama anak UJANG"},
        {"help_text": "Sekarang 3205•••"},
        {"initial": "UJANG"},
        {"disabled": True},
        {"required": False},
    ],
)
def test_a_field_that_one_page_changes_does_not_change_the_others(ubah):
    biasa = gambar(Isian(renderer=FormRenderer()))[0]
    form = Isian(renderer=FormRenderer())
    for apa, isi in ubah.items():
        setattr(form.fields["nama"], apa, isi)
    lain = gambar(form)[0]
    assert lain == dari_templat(form)[0] != biasa
    assert gambar(Isian(renderer=FormRenderer()))[0] == biasa


def test_names_that_only_one_person_may_choose_are_not_kept():
    form = Isian(renderer=FormRenderer())
    form.fields["jalur"].choices = [("a", "SITI RAHASIA")]
    assert "SITI RAHASIA" in gambar(form)[1]
    assert "RAHASIA" not in repr(form_renderer._drawn)


def test_forms_of_two_people_in_one_page_keep_their_own_names():
    satu, dua = (gambar(Isian(prefix=f"anggota-{n}", renderer=FormRenderer()))[0] for n in (0, 1))
    assert 'name="anggota-0-nama"' in satu and 'name="anggota-1-nama"' in dua


def test_the_room_for_kept_fields_is_limited(monkeypatch):
    monkeypatch.setattr(form_renderer, "MOST", 10)
    for n in range(40):
        gambar(Isian(prefix=f"a{n}", renderer=FormRenderer()))
    assert len(form_renderer._drawn) <= 10
