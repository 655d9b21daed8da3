"""Somebody needs help: an old man reports it by a small phone without JavaScript, the officer on duty is called and answers."""

import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Pemberitahuan
from pengaduan.actions import bencana, piket
from pengaduan.models import Kedaruratan
from tests.bantu.alur import orang
from tests.bantu.pemain import DESA, KABUPATEN
from tests.browser import warga
from tests.browser.layar import Layar

pytestmark = pytest.mark.timeout(240)


@pytest.fixture(autouse=True)
def sabar(db_nyata) -> Iterator[None]:
    with warga.tunggu_sebentar():
        yield


def _dipanggil(siapa: Layar, tiket: str) -> None:
    """Until the worker of the stage has told the officer on duty."""
    batas = time.monotonic() + 45
    while not Pemberitahuan.objects.filter(pengguna=orang("tksk"), kalimat__contains=tiket).exists():
        assert time.monotonic() < batas, "the officer on duty was not called"
        siapa.hal.wait_for_timeout(200)


def test_kakek_melapor_tanpa_javascript_lalu_petugas_piket_menolong(portal, layar):
    mulai = timezone.now() - timedelta(minutes=1)
    piket.pasang(
        by=orang("supervisor"), pengguna=orang("tksk"), wilayah=KABUPATEN, mulai=mulai, selesai=mulai + timedelta(hours=12)
    )  # fmt: skip
    kakek = layar(portal, lebar=warga.LEBAR, besar=True, skrip=False)
    kakek.buka("/darurat/")
    kakek.lihat()
    warga.terbaca(kakek)
    kakek.ikuti("Laporkan sekarang")
    kakek.ketik(jenis="LANSIA", wilayah_cari=DESA)
    kakek.tekan("Cari wilayah")
    kakek.ketik(lokasi="Depan Pasar Ciawitali", cerita="Nenek duduk sendiri sejak kemarin. Lemas.")
    kakek.lihat()
    warga.terbaca(kakek)
    warga.kirim_pelan(kakek, "Kirim laporan", Kedaruratan.objects.exists)
    kakek.lihat()
    warga.terbaca(kakek)
    tiket, pin = warga.pegangan(kakek, "ADU")
    _dipanggil(kakek, tiket)

    tksk = layar(portal, "tksk", lebar=360)
    tksk.buka("/kedaruratan/")
    tksk.lihat("kedaruratan_360")
    tksk.ikuti(tiket)
    tksk.lihat("laporan_darurat_360")
    for tombol in ("Tanggapi sekarang", "Tiba di lokasi"):
        tksk.ikuti(tombol)
        tksk.tekan(tombol)
    tksk.ikuti("Sudah tertolong")
    tksk.lihat()
    tksk.ketik(catatan="Diberi makan, diantar ke rumah singgah.")
    tksk.tekan("Sudah tertolong")
    assert Kedaruratan.objects.get().status == "ditangani"
    tksk.lihat("laporan_darurat_tertolong_360")

    warga.lacak(kakek, tiket, pin)
    assert "Orangnya sudah ditolong." in kakek.teks and "singgah" not in kakek.hal.content()
    kakek.lihat()
    warga.terbaca(kakek)


def test_supervisor_melihat_celah_piket_dan_bencana_di_layar_lebar_dan_kecil(portal, layar):
    mulai = timezone.now() - timedelta(minutes=1)
    piket.pasang(
        by=orang("supervisor"),
        pengguna=orang("tksk"),
        wilayah=KABUPATEN,
        mulai=mulai,
        selesai=mulai + timedelta(hours=12),
    )
    kejadian = bencana.catat(
        by=orang("supervisor"),
        data={"jenis": "BANJIR", "wilayah": DESA, "lokasi": "Bantaran Cimanuk", "waktu": mulai, "sumber": "BPBD", "uraian": "Sungai meluap."},
    )  # fmt: skip
    bencana.catat_korban(
        kejadian, by=orang("supervisor"),
        data={"wilayah": DESA, "nama_kepala": "Ujang Sapri", "alamat": "Kp. Cimanuk", "jiwa": 5, "rentan": 2, "meninggal": 0, "luka": 1,
              "rumah": "BERAT", "mengungsi": True, "kebutuhan": ["TENDA", "AIR"]},
    )  # fmt: skip
    bencana.serahkan(
        kejadian, by=orang("supervisor"), barang=[("Beras", 40, "karung"), ("Selimut", 120, "lembar")],
        data={"wilayah": DESA, "penerima": "Asep Hidayat", "jabatan": "Lurah", "keluarga_n": 40},
    )  # fmt: skip
    alamat = f"/bencana/{kejadian.pk}/"
    for lebar in (320, 1280):
        supervisor = layar(portal, "supervisor", lebar=lebar)
        for satu, gambar in (
            ("/piket/", "piket"), ("/piket/pasang/", "piket_pasang"), ("/kedaruratan/catat/", "kedaruratan_catat"), ("/bencana/", ""),
            (alamat, "bencana"), (f"{alamat}korban/", ""), (f"{alamat}serah/", "bencana_serah"),
        ):  # fmt: skip
            supervisor.buka(satu)
            supervisor.lihat(f"{gambar}_{lebar}" if gambar and lebar == 1280 else "")
        supervisor.tutup_jendela()
