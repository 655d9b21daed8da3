"""An old citizen looks for an answer: front page, questions, numbers; large text, keys only, no JavaScript, no signal."""

import gzip
import re

from portal.actions import ringkasan, statistik
from portal.alamat import ada
from tests.bantu import alur
from tests.browser import warga

PINTU = (
    "/cek/",
    "/usul/",
    "/sanggah/",
    "/aduan/",
    "/pengumuman/",
    "/darurat/",
    "/darurat/lapor/",
    "/lapor-rahasia/",
    "/lapor-rahasia/baca/",
)
TAMU = (
    "/", "/bantuan/", "/bantuan/dipotong/", "/bantuan/istilah/", "/bantuan/?cari=kartu+hilang", "/statistik/", "/lacak/", "/v/", "/tidak-ada/",
    *(p for p in PINTU if ada(p)),
)  # fmt: skip


def test_setiap_halaman_tamu_dengan_huruf_besar_dan_angka_di_layar_lebar(portal, layar):
    alur.sampai("diajukan", nomor=6)
    ringkasan.segarkan()
    statistik.segarkan()
    nenek = layar(portal, lebar=warga.LEBAR, besar=True)
    for alamat in TAMU:
        nenek.buka(alamat)
        assert (
            nenek.hal.evaluate("() => parseFloat(getComputedStyle(document.documentElement).fontSize)") == 32
        )
        nenek.lihat()
        warga.terbaca(nenek)
    wartawan = layar(portal, lebar=1280)
    wartawan.buka("/statistik/")
    assert "Keluarga yang diusulkan" in wartawan.teks
    wartawan.lihat("warga-04-angka")


def test_mencari_jawaban_hanya_dengan_papan_ketik(portal, layar):
    kakek = layar(portal, lebar=warga.LEBAR)
    papan = warga.Papan(kakek)
    kakek.buka("/")
    kakek.lihat("warga-01-depan")
    papan.ke("Langsung ke isi")
    kakek.hal.keyboard.press("Enter")
    papan.tulis("cari", "bantuan saya dipotong")
    papan.tekan("Cari jawaban")
    kakek.lihat("warga-02-cari")
    papan.tekan("Bantuan saya dipotong")
    assert "Tidak ada potongan untuk siapa pun" in kakek.teks
    kakek.lihat("warga-03-jawaban")


def test_jawaban_dibaca_lagi_tanpa_sinyal_dan_tanpa_javascript(portal, layar):
    nenek = layar(portal, lebar=warga.LEBAR, skrip=False)
    nenek.buka("/")
    nenek.ikuti("Tanya jawab")
    nenek.ikuti("Kartu bantuan (KKS) hilang")
    nenek.lihat()
    nenek.konteks.set_offline(True)
    nenek.hal.go_back()
    assert nenek.hal.get_by_role("heading", level=1).inner_text() == "Tanya jawab"
    nenek.ikuti("Kartu bantuan (KKS) hilang")
    assert "kantor polisi" in nenek.teks
    nenek.konteks.set_offline(False)


def test_kunjungan_pertama_di_bawah_15_kb(portal, layar):
    """What a phone loads for a public page when it has nothing yet: page, style, script, pictures, as they are sent."""
    for alamat in ("/", "/bantuan/dipotong/", "/lacak/"):
        tamu = layar(portal, lebar=warga.LEBAR)
        ukuran: dict[str, int] = {}
        tamu.konteks.on("response", lambda r, u=ukuran: u.__setitem__(r.url, len(gzip.compress(r.body(), 6))))
        tamu.buka(alamat)
        tamu.hal.wait_for_load_state("networkidle")
        kepala = "manifest"  # fetched when the page is installed only
        jumlah = {re.sub(r"^.*/", "/", u): n for u, n in ukuran.items() if kepala not in u}
        assert sum(jumlah.values()) < 15_000, jumlah
        print(alamat, sum(jumlah.values()), jumlah)
        tamu.tutup_jendela()
