"""The operator's table with three mistakes: looked at, saved, the mistakes fetched to mend, and all of it taken back."""

import io

import pytest
from python_calamine import CalamineWorkbook

from dtks.actions.impor import templat_v4 as v4
from dtks.models import Individu
from tests.bantu import berkas_v4 as buat
from tests.bantu.pemain import DESA

pytestmark = pytest.mark.timeout(240)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def berkas_dengan_tiga_salah() -> tuple[bytes, int]:
    rows = buat.berkas(12, seed=1, desa=buat.nama_desa(DESA))
    anak = [b for b in rows if b[v4.PROGRAM] != "BPNT"]
    anak[0][v4.NIK] = anak[0][v4.NIK][:15]
    anak[1][v4.LAHIR] = "31/02/1980"
    anak[2][v4.PROGRAM] = "BLT"
    return buat.xlsx(rows), len(rows)


def test_unggah_periksa_simpan_perbaiki_dan_batalkan(portal, layar):
    isi, jumlah = berkas_dengan_tiga_salah()
    op = layar(portal, "operator", lebar=360)
    op.buka("/impor/")
    if op.hal.locator('main [name="jenis"]:not([type=hidden])').count():
        op.ketik(jenis="usulan_v4")
    op.unggah("berkas", "usulan paminggir.xlsx", XLSX, isi)
    op.lihat("80-impor-unggah")
    op.tekan("Periksa berkas")
    assert "Belum ada yang disimpan" in op.teks and not Individu.objects.exists()
    op.lihat("81-impor-periksa")
    kasus = op.hal.url
    op.ikuti("3 baris")
    assert "16 angka" in op.teks and "tidak ada di kalender" in op.teks
    op.lihat("82-impor-salah")
    op.buka(kasus)
    op.tekan("Simpan baris yang benar")
    assert Individu.objects.count() == jumlah - 3
    op.lihat("83-impor-selesai")
    perbaikan = op.unduh("Unduh 3 baris untuk diperbaiki")
    lembar = CalamineWorkbook.from_filelike(io.BytesIO(perbaikan)).get_sheet_by_index(0).to_python()
    assert len(lembar) == 4

    meja = layar(portal, "operator", lebar=1280)
    meja.buka("/impor/")
    meja.lihat()
    meja.ikuti("usulan paminggir.xlsx")
    meja.lihat()
    meja.hal.on("dialog", lambda d: d.accept())
    meja.tekan("Batalkan impor ini")
    meja.hal.get_by_text("Data kembali seperti semula").wait_for()
    assert not Individu.objects.exists()
    meja.lihat()
