"""What a reviewer found in the phone form and its drafts, kept from coming back."""

import uuid

import pytest

from core import rules
from dtks.models import DrafIsian

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _tanpa_faktor_kedua(settings, cast):
    settings.DEMO = True


@pytest.mark.parametrize("kunci", ["//[", "http://[", "http://[::1", "\x00"])
def test_alamat_draf_yang_bukan_alamat_tidak_merusak(masuk, kunci):
    klien = masuk("operator")
    assert klien.get("/draf/", {"kunci": kunci}).status_code < 500
    for tujuan in ("/draf/", "/draf/buang/"):
        assert klien.post(tujuan, {"draf_kunci": kunci}).status_code < 500


def test_cek_nik_di_formulir_lengkap_dihitung_dalam_batas_harian(masuk, monkeypatch):
    """The phone form asks the same register: its questions count like those of the other door."""
    nilai = rules.value
    monkeypatch.setattr(
        rules, "value", lambda k, *a, **kw: 2 if k == "cari_nik.batas_harian" else nilai(k, *a, **kw)
    )
    klien = masuk("operator")
    jawab = [
        klien.post("/usulan/baru/lengkap/", {"cek_nik": "1", "nik": f"320501410180000{n}"}) for n in range(3)
    ]
    assert [j.status_code for j in jawab] == [200, 200, 422]
    assert "sehari" in jawab[2].json()["galat"]["nik"][0]


def test_anggota_yang_terlalu_banyak_ditolak_bukan_dibuang(masuk):
    isi = {"kunci_kirim": str(uuid.uuid4()), "anggota-30-nama": "ORANG KE TIGA PULUH SATU"}
    jawab = masuk("operator").post("/usulan/baru/lengkap/", isi)
    assert jawab.status_code == 422
    assert any("paling banyak 30 anggota" in k for k in jawab.json()["galat"][""])


def test_draf_yang_kuncinya_sudah_tidak_ada_boleh_dibuang(masuk, cast):
    klien = masuk("operator")
    klien.post("/draf/", {"draf_kunci": "/usulan/baru/lengkap/", "nama": "SITI"})
    DrafIsian.objects.update(isi=b"rusak" * 20)
    assert klien.post("/draf/buang/", {"draf_kunci": "/usulan/baru/lengkap/"}).status_code < 500
    assert not DrafIsian.objects.exists()
