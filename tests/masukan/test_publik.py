"""Pages without an account meet the whole world: odd bodies, headers, verbs and parameters (reliability.md §4B, §4D).

The forms on them are attacked with the corpora by test_formulir.py as the visitor "" (a sample; `--fuzz` sends everything).
"""

import time

import pytest

from portal import alamat
from tests.masukan.test_permintaan import NILAI, PECAHAN

pytestmark = pytest.mark.timeout(300)
HALAMAN = tuple(
    a
    for a in (
        "/", "/bantuan/", "/bantuan/semua/", "/bantuan/dipotong/", "/statistik/", "/lacak/", "/v/", "/cek/", "/usul/", "/sanggah/", "/aduan/", "/pengumuman/",
        "/darurat/", "/lapor-rahasia/", "/lapor-rahasia/baca/", "/wilayah/pilih/",
    )
    if alamat.ada(a)
)  # fmt: skip
TEKS = "application/x-www-form-urlencoded"
BADAN = (
    (f"{TEKS}; charset=bogus", b"nik=1"), (f"{TEKS}; charset=utf-16", "nama=ä".encode("utf-16")), (TEKS, b"nama=\xff\xfe\xc3"), (TEKS, b"nama=\x00&\x00=1"),
    (TEKS, b"&".join(b"a%d=1" % i for i in range(2000))), (TEKS, b"nik=1&nik=2&nik[]=3&nik.x=4"), (TEKS, b"cerita=" + b"a" * 3_000_000),
    (TEKS, b"cerita=" + b"a%0A" * 10_001), (TEKS, b"langkah=" + b"9" * 5000), (TEKS, b"tantangan=%00&tantangan_jawab=" + b"9" * 5000),
    (TEKS, "nama=\u202eexe.gpj&alasan=\u3164&pin=\u0661\u0662\u0663".encode()), (TEKS, b"__proto__=1&status=selesai&id=1&is_staff=on"),
    ("multipart/form-data", b"nik=1"), ("multipart/form-data; boundary=", b"--\r\n"), ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="nik"\r\n'),
    ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n' * 1200 + b"--x--"),
    ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="foto"; filename="../../x\x00.php.jpg"\r\nContent-Type: image/jpeg\r\n\r\n<?php\r\n--x--'),
    ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="nik"\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!\r\n--x--'),
    ("application/json", b"[" * 100_000), ("application/xml", b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"), ("", b""), ("x" * 3000, b"x"),
)  # fmt: skip
KEPALA = (
    {"accept-language": "id-" + "a" * 4000}, {"accept": ",".join(["text/x"] * 1500)}, {"cookie": "sesi=" + "x" * 4000}, {"cookie": "csrf=%00; sesi=\xff"},
    {"user-agent": "\x01\x7f" * 50}, {"referer": "javascript:alert(1)"}, {"x-forwarded-host": "evil.com", "x-forwarded-for": "1.2.3.4, evil"},
    {"x-http-method-override": "DELETE"}, {"range": "bytes=0-1,0-1,0-1"}, {"if-modified-since": "0" * 500}, {"hx-request": "true", "hx-current-url": "\x00"},
)  # fmt: skip


def test_semua_layanan_warga_ikut_diuji():
    assert {"/bantuan/", "/statistik/", "/lacak/"} <= set(HALAMAN)


@pytest.mark.parametrize("halaman", HALAMAN)
def test_badan_dan_kepala_aneh_tidak_merusak_halaman_warga(peramban, halaman):
    tamu = peramban("")
    for jenis, badan in BADAN:
        mulai = time.thread_time()
        jawab = tamu.generic("POST", halaman, badan, content_type=jenis)
        assert jawab.status_code < 500, (jenis[:60], badan[:60], jawab.exc_info)
        assert jawab.status_code in (400, 403, 405, 409, 413, 415, 422, 429) or jawab.status_code in (
            200,
            302,
        ), jawab.status_code
        assert time.thread_time() - mulai < 4, (jenis[:60], badan[:60])
    for kepala in KEPALA:
        jawab = tamu.get(halaman, headers=kepala)
        assert jawab.status_code < 500, (kepala, jawab.exc_info)
        assert b"evil.com" not in (b"" if jawab.streaming else jawab.content)


@pytest.mark.parametrize("halaman", HALAMAN)
def test_parameter_verba_dan_alamat_aneh_di_halaman_warga(peramban, halaman):
    tamu = peramban("")
    for i, nilai in enumerate(NILAI):
        nama = (
            "cari",
            "wilayah",
            "periode",
            "desa",
            "kursor",
            "tiket",
            "q",
            "nama__regex",
            "__class__",
            "pk__in",
        )[i % 10]
        jawab = tamu.get(halaman, {nama: nilai})
        assert jawab.status_code < 500, (nama, nilai[:40], jawab.exc_info)
    for verba in ("TRACE", "PUT", "DELETE", "PATCH", "FOO", "CONNECT", "PROPFIND"):
        assert tamu.generic(verba, halaman).status_code in (403, 405), verba
    for pecahan in PECAHAN:
        jawab = tamu.get(f"{halaman}{pecahan}/")
        assert jawab.status_code in (301, 302, 400, 404), (pecahan[:40], jawab.status_code, jawab.exc_info)
