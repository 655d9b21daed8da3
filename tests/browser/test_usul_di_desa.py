"""The village's side of usul warga: the inbox, taking over, the counter; and a citizen who takes back, without JavaScript."""

import re

import pytest

from pengaduan.models import Usul
from tests.bantu.alur import keluarga_uji
from tests.bantu.usul import usul
from tests.browser import langkah, warga

pytestmark = pytest.mark.timeout(240)
N = 310


def lacak(layar, tiket: str, pin: str) -> None:
    layar.buka("/lacak/")
    layar.ketik(tiket=tiket, pin=pin)
    layar.tekan("Lihat status")


def test_operator_membuka_kotak_masuk_dan_mengambil_alih(portal, layar):
    kepala = keluarga_uji(N).told[0]
    satu, pin = usul(nama_kepala=kepala.nama, nik=kepala.nik)
    op = layar(portal, "operator", lebar=1280)
    op.buka("/usul-warga/")
    op.lihat("usul-01-kotak-masuk")
    op.ikuti(satu.tiket)
    assert "Merpati" not in op.teks
    op.lihat("usul-02-satu-usul")
    op.hal.get_by_text("Lihat nama dan nomor lengkap").click()
    op.ketik(alasan="Menelepon untuk menanyakan alamat")
    op.tekan("Tampilkan")
    assert "Merpati Pengusul" in op.teks
    op.lihat()
    op.ikuti("Ambil alih dan buat usulan")
    op.ketik(**langkah.identitas(kepala), program="PKH")
    op.lihat()
    op.tekan("Buat usulan")
    assert "Usulan dibuat dari usul warga" in op.hal.locator("body").inner_text()
    op.lihat()
    lacak(op, satu.tiket, pin)
    assert "Desa sudah mengambil alih usul Anda." in op.teks


def test_loket_desa_mencatat_dan_menjawab(portal, layar):
    op = layar(portal, "operator")
    op.buka("/usul-warga/catat/")
    op.lihat("usul-03-loket")
    op.ketik(
        untuk="keluarga", nama_kepala="Ujang Rohman", alamat="Kampung Baru", rt="1", rw="5", alasan="Suami sakit sejak lebaran.",
        pengusul_nama="Mak Icih", pengusul_nik="3205014107700003", setuju="on",
    )  # fmt: skip
    op.tekan("Simpan dan tampilkan tanda terima")
    op.lihat("usul-04-tanda-terima-loket")
    cocok = re.search(r"UWG-\d{6}-\d{5}", op.teks)
    assert cocok
    tiket, pin = cocok[0], op.hal.locator(".nomor.besar").inner_text().strip()
    op.ikuti("Daftar usul warga")
    op.lihat()
    op.ikuti(tiket)
    op.ikuti("Jangan dilanjutkan")
    op.ketik(alasan="USUL_KURANG_JELAS")
    op.lihat("usul-05-jawaban")
    op.tekan("Simpan")
    assert "Jawaban disimpan" in op.hal.locator("body").inner_text()
    lacak(op, tiket, pin)
    assert "belum cukup jelas" in op.teks


def test_nenek_menarik_usulnya_tanpa_javascript_dengan_huruf_besar(portal, layar):
    satu, pin = usul(untuk="sendiri")
    nenek = layar(portal, lebar=warga.LEBAR, skrip=False, besar=True)
    lacak(nenek, satu.tiket, pin)
    nenek.lihat()
    warga.terbaca(nenek)
    nenek.hal.get_by_text("Tarik usul ini").click()
    nenek.ketik(yakin="on")
    nenek.tekan("Tarik usul")
    assert "Usul ini sudah ditarik." in nenek.teks
    assert Usul.objects.get().status == "ditarik"
