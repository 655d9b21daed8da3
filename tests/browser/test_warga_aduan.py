"""An old citizen complains by keys alone, with large text and no JavaScript; the Dinas asks and answers; she judges the answer."""

from collections.abc import Iterator

import pytest

from pengaduan.models import Aduan
from tests.bantu.alur import orang
from tests.bantu.pemain import DESA
from tests.browser import warga
from tests.browser.gambar import foto_rumah

pytestmark = pytest.mark.timeout(400)
CERITA = "Kartu KKS saya tertelan mesin ATM dan belum diganti."


@pytest.fixture(autouse=True)
def sabar(db_nyata) -> Iterator[None]:
    with warga.tunggu_sebentar():
        yield


def _langkah(petugas, label: str, **isi: str) -> None:
    """One step of the officer, from the page of the complaint."""
    petugas.ikuti(label)
    petugas.lihat()
    if isi:
        petugas.ketik(**isi)
    petugas.tekan(label)
    petugas.lihat()


def test_nenek_mengadu_ditanya_dijawab_dan_memberi_nilai(portal, layar):
    nenek = layar(portal, lebar=warga.LEBAR, besar=True, skrip=False)
    papan = warga.Papan(nenek)
    nenek.buka("/")
    papan.tekan("Aduan Bantuan tidak cair")
    nenek.lihat()
    warga.terbaca(nenek)
    papan.pilih("kategori", "KKS")
    papan.tekan("Lanjut")
    papan.tulis("wilayah_cari", DESA)
    papan.tekan("Cari wilayah")
    papan.tulis("cerita", CERITA)
    nenek.lihat()
    warga.terbaca(nenek)
    papan.tekan("Lanjut")
    papan.tulis("nama", "Nyi Merpati")
    nenek.lihat()
    warga.terbaca(nenek)
    warga.kirim_pelan(nenek, "Kirim aduan", lambda: "Tanda terima" in nenek.teks, papan=papan)
    nenek.lihat()
    warga.terbaca(nenek)
    tiket, pin = warga.pegangan(nenek, "ADU")
    satu = Aduan.objects.get(tiket=tiket)
    assert satu.cerita == CERITA and satu.wilayah_id == DESA

    petugas = layar(portal, "verifikator", lebar=1280)
    petugas.buka("/pengaduan/")
    petugas.lihat()
    petugas.ikuti(tiket)
    petugas.lihat()
    _langkah(petugas, "Terima dan golongkan", kelas="pengaduan")
    _langkah(petugas, "Serahkan ke petugas", tujuan=f"orang:{orang('verifikator').pk}")
    _langkah(petugas, "Mulai tangani")
    _langkah(petugas, "Tanya pelapor", isi="Bank apa yang tertulis di kartunya?")

    warga.lacak(nenek, tiket, pin)
    assert "Bank apa yang tertulis" in nenek.teks
    nenek.lihat()
    warga.terbaca(nenek)
    papan.tulis("isi", "Bank Mandiri, Pak.")
    papan.tekan("Kirim jawaban")
    nenek.lihat()

    petugas.hal.reload()
    assert "Bank Mandiri" in petugas.teks
    _langkah(petugas, "Kirim jawaban", jawaban="Kartu baru bisa diambil di bank dengan KTP. Gratis.")

    warga.lacak(nenek, tiket, pin)
    assert "Kartu baru bisa diambil" in nenek.teks
    nenek.lihat()
    warga.terbaca(nenek)
    papan.pilih("nilai", "5")
    papan.tekan("Kirim nilai")
    nenek.lihat()
    satu.refresh_from_db()
    assert (satu.status, satu.nilai) == ("ditutup", 5)
    assert "Merpati" not in nenek.hal.content()


def test_kakek_mengadu_dengan_jempol_dan_minta_dibuka_lagi(portal, layar):
    kakek = layar(portal, lebar=warga.LEBAR)
    kakek.buka("/aduan/?kategori=SARAN")
    kakek.ketik(kategori="SARAN")
    kakek.lihat("warga-40-aduan-tentang")
    kakek.tekan("Lanjut")
    kakek.isi("Cari nama atau kode", DESA)
    kakek.tekan("Cari wilayah")
    kakek.ketik(cerita="Jadwal pembagian sebaiknya ditempel di balai desa.")
    kakek.unggah("foto", "papan.jpg", "image/jpeg", foto_rumah())
    kakek.lihat("warga-41-aduan-cerita")
    kakek.tekan("Lanjut")
    kakek.ketik(privasi="anonim")
    kakek.lihat("warga-42-aduan-anda")
    kakek.tekan("Kirim aduan")
    kakek.lihat("warga-43-aduan-tanda-terima")
    tiket, pin = warga.pegangan(kakek, "ADU")

    petugas = layar(portal, "verifikator", lebar=360)
    petugas.buka(f"/pengaduan/{Aduan.objects.get(tiket=tiket).pk}/")
    _langkah(petugas, "Terima dan golongkan", kelas="aspirasi")
    _langkah(petugas, "Kirim jawaban", jawaban="Terima kasih. Usul Anda kami sampaikan ke desa.")
    for alamat in ("/pengaduan/", "/pengaduan/baru/", "/pengaduan/angka/", "/pengaduan/templat/"):
        petugas.buka(alamat)
        petugas.lihat()

    warga.lacak(kakek, tiket, pin)
    kakek.lihat("warga-45-aduan-dijawab")
    kakek.hal.locator("summary").filter(has_text="Minta dibuka lagi").click()
    kakek.ketik(alasan="Belum ditempel juga sampai hari ini.")
    kakek.tekan("Minta dibuka lagi")
    kakek.lihat()
    satu = Aduan.objects.get(tiket=tiket)
    assert satu.status == "diverifikasi" and satu.dibuka_lagi_at
