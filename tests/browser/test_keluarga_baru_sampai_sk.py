"""The acceptance line: a new family from `rtrw` to a decree, its public check and the family's own look-up."""

import time

import pytest

from tests.bantu.alur import keluarga_uji
from tests.browser import langkah
from tests.browser.layar import Layar

pytestmark = pytest.mark.timeout(300)


def _tunggu_padan(op: Layar, kasus: str, jumlah: int, detik: float = 45) -> None:
    """Reload until the worker has asked the simulator about every member."""
    batas = time.monotonic() + detik
    while op.hal.locator("td[data-label='Cek Dukcapil']", has_text="Padan").count() < jumlah:
        assert time.monotonic() < batas, f"the NIK check did not finish: {op.teks}"
        time.sleep(0.5)
        op.buka(kasus)


def test_keluarga_baru_sampai_sk_halaman_publik_dan_lacak(portal, layar):
    kepala = keluarga_uji(0).told[0]
    anggota = len(keluarga_uji(0).told)
    rt = layar(portal, "rtrw")
    kasus, tiket, pin = langkah.usulkan(rt, program="APBD-LANSIA")

    op = layar(portal, "operator")
    langkah.lengkapi(op, kasus)
    rapat = langkah.musyawarah(op, kepala.nama)
    lurah = layar(portal, "lurah")
    langkah.setujui(lurah, rapat)
    langkah.terapkan_dan_input(op, rapat, kasus)
    _tunggu_padan(op, kasus, anggota)
    op.lihat("24-lengkap-dan-padan")

    verifikator2 = layar(portal, "verifikator2", lebar=1280)
    verifikator2.buka("/verifikasi/")
    verifikator2.ikuti("Perlu ditugaskan")
    verifikator2.lihat("25-antrean-verifikasi")
    verifikator2.ikuti(kepala.nama)
    verifikator2.ikuti("Tugaskan petugas")
    verifikator2.hal.get_by_label("Petugas Tksk,").check()
    verifikator2.lihat("26-tugaskan")
    verifikator2.tekan("Tugaskan petugas")

    tksk = layar(portal, "tksk")
    tksk.buka("/asesmen/")
    tksk.lihat("27-kunjungan-saya")
    langkah.ambil_foto_asesmen(tksk, kasus)
    tksk.lihat("28-isi-kunjungan")
    tksk.tekan("Selesaikan asesmen")
    tksk.buka("/asesmen/")
    assert "Layak" in tksk.teks
    tksk.lihat("29-kunjungan-selesai")

    verifikator = layar(portal, "verifikator", lebar=1280)
    verifikator.buka("/verifikasi/?antrean=diases")
    verifikator.ikuti(kepala.nama)
    verifikator.lihat("30-usulan-diases")
    verifikator.ikuti("Nyatakan lolos verifikasi")
    verifikator.lihat("31-verifikasi")
    verifikator.tekan("Nyatakan lolos verifikasi")

    kadis = layar(portal, "kadis", lebar=1280)
    kadis.buka("/verifikasi/?antrean=terverifikasi")
    kadis.hal.get_by_label(f"Pilih {kepala.nama}").check()
    kadis.lihat("32-antrean-pengesahan")
    kadis.tekan("Periksa yang dicentang")
    kadis.lihat("33-sahkan")
    kadis.tekan("Sahkan 1 usulan")
    kadis.lihat("34-surat-pengesahan")
    assert kadis.unduh("Unduh surat").startswith(b"%PDF")
    batch = kadis.hal.url

    supervisor = layar(portal, "supervisor", lebar=1280)
    supervisor.buka(batch)
    supervisor.ketik(tanda_terima="400.9/118/Dinsos")
    supervisor.lihat("35-kirim")
    supervisor.tekan("Kirim")
    assert "Menunggu penetapan" in supervisor.teks

    kadis.buka(batch)
    kadis.ikuti("Tetapkan 1 usulan")
    kadis.hal.get_by_label(f"Hasil untuk {kepala.nama}").select_option("ditetapkan")
    kadis.lihat("36-tetapkan")
    kadis.tekan("Periksa dulu")
    kadis.lihat("37-periksa-sk")
    kadis.tekan("Terbitkan SK")
    kadis.lihat("38-sk")
    assert kadis.unduh("Unduh SK").startswith(b"%PDF")
    sk = kadis.hal.url
    umum = kadis.hal.get_by_role("link", name="/v/").inner_text()
    assert umum.startswith(portal.alamat)

    warga = layar(portal)
    warga.buka(umum)
    assert warga.hal.get_by_role("heading", level=1).inner_text() == "BERLAKU"
    assert kepala.nama not in warga.hal.content()
    warga.lihat("39-periksa-surat")
    warga.buka("/lacak/")
    warga.lihat("40-lacak")
    warga.isi("Nomor usulan", tiket.lower().replace("-", " "))
    warga.isi("PIN", pin)
    warga.tekan("Lihat status")
    assert "ditetapkan" in warga.teks.lower()
    warga.lihat("41-hasil-lacak")

    kadis.buka(sk)
    kadis.ikuti("Ganti SK")
    kadis.ketik(alasan="Nama penandatangan pada surat lama keliru.")
    kadis.lihat("42-ganti-sk")
    kadis.tekan("Ganti SK")
    kadis.lihat("43-sk-pengganti")
    warga.buka(umum)
    assert warga.hal.get_by_role("heading", level=1).inner_text() == "SUDAH DIGANTI"
    warga.lihat("44-surat-diganti")
    warga.hal.locator(".notis a").first.click()
    assert warga.hal.get_by_role("heading", level=1).inner_text() == "BERLAKU"

    kadis.ikuti("Cabut SK")
    kadis.ketik(alasan="Anggaran tahun ini dibatalkan oleh APBD Perubahan.")
    kadis.tekan("Cabut SK")
    warga.hal.reload()
    assert warga.hal.get_by_role("heading", level=1).inner_text() == "DICABUT"
    warga.lihat("45-surat-dicabut")
    warga.buka("/lacak/")
    warga.isi("Nomor usulan", tiket)
    warga.isi("PIN", pin)
    warga.tekan("Lihat status")
    assert "dicabut" in warga.teks
    warga.lihat()
