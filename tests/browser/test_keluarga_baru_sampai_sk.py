"""The acceptance line: a new family from `rtrw` to a decree, its public check and the family's own look-up."""

import time

import pytest
from django.db import transaction

from core import audit
from core.models import Ketentuan
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


@pytest.fixture
def tiga_meja(db_nyata):
    """Garut endorses over three desks, as the portal does where nobody chose otherwise."""

    def setel(nilai: bool) -> None:
        with transaction.atomic():
            audit.catat(aksi="uji", jenis="uji", objek_id="-", by=None)
            Ketentuan.objects.filter(kunci="pengesahan.tiga_meja", wilayah="32").update(nilai=nilai)

    setel(True)
    yield
    setel(False)


def test_keluarga_baru_sampai_sk_halaman_publik_dan_lacak(portal, layar, tiga_meja):
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
    langkah.di_meja(verifikator2, "tugaskan")
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
    langkah.di_meja(verifikator, "verifikasi")
    verifikator.tekan("Nyatakan lolos verifikasi")
    verifikator.lihat("31-verifikasi")

    verifikator.buka("/verifikasi/?antrean=terverifikasi")
    verifikator.hal.get_by_label(f"Pilih {kepala.nama}").check()
    verifikator.lihat("32-antrean-pengesahan")
    verifikator.tekan("Susun batch dari yang dicentang")
    verifikator.lihat("kadis-1-susun-batch")
    verifikator.tekan("Serahkan 1 usulan")
    tiga_meja_url = verifikator.hal.url

    supervisor = layar(portal, "supervisor", lebar=1280)
    supervisor.buka(tiga_meja_url)
    supervisor.lihat("kadis-2-batch-supervisor")
    supervisor.ikuti("Teruskan ke Kepala Dinas")
    supervisor.tekan("Teruskan ke Kepala Dinas")

    kadis = layar(portal, "kadis", lebar=1280)
    kadis.buka("/penetapan/?daftar=batch")
    kadis.ikuti("B-001/")
    kadis.ikuti("Sahkan seluruh batch")
    kadis.lihat("33-sahkan")
    kadis.tekan("Sahkan seluruh batch")
    kadis.lihat("34-surat-pengesahan")
    assert kadis.unduh("Unduh surat").startswith(b"%PDF")
    batch = kadis.hal.url

    supervisor.buka(batch)
    supervisor.lihat("35-kirim")
    supervisor.tekan("Kirim")
    supervisor.ikuti("Catat tanda terima")
    supervisor.ketik(nomor="400.9/118/Dinsos")
    supervisor.tekan("Simpan tanda terima")
    supervisor.lihat("kadis-3-terkirim")
    supervisor.ikuti("Unduh berkas kiriman")
    supervisor.ketik(alasan="Diunggah ke SIKS-NG")
    assert supervisor.unduh("Unduh").startswith(b"PK")
    supervisor.buka(batch)
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
    surat = kadis.unduh("Unduh SK")
    for isi, jawab in ((surat, "Sama persis"), (surat + b" ", "Berbeda")):
        warga.unggah("berkas", "sk.pdf", "application/pdf", isi)
        warga.hal.get_by_text(jawab).first.wait_for()  # compared on the phone, nothing was sent
    assert warga.hal.url == umum
    warga.buka("/lacak/")
    warga.lihat("40-lacak")
    warga.isi("Nomor tiket", tiket.lower().replace("-", " "))
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
    warga.isi("Nomor tiket", tiket)
    warga.isi("PIN", pin)
    warga.tekan("Lihat status")
    assert "dicabut" in warga.teks
    warga.lihat()
