"""After a whole conversation, no byte of it is anywhere: address, agent, referrer, cookie, name, file name, text, photo data.

Default: a few canaries through the test client. `./test --faults`: 1,000 through a real gunicorn with worker and beat.
"""

import base64
import io
import json
import random
import re
import time
import urllib.error
import urllib.request
from contextlib import suppress
from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.utils import timezone
from PIL import Image

from core import audit
from pengaduan.actions import rahasia as aksi
from pengaduan.models import LaporanRahasia, PesanRahasia
from portal.demo.rahasia import pasang
from tests.bantu import kenari
from tests.bantu import rahasia as r
from tests.bantu.alur import orang
from tests.bantu.proses import Panggung
from tests.browser.panggung import Portal, kumpulkan_berkas_statis

ACAK = random.Random(3205)


def foto_berkenari(acak: random.Random) -> tuple[str, bytes]:
    exif = Image.Exif()
    exif[0x010F] = kenari.kata(acak)
    exif[0x010E] = kenari.kata(acak)
    buat = io.BytesIO()
    Image.new("RGB", (640, 480), (acak.randrange(256), 90, 40)).save(
        buat, "JPEG", exif=exif, comment=kenari.kata(acak).encode()
    )
    return f"{kenari.kata(acak)}.jpg", buat.getvalue()


def cerita(acak: random.Random, n: int) -> str:
    return f"Pak {kenari.kata(acak)} minta uang. " + " ".join(kenari.kata(acak) for _ in range(n))


def jawab_semua(kunci, acak: random.Random) -> None:
    for laporan in LaporanRahasia.objects.all():
        aksi.jawab(
            laporan, by=orang("inspektorat"), **r.amplop_jawaban(laporan, kunci, f"Tanya: {cerita(acak, 3)}")
        )


def test_pencarinya_menemukan(db_nyata):
    """The search itself: what an ordinary act stores is found in the row, in the table's file and in the write-ahead log."""
    jejak = kenari.Jejak()
    for _ in range(4):  # four words: one of them may lie across the border of two pages of the log
        kata = kenari.kata(ACAK)
        with transaction.atomic():
            rincian = {"kata": kata, "dari": kenari.alamat(ACAK)}
            audit.catat(aksi="uji", jenis="uji", objek_id="-", by=None, rincian=rincian)
    ada = jejak.semua()
    assert ada["core_jejak"] >= {"polos", "alamat"}
    if jejak.terbaca:
        assert any("/pg_wal/" in p for p in ada) and any(f"/base/{jejak.oid}/" in p for p in ada), list(ada)
    for satu in (
        kata.encode().hex().encode(),
        kata.encode("utf-16-le"),
        *(base64.b64encode(b"x" * n + kata.encode()) for n in range(3)),
    ):
        assert kenari.cari(b"..." + satu)


@pytest.mark.usefixtures("db_nyata")
def test_tidak_ada_kenari_yang_tersisa():
    kunci = pasang(orang("inspektorat"), "32.05", r.SANDI)
    jejak, jumlah = kenari.Jejak(), 0
    for n in range(3):
        acak = random.Random(n)
        kepala = {
            "REMOTE_ADDR": kenari.alamat(acak), "HTTP_X_FORWARDED_FOR": kenari.alamat(acak), "HTTP_USER_AGENT": kenari.kata(acak),
            "HTTP_REFERER": f"http://{kenari.kata(acak)}/", "HTTP_COOKIE": f"sesi={kenari.kata(acak)}", "HTTP_ACCEPT_LANGUAGE": kenari.kata(acak),
            "QUERY_STRING": f"dari={kenari.kata(acak)}",
        }  # fmt: skip
        client = Client()
        r.lapor(client, cerita(acak, 4), jenis=kenari.kata(acak), **kepala)  # refused
        nomor = r.nomor_di(r.lapor(client, cerita(acak, 4), foto=[foto_berkenari(acak)], **kepala))
        jawab_semua(kunci, acak)
        halaman = r.percakapan(client, nomor, **kepala)
        assert (
            r.balas(client, halaman, cerita(acak, 4), foto=[foto_berkenari(acak)], **kepala).status_code
            == 200
        )
        client.get(f"/lapor-rahasia/{kenari.kata(acak)}/", **kepala)
        jumlah += 40
    assert PesanRahasia.objects.count() == 12
    assert (
        kenari.tanda() in r.baca_semua(LaporanRahasia.objects.first(), kunci)[0]["cerita"]
    )  # the inspector does read it
    assert jejak.semua() == {}


@pytest.mark.faults
@pytest.mark.timeout(900)
def test_seribu_kenari_lewat_server_sungguhan(db_nyata, tmp_path):
    """Real gunicorn behind a proxy's headers, worker, beat and Valkey of their own; all their logs are searched too."""
    kunci = pasang(orang("inspektorat"), "32.05", r.SANDI)
    jejak, hitung = kenari.Jejak(), 0
    with r.tanpa_tunggu(), Panggung(tmp_path, simulator=False) as panggung:
        panggung.env["BEHIND_PROXY"] = "1"
        panggung.env["LOG_LEVEL"] = "DEBUG"
        kumpulkan_berkas_statis(panggung.env)
        web = Portal(panggung, tmp_path, demo=True)
        try:
            web.tunggu()
            _http(
                f"{web.alamat}/tidak-ada-log-{kenari.tanda()}/", {}
            )  # the control: elsewhere a line is left
            for n in range(25):
                hitung += _percakapan_lewat_http(web.alamat, kunci, random.Random(9000 + n))
            with suppress(OSError):  # refused before it was read
                besar = {
                    "foto": SimpleUploadedFile(
                        f"{kenari.kata(ACAK)}.jpg", kenari.kata(ACAK).encode() * 800_000
                    )
                }
                _http(f"{web.alamat}/lapor-rahasia/", {"User-Agent": kenari.kata(ACAK)}, besar)
            time.sleep(4)  # beat rings every three seconds: the worker has gone round once more
        finally:
            web.hentikan()
        ada = jejak.semua(lain=[tmp_path, panggung.rumah], valkey=panggung.env["REDIS_URL"])
    log = str(web.log)
    assert ada.pop(log) == {"polos"}  # the control only:
    tercatat = [b for b in web.log.read_bytes().splitlines() if b"lapor-rahasia" in b or kenari.cari(b)]
    asing = [b[:600] for b in tercatat if b"tidak-ada-log" not in b]
    assert not asing
    print(f"\nkenari: {hitung} ditanam; ditemukan di luar kendali: {len(ada)}")
    assert hitung >= 1000 and ada == {}


def _http(alamat: str, kepala: dict[str, str], data: dict | None = None) -> tuple[int, str, bool]:
    """(status, page, did it set a cookie). A client that keeps nothing."""
    badan = encode_multipart(BOUNDARY, data) if data is not None else None
    jenis = {"Content-Type": MULTIPART_CONTENT} if data is not None else {}
    try:
        with urllib.request.urlopen(
            urllib.request.Request(alamat, data=badan, headers=kepala | jenis), timeout=60
        ) as j:
            return j.status, j.read().decode(), "Set-Cookie" in j.headers
    except urllib.error.HTTPError as j:
        return j.code, j.read().decode(), "Set-Cookie" in j.headers


def _percakapan_lewat_http(alamat: str, kunci, acak: random.Random) -> int:
    """One conversation; the number of canaries that went in."""
    tanam = 0

    def kata() -> str:
        nonlocal tanam
        tanam += 1
        return kenari.kata(acak)

    def kirim(tujuan: str, data: dict | None = None) -> tuple[int, str]:
        kepala = {
            "X-Forwarded-For": kenari.alamat(acak),
            "User-Agent": kata(),
            "Referer": f"http://{kata()}/",
            "Cookie": f"sesi={kata()}",
        }
        status, isi, kue = _http(alamat + tujuan, kepala, data)
        assert not kue
        return status, isi

    def berkas() -> SimpleUploadedFile:
        nonlocal tanam
        tanam += 4  # its name, two tags and a comment
        return SimpleUploadedFile(*foto_berkenari(acak), "image/jpeg")

    _, awal = kirim(f"/lapor-rahasia/?dari={kata()}")
    isi = {
        "kunci": re.search(r'name="kunci" value="([^"]+)"', awal)[1],
        "tujuan": "32.05",
        "jenis": "pungli",
        "cerita": " ".join(kata() for _ in range(10)),
    }
    assert kirim("/lapor-rahasia/", isi | {"jenis": kata(), "foto": berkas()})[0] == 422
    status, tanda = kirim("/lapor-rahasia/", isi | {"foto": berkas()})
    assert status == 200, tanda
    nomor = re.sub(r"\D", "", re.search(r"<strong>([\d ]{16,})</strong>", tanda)[1])
    laporan = LaporanRahasia.objects.get(tanda=aksi.kunci_dari(nomor).tanda)
    aksi.jawab(laporan, by=orang("inspektorat"), **r.amplop_jawaban(laporan, kunci, f"Kami tanya {kata()}"))
    _, halaman = kirim("/lapor-rahasia/baca/", {"nomor": nomor})
    assert "Kami tanya" in halaman
    pegangan = re.search(r'name="pegangan" value="([^"]+)"', halaman)[1]
    lagi = {"pegangan": pegangan, "cerita": " ".join(kata() for _ in range(10)), "foto": berkas()}
    assert kirim("/lapor-rahasia/balas/", lagi)[0] == 200
    return tanam


@pytest.mark.django_db
def test_waktu_kirim_tidak_bisa_dihitung_dari_baris(client):
    """Two reports of one day differ in nothing that could be put in order."""
    pasang(orang("inspektorat"), "32.05", r.SANDI)
    with time_machine.travel(timezone.now().replace(hour=3), tick=False) as jam:
        r.lapor(client)
        jam.shift(timedelta(hours=5))
        r.lapor(client)
    a, b = LaporanRahasia.objects.values("hari", "terakhir", "giliran", "ditutup", "wilayah")
    assert a == b
    for baris in (
        *LaporanRahasia.objects.values_list(),
        *PesanRahasia.objects.values_list("hari", "urut", "dari", "oleh"),
    ):
        assert not re.search(
            r"\d\d:\d\d",
            json.dumps(
                list(baris), default=lambda v: str(v) if not isinstance(v, bytes | memoryview) else ""
            ),
        )
