"""The examples of docs/api.md are run as a stranger would run them: curl and Python of their own, against a real server."""

import os
import re
import shutil
import subprocess
import sys
import threading
from pathlib import Path
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.db import connections

from dtks.models import Usulan
from tests.bantu import alur
from tests.bantu.api import kunci

DOKUMEN = Path(__file__).resolve().parents[2] / "docs" / "api.md"
CONTOH = re.findall(r"^```(sh|python)\n(.*?)^```", DOKUMEN.read_text(), re.S | re.M)


class Berulir(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class Diam(WSGIRequestHandler):
    def log_message(self, *args):
        pass


def aplikasi(environ, start_response):
    try:
        yield from WSGIHandler()(environ, start_response)
    finally:
        connections.close_all()


@pytest.fixture
def alamat(db_nyata):
    peladen = make_server("127.0.0.1", 0, aplikasi, server_class=Berulir, handler_class=Diam)
    utas = threading.Thread(target=peladen.serve_forever, daemon=True)
    utas.start()
    yield f"http://127.0.0.1:{peladen.server_port}"
    peladen.shutdown()
    utas.join()
    peladen.server_close()


@pytest.mark.skipif(not shutil.which("curl"), reason="no curl on this machine")
def test_every_example_works_from_outside(alamat, tmp_path):
    for n in range(3):
        alur.sampai("draf", nomor=n)
    lingkungan = {"PATH": os.environ["PATH"], "ALAMAT": alamat, "KUNCI": kunci("register", "usulan", "tulis")}
    keluar = []
    for jenis, isi in CONTOH:
        perintah = [sys.executable, "-I", "-c", isi] if jenis == "python" else ["sh", "-ec", isi]
        hasil = subprocess.run(
            perintah, check=False, env=lingkungan, cwd=tmp_path, capture_output=True, text=True, timeout=120
        )
        assert hasil.returncode == 0, f"{isi}\n{hasil.stdout}\n{hasil.stderr}"
        keluar.append(hasil.stdout)
    assert len(keluar) == 4
    assert keluar[1].strip() == "3 keluarga"
    assert '"pin"' in keluar[2] and Usulan.objects.count() == 4
    assert "diajukan" in keluar[3] and Usulan.objects.filter(status="diajukan").count() == 1
