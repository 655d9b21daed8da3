"""The shared pieces of screen: what a person sees, and the promises of the style sheet."""

import gzip
import hashlib
import json
import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django import forms
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.template import engines
from django.test import RequestFactory

from portal.contoh import CONTOH
from portal.views import galat, komponen

ROOT = Path(settings.BASE_DIR)
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))


def get(path: str, query: dict[str, str] | None = None) -> HttpRequest:
    request = RequestFactory().get(path, query)
    request.user = AnonymousUser()
    return request


def draw(source: str, request: HttpRequest | None = None, **context: object) -> str:
    return engines["django"].from_string(source).render(context, request)


class OrangForm(forms.Form):
    nik = forms.CharField(label="NIK", help_text="16 angka")
    catatan = forms.CharField(label="Catatan", required=False)
    lantai = forms.ChoiceField(label="Lantai", choices=[("t", "Tanah")], widget=forms.RadioSelect)
    setuju = forms.BooleanField(label="Setuju")

    def clean(self) -> None:
        self.add_error(None, "Keluarga ini sudah diusulkan.")


# --- words ---------------------------------------------------------------------------------------


def test_dates_and_times_read_as_indonesians_write_them():
    saat = datetime(2026, 11, 21, 3, 42, tzinfo=UTC)
    assert draw("{{ d|tanggal }}", d=date(2026, 8, 5)) == "5 Agu 2026"
    assert draw("{{ d|waktu }}", d=saat) == "21 Nov 2026 10.42 WIB"
    assert draw("{{ d|jam }}", d=saat) == "10.42"
    assert draw("{{ d|tanggal }}", d=datetime(2026, 11, 21, 18, 0, tzinfo=UTC)) == "22 Nov 2026"
    assert draw("{{ d|tanggal }}{{ d|waktu }}{{ d|jam }}", d=None) == "–––"


@pytest.mark.parametrize(
    ("nilai", "teks"),
    [(0, "Rp0"), (200000, "Rp200.000"), (-1500, "-Rp1.500"), (None, "–"), ("", "–")],
)
def test_money_has_dots_and_no_space(nilai, teks):
    assert draw("{% rupiah n %}", n=nilai) == teks
    assert draw("{{ n|rupiah }}", n=nilai) == teks


def test_nik_is_hidden_except_for_both_ends():
    assert draw("{{ n|samar }}", n="3205 0141 0180 0001") == "3205••••••••0001"
    assert "81234" not in draw("{{ n|samar }}", n="081234567890")
    assert draw("{{ n|samar }}", n=None) == "–"


def test_deadline_is_told_in_days(time_machine_today):
    assert draw("{{ d|sisa_hari }}", d=date(2026, 11, 24)) == "sisa 3 hari"
    assert draw("{{ d|sisa_hari }}", d=date(2026, 11, 21)) == "hari ini"
    assert draw("{{ d|sisa_hari }}", d=date(2026, 11, 19)) == "lewat 2 hari"


@pytest.fixture
def time_machine_today(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *a: date(2026, 11, 21))


def test_status_carries_words_and_an_unknown_state_stays_neutral():
    assert "tag-buruk" in draw('{% tag_status "ditolak" %}')
    assert "Tidak padan" in draw('{% tag_status "tidak_padan" %}')
    assert "tag-netral" in draw('{% tag_status "keadaan_baru" %}')
    assert "&lt;b&gt;" in draw("{% tag_status k label=l %}", k="x", l="<b>")


# --- forms ---------------------------------------------------------------------------------------


def test_refused_form_lists_every_error_with_a_link_to_its_field():
    html = draw("{{ form }}", form=OrangForm({"nik": ""}))
    assert html.count("galat-ringkas") == 1
    assert 'href="#id_nik"' in html
    assert 'href="#id_lantai_0"' in html and 'id="id_lantai_0"' in html
    assert "Keluarga ini sudah diusulkan." in html
    assert 'aria-describedby="id_nik_helptext id_nik_error"' in html
    assert 'id="id_nik_error"' in html and 'aria-invalid="true"' in html


def test_summary_drawn_by_the_page_is_not_repeated_by_the_form():
    html = draw("{% galat_ringkas form %}{{ form }}", form=OrangForm({"nik": ""}))
    assert html.count("galat-ringkas") == 1


def test_fresh_form_has_no_summary_and_marks_what_may_stay_empty():
    html = draw("{{ form }}", form=OrangForm())
    assert "galat-ringkas" not in html
    assert html.count("(boleh kosong)") == 1
    assert html.count("<legend>") == 1


# --- lists ---------------------------------------------------------------------------------------


def test_pager_keeps_the_filters_and_hides_when_there_is_one_page():
    request = get("/usulan/", {"status": "diajukan", "kursor": "lama"})
    html = draw('{% halaman berikutnya="baru" %}', request)
    assert 'href="?status=diajukan&amp;kursor=baru"' in html
    assert "Sebelumnya" not in html
    assert draw("{% halaman %}", request).strip() == ""


def test_timeline_and_stepper_tell_the_present_step():
    html = draw("{% tahapan t 1 %}", t=["Draf", "Musdes", "Kirim"])
    assert html.count('aria-current="step"') == 1 and "(selesai)" in html
    riwayat = [{"label": "Ditolak", "waktu": None, "oleh": "Tuti", "alasan": "<i>"}]
    assert "Alasan: &lt;i&gt;" in draw("{% garis_waktu r %}", r=riwayat)


def test_gallery_shows_every_component_live():
    response = komponen.komponen(get("/komponen/"))
    html = response.content.decode()
    assert response.status_code == 200
    for judul, kapan, _ in CONTOH:
        assert judul in html and len(kapan) > 20


# --- error pages ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("view", "status"),
    [
        (galat.permintaan_rusak, 400),
        (galat.tidak_boleh, 403),
        (galat.csrf, 403),
        (galat.tidak_ditemukan, 404),
        (galat.gangguan, 500),
        (galat.sibuk, 503),
    ],
)
def test_error_pages_say_what_to_do_and_echo_nothing(view, status):
    one = view(get("/keluarga/3205014101800001/?x=<script>"))
    two = view(get("/tidak/ada/"))
    assert one.status_code == status
    assert one.content == two.content
    assert b"3205014101800001" not in one.content and b"<h1>" in one.content


def test_broken_template_still_gives_a_calm_page(monkeypatch):
    def fail(name):
        raise RuntimeError(name)

    monkeypatch.setattr(galat, "render_to_string", fail)
    response = galat.gangguan(get("/"))
    assert response.status_code == 500 and b"Ini bukan salah Anda" in response.content


# --- promises of the files -----------------------------------------------------------------------


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: str(p.relative_to(ROOT)))
def test_what_people_write_in_their_own_words_is_shown_without_nik(path):
    """docs/adr/0042: `linebreaks` is how free text is shown, so it never goes without `samar_nomor`."""
    isi = path.read_text()
    bukan_warga = path.name == "templat.html" and path.parent.name == "bansos"  # words of a letter
    assert bukan_warga or not re.search(r"(?<!\|samar_nomor)\|linebreaks", isi)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: str(p.relative_to(ROOT)))
def test_templates_obey_the_strict_csp(path):
    text = path.read_text()
    assert not re.search(r"\sstyle\s*=", text)
    assert not re.search(r"<style|\son[a-z]+\s*=\s*[\"']|javascript:", text, re.I)
    for tag in re.findall(r"<script\b[^>]*>", text):
        assert "src=" in tag or 'type="application/json"' in tag


def test_first_visit_stays_light():
    for name, limit in {"css/portal.css": 5_400, "js/portal.js": 6_000}.items():
        assert len(gzip.compress((ROOT / "static" / name).read_bytes(), 9)) < limit, name


def test_vendored_files_are_the_ones_in_the_manifest():
    folder = ROOT / "static/vendor"
    manifest = json.loads((folder / "MANIFEST.json").read_text())
    assert set(manifest) == {p.name for p in folder.iterdir()} - {"MANIFEST.json"}
    for name, entry in manifest.items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == entry["sha256"]


def _luminance(code: str) -> float:
    code = code if len(code) == 6 else "".join(c * 2 for c in code)
    parts = [int(code[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_text_colours_have_enough_contrast():
    css = (ROOT / "static/css/portal.css").read_text()
    token = dict(re.findall(r"--ina-color-([a-z-]+):#([0-9a-f]{3,6})", css))
    pairs = [(text, ground) for text in ("text", "muted", "primary", "bad") for ground in ("surface", "bg")]
    pairs += [(t, f"{t}-soft") for t in ("primary", "good", "bad", "wait")] + [("surface", "primary")]
    for text, ground in pairs:
        light, dark = sorted((_luminance(token[text]), _luminance(token[ground])), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5, (text, ground)
