"""Requests that no browser of ours sends: parameters, addresses, headers, bodies and verbs (reliability.md §4D). Never a 500."""

import os
import time

import pytest
from django.test import Client

from tests.bantu import formulir

pytestmark = pytest.mark.timeout(600)  # whole roles at a time, on a machine that may be busy
NILAI = (
    "", " ", "\0", "%00", "\ud800".encode("utf-8", "surrogatepass"), "9" * 5000, "-1", "1e30", "٣", "'; DROP TABLE x;--", "1 OR 1=1", "(", ".*" * 500,
    "a" * 5000, "\u202e", "__class__", "../../etc/passwd", "32.06", "<script>", "{{7*7}}", "true", "null", "[]",
)  # fmt: skip
# Names that lists of the portal take, and names that none takes.
NAMA = ("status", "program", "kursor", "q", "cari", "nama", "wilayah", "desa", "jalur", "antrean", "umur", "daftar", "keadaan", "periode",
        "hasil", "kategori", "aksi", "aktor", "objek", "induk", "kembali", "peran", "kecil", "kode", "milik")  # fmt: skip
ASING = ("halaman", "nama__regex", "tgl_lahir__year", "_connector", "__class__", "pk__in", "ordering", "nik")
PERAN = ("operator", "supervisor", "kadis", "dukcapil", "admin", "inspektorat", "")
PECAHAN = (
    "%00",
    "%ff",
    "9" * 5000,
    "-1",
    "٣",
    "..%2f..%2fetc",
    "00000000-0000-4000-8000-00000000000g",
    "%0d%0aX-A:1",
    "a" * 3000,
    "{}",
    "null",
)
AKAR = ("/usulan/", "/keluarga/", "/musyawarah/", "/padan/", "/asesmen/", "/penetapan/", "/penetapan/pengesahan/", "/berkas/", "/pengguna/",
        "/pekerjaan/", "/program/", "/v/", "/wilayah/json/", "/usulan/00000000-0000-4000-8000-000000000000/langkah/")  # fmt: skip


def ambil(client: Client, alamat: str, **opsi) -> tuple[int, str]:
    mulai = time.thread_time()
    jawab = client.get(alamat, **opsi)
    lama = time.thread_time() - mulai  # of our own work: a busy machine is no fault of the portal
    keterangan = repr(jawab.exc_info[1]) if getattr(jawab, "exc_info", None) else ""
    return (599, f"{lama:.1f} s") if lama > 4 else (jawab.status_code, keterangan)


@pytest.mark.parametrize("peran", PERAN)
def test_parameter_buruk_di_daftar(peramban, peran):
    """400, 404, 422 or an answer; an unknown name never gives the whole list.

    A page's own parameters always, of the other names a sixth, another sixth for the next role.
    """
    assert not (salah := parameter_buruk(peramban, peran, 6)), "\n".join(salah[:60])


@pytest.mark.fuzz
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("peran", PERAN)
def test_semua_parameter_buruk_di_daftar(peramban, peran):
    assert not (salah := parameter_buruk(peramban, peran, 1)), "\n".join(salah[:60])


def parameter_buruk(peramban, peran: str, tiap: int) -> list[str]:
    client = peramban(peran)
    tamu = ("/", "/masuk/", "/lacak/", "/v/", "/wilayah/pilih/")
    halaman, _ = formulir.jelajah_petugas(client, peran) if peran else formulir.jelajah(client, tamu)
    daftar = sorted({h.split("?")[0] for h in halaman if not formulir.UUID.search(h)})
    salah, geser = [], PERAN.index(peran) + int(os.environ.get("DTKS_SEED", "0"))
    for i, alamat in enumerate(daftar):
        dipakai = {
            p.split("=")[0] for h in halaman if h.startswith(f"{alamat}?") for p in h.split("?")[1].split("&")
        }
        for j, nama in enumerate((*NAMA, *sorted(dipakai - set(NAMA)))):
            if nama not in dipakai and (i + j + geser) % tiap:
                continue
            nilai = NILAI[
                (i + j + 7 * geser) % len(NILAI)
            ]  # another one on each page, for each name and role
            status, sebab = ambil(client, alamat, data={nama: nilai})
            if status >= 500:
                salah.append(f"{alamat}?{nama}={nilai!r:.40}: {status} {sebab}")
    return salah


@pytest.mark.parametrize("nama", ASING)
def test_parameter_tak_dikenal_ditolak(peramban, nama):
    client = peramban("supervisor")
    for alamat in ("/usulan/", "/keluarga/", "/verifikasi/", "/penetapan/", "/pekerjaan/"):
        assert ambil(client, alamat, data={nama: "("})[0] == 400, alamat


@pytest.mark.parametrize("akar", AKAR)
def test_alamat_rusak_tidak_ada(peramban, akar):
    client = peramban("operator")
    for pecahan in PECAHAN:
        for ekor in ("/", "", "/langkah/tolak/"):
            status, sebab = ambil(client, f"{akar}{pecahan}{ekor}")
            assert status in (301, 302, 400, 403, 404), (akar, pecahan[:40], status, sebab)


@pytest.mark.parametrize(
    "kepala",
    [
        {"accept-language": "id-" + "a" * 4000}, {"accept-language": ",".join(["en;q=0.1"] * 500)}, {"accept": ",".join(["text/x"] * 1500)},
        {"cookie": "sesi=" + "x" * 4000}, {"cookie": "csrf=%00; sesi=\xff"}, {"user-agent": "\x01\x7f" * 50}, {"referer": "javascript:alert(1)"},
        {"x-forwarded-host": "evil.com"}, {"x-http-method-override": "DELETE"}, {"range": "bytes=0-1,0-1,0-1"}, {"if-modified-since": "0" * 500},
        {"hx-request": "true", "hx-current-url": "\x00"},
    ],
)  # fmt: skip
def test_kepala_aneh_tidak_merusak(peramban, kepala):
    client = peramban("operator")
    for alamat in ("/", "/usulan/", "/masuk/", "/wilayah/json/32.05.json"):
        jawab = client.get(alamat, headers=kepala)
        assert jawab.status_code < 500, (alamat, jawab.exc_info)
        assert b"evil.com" not in (jawab.content if not jawab.streaming else b"")


def test_host_asing_ditolak(peramban):
    for host in ("evil.com", "127.0.0.1.evil.com", "evil.com:80", "[::1]evil", "a b"):
        assert peramban("").get("/", headers={"host": host}).status_code == 400, host


@pytest.mark.parametrize(
    ("jenis", "badan"),
    [
        ("application/x-www-form-urlencoded; charset=bogus", b"nik=1"),
        ("application/x-www-form-urlencoded; charset=utf-16", "nik=1".encode("utf-16")),
        ("application/x-www-form-urlencoded", b"nik=\xff\xfe\xc3"),
        ("application/x-www-form-urlencoded", b"nik=\x00&\x00=1"),
        ("application/x-www-form-urlencoded", b"&".join(b"a%d=1" % i for i in range(2000))),
        ("application/x-www-form-urlencoded", b"nik=1&nik=2&nik[]=3&nik.x=4"),
        ("application/x-www-form-urlencoded", b"nik=" + b"9" * 3_000_000),
        ("multipart/form-data", b"nik=1"),
        ("multipart/form-data; boundary=", b"--\r\n"),
        ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data; name=\"nik\"\r\n"),
        ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n" * 1200 + b"--x--"),
        ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data; name=\"nik\"\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!\r\n--x--"),
        ("application/json", b'{"nik": "1"}'), ("application/xml", b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"), ("", b""), ("x" * 3000, b"x"),
    ],
)  # fmt: skip
def test_badan_aneh_tidak_merusak(peramban, jenis, badan):
    client = peramban("operator")
    for alamat in ("/usulan/baru/", "/keluarga/cari-nomor/", "/usulan/baru/isian/", "/lacak/", "/masuk/"):
        jawab = client.generic("POST", alamat, badan, content_type=jenis)  # client.post would recode the body
        assert jawab.status_code < 500, (alamat, jawab.exc_info)
        assert jawab.status_code != 302 or alamat == "/masuk/", "nothing was asked that could be done"


@pytest.mark.parametrize("verba", ["TRACE", "PUT", "DELETE", "PATCH", "FOO", "CONNECT", "PROPFIND"])
def test_verba_asing_ditolak(peramban, verba):
    client = peramban("operator", enforce_csrf_checks=True)
    for alamat in (
        "/dasbor/",
        "/usulan/",
        "/keluarga/",
        "/usulan/baru/",
        "/lacak/",
        "/",
        "/musyawarah/baru/",
        "/jejak/",
        "/v/",
        "/profil/",
    ):
        assert client.generic(verba, alamat).status_code in (403, 405), (verba, alamat)


def test_tanpa_tanda_formulir_ditolak(peramban):
    """No CSRF token, a foreign origin, a token of somebody else."""
    client = peramban("operator", enforce_csrf_checks=True)
    client.get("/usulan/baru/")
    for kepala in ({}, {"origin": "https://evil.com"}, {"origin": "null"}):
        for alamat in ("/usulan/baru/", "/masuk/", "/lacak/", "/keluar/"):
            jawab = client.post(alamat, {"nik": "1", "csrfmiddlewaretoken": "a" * 64}, headers=kepala)
            assert jawab.status_code == 403, (alamat, kepala)


@pytest.mark.parametrize("tujuan", ["//evil.com", "https://evil.com", "\\\\evil.com", "/\\evil.com", "javascript:alert(1)", "http:///evil.com", "\x00//evil.com",
                                    "https:evil.com", "//%65vil.com", "/%0d%0aX: 1", "data:text/html,x"])  # fmt: skip
def test_next_tidak_membawa_keluar(peramban, tujuan):
    dalam = peramban("operator")
    for jawab in (
        dalam.get("/masuk/", {"next": tujuan}),
        dalam.get("/keluar/", {"next": tujuan}),
        peramban("operator").post("/keluar/", {"next": tujuan}),
        dalam.get("/wilayah/pilih/", {"kembali": tujuan, "induk": "32.05"}),
        dalam.get("/akun/reauthenticate/", {"next": tujuan}),
    ):
        assert jawab.status_code < 500, jawab.exc_info
        ke = jawab.headers.get("Location", "")
        assert ke == "" or (ke.startswith("/") and not ke.startswith(("//", "/\\"))), ke
        assert b'href="//evil' not in jawab.content and b'href="https://evil' not in jawab.content
