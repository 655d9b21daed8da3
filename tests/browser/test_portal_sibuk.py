"""More people than the portal can serve, and a thin line: what was typed stays, and a first visit weighs little."""

import contextlib
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from urllib.request import Request, urlopen

import pytest

from dtks.models import Keluarga, Usulan
from tests.bantu.alur import keluarga_uji
from tests.browser import jaringan, langkah
from tests.browser.layar import Layar
from tests.browser.panggung import Portal

pytestmark = pytest.mark.timeout(240)
PALING_BERAT = 150_000  # bytes of a first visit: performance goal L6
HALAMAN_PUBLIK = ("/", "/cek/", "/statistik/", "/lacak/", "/masuk/", "/usul/")
HALAMAN_PETUGAS = (
    "/dasbor/",
    "/usulan/",
    "/usulan/baru/",
    "/usulan/baru/lengkap/",
    "/keluarga/",
    "/musyawarah/",
)


@pytest.fixture(scope="module")
def portal_sesak(panggung, tmp_path_factory) -> Iterator[Portal]:
    """One thread, and a form that waits two seconds for it is given back."""
    web = Portal(panggung, tmp_path_factory.mktemp("sesak"), demo=True, aplikasi="tests.bantu.web_lambat:application", utas=1,
                 WEB_WAIT_READ="60", WEB_WAIT_WRITE="2")  # fmt: skip
    try:
        web.tunggu()
        yield web
    finally:
        web.hentikan()


@contextlib.contextmanager
def sesak(web: Portal, detik: float) -> Iterator[None]:
    """Others keep the only thread busy, and the place before it."""
    minta = Request(f"{web.alamat}/lambat/?s={detik / 2}", b"x", method="POST")
    with ThreadPoolExecutor(2) as kolam:
        lain = [kolam.submit(lambda: urlopen(minta, timeout=60).status) for _ in range(2)]
        time.sleep(0.3)
        yield
        assert [x.result() for x in lain] == [200, 200]


def tanpa_pekerja_layanan(layar: Layar) -> Layar:
    """An old browser: with a service worker the form would be sent again by itself, and its cache would hide what a page weighs."""
    layar.konteks.add_init_script("delete Navigator.prototype.serviceWorker")
    return layar


def abaikan_503(layar: Layar) -> None:
    for kalimat in [k for k in layar.temuan if "503" in k]:
        del layar.temuan[kalimat]


def test_isian_kembali_bersama_halaman_sibuk_dan_terkirim_sesudahnya(portal_sesak, layar):
    rt = tanpa_pekerja_layanan(layar(portal_sesak))
    rt.masuk("rtrw")
    rt.buka("/usulan/")
    langkah.isi_usulan_baru(rt, 7, "APBD-LANSIA")
    with sesak(portal_sesak, 8):
        rt.tekan("Simpan sebagai draf")
        assert "isiannya tidak hilang" in rt.teks
        rt.lihat("68-portal-sibuk")
    assert Usulan.objects.count() == 0
    rt.tekan("Kirim lagi")
    assert "/tanda-terima/" in rt.hal.url
    assert Keluarga.objects.get().nama_kepala == keluarga_uji(7).told[0].nama
    abaikan_503(rt)


@pytest.mark.load
def test_dengan_pekerja_layanan_petugas_tidak_melihat_apa_apa(portal_sesak, layar):
    """The browser's worker sends the same form again when the portal said "not now": up to a minute, hence not by default."""
    rt = layar(portal_sesak, "rtrw")
    rt.hal.set_default_timeout(120_000)
    rt.buka("/usulan/")
    rt.hal.wait_for_function("() => navigator.serviceWorker && navigator.serviceWorker.controller")
    langkah.isi_usulan_baru(rt, 8, "APBD-LANSIA")
    with sesak(portal_sesak, 8):
        rt.tekan("Simpan sebagai draf")
    assert "/tanda-terima/" in rt.hal.url and Usulan.objects.count() == 1
    abaikan_503(rt)


def _berat(layar: Layar, alamat: str) -> int:
    """Bytes over the line for this page and all it brings, with an empty cache."""
    byte: list[int] = []
    cdp = layar.konteks.new_cdp_session(layar.hal)
    cdp.send("Network.enable")
    cdp.send("Network.clearBrowserCache")
    cdp.on("Network.loadingFinished", lambda e: byte.append(int(e["encodedDataLength"])))
    layar.hal.goto(alamat, wait_until="load")
    layar.hal.wait_for_timeout(300)
    cdp.detach()
    return sum(byte)


def test_kunjungan_pertama_ringan(portal, layar):
    warga, operator = (tanpa_pekerja_layanan(layar(portal)) for _ in range(2))
    operator.masuk("operator")
    berat = {a: _berat(warga, a) for a in HALAMAN_PUBLIK} | {a: _berat(operator, a) for a in HALAMAN_PETUGAS}
    print(berat)
    assert min(berat.values()) > 3_000, "something was measured"
    assert {a: b for a, b in berat.items() if b > PALING_BERAT} == {}


def test_formulir_bisa_diisi_pada_256_kilobit(portal, layar):
    """400 ms there and back, 256 kbit/s: the form of a new family is there, is filled in and arrives."""
    rt = layar(portal, "rtrw")
    jaringan.lambat(rt, 256)
    mulai = time.monotonic()
    rt.buka("/usulan/")
    langkah.isi_usulan_baru(rt, 9, "APBD-LANSIA")
    rt.tekan("Simpan sebagai draf")
    print(f"three pages and a sending: {time.monotonic() - mulai:.1f} s")
    assert Usulan.objects.count() == 1
