"""docs/contoh as an outside process: pulls a list through a line that is cut, stays in step, verifies a webhook."""

import contextlib
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction

from accounts.models import KunciApi
from core.integrations import webhook as kawat
from dtks.models import Keluarga
from tests.bantu.api import kunci
from tests.bantu.daftar_api import daftar
from tests.bantu.pemain import DESA, DESA_LAIN
from tests.bantu.proses import Proses, port_kosong, url_basis_data

CONTOH = Path(__file__).resolve().parents[2] / "docs" / "contoh"


@pytest.fixture
def portal(db_nyata, tmp_path):
    """The portal as a server of its own on the test database."""
    port = port_kosong()
    env = {
        **os.environ, "DATABASE_URL": url_basis_data(), "REDIS_URL": settings.REDIS_URL, "DTKS_LOCAL": "1", "DTKS_TESTING": "0", "DEMO": "0",
        "DJANGO_SETTINGS_MODULE": "config.settings", "PUBLIC_URL": f"http://127.0.0.1:{port}", "DB_POOL": "2",
    }  # fmt: skip
    server = Proses(
        [sys.executable, "-m", "gunicorn", "config.wsgi:application", "-b", f"127.0.0.1:{port}", "-w", "1", "--threads", "2"],
        env, tmp_path / "web.log",
    )  # fmt: skip
    try:
        akhir = time.monotonic() + 120
        while time.monotonic() < akhir:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2).close()
                break
            except OSError:
                time.sleep(0.3)
        yield port
    finally:
        server.hentikan()


def gunting(port: int, potong: list[int]) -> int:
    """A line to the portal that is cut after so many bytes of each of the first answers; its port."""
    pintu = socket.create_server(("127.0.0.1", 0))

    def layani() -> None:
        while True:
            masuk, _ = pintu.accept()
            batas = potong.pop(0) if potong else None
            keluar = socket.create_connection(("127.0.0.1", port))
            threading.Thread(target=_salurkan, args=(masuk, keluar, None), daemon=True).start()
            threading.Thread(target=_salurkan, args=(keluar, masuk, batas), daemon=True).start()

    threading.Thread(target=layani, daemon=True).start()
    return pintu.getsockname()[1]


def _salurkan(dari: socket.socket, ke: socket.socket, batas: int | None) -> None:
    terkirim = 0
    try:
        while isi := dari.recv(4096):
            if batas is not None and terkirim + len(isi) > batas:
                ke.sendall(isi[: batas - terkirim])
                break
            ke.sendall(isi)
            terkirim += len(isi)
    except OSError:
        pass
    finally:
        for s in (dari, ke):
            with contextlib.suppress(OSError):
                s.shutdown(socket.SHUT_RDWR)
            s.close()


def jalankan(port: int, rahasia: str, *argumen: object) -> str:
    env = {"PATH": os.environ["PATH"], "PORTAL": f"http://127.0.0.1:{port}", "KUNCI": rahasia}
    hasil = subprocess.run(
        [sys.executable, "-I", str(CONTOH / "klien.py"), *map(str, argumen)], env=env, capture_output=True, text=True, timeout=120, check=False
    )  # fmt: skip
    assert hasil.returncode == 0, hasil.stderr
    return hasil.stdout


def test_klien_di_luar_portal(portal, tmp_path):
    with transaction.atomic():
        daftar(3000)
        rahasia = kunci("register", "kelayakan")
        KunciApi.objects.update(anggaran_baris=1_000_000)
    # A list over a line that is cut twice: every row once, in order.
    berkas = tmp_path / "daftar.ndjson"
    katanya = jalankan(gunting(portal, [200_000, 300_000]), rahasia, "tarik", "PKH", berkas)
    baris = [json.loads(b) for b in berkas.read_bytes().splitlines()]
    assert [b["peringkat"] for b in baris] == list(range(1, 3001))
    assert katanya == "3000 baris, terputus 2 kali\n"
    # A copy that stays in step: changed, new, moved out of sight, gone.
    salinan = tmp_path / "keluarga.json"
    assert jalankan(portal, rahasia, "ikuti", salinan) == "3000 keluarga\n"
    satu, dua, tiga = Keluarga.objects.order_by("id")[:3]
    Keluarga.objects.filter(pk=satu.pk).update(alamat="Alamat baru")
    Keluarga.objects.filter(pk=dua.pk).update(wilayah_id=DESA_LAIN)
    baru = Keluarga.objects.create(nama_kepala="Baru", wilayah_id=DESA, alamat="-", rt="001", rw="001")
    assert jalankan(portal, rahasia, "ikuti", salinan) == "3000 keluarga\n"
    isi = json.loads(salinan.read_text())["isi"]
    assert isi[str(satu.pk)]["alamat"] == "Alamat baru" and str(baru.pk) in isi and str(dua.pk) not in isi
    assert (
        str(tiga.pk) in isi
        and len(isi) == Keluarga.objects.filter(wilayah__gte="32.05", wilayah__lt="32.05/").count()
    )
    # The commands of the page, with curl.
    for perintah in re.findall(
        r"^curl .*keluarga/.*$|^curl .*kelayakan/.*$", (CONTOH / "README.md").read_text(), re.M
    ):
        if shutil.which("curl"):
            env = {"PATH": os.environ["PATH"], "PORTAL": f"http://127.0.0.1:{portal}", "KUNCI": rahasia}
            keluar = subprocess.run(["sh", "-c", perintah], env=env, capture_output=True, check=True).stdout
            assert json.loads(keluar.splitlines()[0]), perintah


def test_klien_memeriksa_webhook(tmp_path):
    """Signed by the portal's own code: taken; altered, old, or sent again: refused."""
    rahasia, port = "whsec_" + "QUJD" * 8, port_kosong()
    env = {"PATH": os.environ["PATH"], "PORTAL": "x", "RAHASIA": rahasia}
    proses = subprocess.Popen(
        [sys.executable, "-I", str(CONTOH / "klien.py"), "terima", str(port)], env=env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )  # fmt: skip
    aturan = kawat.Aturan(("localhost",), ("127.0.0.1/32", "::1/128"))
    try:
        alamat, badan = f"http://localhost:{port}/masuk", b'{"peristiwa": "uji"}'

        def kirim(nomor: str, kunci_: str = rahasia) -> int:
            return kawat.kirim(alamat, nomor=nomor, badan=badan, rahasia=kunci_, aturan=aturan).kode

        akhir = time.monotonic() + 20
        while (kode := kirim("satu")) == 0 and time.monotonic() < akhir:
            time.sleep(0.1)
        assert kode == 204
        assert kirim("satu") == 401  # the same message again
        assert kirim("dua", "whsec_" + "WFla" * 8) == 401
        assert kirim("tiga") == 204
    finally:
        proses.terminate()
        proses.wait()
    assert proses.stdout.read().splitlines() == [badan.decode(), "DITOLAK", "DITOLAK", badan.decode()]
