"""Attacks from outside through the reverse proxy as it is installed: `./test --fuzz tests/keamanan/test_tepi.py` (reliability.md §4D, §4E).

nginx with deploy/nginx.conf, gunicorn with the options of the Dockerfile. Without nginx they are skipped, and the run says so.
"""

import os
import re
import ssl
import threading
import time

import pytest

from accounts.models import Pengguna
from core.models import Pembatas
from tests.bantu import alur, basis, pemain
from tests.bantu.tepi import INANG, Peramban, konfigurasi, nginx

pytestmark = [pytest.mark.fuzz, pytest.mark.timeout(1800)]
PASANGAN = int(os.environ.get("DTKS_FUZZ_PASANGAN", "5000"))


@pytest.fixture
def bersih(db_nyata):
    """Committed rows for the servers; passwords of the cast are the demo's."""


@pytest.fixture
def pengunjung(tepi, alamat_asal):
    return lambda: Peramban(tepi, alamat_asal())


# --- what the proxy says and hides ------------------------------------------------------------------------------------


def test_http_biasa_hanya_mengantar_orang_dan_tidak_melayani_program(tepi, alamat_asal):
    satu = Peramban(tepi, alamat_asal())
    jawab = satu.minta("GET", "/cek/?a=1", aman=False)
    assert (jawab.status, jawab["Location"]) == (301, f"https://{INANG}/cek/?a=1")
    for cara in ("GET", "POST"):
        jawab = satu.minta(cara, "/api/v1/usulan/", b"{}", {"Authorization": "Bearer rahasia"}, aman=False)
        assert jawab.status == 403 and not jawab["Location"]
        assert jawab["Content-Type"] == "application/problem+json" and "https" in jawab.teks


def test_kesiapan_tidak_terlihat_dari_luar_kecuali_mesin_ini(tepi, alamat_asal):
    for alamat in ("/readyz", "//readyz", "/%72eadyz", "/x/../readyz", "/readyz?a"):
        assert Peramban(tepi, alamat_asal()).minta("GET", alamat).status == 403, alamat
    assert Peramban(tepi, alamat_asal()).minta("GET", "/healthz").status == 200


def test_jawaban_membawa_kepala_aman_dan_tidak_menyebut_perangkatnya(pengunjung):
    for alamat in ("/", "/masuk/", "/cek/", "/tidak-ada/", "/api/schema/", "/usulan/"):
        jawab = pengunjung().minta("GET", alamat)
        assert jawab.status < 500, alamat
        assert "max-age=31536000" in jawab["Strict-Transport-Security"], alamat
        assert jawab["X-Content-Type-Options"] == "nosniff" and jawab["X-Frame-Options"] == "DENY", alamat
        assert "frame-ancestors 'none'" in jawab["Content-Security-Policy"], alamat
        assert not re.search(r"\d", jawab["Server"]), jawab["Server"]
        assert not jawab["X-Powered-By"] and not jawab["Via"]
        assert "no-store" in jawab["Cache-Control"] or "public" in jawab["Cache-Control"], alamat
        for kue in jawab.kue:
            assert (
                kue.startswith("__Host-") and "Secure" in kue and "HttpOnly" in kue and "SameSite=Lax" in kue
            )


@pytest.mark.parametrize("terendah", [ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1])
def test_tls_lama_ditolak(tepi, terendah):
    with pytest.raises((ssl.SSLError, OSError)):
        tepi.sambung(terendah=terendah, tertinggi=ssl.TLSVersion.TLSv1_1, sandi="ALL:@SECLEVEL=0")


@pytest.mark.parametrize(
    "sandi", ["AES128-SHA", "AES256-GCM-SHA384", "ECDHE-RSA-AES128-SHA", "ECDHE-RSA-AES256-SHA384"]
)
def test_sandi_lemah_ditolak(tepi, sandi):
    """No forward secrecy, or CBC."""
    with pytest.raises((ssl.SSLError, OSError)):
        tepi.sambung(
            terendah=ssl.TLSVersion.TLSv1_2, tertinggi=ssl.TLSVersion.TLSv1_2, sandi=f"{sandi}:@SECLEVEL=0"
        )
    tepi.sambung(
        terendah=ssl.TLSVersion.TLSv1_2,
        tertinggi=ssl.TLSVersion.TLSv1_2,
        sandi="ECDHE-RSA-AES128-GCM-SHA256",
    ).close()


def test_saluran_rahasia_tidak_meninggalkan_alamat(tepi, alamat_asal):
    """Over http, misspelled, refused for haste, broken: the proxy's log never knows who was there."""
    asal, lain = alamat_asal(), alamat_asal()
    satu = Peramban(tepi, asal)
    for alamat in (
        "/lapor-rahasia/", "/Lapor-Rahasia/", "//lapor-rahasia/", "/lapor-rahasia/?x=1", "/%6capor-rahasia/", "/lapor-rahasia/tidak-ada/",
        "/lapor-rahasia",
    ):  # fmt: skip
        assert satu.minta("GET", alamat).status < 500, alamat
        assert Peramban(tepi, asal).minta("GET", alamat, aman=False).status == 301, alamat
    kode = {satu.minta("GET", "/lapor-rahasia/").status for _ in range(60)}
    assert kode == {200, 429}, kode
    for rangka in (
        "GET /lapor-rahasia/ HTTP/1.1\r\nHost: a/b\r\n\r\n",
        "TRACE /lapor-rahasia/ HTTP/1.1\r\nHost: x\r\n\r\n",
    ):
        tepi.mentah(rangka.encode(), asal, diam=0.5)
    assert Peramban(tepi, lain).minta("GET", "/bantuan/").status == 200
    tercatat = tepi.akses.read_text()
    assert f"{lain} " in tercatat, "the control"
    assert f"{asal} " not in tercatat
    assert asal not in tepi.log_web.read_text() and "lapor-rahasia" not in tepi.log_web.read_text().lower()


# --- the framing of requests ------------------------------------------------------------------------------------------

DALAM = "GET /selundup-{n}/ HTTP/1.1\r\nHost: " + INANG + "\r\n\r\n"
RANGKA = {
    "CL.TE": "POST /cek/ HTTP/1.1\r\nHost: {h}\r\nContent-Length: {p}\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{d}",
    "TE.CL": "POST /cek/ HTTP/1.1\r\nHost: {h}\r\nTransfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n{px}\r\n{d}\r\n0\r\n\r\n",
    "TE.TE": "POST /cek/ HTTP/1.1\r\nHost: {h}\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n\r\n0\r\n\r\n{d}",
    "TE twice": "POST /cek/ HTTP/1.1\r\nHost: {h}\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n{d}",
    "TE with a tab": "POST /cek/ HTTP/1.1\r\nHost: {h}\r\nTransfer-Encoding:\tx chunked\r\nContent-Length: {p}\r\n\r\n0\r\n\r\n{d}",
    "TE and a space": "POST /cek/ HTTP/1.1\r\nHost: {h}\r\nTransfer-Encoding : chunked\r\nContent-Length: {p}\r\n\r\n0\r\n\r\n{d}",
    "TE in HTTP/1.0": "POST /cek/ HTTP/1.0\r\nHost: {h}\r\nTransfer-Encoding: chunked\r\nContent-Length: {p}\r\n\r\n0\r\n\r\n{d}",
    "two CL": "POST /cek/ HTTP/1.1\r\nHost: {h}\r\nContent-Length: 0\r\nContent-Length: {q}\r\n\r\n{d}",
    "CL list": "POST /cek/ HTTP/1.1\r\nHost: {h}\r\nContent-Length: 0, {q}\r\n\r\n{d}",
    "CL plus": "POST /cek/ HTTP/1.1\r\nHost: {h}\r\nContent-Length: +{q}\r\n\r\n{d}",
    "CL minus": "POST /cek/ HTTP/1.1\r\nHost: {h}\r\nContent-Length: -1\r\n\r\n{d}",
    "CL hex": "POST /cek/ HTTP/1.1\r\nHost: {h}\r\nContent-Length: 0x10\r\n\r\n{d}",
    "CL huge": "POST /cek/ HTTP/1.1\r\nHost: {h}\r\nContent-Length: 99999999999999999999\r\n\r\n{d}",
    "chunk size too large": "POST /cek/ HTTP/1.1\r\nHost: {h}\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\n{d}",
    "chunk size negative": "POST /cek/ HTTP/1.1\r\nHost: {h}\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n{d}",
    "TE quoted": 'POST /cek/ HTTP/1.1\r\nHost: {h}\r\nX-A: "\r\nTransfer-Encoding: chunked"\r\nContent-Length: {q}\r\n\r\n{d}',
    "NUL in a header": "GET /cek/ HTTP/1.1\r\nHost: {h}\r\nX-A: a\0b\r\n\r\n",
    "bare CR in a header": "GET /cek/ HTTP/1.1\r\nHost: {h}\r\nX-A: a\rX-B: b\r\n\r\n",
    "two Hosts": "GET /cek/ HTTP/1.1\r\nHost: {h}\r\nHost: evil.test\r\n\r\n",
    "no Host": "GET /cek/ HTTP/1.1\r\nX-A: 1\r\n\r\n",
    "foreign Host": "GET /cek/ HTTP/1.1\r\nHost: evil.test\r\n\r\n",
    "Host with a user": "GET /cek/ HTTP/1.1\r\nHost: {h}@evil.test\r\n\r\n",
    "Host with a path": "GET /cek/ HTTP/1.1\r\nHost: {h}/evil\r\n\r\n",
    "foreign absolute address": "GET https://evil.test/cek/ HTTP/1.1\r\nHost: {h}\r\n\r\n",
    "TRACE": "TRACE /cek/ HTTP/1.1\r\nHost: {h}\r\n\r\n",
    "CONNECT": "CONNECT evil.test:443 HTTP/1.1\r\nHost: {h}\r\n\r\n",
    "version 3.0": "GET /cek/ HTTP/3.0\r\nHost: {h}\r\n\r\n",
    "header line of 40 kB": "GET /cek/ HTTP/1.1\r\nHost: {h}\r\nX-A: " + "a" * 40_000 + "\r\n\r\n",
    "address of 40 kB": "GET /" + "a" * 40_000 + " HTTP/1.1\r\nHost: {h}\r\n\r\n",
    "5,000 headers": "GET /cek/ HTTP/1.1\r\nHost: {h}\r\n" + "".join(f"X-{i}: {i}\r\n" for i in range(5000)) + "\r\n",
    "no verb": "\r\n\0\0 /cek/ HTTP/1.1\r\nHost: {h}\r\n\r\n",
}  # fmt: skip
# May be answered, but nothing goes through.
LUNAK = {
    "folded header": "GET /cek/ HTTP/1.1\r\nHost: {h}\r\nX-A: a\r\n Transfer-Encoding: chunked\r\n\r\n",
    "LF only": "GET /cek/ HTTP/1.1\nHost: {h}\n\n",
    "body of a GET": "GET /cek/ HTTP/1.1\r\nHost: {h}\r\nContent-Length: {q}\r\n\r\n{d}",
    "underscore": "POST /cek/ HTTP/1.1\r\nHost: {h}\r\nTransfer_Encoding: chunked\r\nContent_Length: 0\r\nContent-Length: {q}\r\n\r\n{d}",
    "chunk without CR": "POST /cek/ HTTP/1.1\r\nHost: {h}\r\nTransfer-Encoding: chunked\r\n\r\n1\nZ\n0\n\n{d}",
    "chunk extension": "POST /cek/ HTTP/1.1\r\nHost: {h}\r\nTransfer-Encoding: chunked\r\n\r\n0;a=\"\r\n\r\n{d}\"\r\n\r\n",
}  # fmt: skip


def status(jawab: bytes) -> list[int]:
    return [int(n) for n in re.findall(rb"HTTP/1\.[01] (\d{3})", jawab)]


@pytest.mark.parametrize("nama", [*RANGKA, *LUNAK])
def test_permintaan_tidak_bisa_diselundupkan(tepi, alamat_asal, nama):
    """Proxy and portal agree where a request ends: what is hidden in a body is never answered as a request."""
    n = 1 + [*RANGKA, *LUNAK].index(nama)
    dalam = DALAM.format(n=n)
    isi = (RANGKA | LUNAK)[nama].format(
        h=INANG, d=dalam, p=len(dalam) + 5, q=len(dalam), px=f"{len(dalam):x}"
    )
    jawab = tepi.mentah(isi.encode("latin-1"), alamat_asal(), diam=2.5 if nama in LUNAK else 1.5)
    kode = status(jawab)
    if nama in RANGKA:
        assert not kode or 400 <= kode[0] < 500 or kode[0] in (501, 505), (nama, jawab[:300])
        assert len(kode) <= 1, jawab[:2000]
    else:
        assert kode and kode[0] < 500, (nama, jawab[:300])
    if nama not in (
        "chunk extension",
        "chunk without CR",
    ):  # there it is an honest second request of the same visitor
        assert f"/selundup-{n}/".encode() not in tepi.log_web.read_bytes()
    assert b"evil.test" not in jawab
    assert Peramban(tepi, alamat_asal()).minta("GET", "/healthz").status == 200


def test_sisa_permintaan_seorang_tidak_masuk_ke_permintaan_orang_lain(tepi, alamat_asal):
    """The kept connections to the portal are shared: what one visitor leaves behind must not head the next one's request."""
    racun = "GET /racun/ HTTP/1.1\r\nX-A: "
    for rangka in RANGKA.values():
        isi = rangka.format(h=INANG, d=racun, p=len(racun) + 5, q=len(racun), px=f"{len(racun):x}")
        tepi.mentah(isi.encode("latin-1"), alamat_asal(), diam=0.3)
        for _ in range(3):
            jawab = Peramban(tepi, alamat_asal()).minta("GET", "/bantuan/")
            assert jawab.status == 200 and "Bantuan" in jawab.teks
    assert b"/racun/" not in tepi.log_web.read_bytes()


def test_pengirim_lambat_tidak_menahan_orang_lain(tepi, alamat_asal):
    """200 half-open requests: headers that never end, bodies that never come."""
    gantung = []
    try:
        for i in range(200):
            s = tepi.sambung(alamat_asal())
            s.sendall(
                f"GET /cek/ HTTP/1.1\r\nHost: {INANG}\r\nX-{i}: ".encode()
                if i % 2
                else f"POST /cek/ HTTP/1.1\r\nHost: {INANG}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000\r\n\r\na".encode()
            )
            gantung.append(s)
        mulai = time.monotonic()
        for _ in range(20):
            assert Peramban(tepi, alamat_asal()).minta("GET", "/bantuan/").status == 200
        assert time.monotonic() - mulai < 30  # sixteen threads held by them would be sixty seconds each
    finally:
        for s in gantung:
            s.close()


def test_satu_alamat_tidak_memakai_semuanya(tepi, alamat_asal):
    """More than the burst of an office, at once from one address: told to wait, and nobody else is."""
    asal, hasil = alamat_asal(), []

    def banyak():
        satu = Peramban(tepi, asal)
        while hasil.count(429) < 20 and len(hasil) < 2000:
            hasil.append(satu.minta("GET", "/sw.js").status)

    utas = [threading.Thread(target=banyak) for _ in range(8)]
    for u in utas:
        u.start()
    for u in utas:
        u.join()
    assert set(hasil) <= {200, 429} and hasil.count(429) > 10
    assert Peramban(tepi, alamat_asal()).minta("GET", "/sw.js").status == 200


def test_badan_terlalu_besar_berhenti_di_proksi(tepi, alamat_asal):
    kepala = f"POST /cek/ HTTP/1.1\r\nHost: {INANG}\r\nContent-Length: 30000000\r\n\r\n".encode()
    assert status(tepi.mentah(kepala, alamat_asal())) == [413]
    alir = f"POST /cek/ HTTP/1.1\r\nHost: {INANG}\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
    potong = b"100000\r\n" + b"a" * 0x100000 + b"\r\n"
    assert status(tepi.mentah(alir + potong * 22, alamat_asal())) == [413]


# --- who the portal believes ------------------------------------------------------------------------------------------


def test_alamat_dalam_kepala_tidak_dipercaya(bersih, tepi, alamat_asal):
    """Ten wrong passwords, each with another invented address: the lock falls on the real one."""
    asal, kode = alamat_asal(), []
    for i in range(11):
        satu = Peramban(tepi, asal)
        kepala = {
            "X-Forwarded-For": f"203.0.113.{i}", "X-Real-IP": f"203.0.113.{i}", "Forwarded": f"for=203.0.113.{i}",
            "X-Client-IP": f"203.0.113.{i}", "X_Forwarded_For": f"203.0.113.{i}",
        }  # fmt: skip
        kode.append(satu.kirim("/masuk/", {"login": "operator", "password": f"salah-{i}"}, kepala).status)
    assert kode[-1] == 429, kode
    assert Peramban(tepi, alamat_asal()).masuk("operator", pemain.SANDI).status == 302


@pytest.mark.parametrize(
    "kepala",
    [
        {"X-Forwarded-Host": "evil.test"},
        {"X-Forwarded-Proto": "http"},
        {"X-Forwarded-Ssl": "off"},
        {"X-Forwarded-Port": "666"},
        {"Forwarded": "host=evil.test;proto=http"},
        {"X-Original-URL": "/jejak/", "X-Rewrite-URL": "/jejak/"},
        {"X-HTTP-Method-Override": "DELETE"},
        {"X-Accel-Redirect": "/static/", "X-Accel-Expires": "100"},
        {"Authorization": "Basic YWRtaW46YWRtaW4="},
        {"X-Remote-User": "admin", "Remote-User": "admin", "REMOTE_USER": "admin"},
    ],
    ids=lambda k: next(iter(k)),
)
def test_kepala_perantara_yang_dikarang_tidak_mengubah_apa_pun(pengunjung, kepala):
    satu = pengunjung()
    biasa, aneh = satu.minta("GET", "/cek/"), satu.minta("GET", "/cek/", kepala=kepala)
    assert aneh.status == biasa.status == 200
    assert "evil" not in aneh.teks and all("evil" not in v for _, v in aneh.kepala)
    pagar = satu.minta("GET", "/usulan/", kepala=kepala)
    assert pagar.status == 302 and pagar["Location"].startswith("/masuk/")


# --- sessions and forms -----------------------------------------------------------------------------------------------


def test_sesi_penyerang_tidak_menjadi_sesi_korban(bersih, pengunjung):
    penyerang = pengunjung()
    penyerang.masuk("operator2", pemain.SANDI)
    tanam = penyerang.kuki["__Host-sesi"]
    korban = pengunjung()
    korban.kuki |= {
        "sesi": tanam,
        "__Host-sesi": "a" * 32,
    }  # planted: one that is alive without the prefix, one never given
    assert korban.masuk("operator", pemain.SANDI).status == 302
    assert korban.kuki["__Host-sesi"] not in (tanam, "a" * 32)
    assert "Petugas Operator2" not in korban.minta("GET", "/profil/").teks
    mati = korban.kuki["__Host-sesi"]
    assert korban.kirim("/keluar/", {}, dari="/profil/").status == 302
    hantu = pengunjung()
    hantu.kuki["__Host-sesi"] = mati
    assert hantu.minta("GET", "/profil/").status == 302
    assert penyerang.minta("GET", "/profil/").status == 200


def test_formulir_dari_situs_lain_ditolak(bersih, pengunjung):
    """CSRF, also at the login itself: no token, somebody else's token, a foreign origin or referrer."""
    satu = pengunjung()
    satu.masuk("operator", pemain.SANDI)
    tanda, asing = satu.tanda("/profil/"), pengunjung().tanda("/masuk/")
    isi = {"login": "operator2", "password": pemain.SANDI}
    for alamat in ("/masuk/", "/keluar/", "/profil/keluar-semua/", "/usulan/baru/", "/cek/"):
        for badan, kepala in (
            (isi, {}),
            (isi | {"csrfmiddlewaretoken": asing}, {}),
            (isi | {"csrfmiddlewaretoken": tanda}, {"Origin": "https://evil.test"}),
            (isi | {"csrfmiddlewaretoken": tanda}, {"Origin": "null"}),
            (isi | {"csrfmiddlewaretoken": tanda}, {"Origin": f"http://{INANG}"}),
            (isi | {"csrfmiddlewaretoken": tanda}, {"Referer": "https://evil.test/"}),
        ):
            assert satu.minta("POST", alamat, badan, kepala).status == 403, (alamat, kepala)
    assert satu.minta("GET", "/profil/").status == 200, "still logged in"


@pytest.mark.parametrize(
    "tujuan",
    ["//evil.test", "https://evil.test", "/\\evil.test", "\\\\evil.test", "javascript:alert(1)", "///evil.test", "https:evil.test",
     "/%09/evil.test", "\t//evil.test", "http:\\\\evil.test", f"https://{INANG}@evil.test", f"https://{INANG}.evil.test/"],
)  # fmt: skip
def test_sesudah_masuk_tetap_di_sini(bersih, pengunjung, tujuan):
    satu = pengunjung()
    jawab = satu.kirim("/masuk/", {"login": "operator", "password": pemain.SANDI, "next": tujuan})
    assert jawab.status == 302 and re.match(r"/[^/\\]|/$", jawab["Location"]), jawab["Location"]
    assert "evil" not in jawab["Location"] or jawab["Location"].startswith("/%09")


def test_pemotongan_kepala_dari_isian_tidak_terjadi(bersih, pengunjung):
    satu = pengunjung()
    satu.masuk("operator", pemain.SANDI)
    for alamat in (
        "/wilayah/pilih/?kembali=/%0d%0aX-Jahat:1",
        "/usulan/?kursor=%0d%0aX-Jahat:1",
        "/masuk/?next=/%0d%0aSet-Cookie:a=b",
    ):
        jawab = satu.minta("GET", alamat)
        assert jawab.status < 500 and not jawab["X-Jahat"] and all("a=b" not in k for k in jawab.kue)


# --- caches in between -----------------------------------------------------------------------------------------------

HALAMAN = (
    "/dasbor/", "/usulan/", "/keluarga/", "/profil/", "/pemberitahuan/", "/musyawarah/", "/tenggat/", "/laporan/", "/kalender/", "/pekerjaan/",
    "/usulan/{kasus}/", "/keluarga/{keluarga}/", "/api/v1/usulan/", "/masuk/", "/cek/", "/statistik/",
)  # fmt: skip


def test_simpanan_di_tengah_tidak_memberi_halaman_orang_lain(bersih, tepi_rakus, alamat_asal, lapor):
    """A and B ask for the same addresses through a cache that keeps whatever it may: neither ever gets a word of the other."""
    a = alur.sampai("diajukan", nomor=0)
    b = alur.sampai(
        "diajukan", nomor=2, desa="32.06.02.2001", pengusul="operator.lain", operator="operator.lain", lurah="lurah.lain"
    )  # fmt: skip
    orang = {}
    for nama, p, lain in (("operator", a, b), ("operator.lain", b, a)):
        satu = Peramban(tepi_rakus, alamat_asal())
        assert satu.masuk(nama, pemain.SANDI).status == 302
        asing = {
            lain.usulan.tiket, lain.usulan.keluarga.nama_kepala,
            Pengguna.objects.get(username="operator.lain" if lain is b else "operator").nama + "<",
        }  # fmt: skip
        orang[nama] = (satu, p, asing)
    hitung, dari_simpanan, bertanda = 0, 0, set()
    for i in range(PASANGAN):
        pola = HALAMAN[i % len(HALAMAN)]
        for nama, milik in (
            (("operator", a), ("operator.lain", a)) if i % 2 else (("operator.lain", b), ("operator", b))
        ):
            satu, punya, asing = orang[nama]
            satu.asal = satu.asal if i % 100 else alamat_asal()
            if not i % 100:
                satu.tutup()
            alamat = pola.format(kasus=milik.usulan.pk, keluarga=milik.usulan.keluarga_id)
            jawab = satu.minta("GET", alamat)
            assert jawab.status in (200, 302, 401, 403, 404), (alamat, jawab.status)
            bocor = [k for k in asing if k in jawab.teks]
            assert not bocor, (nama, alamat, bocor, jawab["X-Cache"])
            if any(k in jawab.teks for k in (punya.usulan.tiket, punya.usulan.keluarga.nama_kepala)):
                bertanda.add((nama, pola))
            hitung += 1
            if jawab["X-Cache"] == "HIT":
                dari_simpanan += 1
                assert "public" in jawab["Cache-Control"], (alamat, jawab["Cache-Control"])
        if i % 50 == 0:
            tamu = Peramban(tepi_rakus, alamat_asal())
            assert tamu.minta(
                "GET", pola.format(kasus=a.usulan.pk, keluarga=a.usulan.keluarga_id)
            ).status in (200, 302, 401, 403, 404)
            tamu.tutup()
    statis = re.search(r'/static/[^"]+\.css', orang["operator"][0].minta("GET", "/dasbor/").teks)[0]
    for _ in range(3):
        jawab = orang["operator"][0].minta("GET", statis)
    assert jawab["X-Cache"] == "HIT", "the cache does keep what it may"
    assert len(bertanda) >= 6, f"the canaries stand on the pages: {bertanda}"
    lapor(f"{hitung // 2:,} pairs, 0 foreign words; {dari_simpanan} answers from the cache, all public")


# --- guessing ---------------------------------------------------------------------------------------------------------


def test_pin_tidak_bisa_ditebak_dari_banyak_alamat(bersih, tepi, alamat_asal):
    """The ticket is known, the PIN is guessed, each time from another network address: soon nobody is answered, and the owner learns why."""
    p = alur.sampai("draf")
    benar, salah = 0, set()
    for i in range(40):
        satu = Peramban(tepi, alamat_asal())
        tebakan = f"{i:06}" if f"{i:06}" != p.pin else "999999"
        jawab = satu.kirim("/lacak/", {"tiket": p.usulan.tiket, "pin": tebakan})
        assert jawab.status in (200, 422, 429), jawab.status
        benar += p.usulan.keluarga.nama_kepala in jawab.teks
        salah.add(jawab.status)
    assert (not benar and 429 in salah) or "terkunci" in jawab.teks.lower() or "menit" in jawab.teks, salah
    assert Pembatas.objects.exists()


def test_konfigurasi_yang_diuji_adalah_yang_dipasang(tmp_path):
    assert nginx()
    teks = konfigurasi(tmp_path, polos=1, aman=2, web=3, simpan=False)
    assert "limit_req zone=masuk burst=60 nodelay" in teks and "proxy_cache" not in teks


@pytest.fixture(scope="module", autouse=True)
def akhir(django_db_setup, django_db_blocker):
    yield
    with django_db_blocker.unblock():
        basis.kosongkan()
