"""The drawing of the workflows in docs/alur.md is made from the code and stays so."""

import pytest

from bansos.workflow import BATCH, KEBERATAN
from dtks.workflow import MUSYAWARAH, USULAN
from pengaduan.workflow import ALUR
from portal.management.commands import diagram
from tests.portal.conftest import perintah


def test_the_committed_file_is_up_to_date():
    assert "sudah sesuai" in perintah("diagram", periksa=True)


def test_a_stale_file_is_refused_and_mended(tmp_path):
    berkas = tmp_path / "alur.md"
    berkas.write_text("lama")
    with pytest.raises(SystemExit) as keluar:
        perintah("diagram", periksa=True, berkas=berkas)
    assert keluar.value.code == 1
    assert berkas.read_text() == "lama"
    perintah("diagram", berkas=berkas)
    assert "sudah sesuai" in perintah("diagram", periksa=True, berkas=berkas)


def test_every_arrow_and_state_is_drawn():
    teks = diagram.dokumen()
    for alur in (USULAN, MUSYAWARAH, BATCH, KEBERATAN, *ALUR):
        assert all(f"{a} --> {b}: {nama}" in teks for nama, a, b in alur.arrows())
        assert all(f"| `{k.kode}` | {k.label} |" in teks for k in alur.keadaan)
    assert "PUSDATIN | `tanpa_bendera`, `susulan_tuntas`" in teks
