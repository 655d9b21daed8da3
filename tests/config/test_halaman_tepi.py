"""What nginx itself says when the portal is away, or when one address asks too much: deploy/nginx.conf with deploy/halaman/."""

import contextlib
import os
import socket
import time
from types import SimpleNamespace

import pytest

from tests.bantu.proses import Proses, port_kosong
from tests.bantu.tepi import Peramban, Tepi, konfigurasi, nginx, sertifikat

pytestmark = pytest.mark.skipif(not nginx(), reason="no nginx: apt-get install nginx-light")


@pytest.fixture
def tanpa_portal(tmp_path):
    """nginx alone: nobody answers behind it."""
    polos, aman = port_kosong(), port_kosong()
    sertifikat(tmp_path)
    berkas = tmp_path / "nginx.conf"
    berkas.write_text(konfigurasi(tmp_path, polos=polos, aman=aman, web=port_kosong(), simpan=False))
    akun = "user root; " if os.geteuid() == 0 else ""
    argv = [
        nginx(),
        "-c",
        str(berkas),
        "-e",
        str(tmp_path / "mulai.log"),
        "-p",
        str(tmp_path),
        "-g",
        f"{akun}daemon off;",
    ]
    proses = Proses(argv, dict(os.environ), tmp_path / "mulai.log")
    for _ in range(100):
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", aman), timeout=1).close()
            break
        time.sleep(0.1)
    tepi = SimpleNamespace(polos=polos, aman=aman)
    tepi.sambung = lambda *a, **k: Tepi.sambung(tepi, *a, **k)
    yield tepi
    proses.bunuh()


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
