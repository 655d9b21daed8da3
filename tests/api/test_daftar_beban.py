"""The whole list over HTTP beside psql, and pages beside page numbers (benchmarks/daftar.py prints the table)."""

import os
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import psutil
import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test import RequestFactory
from rest_framework import generics, pagination, serializers

from accounts.models import KunciApi
from bansos.models import BarisDaftar
from benchmarks import daftar as beban
from config.servers.places import postgres_binaries
from tests.bantu.api import klien, kunci
from tests.bantu.daftar_api import daftar
from tests.bantu.proses import Proses, port_kosong, url_basis_data

pytestmark = [pytest.mark.load, pytest.mark.timeout(3600)]
JALUR = "/api/v1/kelayakan/PKH/"


class Naif(serializers.ModelSerializer):
    alasan = serializers.SerializerMethodField()

    class Meta:
        model = BarisDaftar
        fields = ["id", "keluarga", "nama_kepala", "wilayah", "desil", "peringkat", "hasil", "alasan"]

    def get_alasan(self, row):
        return row.daftar.sebab.get(nomor=row.sebab).isi


class Nomor(pagination.PageNumberPagination):
    page_size = 100


class NaifView(generics.ListAPIView):
    serializer_class, pagination_class = Naif, Nomor
    queryset = BarisDaftar.objects.select_related("daftar").order_by("id")
    authentication_classes = permission_classes = throttle_classes = ()


def psql(d) -> float:
    basis = connection.settings_dict
    mulai = time.perf_counter()
    perintah = beban.SALIN.format(daftar=d.pk).replace("\n", " ")
    subprocess.run(
        [str(postgres_binaries() / "psql"), "-h", basis["HOST"], "-p", str(basis["PORT"] or 5432), "-U", basis["USER"], "-d", basis["NAME"], "-XAtqc", perintah],
        check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    return time.perf_counter() - mulai


def curl(port: int, rahasia: str, bentuk: str, tmp: Path) -> float:
    mulai = time.perf_counter()
    subprocess.run(
        ["curl", "-sf", "-o", str(tmp / "hasil"), "-H", f"Authorization: Bearer {rahasia}", "-H", f"Accept: {bentuk}", f"http://127.0.0.1:{port}{JALUR}"],
        check=True,
    )  # fmt: skip
    return time.perf_counter() - mulai


def test_daftar_dibanding_psql(db_nyata, tmp_path):
    with transaction.atomic():
        d = daftar(beban.BANYAK)
        rahasia = kunci("kelayakan")
        k = klien("kelayakan")
        KunciApi.objects.update(anggaran_baris=2_000_000_000)
    with connection.cursor() as cursor:
        cursor.execute("vacuum analyze bansos_barisdaftar")
    port = port_kosong()
    env = {
        **os.environ, "DATABASE_URL": url_basis_data(), "REDIS_URL": settings.REDIS_URL, "DTKS_LOCAL": "1", "DTKS_TESTING": "0",
        "DEMO": "0", "DJANGO_SETTINGS_MODULE": "config.settings", "PUBLIC_URL": f"http://127.0.0.1:{port}",
    }  # fmt: skip
    server = Proses(
        [sys.executable, "-m", "gunicorn", "config.wsgi:application", "-b", f"127.0.0.1:{port}", "-w", "1", "--threads", "4", "-t", "600"],
        env, tmp_path / "web.log",
    )  # fmt: skip
    try:
        _siap(port)
        salin, hasil = [], {"NDJSON lewat HTTP": [], "CSV lewat HTTP": []}
        curl(port, rahasia, "application/x-ndjson", tmp_path)
        awal, puncak = _rss(server), 0
        for _ in range(beban.PUTARAN):
            salin.append(psql(d))
            hasil["NDJSON lewat HTTP"].append(curl(port, rahasia, "application/x-ndjson", tmp_path))
            assert (tmp_path / "hasil").read_bytes().count(b"\n") == beban.BANYAK
            puncak = max(puncak, _rss(server))
            hasil["CSV lewat HTTP"].append(curl(port, rahasia, "text/csv", tmp_path))
    finally:
        server.hentikan()
    print("\n" + beban.tabel(beban.BANYAK, salin, hasil, _halaman(k), max(0, puncak - awal) // 1024))


def _rss(server: Proses) -> int:
    induk = psutil.Process(server.popen.pid)
    return sum(p.memory_info().rss for p in [induk, *induk.children(recursive=True)])


def _siap(port: int) -> None:
    akhir = time.monotonic() + 120
    while time.monotonic() < akhir:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2):
                return
        except OSError:
            time.sleep(0.3)
    raise AssertionError("the server did not come up")


def _halaman(k) -> dict[str, float]:
    """Seconds for a page of 100: every so many-th page of either, over the whole list."""
    pabrik, view, naif, kami = RequestFactory(), NaifView.as_view(), [], []
    k.get(f"{JALUR}?ukuran=1")  # both warm: imports, plans
    view(pabrik.get("/", {"page": 1})).render()
    nomor = [1 + i * (beban.BANYAK // 100 - 1) // 9 for i in range(10)]
    for n in nomor:
        mulai = time.perf_counter()
        view(pabrik.get("/", {"page": n})).render()
        naif.append(time.perf_counter() - mulai)
    alamat = f"{JALUR}?ukuran=100"
    for _ in range(40):
        mulai = time.perf_counter()
        jawab = k.get(alamat)
        kami.append(time.perf_counter() - mulai)
        alamat = jawab.json()["next"]
    return {"DRF PageNumberPagination": sum(naif) / len(naif), "kursor portal": sum(kami) / len(kami)}
