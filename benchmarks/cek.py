"""Goal 7: the answer of `/cek/` from a public table of n rows, against an empty Django view and a Redis hit on the same server.

Server: gunicorn, gthread, 2 workers of 4 threads, the portal's settings and middleware, its own PostgreSQL; nothing is cached.
Some thousands of rows can be asked for by NIK, each once. Each request is a whole one: form token, proof of work (tokens of 8 bits, so that
making them here does not take all day; the server's check costs the same), used up in PostgreSQL, limits counted in PostgreSQL, one look-up,
page. Every NIK and every proof is used once. The limits are raised, not off. The Redis view answers with one small JSON from the cache.

Client: 8 keep-alive connections in a process of its own on the same machine.
"""

import hashlib
import http.client
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import count
from multiprocessing import get_context
from pathlib import Path
from urllib.parse import urlencode

from benchmarks.alas import Hasil, lingkungan_server, median, rasio, selang

PERMINTAAN, SAMBUNGAN, BIT = 400, 8, 8
UNTUK = "portal.forms_cek.CekNikForm"
TANDA = {"ada": "Menerima", "tidak": "Tidak ada catatan bantuan"}


def ukur(n: int, putaran: int) -> list[Hasil]:
    banyak = min(PERMINTAAN, max(n // 10, SAMBUNGAN))
    orang = isi(n, banyak * (putaran + 1))
    jam = putar(orang, putaran, banyak)

    def tiap(jenis: str) -> str:
        return f"{banyak / median(jam[jenis]):,.0f} requests/s"

    return [
        rasio(7, f"public lookup, {nama}, requests/s / {lain}", n, atas=jam[batas], bawah=jam[jenis], arah=">=", sasaran=sasaran,
              kami=tiap(jenis), batas=tiap(batas))
        for batas, lain, sasaran in (("kosong", "an empty view", 0.5), ("redis", "a Redis hit", 1.0))
        for jenis, nama in (("ada", "found"), ("tidak", "not found"))
    ]  # fmt: skip


def isi(baris: int, banyak: int) -> list[tuple[str, date]]:
    """Rows that nobody asks for, and `banyak` people who can be asked for."""
    from django.db import connection, transaction

    from bansos.models import CekBansos
    from core import audit
    from core.models import Ketentuan
    from core.privacy.keys import blind_index

    orang = [
        (f"320501{(i % 28) + 1:02}0155{i:04}", date(1955, 1, (i % 28) + 1)) for i in range(1, banyak + 1)
    ]
    with connection.cursor() as c:
        c.execute("""insert into bansos_cekbansos (individu_id, program, kunci_nik, kunci_nama, nama_samar, wilayah, keadaan, periode)
            select gen_random_uuid(), 'PKH', sha256(g::text::bytea), sha256(('n' || g)::bytea), 'SIT* A*****', '32.05.01.1001', 'penerima', '2026-4'
            from generate_series(1, %s) g""", [max(baris - len(orang), 0)])  # fmt: skip
    CekBansos.objects.bulk_create(
        CekBansos(
            individu_id=f"00000000-0000-4000-8000-{i:012}", program="PKH", nama_samar="SIT* A*****", wilayah="32.05.01.1001",
            kunci_nik=hashlib.sha256(blind_index(nik, "nik") + lahir.isoformat().encode()).digest(),
            keadaan="penerima", periode="2026-4", tanggal=date(2026, 10, 1),
        )
        for i, (nik, lahir) in enumerate(orang)
    )  # fmt: skip
    with transaction.atomic():
        audit.catat(aksi="uji", jenis="uji", objek_id="-", by=None)
        batas = {k: {"menit": 60, "kali": 10_000_000} for k in ("orang", "jaringan", "semua")}
        Ketentuan.objects.filter(kunci="cek.batas").update(nilai=batas)
        hati = Ketentuan.objects.get(kunci="cek.hati_hati").nilai
        hati |= dict.fromkeys(("jaringan", "semua", "nik_jaringan", "nik_semua"), 10_000_000)
        Ketentuan.objects.filter(kunci="cek.hati_hati").update(nilai=hati)
    with connection.cursor() as c:
        c.execute("vacuum analyze bansos_cekbansos")
    return orang


def putar(orang: list[tuple[str, date]], putaran: int, banyak: int) -> dict[str, list[float]]:
    from tests.bantu.proses import Proses, port_kosong
    from tests.browser.panggung import kumpulkan_berkas_statis

    port = port_kosong()
    env = lingkungan_server(port)
    argv = [
        sys.executable, "-m", "gunicorn", "benchmarks.cek_wsgi:application", "--bind", f"127.0.0.1:{port}", "--no-control-socket",
        "--worker-class", "gthread", "--workers", "2", "--threads", "4", "--log-level", "warning",
    ]  # fmt: skip
    kumpulkan_berkas_statis(env)
    with tempfile.TemporaryDirectory(prefix="dtksb") as tmp:
        web = Proses(argv, env, Path(tmp) / "web.log")
        try:
            kuki = tunggu(port, Path(tmp) / "web.log")
            pilih = iter(orang)

            def satu(jenis: str, n: int) -> float:
                badan = siapkan(jenis, pilih, kuki[1], n + 1, banyak) if jenis in TANDA else [b""] * banyak
                detik, contoh = beban(port, jenis, badan, kuki[0])
                assert TANDA.get(jenis, "") in contoh.decode(), contoh[:3000].decode()
                return detik

            cara = {jenis: lambda n, j=jenis: satu(j, n) for jenis in ("kosong", "redis", *TANDA)}
            return selang(putaran, cara)
        finally:
            web.hentikan()


def tunggu(port: int, log: Path) -> tuple[str, str]:
    """(cookie header, form token) of a visitor."""
    for _ in range(200):
        try:
            c = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
            c.request("GET", "/cek/")
            jawab = c.getresponse()
            isi_ = jawab.read().decode()
            assert jawab.status == 200, (jawab.status, log.read_text()[-3000:])
            return jawab.headers["Set-Cookie"].split(";")[0], isi_.split(
                'name="csrfmiddlewaretoken" value="'
            )[1].split('"')[0]
        except OSError:
            time.sleep(0.2)
    raise AssertionError(log.read_text()[-3000:])


def siapkan(
    jenis: str, orang: Iterator[tuple[str, date]], csrf: str, putaran: int, banyak: int
) -> list[bytes]:
    """Bodies of one round, each with a proof of its own."""
    from core import tantangan

    hasil = []
    for i in range(banyak):
        if jenis == "ada":
            nik, lahir = next(orang)
        else:
            nik, lahir = f"3205020108{putaran:02}{i:04}", date(1908, 1, 1) + timedelta(days=i)
        soal = tantangan.buat(UNTUK, BIT)
        awal = hashlib.sha256(f"{soal}:".encode())
        for n in count(100000):
            h = awal.copy()
            h.update(str(n).encode())
            if h.digest()[0] == 0:
                break
        isi_ = {
            "csrfmiddlewaretoken": csrf,
            "pintu": "nik",
            "nik": nik,
            "tgl_lahir": f"{lahir:%d/%m/%Y}",
            "tantangan": soal,
            "tantangan_jawab": n,
        }
        hasil.append(urlencode(isi_).encode())
    return hasil


def beban(port: int, jenis: str, badan: list[bytes], kuki: str) -> tuple[float, bytes]:
    with get_context("fork").Pool(1) as kolam:
        return kolam.apply(_beban, (port, jenis, badan, kuki))


def _beban(port: int, jenis: str, badan: list[bytes], kuki: str) -> tuple[float, bytes]:
    contoh: list[bytes] = [b""]
    kepala = {"Cookie": kuki, "Content-Type": "application/x-www-form-urlencoded", "Accept-Encoding": "gzip"}

    def satu(bagian: list[bytes]) -> None:
        c = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        for b in bagian:
            c.request("POST", "/cek/", b, kepala) if b else c.request("GET", f"/{jenis}/", headers=kepala)
            jawab = c.getresponse()
            isi_ = jawab.read()
            assert jawab.status == 200, (jawab.status, isi_[:3000])
            contoh[0] = isi_
        c.close()

    utas = [threading.Thread(target=satu, args=(badan[i::SAMBUNGAN],)) for i in range(SAMBUNGAN)]
    mulai = time.perf_counter()
    for u in utas:
        u.start()
    for u in utas:
        u.join()
    return time.perf_counter() - mulai, contoh[0]
