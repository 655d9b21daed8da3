"""Containment is a range of text; it must agree with 'a prefix cut at a dot' for every code there can be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wilayah.models import Wilayah
from wilayah.queries import (
    akar_bersama,
    bakukan,
    bentuk_sah,
    dalam,
    induk_dari,
    kabupaten_dari,
    leluhur,
    mencakup,
    rentang,
    ringkas,
    tingkat_dari,
)

LEBAR = (2, 2, 2, 4, 3, 3)


@st.composite
def kode(draw):
    """Codes over few digits, so that neighbours and ancestors meet often."""
    dalamnya = draw(st.integers(1, 6))
    bagian = [draw(st.text("0129", min_size=lebar, max_size=lebar)) for lebar in LEBAR[:dalamnya]]
    return ".".join(bagian)


def awalan(luas: str, kode: str) -> bool:
    return kode.split(".")[: luas.count(".") + 1] == luas.split(".")


@given(kode(), kode())
def test_rentang_sama_dengan_awalan_kode(luas, satu):
    assert mencakup(luas, satu) == awalan(luas, satu)


@given(kode())
def test_setiap_wilayah_di_dalam_leluhurnya(satu):
    for atas in leluhur(satu):
        assert mencakup(atas, satu)
        assert not mencakup(satu, atas)
    assert leluhur(satu)[-1:] == ([induk_dari(satu)] if induk_dari(satu) else [])
    assert len(leluhur(satu)) == tingkat_dari(satu) - 1
    assert kabupaten_dari(satu) == satu[:5]


@given(kode(), st.sampled_from(["", ".", " ", "-"]))
def test_kode_ditulis_apa_saja_menjadi_satu_bentuk(satu, pemisah):
    assert bakukan(f" {satu.replace('.', pemisah)} ") == satu


@given(st.text(max_size=40))
def test_teks_apa_pun_tidak_merusak_pembakuan(teks):
    hasil = bakukan(teks)
    assert hasil is None or set(hasil) <= set("0123456789.")


@given(st.lists(kode(), max_size=8), kode())
def test_ringkas_tidak_mengubah_cakupan(daftar, satu):
    singkat = ringkas(daftar)
    assert any(mencakup(luas, satu) for luas in daftar) == any(mencakup(luas, satu) for luas in singkat)


@given(st.lists(kode(), min_size=1, max_size=5))
def test_akar_bersama_mencakup_semua(daftar):
    akar = akar_bersama(daftar)
    assert akar == "" or all(mencakup(akar, satu) for satu in daftar)


@pytest.mark.parametrize(
    "salah", ["", "3", "32.5", "32.05.", "32.050", "32/05", "٣٢", "32.05\n", "indonesia"]
)
def test_kode_salah_ditolak_bukan_dianggap_seluruh_indonesia(salah):
    assert not bentuk_sah(salah)
    with pytest.raises(ValueError, match="bukan kode wilayah"):
        rentang(salah)
    with pytest.raises(ValueError, match="bukan kode wilayah"):
        dalam("kode", [salah])


@pytest.mark.usefixtures("wilayah")
class TestDiBasisData:
    def test_di_dalam_kabupaten(self):
        ada = set(Wilayah.objects.di_dalam("32.05").values_list("kode", flat=True))
        semua = Wilayah.objects.values_list("kode", flat=True)
        assert ada == {satu for satu in semua if awalan("32.05", satu)}
        assert len(ada) > 40

    def test_beberapa_wilayah_sekaligus(self):
        syarat = dalam("kode", ["32.05.01", "32.05.02", "32.05.01.1001"])
        jumlah = Wilayah.objects.filter(syarat).count()
        assert jumlah == sum(Wilayah.objects.di_dalam(satu).count() for satu in ("32.05.01", "32.05.02"))

    def test_tanpa_wilayah_tanpa_baris(self):
        assert not Wilayah.objects.filter(dalam("kode", [])).exists()

    def test_lewat_kunci_asing(self):
        anak = Wilayah.objects.filter(dalam("induk", ["32.05.01"]))
        assert set(anak.values_list("induk_id", flat=True)) == {"32.05.01"}

    def test_semua_orang_melihat_semua_wilayah(self):
        assert Wilayah.objects.visible_to(None).count() == Wilayah.objects.count()

    def test_memakai_indeks(self, django_assert_num_queries):
        with django_assert_num_queries(1):
            assert "Index" in Wilayah.objects.di_dalam("32.05.01.1001").explain()
