"""A crowd at the door of one real web process with one thread: who is served, who is sent away, and with what in his hands."""

import contextlib
import http.client
import os
import socket
import sys
import time
import urllib.error
import urllib.request
from concurrent.futures import Future, ThreadPoolExecutor
from urllib.parse import urlencode

import pytest
from django.test import Client

from core import busy
from tests.bantu.proses import Proses, port_kosong

pytestmark = pytest.mark.enable_socket


@pytest.fixture(scope="module")
def web(tmp_path_factory):
    log = tmp_path_factory.mktemp("web") / "web.log"
    port = port_kosong()
    env = os.environ | {
        "DJANGO_SETTINGS_MODULE": "config.settings", "DTKS_TESTING": "1", "DTKS_LOCAL": "1", "DEMO": "0", "WEB_WAIT_READ": "1.5", "WEB_WAIT_WRITE": "3",
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
    }  # fmt: skip
    argv = [sys.executable, "-m", "gunicorn", "tests.bantu.web_lambat:application", "--bind", f"127.0.0.1:{port}", "--no-control-socket",
            "--worker-class", "config.web_worker.WebWorker", "--workers", "1", "--threads", "1", "--log-level", "warning"]  # fmt: skip
    proses = Proses(argv, env, log)
    for _ in range(300):
        with contextlib.suppress(urllib.error.URLError, OSError):
            urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5).close()
            break
        time.sleep(0.1)
    else:
        raise AssertionError(log.read_text()[-3000:])
    yield port
    proses.bunuh()


def minta(
    port: int, cara: str, alamat: str, badan: bytes = b"", **kepala: str
) -> tuple[int, dict[str, str], str]:
    c = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        c.request(cara, alamat, badan or None, {"Accept": "text/html"} | kepala)
        jawab = c.getresponse()
        return jawab.status, dict(jawab.getheaders()), jawab.read().decode()
    finally:
        c.close()


@contextlib.contextmanager
def terkunci(port: int, detik: float, banyak: int = 3):
    """The only thread is busy this long, and what may be handed over ahead of time is too."""
    with ThreadPoolExecutor(64) as kolam:
        sibuk = [
            kolam.submit(minta, port, "POST", f"/lambat/?s={detik / banyak}", b"x") for _ in range(banyak)
        ]
        time.sleep(0.3)
        yield kolam
        assert [s.result()[0] for s in sibuk] == [200] * banyak, "what was begun is finished"


def test_yang_terlalu_lama_menunggu_diminta_kembali_nanti_dan_kiriman_didahulukan(web):
    with terkunci(web, 3) as kolam:
        lihat = [kolam.submit(minta, web, "GET", "/lambat/") for _ in range(12)]
        time.sleep(0.2)
        kirim = kolam.submit(minta, web, "POST", "/lambat/", b"isi=ketikan")
        api: Future = kolam.submit(minta, web, "GET", "/api/v1/usulan/", Accept="application/json")
        sehat = kolam.submit(minta, web, "GET", "/healthz")
    pulang = [f.result() for f in lihat]
    assert {p[0] for p in pulang} == {503}
    assert kirim.result()[0] in (200, 503) and sehat.result()[0] == 200
    for _, kepala, isi in pulang:
        assert (
            busy.SOONEST <= int(kepala["Retry-After"]) <= busy.LATEST
            and kepala["Refresh"] == kepala["Retry-After"]
        )
        assert (
            kepala["Cache-Control"] == "private, no-store"
            and "default-src 'self'" in kepala["Content-Security-Policy"]
        )
        assert "Portal sedang sibuk" in isi and "mencoba lagi sendiri" in isi
    assert len({p[1]["Retry-After"] for p in pulang}) > 3, "they do not all come back in the same second"
    status, kepala, isi = api.result()
    assert (status, kepala["Content-Type"]) == (503, "application/problem+json") and "Retry-After" in kepala


def test_yang_kembali_pada_waktunya_didahulukan(web):
    selesai: list[str] = []

    def lihat(siapa: str, **kepala: str) -> int:
        status = minta(web, "GET", "/lambat/?s=0.2", **kepala)[0]
        selesai.append(siapa)
        return status

    with terkunci(web, 0.9) as kolam:
        baru = [kolam.submit(lihat, f"baru {n}") for n in range(4)]
        time.sleep(0.2)
        kembali = kolam.submit(lihat, "kembali", Cookie=f"a=b; giliran={busy.turn(int(time.time()))}")
        assert kembali.result() == 200
        [f.result() for f in baru]
    assert selesai.index("kembali") <= 1, "only one may have been handed over ahead"


@pytest.mark.parametrize(
    ("geser", "ubah", "berlaku"),
    [(0, "", True), (25, "", True), (-1, "", True), (40, "", False), (-20, "", False), (0, "tanda", False), (0, "waktu", False)],
)  # fmt: skip
def test_giliran_hanya_pada_waktunya_dan_tidak_bisa_dikarang(geser, ubah, berlaku):
    kini = int(time.time())
    nilai = busy.turn(kini - geser)
    if ubah == "tanda":
        nilai = nilai[:-1] + ("0" if nilai[-1] != "0" else "1")
    if ubah == "waktu":
        nilai = f"{kini + 1}.{busy.turn(kini).partition('.')[2]}"
    kepala = f"GET /dasbor/ HTTP/1.1\r\nHost: a\r\nCookie: sesi=x; giliran={nilai}\r\n\r\n"
    assert busy.has_turn(kepala.encode()) is berlaku
    assert not busy.has_turn(f"GET /?giliran={nilai} HTTP/1.1\r\nHost: a\r\n\r\n".encode()), "a cookie only"


def test_yang_disuruh_pulang_membawa_gilirannya():
    jawab = busy.Canned().get(b"GET /dasbor/ HTTP/1.1\r\nHost: a\r\nAccept: text/html\r\n\r\n").decode()
    tunggu = int(jawab.partition("Retry-After: ")[2].split("\r\n")[0])
    kuki = jawab.partition("Set-Cookie: ")[2].split("\r\n")[0]
    assert "HttpOnly" in kuki and "SameSite=Lax" in kuki and "Path=/" in kuki
    waktu = int(kuki.partition("giliran=")[2].split(".")[0])
    assert abs(waktu - time.time() - tunggu) <= 2
    rahasia = busy.Canned().get(b"GET /Lapor-rahasia/ HTTP/1.1\r\nHost: a\r\n\r\n")
    assert b"giliran" not in rahasia, "the sealed line leaves nothing behind"


def test_giliran_berlaku_untuk_satu_halaman(client):
    nama = busy.turn_cookie()
    client.cookies[nama] = busy.turn(int(time.time()))
    assert client.get("/healthz").cookies[nama]["max-age"] == 0
    assert nama not in Client().get("/healthz").cookies, "nobody else is given one"


def test_antrean_yang_tak_pernah_kosong_tidak_menahan_orang(web):
    """A line that stands longer than anybody waits: who comes now is told at once to come later."""

    def menunggu() -> float:
        mulai = time.monotonic()
        assert minta(web, "GET", "/lambat/")[0] == 503
        return time.monotonic() - mulai

    with terkunci(web, 4.5) as kolam:
        semua = []
        for _ in range(10):
            semua.append(kolam.submit(menunggu))
            time.sleep(0.3)
        lama = [f.result() for f in semua]
    assert max(lama) >= 1.4, "the first ones waited as long as in calm times"
    assert min(lama) < 1.3, "later ones did not"


def test_sesudah_keramaian_semua_dilayani_lagi(web):
    with terkunci(web, 1.5) as kolam:
        kirim = kolam.submit(minta, web, "POST", "/lambat/", b"isi=ketikan")
    assert kirim.result()[2] == "POST selesai"
    assert [minta(web, "GET", "/lambat/")[0] for _ in range(5)] == [200] * 5


def test_kiriman_yang_tidak_terlayani_kembali_bersama_isinya(web):
    ketikan = 'Rumah "bocor" <dapur> & roboh'
    badan = urlencode({"cerita": ketikan, "csrfmiddlewaretoken": "abc"}).encode()
    with terkunci(web, 6.6) as kolam:
        jenis = {"Content-Type": "application/x-www-form-urlencoded"}
        kirim = kolam.submit(minta, web, "POST", "/lambat/?siapa=tertunda", badan, **jenis)
        naskah = kolam.submit(
            minta, web, "POST", "/lambat/?siapa=tertunda", badan, Accept="application/json", **jenis
        )
        sandi = kolam.submit(
            minta, web, "POST", "/masuk/", b"login=siti&password=kata-sandi-rahasia", **jenis
        )
        status, kepala, isi = kirim.result()
        assert (
            status == 503
            and kepala["X-Belum-Dikerjakan"] == "1"
            and kepala["Cache-Control"] == "private, no-store"
        )
        assert 'action="/lambat/?siapa=tertunda"' in isi and "Kirim lagi" in isi and "Refresh" not in kepala
        assert 'name="cerita" value="Rumah &quot;bocor&quot; &lt;dapur&gt; &amp; roboh"' in isi
        assert 'name="csrfmiddlewaretoken" value="abc"' in isi
        assert naskah.result()[1]["Content-Type"] == "application/problem+json", (
            "our own script keeps what it sent"
        )
        assert sandi.result()[0] == 503 and "kata-sandi-rahasia" not in sandi.result()[2]
    assert "tertunda" not in minta(web, "GET", "/dikunjungi/")[2], "nothing of it was done"


def test_sambungan_yang_diam_tidak_menahan_siapa_pun(web):
    """gunicorn's own threads would each wait five seconds for every one of these."""
    diam = [socket.create_connection(("127.0.0.1", web)) for _ in range(60)]
    try:
        c = http.client.HTTPConnection("127.0.0.1", web, timeout=20)
        c.request("GET", "/lambat/")
        assert c.getresponse().status == 200
    finally:
        for s in diam:
            s.close()


def test_yang_sudah_pergi_tidak_dilayani(web):
    with terkunci(web, 2.2, 2):
        for n in range(5):
            s = socket.create_connection(("127.0.0.1", web))
            s.sendall(f"GET /lambat/?siapa=pergi{n} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
            s.close()
    assert "pergi" not in minta(web, "GET", "/dikunjungi/")[2]


# --- the answer itself, without a crowd ---------------------------------------------------------------


@pytest.fixture
def disuruh_pulang():
    tanda = busy.turned_away.set(True)
    yield
    busy.turned_away.reset(tanda)


def test_isian_besar_dan_berkas_tidak_dikembalikan(disuruh_pulang, tmp_path):
    besar = Client().post("/usul/", {"cerita": "x" * (busy.LARGEST_ECHO + 1)})
    assert (
        besar.status_code == 503
        and len(besar.content) < 10_000
        and "Buka formulirnya lagi" in besar.content.decode()
    )
    berkas = tmp_path / "a.txt"
    berkas.write_text("isi berkas")
    foto = Client().post("/usul/", {"cerita": "Rumah roboh", "foto": berkas.open("rb")}).content.decode()
    assert 'value="Rumah roboh"' in foto and "isi berkas" not in foto and "unggah lagi" in foto


def test_tidak_menyentuh_basis_data_dan_tidak_memberi_kuki(disuruh_pulang):
    """No `db` fixture here: a query would fail the test."""
    client = Client()
    client.cookies["sesi"] = "a" * 32
    for jawab in (client.get("/dasbor/"), client.post("/usulan/baru/isian/", {"a": "b"})):
        assert (
            jawab.status_code == 503
            and not jawab.cookies
            and jawab.headers["Cache-Control"] == "private, no-store"
        )
        assert (
            "Content-Security-Policy" in jawab.headers
            and jawab.headers["X-Content-Type-Options"] == "nosniff"
        )


@pytest.mark.parametrize(
    "badan", [b"\xff\xfe%zz=%", b"a=" * 2000, b"--x\r\nrusak"], ids=["bytes", "too many", "multipart"]
)
def test_isian_rusak_tetap_dijawab_dengan_tenang(disuruh_pulang, badan):
    jenis = (
        "multipart/form-data; boundary=x" if badan.startswith(b"--") else "application/x-www-form-urlencoded"
    )
    assert Client().post("/usul/", badan, content_type=jenis).status_code == 503
