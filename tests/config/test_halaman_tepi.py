"""What nginx itself says when the portal is away, or when one address asks too much: deploy/nginx.conf with deploy/halaman/."""

import pytest

from tests.bantu.proses import port_kosong
from tests.bantu.tepi import Peramban, di_depan, nginx

pytestmark = pytest.mark.skipif(not nginx(), reason="no nginx: apt-get install nginx-light")


@pytest.fixture
def tanpa_portal(tmp_path):
    """nginx alone: nobody answers behind it."""
    with di_depan(tmp_path, f"upstream portal {{ server 127.0.0.1:{port_kosong()}; }}") as tepi:
        yield tepi


def test_portal_yang_sedang_dihidupkan_lagi_dan_jaringan_yang_terlalu_banyak_meminta(tanpa_portal):
    jawab = Peramban(tanpa_portal).minta("POST", "/usul/", {"cerita": "Rumah roboh"})
    assert jawab.status == 503 and int(jawab["Retry-After"]) >= 10
    assert "sedang dihidupkan lagi" in jawab.teks and "periksa dulu apakah sudah masuk" in jawab.teks
    assert not jawab["X-Belum-Dikerjakan"], "it may have arrived: nobody sends it again unasked"
    ramai = [Peramban(tanpa_portal, "127.0.0.7").minta("GET", "/masuk/") for _ in range(80)]
    ditolak = [j for j in ramai if j.status == 429]
    assert ditolak and {j.status for j in ramai} == {429, 503}
    assert all("Portal sedang ramai" in j.teks and j["X-Belum-Dikerjakan"] == "1" for j in ditolak)
    assert all(j["Cache-Control"] == "private, no-store" for j in ramai)
    assert len({j["Retry-After"] for j in ramai}) > 1
