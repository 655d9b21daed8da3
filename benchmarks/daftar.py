"""Goal 6: an eligibility list of n rows over HTTP against `psql \\copy`; and pages of it against page numbers.

A = `psql \\copy` of the same columns as CSV, one connection. B = `GET /api/v1/kelayakan/PKH/` by a gunicorn of its own, read by
curl, one connection to the database. Memory is the server's, above what it held before, after whole lists.
Pages: the portal's cursor and a DRF view with a serializer and PageNumberPagination over the same rows, both through the whole stack in
process, at pages spread over the whole list.
"""

import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Any

import psutil

from benchmarks.alas import Hasil, jam, laju, lingkungan_server, median, rasio, selang

JALUR = "/api/v1/kelayakan/PKH/"
PALING_MB = 64
SALIN = """\\copy (select b.id, b.keluarga_id, b.individu_id, b.nama_kepala, b.wilayah_id, b.desil, b.skor, b.peringkat, b.hasil, b.manfaat,
 s.komponen, s.isi, a.program_id || '/' || a.versi, d.snapshot, b.data_per from bansos_barisdaftar b join bansos_daftarkelayakan d on d.id = b.daftar_id
 join bansos_aturanprogram a on a.id = d.aturan_id join bansos_sebabdaftar s on s.daftar_id = d.id and s.nomor = b.sebab
 where b.daftar_id = '{daftar}' order by b.id) to /dev/null csv"""


def ukur(n: int, putaran: int) -> list[Hasil]:
    from django.db import transaction

    from accounts.models import KunciApi
    from benchmarks.alas import sql
    from tests.bantu.api import klien, kunci
    from tests.bantu.daftar_api import daftar

    with transaction.atomic():
        d = daftar(n)
        rahasia = kunci("kelayakan")
        pembaca = klien("kelayakan")
        KunciApi.objects.update(anggaran_baris=2_000_000_000)
    sql("vacuum analyze bansos_barisdaftar")
    hasil, mb = _aliran(n, putaran, d, rahasia)
    dasar = hasil["psql"]
    return [
        rasio(6, "list as NDJSON over HTTP, rows/s / psql \\copy csv", n, atas=dasar, bawah=hasil["ndjson"], arah=">=", sasaran=0.9,
              kami=laju(n, hasil["ndjson"]), batas=laju(n, dasar)),
        rasio(6, "list as CSV over HTTP, rows/s / psql \\copy csv", n, atas=dasar, bawah=hasil["csv"], kami=laju(n, hasil["csv"]), batas=laju(n, dasar)),
        Hasil(6, "memory of the server above the start, whole lists, MB", n, mb, "<=", PALING_MB),
        _halaman(n, pembaca),
    ]  # fmt: skip


def _aliran(n: int, putaran: int, d: Any, rahasia: str) -> tuple[dict[str, list[float]], float]:
    from tests.bantu.proses import Proses, port_kosong

    port = port_kosong()
    with tempfile.TemporaryDirectory(prefix="dtksb") as nama:
        tmp = Path(nama)
        server = Proses(
            [sys.executable, "-m", "gunicorn", "config.wsgi:application", "-b", f"127.0.0.1:{port}", "-w", "1", "--threads", "4", "-t", "600",
             "--no-control-socket"],
            lingkungan_server(port), tmp / "web.log",
        )  # fmt: skip
        try:
            _siap(port, tmp / "web.log")

            def ambil(bentuk: str, lebih: int) -> float:
                detik = jam(lambda: _curl(port, rahasia, bentuk, tmp))
                assert _baris(tmp / "hasil") == n + lebih
                return detik

            ambil("application/x-ndjson", 0)
            awal = _rss(server)
            hasil = selang(
                putaran,
                {
                    "psql": lambda _: jam(lambda: _psql(d)),
                    "ndjson": lambda _: ambil("application/x-ndjson", 0),
                    "csv": lambda _: ambil("text/csv", 1),
                },
            )
            return hasil, max(0, _rss(server) - awal) / 1e6
        finally:
            server.hentikan()


def _psql(d: Any) -> None:
    from django.db import connection

    from config.servers.places import postgres_binaries

    b = connection.settings_dict
    perintah = SALIN.format(daftar=d.pk).replace("\n", " ")
    subprocess.run(
        [str(postgres_binaries() / "psql"), "-h", b["HOST"], "-p", str(b["PORT"] or 5432), "-U", b["USER"], "-d", b["NAME"], "-XAtqc", perintah],
        check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip


def _curl(port: int, rahasia: str, bentuk: str, tmp: Path) -> None:
    subprocess.run(
        ["curl", "-sf", "-o", str(tmp / "hasil"), "-H", f"Authorization: Bearer {rahasia}", "-H", f"Accept: {bentuk}", f"http://127.0.0.1:{port}{JALUR}"],
        check=True,
    )  # fmt: skip


def _baris(berkas: Path) -> int:
    with berkas.open("rb") as isi:
        return sum(bagian.count(b"\n") for bagian in iter(lambda: isi.read(1 << 20), b""))


def _rss(server: Any) -> int:
    induk = psutil.Process(server.popen.pid)
    return sum(p.memory_info().rss for p in [induk, *induk.children(recursive=True)])


def _siap(port: int, log: Path) -> None:
    akhir = time.monotonic() + 120
    while time.monotonic() < akhir:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2):
                return
        except OSError:
            time.sleep(0.3)
    raise AssertionError(log.read_text()[-3000:])


def _halaman(n: int, pembaca: Any) -> Hasil:
    """Every so many-th page of 100 of either way, over the whole list."""
    from django.test import RequestFactory

    pabrik, view, naif, kami = RequestFactory(), _drf(), [], []
    pembaca.get(f"{JALUR}?ukuran=1")  # both warm: imports, plans
    view(pabrik.get("/", {"page": 1})).render()
    banyak = max(n // 100, 1)
    for i in range(10):
        naif.append(jam(lambda i=i: view(pabrik.get("/", {"page": 1 + i * (banyak - 1) // 9})).render()))
    alamat = f"{JALUR}?ukuran=100"
    for _ in range(min(40, banyak)):
        jawab: list[Any] = []
        kami.append(jam(lambda a=alamat, j=jawab: j.append(pembaca.get(a))))
        alamat = jawab[0].json()["next"]
    return Hasil(
        0, "page of 100 rows, DRF PageNumberPagination / the portal's cursor", n, median(naif) / median(kami), ">=", 20,
        kami=f"{1000 * median(kami):.1f} ms", batas=f"{1000 * median(naif):.1f} ms",
    )  # fmt: skip


def _drf() -> Any:
    """The list as it is written when nobody thinks of a million rows."""
    from rest_framework import generics, pagination, serializers

    from bansos.models import BarisDaftar

    class Naif(serializers.ModelSerializer):
        alasan = serializers.SerializerMethodField()

        class Meta:
            model = BarisDaftar
            fields = ["id", "keluarga", "nama_kepala", "wilayah", "desil", "peringkat", "hasil", "alasan"]

        def get_alasan(self, row: Any) -> Any:
            return row.daftar.sebab.get(nomor=row.sebab).isi

    class Nomor(pagination.PageNumberPagination):
        page_size = 100

    class NaifView(generics.ListAPIView):
        serializer_class, pagination_class = Naif, Nomor
        queryset = BarisDaftar.objects.select_related("daftar").order_by("id")
        authentication_classes = permission_classes = throttle_classes = ()

    return NaifView.as_view()
