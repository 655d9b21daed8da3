"""The whole corpus through every field of every form that can be reached, without the way through HTTP: thousands of values in seconds."""

import datetime as dt
import decimal
from collections.abc import Iterator

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.utils.datastructures import MultiValueDict

from tests.bantu import formulir, korpus, penilai

pytestmark = pytest.mark.timeout(600)  # whole roles at a time, on a machine that may be busy
PERAN = (
    "",
    "operator",
    "lurah",
    "tksk",
    "verifikator",
    "supervisor",
    "kadis",
    "dukcapil",
    "pusdatin",
    "admin",
)
TAMU = ("/", "/masuk/", "/masuk/kode/", "/lacak/", "/v/")
PALING_BANYAK = 2_147_483_647  # of an integer column


def bidang_milik(peramban, peran: str) -> Iterator[tuple[str, str, str, forms.BaseForm, forms.Field]]:
    """(form, name, kind, Django form, its field) of each field."""
    client = peramban(peran)
    pengirim = formulir.Pengirim(client)
    _, temuan = formulir.jelajah_petugas(client, peran) if peran else formulir.jelajah(client, TAMU)
    for t in list(temuan):
        b = pengirim.kirim(t, formulir.isian_sah(t))
        if b.jawab.status_code == 200:
            temuan += formulir.formulir_di(b.jawab, t.aksi)
    for t in temuan:
        for nama, f in t.bidang.items():
            if nama.endswith("_FORMS"):
                continue  # Django's count of rows: bounded by the formset itself, sent whole by test_formulir
            if f.disabled or t.jenis[nama] in ("berkas", "sandi") or t.sidik[0].startswith("account_"):
                continue  # a password may be anything; allauth's names are only looked up
            yield t.sidik[0], nama, t.jenis[nama], t.pemilik[nama], f


def coba(form: forms.BaseForm, f: forms.Field, nama: str, n: korpus.Nilai) -> tuple[list[str] | None, object]:
    """(sentences, None) when refused, (None, cleaned value) when taken. What came as broken UTF-8 is U+FFFD by now."""
    isi = n.isi.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
    data = MultiValueDict({nama: [isi]})
    sendiri = nama.removeprefix(f"{form.prefix}-")
    try:
        hasil = f.clean(f.widget.value_from_datadict(data, MultiValueDict(), nama))
        form.cleaned_data = {sendiri: hasil}
        return None, getattr(form, f"clean_{sendiri}", lambda: hasil)()
    except ValidationError as error:
        return error.messages, None


def periksa(f, jenis: str, n: korpus.Nilai, kalimat: list[str] | None, hasil: object) -> Iterator[str]:
    harap = "bebas" if n.harap == "luar" else n.harap
    if harap == "tolak_bila_wajib":
        harap = "tolak" if f.required else "bebas"
    if kalimat is not None:
        if harap == "terima":
            yield f"refused, although it is fine: {kalimat}"
        for k in kalimat:
            if penilai.BUKAN_BAHASA_KITA.search(k) or not penilai.KALIMAT.search(k):
                yield f"not a sentence of ours: {k[:100]}"
        return
    if isinstance(hasil, int) and PALING_BANYAK < hasil <= (getattr(f, "max_value", None) or 0):
        return  # rupiah: the field says how much, its column is a wide one
    if harap == "tolak" and hasil not in ("", None, [], 0) and jenis != "sandi":
        yield f"taken as {hasil!r:.60}"
    yield from rusak(hasil)


def rusak(hasil: object) -> Iterator[str]:
    """What must never reach a column."""
    if isinstance(hasil, str) and penilai.sampah([hasil]):
        yield f"garbage kept: {hasil!r:.60}"
    if isinstance(hasil, int) and abs(hasil) > PALING_BANYAK:
        yield f"too big for its column: {hasil!r:.30}"
    if isinstance(hasil, dt.date) and not 1000 <= hasil.year <= 2200:
        yield f"impossible year: {hasil}"
    if isinstance(hasil, decimal.Decimal) and not hasil.is_finite():
        yield f"no number: {hasil}"


@pytest.mark.parametrize("peran", PERAN)
def test_setiap_bidang_menolak_atau_merapikan(peramban, peran):
    salah, kasus, dilihat = set(), 0, set()
    for rute, nama, jenis, form, f in bidang_milik(peramban, peran):
        kunci = (rute, formulir.UUID.sub("*", nama), jenis)
        if kunci in dilihat:
            continue
        dilihat.add(kunci)
        for n in korpus.untuk(jenis):
            kasus += 1
            kalimat, hasil = coba(form, f, nama, n)
            salah |= {f"{rute} [{nama}:{jenis}] {n}: {s}" for s in periksa(f, jenis, n, kalimat, hasil)}
    assert kasus > 25, "no field was found"
    assert not salah, f"{len(salah)} of {kasus}:\n" + "\n".join(sorted(salah)[:150])
