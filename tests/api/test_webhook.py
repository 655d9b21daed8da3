"""Webhooks: signed, tried again, paused when dead, and never sent where nobody may be asked."""

import base64
import hashlib
import hmac
import http.server
import json
import socket
import threading
import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts import tasks  # noqa: F401 - the handlers register themselves
from accounts.actions import kunci as tindakan_kunci
from accounts.actions import webhook
from accounts.models import KirimanWebhook, KunciApi, Peristiwa, Webhook
from core import outbox
from core.integrations import webhook as kawat
from core.models import Jejak, Pekerjaan
from dtks import tasks as _tasks  # noqa: F401
from dtks.actions import sinkron
from dtks.models import Keluarga
from tests.bantu.api import klien
from tests.bantu.pemain import DESA

ALAMAT = "/api/v1/webhook/"


class Penerima(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        badan = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.datang.append((dict(self.headers), badan, self.path))
        kode = self.server.kode
        self.send_response(kode)
        if 300 <= kode < 400:
            self.send_header("Location", self.server.tujuan)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


@pytest.fixture
def penerima(settings):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Penerima)
    server.datang, server.kode, server.tujuan = [], 200, ""
    server.alamat = f"http://penerima.uji:{server.server_address[1]}/masuk"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.WEBHOOK_HOST, settings.WEBHOOK_JARINGAN = ["penerima.uji", ".garut.go.id"], ["127.0.0.1/32"]
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture(autouse=True)
def nama(monkeypatch):
    """`penerima.uji` is this machine; other names are what the test says."""
    asli, peta = socket.getaddrinfo, {"penerima.uji": ["127.0.0.1"]}

    def cari(host, port, *a, **k):
        if host in peta:
            return [
                (socket.AF_INET6 if ":" in ip else socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, port))
                for ip in peta[host]
            ]
        return asli(host, port, *a, **k)

    monkeypatch.setattr(socket, "getaddrinfo", cari)
    return peta


def langganan(k, alamat, *peristiwa, kunci=None):
    isi = {"alamat": alamat, "peristiwa": list(peristiwa) or ["keluarga.berubah"]}
    return k.post(
        ALAMAT,
        json.dumps(isi),
        content_type="application/json",
        headers={"Idempotency-Key": kunci or str(uuid.uuid4())},
    )


def pos(k, alamat):
    return k.post(
        alamat, headers={"Idempotency-Key": str(uuid.uuid4())}, content_type="application/json", data="{}"
    )


def kerjakan(sekarang=False):
    if sekarang:
        Pekerjaan.objects.filter(status="menunggu").update(jalankan_setelah=timezone.now())
    while outbox.work(limit=100):
        pass


def sah(rahasia, kepala, badan):
    isi = f"{kepala['webhook-id']}.{kepala['webhook-timestamp']}.".encode() + badan
    mau = base64.b64encode(
        hmac.digest(base64.b64decode(rahasia.removeprefix("whsec_")), isi, hashlib.sha256)
    ).decode()
    return hmac.compare_digest(kepala["webhook-signature"], f"v1,{mau}")


@pytest.mark.django_db
def test_pesan_uji_sampai_dengan_tanda_tangan_dan_rahasia_hanya_sekali(penerima):
    k = klien("register")
    jawab = langganan(k, penerima.alamat, kunci="langganan-satu")
    assert jawab.status_code == 201, jawab.content
    satu = jawab.json()
    assert (
        langganan(k, penerima.alamat, kunci="langganan-satu").json() == satu and Webhook.objects.count() == 1
    )
    assert "rahasia" not in k.get(ALAMAT).json()["results"][0]
    assert satu["rahasia"] not in str(list(Jejak.objects.values_list("rincian", flat=True)))
    assert pos(k, f"{ALAMAT}{satu['id']}/uji/").status_code == 202
    kerjakan()
    ((kepala, badan, jalur),) = penerima.datang
    kepala = {n.lower(): v for n, v in kepala.items()}
    assert jalur == "/masuk" and sah(satu["rahasia"], kepala, badan)
    assert not sah(satu["rahasia"], kepala, badan + b" ")
    assert abs(int(kepala["webhook-timestamp"]) - timezone.now().timestamp()) < 60
    kiriman = k.get(f"{ALAMAT}{satu['id']}/kiriman/").json()["results"]
    assert [(r["status"], r["percobaan"], r["kode"]) for r in kiriman] == [("terkirim", 1, 200)]


def test_perubahan_dikabarkan_sekali_dengan_posisi_yang_menyambung(penerima, db_nyata):
    k = klien("register")
    langganan(k, penerima.alamat)
    assert sinkron.kabarkan_webhook() == 0
    keluarga = Keluarga.objects.create(
        nama_kepala="Rahasia Sekali", wilayah_id=DESA, alamat="-", rt="001", rw="001"
    )
    assert sinkron.kabarkan_webhook() == 1 and sinkron.kabarkan_webhook() == 0
    kerjakan()
    ((_, badan, _),) = penerima.datang
    isi = json.loads(badan)
    assert isi["peristiwa"] == "keluarga.berubah" and isi["data"]["jumlah"] == 1
    assert b"Rahasia" not in badan and str(keluarga.pk).encode() not in badan
    berubah = k.get("/api/v1/keluarga/", {"diubah_sejak": isi["data"]["diubah_sejak"]}).json()["results"]
    assert [r["id"] for r in berubah] == [str(keluarga.pk)]


@pytest.mark.django_db
def test_gagal_dicoba_lagi_dengan_id_yang_sama_lalu_dihentikan_dan_dilanjutkan(penerima):
    k = klien("register")
    satu = langganan(k, penerima.alamat).json()
    penerima.kode = 500
    pos(k, f"{ALAMAT}{satu['id']}/uji/")
    kerjakan()
    assert len(penerima.datang) == 1
    job = Pekerjaan.objects.get(jenis=webhook.JOB, status="menunggu")
    assert job.jalankan_setelah - timezone.now() > timedelta(seconds=20)
    for _ in webhook.JEDA:
        kerjakan(sekarang=True)
    assert len(penerima.datang) == len(webhook.JEDA) + 1
    assert len({kepala["webhook-id"] for kepala, _, _ in penerima.datang}) == 1
    assert len({badan for _, badan, _ in penerima.datang}) == 1
    assert k.get(f"{ALAMAT}{satu['id']}/").json()["status"] == "jeda"
    assert pos(k, f"{ALAMAT}{satu['id']}/uji/").status_code == 409
    penerima.kode = 204
    assert pos(k, f"{ALAMAT}{satu['id']}/aktifkan/").json()["status"] == "aktif"
    kerjakan()
    assert KirimanWebhook.objects.get().status == "terkirim"


@pytest.mark.django_db
def test_pengalihan_tidak_diikuti(penerima):
    k = klien("register")
    satu = langganan(k, penerima.alamat).json()
    penerima.kode, penerima.tujuan = 302, penerima.alamat.replace("/masuk", "/lain")
    pos(k, f"{ALAMAT}{satu['id']}/uji/")
    kerjakan()
    assert [jalur for _, _, jalur in penerima.datang] == ["/masuk"]
    assert KirimanWebhook.objects.get().kode == 302


@pytest.mark.django_db
def test_kunci_yang_dicabut_tidak_menerima_apa_apa_lagi(penerima, cast):
    k = klien("register")
    satu = langganan(k, penerima.alamat).json()
    pos(k, f"{ALAMAT}{satu['id']}/uji/")
    tindakan_kunci.cabut(KunciApi.objects.get(), by=cast("admin"), alasan="tidak dipakai")
    kerjakan()
    assert penerima.datang == []
    assert Webhook.objects.get().status == "jeda"


@pytest.mark.django_db
def test_kunci_lain_tidak_melihat_dan_peristiwa_di_luar_cakupan_ditolak(penerima, masuk):
    k, lain = klien("register"), klien("register")
    satu = langganan(k, penerima.alamat).json()
    for alamat in (f"{ALAMAT}{satu['id']}/", f"{ALAMAT}{satu['id']}/kiriman/"):
        ada, tiada = lain.get(alamat), lain.get(alamat.replace(satu["id"], str(uuid.uuid4())))
        assert ada.status_code == 404 and ada.content == tiada.content
    assert pos(lain, f"{ALAMAT}{satu['id']}/uji/").status_code == 404
    assert langganan(k, penerima.alamat, "usulan.berubah").status_code == 422
    assert langganan(k, penerima.alamat, "uji").status_code == 400
    assert masuk("verifikator").get(ALAMAT).status_code == 403
    for _ in range(webhook.PALING_BANYAK - 1):
        assert langganan(k, penerima.alamat).status_code == 201
    assert langganan(k, penerima.alamat).status_code == 422
    hapus = k.delete(f"{ALAMAT}{satu['id']}/", headers={"Idempotency-Key": "hapus-satu"})
    assert hapus.status_code == 200 and hapus.json()["status"] == "dihapus"
    assert langganan(k, penerima.alamat).status_code == 201


@pytest.mark.django_db
def test_peristiwa_hanya_untuk_kunci_yang_wilayahnya_memuatnya(penerima):
    langganan(klien("padan"), penerima.alamat, "padan.selesai")
    langganan(klien("padan", wilayah="32.06"), penerima.alamat, "padan.selesai")
    assert webhook.umumkan(Peristiwa.PADAN, wilayah=DESA, data={}) == 1


BURUK = [
    "ftp://penerima.uji/", "file:///etc/passwd", "gopher://penerima.uji/", "javascript:alert(1)", "//penerima.uji/", "penerima.uji", "",
    "http://user:x@penerima.uji/", "https://penerima.uji@evil.example/", "https://evil.example/?penerima.uji", "https://evil.example/#penerima.uji",
    "https://penerima.uji.evil.example/", "https://evilpenerima.uji/", "https://penerima.uji\\@evil.example/", "https://penerima.uji%2eevil.example/",
    "https://127.0.0.1/", "https://2130706433/", "https://0x7f000001/", "https://0177.0.0.1/", "https://127.1/", "https://0/", "https://[::1]/",
    "https://[::ffff:127.0.0.1]/", "https://[::ffff:7f00:1]/", "https://[fe80::1%25eth0]/", "https://169.254.169.254/latest/", "https://localhost/",
    "https://penerima.uji:99999/", "https://penerima.uji:x/", "https://penerima。uji/", "https://ｐenerima.uji/", "https://penerima.uji/\r\nX: y",
    "https://penerima.uji/ x", "https://garut.go.id/", "https://.garut.go.id/", "https://x..garut.go.id/", "HTTPS://EVIL.EXAMPLE/", "https://" + "a" * 250,
    "https://penerima.uji./", "https://[garut.go.id]/",
]  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("alamat", BURUK)
def test_alamat_buruk_tidak_bisa_dilanggan(penerima, alamat):
    jawab = langganan(klien("register"), alamat)
    assert jawab.status_code in (400, 422), alamat
    assert not Webhook.objects.exists() and penerima.datang == []


PRIBADI = [
    "127.0.0.1", "127.8.8.8", "0.0.0.0", "10.0.0.5", "172.16.3.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "192.0.2.1", "198.18.0.1",
    "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fc00::1", "ff02::1", "::ffff:10.0.0.1", "2002:7f00:1::", "2001:0:7f00:1::", "64:ff9b::7f00:1",
]  # fmt: skip


@pytest.mark.parametrize("ip", PRIBADI)
def test_nama_yang_mengarah_ke_dalam_tidak_dihubungi(nama, ip, monkeypatch):
    """The name is on the list and its owner points it inside: no connection is even tried; nor when only one of two is inside."""
    monkeypatch.setattr(socket, "create_connection", lambda *a, **k: pytest.fail("connected"))
    aturan = kawat.Aturan(("hook.garut.go.id",))
    for jawaban in ([ip], ["8.8.8.8", ip]):
        nama["hook.garut.go.id"] = jawaban
        hasil = kawat.kirim(
            "https://hook.garut.go.id/", nomor="1", badan=b"{}", rahasia="whsec_AAAA", aturan=aturan
        )
        assert hasil.kode == 0 and "tidak boleh dituju" in hasil.sebab


def test_alamat_yang_diperiksa_adalah_yang_dihubungi(nama, monkeypatch):
    """DNS rebinding: the name answers differently the second time; it is asked once."""
    kali, tersambung = [], []

    def cari(host, port, *a, **k):
        kali.append(host)
        return [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("8.8.8.8" if len(kali) == 1 else "127.0.0.1", port))
        ]

    def sambung(alamat, *a, **k):
        tersambung.append(alamat)
        raise OSError

    monkeypatch.setattr(socket, "getaddrinfo", cari)
    monkeypatch.setattr(socket, "create_connection", sambung)
    kawat.kirim(
        "https://hook.garut.go.id/",
        nomor="1",
        badan=b"{}",
        rahasia="whsec_AAAA",
        aturan=kawat.Aturan((".garut.go.id",)),
    )
    assert tersambung == [("8.8.8.8", 443)] and kali == ["hook.garut.go.id"]
