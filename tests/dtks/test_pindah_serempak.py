"""Two villages at once, on a database that really commits: one outcome."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from django.db import connection
from django.utils import timezone

from core.workflow import StepRefused
from dtks.actions import peristiwa as aksi
from dtks.actions import pindah
from dtks.actions import usulan as langkah
from dtks.actions.peristiwa import Catatan
from dtks.models import Keluarga, Peristiwa, PermintaanPindah, Usulan
from tests.bantu.alur import orang, sampai
from tests.bantu.pemain import DESA, DESA2

ALAMAT = {"alamat": "Kp. Tujuan", "rt": "003", "rw": "004", "no_kk": ""}


def bersamaan(*kerja: Callable[[], object]) -> list[str]:
    """Each in a connection of its own, started together: 'ya' or the code of the refusal."""
    mulai = threading.Barrier(len(kerja))

    def jalankan(satu: Callable[[], object]) -> str:
        try:
            mulai.wait(20)
            satu()
            return "ya"
        except StepRefused as ditolak:
            return ditolak.halangan[0].kode
        finally:
            connection.close()

    with ThreadPoolExecutor(len(kerja)) as kolam:
        return list(kolam.map(jalankan, kerja))


def test_one_outcome_for_a_move_and_one_death_for_two_clicks(db_nyata):
    p = sampai("ditarik", nomor=3, pengusul="operator")
    rumah = Keluarga.objects.get(pk=p.usulan.keluarga_id)
    catatan = Catatan(timezone.localdate(), "SKPWNI", "1", "Ikut orang tua")
    satu = rumah.anggota.exclude(hubungan="1").first()
    hasil = bersamaan(*[lambda: aksi.meninggal(satu, by=orang("operator"), catatan=catatan)] * 3)
    assert hasil.count("ya") == 1 and hasil.count("BUKAN_ANGGOTA") == 2
    assert Peristiwa.objects.count() == 1

    permintaan = pindah.minta(rumah, by=orang("operator"), catatan=catatan, ke=DESA2)
    hasil = bersamaan(
        lambda: pindah.terima(permintaan, by=orang("operator2"), data=ALAMAT),
        lambda: pindah.batalkan(permintaan, by=orang("operator"), alasan="Tidak jadi"),
        lambda: pindah.terima(permintaan, by=orang("operator2"), data=ALAMAT),
    )
    assert hasil.count("ya") == 1 and hasil.count("SUDAH_DIPUTUS") == 2
    status = PermintaanPindah.objects.get().status
    assert (Keluarga.objects.get(pk=rumah.pk).wilayah_id == DESA2) == (status == "diterima")

    p2 = sampai("ditarik", nomor=4, pengusul="operator")
    kedua = Keluarga.objects.get(pk=p2.usulan.keluarga_id)
    hasil = bersamaan(
        lambda: langkah.buat(by=orang("operator"), keluarga=kedua, program="PKH"),
        lambda: pindah.minta(kedua, by=orang("operator"), catatan=catatan, ke=DESA2),
    )
    assert hasil.count("ya") == 1, hasil
    terbuka = Usulan.objects.filter(keluarga=kedua).terbuka().exists()
    assert terbuka != PermintaanPindah.objects.terbuka().filter(keluarga=kedua).exists()
    assert Keluarga.objects.get(pk=kedua.pk).wilayah_id == DESA
    with connection.cursor() as cursor:
        cursor.execute("select * from jejak_periksa()")
        assert cursor.fetchall() == []
