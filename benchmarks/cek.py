"""Requests a second of the answer of `/cek/` against an empty Django view on the same server: `python benchmarks/cek.py [ROWS]`.

Server: gunicorn, gthread, 2 workers of 4 threads, the portal's settings and middleware, its own PostgreSQL; nothing is cached.
The public table holds ROWS rows (default 1,000,000) of which some thousands can be asked for by NIK, each once. Each request is a whole one: form token,
proof of work (tokens of 8 bits, so that making them here does not take all day; the server's check costs the same), used up in
PostgreSQL, limits counted in PostgreSQL, one look-up, page. Every NIK and every proof is used once. The limits are raised, not off.

Client: 8 keep-alive connections in a process of its own on the same machine. Rounds are interleaved; the ratio is the median of the
rounds. Written to benchmarks/hasil/cek.md. Makes and drops its own test database.
"""

# ruff: noqa: T201, S607 - a command prints; SQL and tools of our own
import hashlib
import http.client
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from datetime import date, timedelta
from itertools import count
from multiprocessing import get_context
from pathlib import Path
from urllib.parse import urlencode

AKAR = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(AKAR))
PUTARAN, PERMINTAAN, SAMBUNGAN, BIT, SASARAN = int(os.environ.get("PUTARAN", "5")), 400, 8, 8, 0.4
UNTUK = "portal.forms_cek.CekNikForm"


def main(baris: int) -> None:
    from tests import servers

    servers.set_environment()
    from config import local_services

    local_services.hold()
    try:
        local_services.ensure()
        ukur(baris)
    finally:
        local_services.release_and_stop()


def ukur(baris: int) -> None:
    import django

    django.setup()
    from django.test.utils import setup_databases, setup_test_environment, teardown_databases

    from tests.bantu import basis

    setup_test_environment()
    lama = setup_databases(verbosity=0, interactive=False, aliases=["default"])
    try:
        basis.siapkan()
        orang = isi(baris)
        tulis(baris, *putar(orang))
    finally:
        basis.tutup_pintu()
        teardown_databases(lama, verbosity=0)


def isi(baris: int) -> list[tuple[str, date]]:
    """Rows that nobody asks for, and people who can be asked for."""
    from django.db import connection, transaction

    from bansos.models import CekBansos
    from core import audit
    from core.models import Ketentuan
    from core.privacy.keys import blind_index

    orang = [
        (f"320501{(i % 28) + 1:02}0155{i:04}", date(1955, 1, (i % 28) + 1))
        for i in range(1, PERMINTAAN * (PUTARAN + 1) + 1)
    ]
    with connection.cursor() as c:
        c.execute("""insert into bansos_cekbansos (individu_id, program, kunci_nik, kunci_nama, nama_samar, wilayah, keadaan, periode)
            select gen_random_uuid(), 'PKH', sha256(g::text::bytea), sha256(('n' || g)::bytea), 'SIT* A*****', '32.05.01.1001', 'penerima', '2026-4'
            from generate_series(1, %s) g""", [baris - len(orang)])  # fmt: skip
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


def putar(orang: list[tuple[str, date]]) -> tuple[dict[str, list[float]], list[str]]:
    from tests.bantu.proses import Proses, port_kosong, url_basis_data
    from tests.browser.panggung import kumpulkan_berkas_statis

    port = port_kosong()
    env = os.environ | {
        "DATABASE_URL": url_basis_data(),
        "DTKS_TESTING": "0",
        "DEMO": "0",
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    env |= {"PUBLIC_URL": f"http://127.0.0.1:{port}", "PORT": str(port)}
    argv = [
        sys.executable,
        "-m",
        "gunicorn",
        "benchmarks.cek_wsgi:application",
        "--bind",
        f"127.0.0.1:{port}",
        "--no-control-socket",
    ]
    argv += ["--worker-class", "gthread", "--workers", "2", "--threads", "4", "--log-level", "warning"]
    kumpulkan_berkas_statis(env)
    hasil: dict[str, list[float]] = {"kosong": [], "ada": [], "tidak": []}
    catatan = []
    with tempfile.TemporaryDirectory() as tmp:
        web = Proses(argv, env, Path(tmp) / "web.log")
        try:
            kuki = tunggu(port, Path(tmp) / "web.log")
            pilih = iter(orang)
            for n in range(PUTARAN + 1):  # the first round warms up
                for jenis, tiap in hasil.items():
                    badan = [b""] * PERMINTAAN if jenis == "kosong" else siapkan(jenis, pilih, kuki[1], n)
                    detik, contoh = beban(port, jenis, badan, kuki[0])
                    if jenis != "kosong":
                        cari = "Menerima" if jenis == "ada" else "Tidak ada catatan bantuan"
                        assert cari in contoh.decode(), contoh[:3000].decode()
                    if n:
                        tiap.append(PERMINTAAN / detik)
                    elif jenis != "kosong":
                        catatan.append(f"{jenis}: {len(contoh):,} bytes")
                    print(n, jenis, f"{PERMINTAAN / detik:.0f}/s", flush=True)
        finally:
            web.hentikan()
    return hasil, catatan


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


def siapkan(jenis: str, orang, csrf: str, putaran: int) -> list[bytes]:
    """Bodies of one round, each with a proof of its own."""
    from core import tantangan

    hasil = []
    for i in range(PERMINTAAN):
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
            c.request("GET", "/kosong/", headers=kepala) if jenis == "kosong" else c.request(
                "POST", "/cek/", b, kepala
            )
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


def tulis(baris: int, hasil: dict[str, list[float]], catatan: list[str]) -> None:
    kali = {
        j: statistics.median(a / k for a, k in zip(hasil[j], hasil["kosong"], strict=True))
        for j in ("ada", "tidak")
    }
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=AKAR, capture_output=True, text=True, check=False
    ).stdout.strip()
    isi_ = [
        "# Answer of /cek/", "", *(__doc__ or "").strip().splitlines()[2:], "",
        f"{platform.platform()}, {os.cpu_count()} cores shared with other work (load {os.getloadavg()[0]:.1f}), {PUTARAN} rounds of {PERMINTAAN} requests, "
        f"{baris:,} rows, commit {commit}", "",
        "| what | requests/s, each round | median | against the empty view | goal |", "|---|---|---:|---:|---|",
    ]  # fmt: skip
    for j, nama in (("kosong", "empty view"), ("ada", "found"), ("tidak", "not found")):
        tiap = ", ".join(f"{x:.0f}" for x in hasil[j])
        akhir = f"{kali[j]:.2f} | {'met' if kali[j] >= SASARAN else 'MISSED'}" if j in kali else "1.00 | "
        isi_.append(f"| {nama} | {tiap} | {statistics.median(hasil[j]):.0f} | {akhir} |")
    isi_ += [
        "",
        f"Goal: at least {SASARAN} times the empty view. Size of the answer: {', '.join(catatan)}.",
        "",
    ]
    keluar = AKAR / "benchmarks" / "hasil" / "cek.md"
    keluar.write_text("\n".join(isi_), encoding="utf-8")
    print("\n".join(isi_))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
