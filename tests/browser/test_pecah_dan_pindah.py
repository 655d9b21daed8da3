"""A KK is split, and one of the two families moves to the next village: two operators, each on a phone."""

import pytest

from dtks.models import Keluarga, PermintaanPindah
from tests.bantu.alur import sampai
from tests.browser.layar import Layar

pytestmark = pytest.mark.timeout(240)
KK_BARU = "3205010101260003"


def _dasar(op: Layar, jenis: str) -> None:
    op.ketik(tanggal="2026-11-01", dasar_jenis=jenis, dasar_nomor="3205/2026/17")


def test_pecah_kk_lalu_pindah_antardesa(portal, layar):
    rumah = sampai("ditarik", nomor=3, pengusul="operator").usulan.keluarga
    anak = rumah.anggota.exclude(hubungan="1").first()
    op = layar(portal, "operator")
    op.buka(f"/keluarga/{rumah.pk}/")
    op.ikuti("Catat perubahan")
    op.lihat("60-catat-perubahan")
    op.ikuti("Pecah KK")
    op.ketik(**{f"ikut_{anak.pk}": "1"}, no_kk=KK_BARU)
    _dasar(op, "KK_BARU")
    op.lihat("61-pecah-kk")
    op.tekan("Simpan")
    baru = Keluarga.objects.exclude(pk=rumah.pk).get()
    assert op.hal.url.endswith(f"/keluarga/{baru.pk}/") and anak.nama in op.teks
    op.ikuti("Riwayat keluarga")
    op.lihat("62-riwayat-keluarga")

    op.buka(f"/keluarga/{baru.pk}/peristiwa/pindah/")
    op.hal.locator("#id_ke_t4").wait_for()  # the lists open in the own kecamatan
    op.hal.locator("#id_ke").fill("margawati")
    op.hal.get_by_label("Kelurahan Margawati, Kecamatan Garut Kota").check()
    op.hal.wait_for_function("document.querySelector('#id_ke_t4')?.value === '32.05.01.1003'")
    op.lihat()

    op.tutup_jendela()
    op = layar(portal, "operator", skrip=False)  # the search of a desa by its code, as an old phone does it
    op.buka(f"/keluarga/{baru.pk}/peristiwa/pindah/")
    op.ketik(individu="keluarga", keterangan="Ikut orang tua")
    _dasar(op, "SKPWNI")
    op.ketik(ke_cari="32.05.01.1003")
    op.tekan("Cari wilayah")
    op.lihat()
    op.tekan("Simpan")
    assert "Menunggu desa tujuan" in op.teks
    permintaan = PermintaanPindah.objects.get(keluarga=baru)

    op2 = layar(portal, "operator2")
    op2.buka("/pindah/")
    op2.ikuti(f"Keluarga {baru.nama_kepala}")
    op2.lihat("63-permintaan-pindah")
    op2.ketik(alamat="Kp. Tujuan", rt="3", rw="4")
    op2.tekan("Terima pindah")
    assert "Diterima" in op2.teks and "Kp. Tujuan" in op2.teks
    op.buka(f"/pindah/{permintaan.pk}/")
    assert "Diterima" in op.teks
    op.lihat()
