"""Somebody reports on an old phone of 320 px without JavaScript; the inspector makes keys, reads and answers in the browser."""

import re

import pytest
from django.db import connection

from pengaduan.models import KunciKantor, LaporanRahasia, PesanRahasia, SalinanKunci
from tests.bantu import rahasia
from tests.browser.gambar import foto_rumah

pytestmark = pytest.mark.timeout(900)  # the stage is set up within it
SANDI = "empat kuda makan rumput sore hari"


@pytest.fixture(autouse=True)
def tanpa_tunggu(db_nyata):
    with rahasia.tanpa_tunggu():
        yield


def tunggu(layar, kalimat: str) -> None:
    """Until the page says so and keeps saying so."""
    layar.hal.get_by_text(kalimat).first.wait_for()


def buat_kunci(layar) -> None:
    layar.buka("/pengaduan/rahasia/")
    layar.ikuti("Buat kunci saya")
    layar.isi("Kata kunci baru", SANDI)
    layar.isi("Ketik sekali lagi", SANDI)
    layar.hal.get_by_role("button", name="Buat kunci").click()
    layar.hal.get_by_role("heading", name="Simpan berkas kunci").wait_for()
    assert b'"bungkus"' in layar.unduh("Unduh berkas kunci")
    layar.ikuti("Lanjut")


def buka(layar) -> None:
    layar.buka("/pengaduan/rahasia/")
    layar.isi("Kata kunci", SANDI)
    layar.hal.get_by_role("button", name="Buka laporan").click()
    layar.hal.get_by_role("heading", name=re.compile("Laporan untuk Inspektorat")).wait_for()


def lapor(warga, cerita: str) -> str:
    """The number on the receipt."""
    warga.buka("/lapor-rahasia/")
    warga.ketik(jenis="pungli", cerita=cerita)
    warga.unggah("foto", "IMG_20261122_KTP-SAYA.jpg", "image/jpeg", foto_rumah())
    warga.tekan("Kirim laporan")
    return re.search(r"(?:\d{4} ?){4}", warga.teks)[0]


def test_lapor_rahasia_sampai_dijawab(portal, layar):
    satu = layar(portal, "inspektorat", lebar=1280)
    satu.hal.on("dialog", lambda d: d.accept())
    buat_kunci(satu)
    assert KunciKantor.objects.get().wilayah_id == "32.05"
    warga = layar(portal, lebar=320, skrip=False)
    warga.buka("/lapor-rahasia/")
    warga.lihat()
    nomor = lapor(warga, "Pak Anu meminta Rp200.000 supaya nama kami masuk.")
    warga.lihat()
    assert not warga.konteks.cookies()

    buka(satu)
    laporan = LaporanRahasia.objects.get()
    satu.lihat("rahasia-meja")
    satu.hal.get_by_role("button", name=f"Laporan {laporan.sebutan}").click()
    tunggu(satu, "Pak Anu meminta Rp200.000")
    satu.hal.get_by_role("button", name="Lihat foto 1").click()
    satu.hal.get_by_role("img", name="Lihat foto 1").wait_for()
    satu.lihat()
    satu.isi("Jawaban atau pertanyaan untuk pelapor", "Kapan kejadiannya, dan siapa yang melihat?")
    satu.hal.get_by_role("button", name="Kunci dan kirim jawaban").click()
    tunggu(satu, "Jawaban sudah terkunci dan tersimpan.")
    tunggu(satu, "Kapan kejadiannya, dan siapa yang melihat?")

    warga.buka("/lapor-rahasia/baca/")
    warga.lihat()
    warga.ketik(nomor=nomor)
    warga.tekan("Buka")
    assert "Kapan kejadiannya, dan siapa yang melihat?" in warga.teks and "Pak Anu" not in warga.teks
    warga.lihat()
    warga.ketik(cerita="Hari Senin, di balai desa.")
    warga.tekan("Kirim pesan")
    assert PesanRahasia.objects.count() == 3
    warga.ikuti("Selesai, tutup")
    warga.lihat()

    satu.hal.get_by_role("button", name="Kunci halaman ini").click()
    buka(satu)
    satu.hal.get_by_role("button", name=f"Laporan {laporan.sebutan}").click()
    tunggu(satu, "Hari Senin, di balai desa.")
    satu.hal.get_by_role("button", name="Tutup laporan").click()
    tunggu(satu, "Laporan ditutup.")
    laporan.refresh_from_db()
    assert laporan.ditutup is not None


def test_rekan_diberi_kunci_lalu_kunci_kantor_diganti(portal, layar):
    satu = layar(portal, "inspektorat", lebar=1280)
    satu.hal.on("dialog", lambda d: d.accept())
    buat_kunci(satu)
    pengguna = rahasia.buat_pengguna("inspektorat.dua", "INSPEKTORAT", "32.05")
    pengguna.set_password("demo-portal-2026")
    pengguna.save()
    connection.commit() if not connection.get_autocommit() else None
    dua = layar(portal, "inspektorat.dua", lebar=360)
    buat_kunci(dua)
    assert "minta rekan" in dua.teks
    dua.lihat()
    sidik = re.search(r"(?:[0-9a-f]{4} ){4}[0-9a-f]{4}", dua.teks)[0]

    buka(satu)
    satu.hal.get_by_text("Kunci dan rekan").click()
    assert sidik in satu.teks
    satu.hal.get_by_role("button", name="Bagikan kunci").click()
    tunggu(satu, "Kunci sudah dibagikan.")
    warga = layar(portal, lebar=320, skrip=False)
    lapor(warga, "Laporan sebelum kunci diganti.")
    satu.hal.get_by_text("Kunci dan rekan").click()
    satu.lihat("rahasia-rekan")
    satu.hal.get_by_role("button", name="Ganti kunci kantor").click()
    tunggu(satu, "Kunci kantor sudah diganti.")
    assert SalinanKunci.objects.count() == 4
    lapor(warga, "Laporan sesudah kunci diganti.")

    buka(dua)
    for sebutan, kalimat in (
        (p.laporan.sebutan, kalimat)
        for p, kalimat in zip(
            PesanRahasia.objects.order_by("kantor__sejak", "kantor__sampai").select_related("laporan"),
            ("Laporan sebelum kunci diganti.", "Laporan sesudah kunci diganti."),
            strict=True,
        )
    ):
        dua.hal.get_by_role("button", name=f"Laporan {sebutan}").click()
        tunggu(dua, kalimat)
    dua.lihat()
    dua.buka("/pengaduan/rahasia/")
    dua.isi("Kata kunci", "bukan kata kunci saya sama sekali")
    dua.hal.get_by_role("button", name="Buka laporan").click()
    tunggu(dua, "Kata kunci tidak cocok.")
