"""The public table of /cek/ under several writers at once, with real commits."""

import threading
from concurrent.futures import ThreadPoolExecutor

from django.db import connection

from bansos.actions import penetapan as sk
from dtks.actions import usulan as langkah
from dtks.models import Keluarga
from tests.bantu import cek
from tests.bantu.alur import alasan_pertama, orang, sampai
from tests.bantu.pemain import DESA2

LANSIA = "APBD-LANSIA"


def test_tiga_orang_menulis_keluarga_yang_sama_pada_detik_yang_sama(db_nyata):
    """A decree is revoked, another proposal refused, the family moved: whoever comes last, nothing old is left."""
    for nomor in range(3):
        p = sampai("ditetapkan", program=LANSIA, nomor=nomor)
        lagi, _ = langkah.buat(by=orang("operator"), keluarga=p.usulan.keluarga, program="PBI")
        langkah.ajukan(lagi, by=orang("operator"))
        gerbang = threading.Barrier(3)

        def satu(do, gerbang=gerbang):
            try:
                gerbang.wait(30)
                do()
            finally:
                connection.close()

        tugas = (
            lambda p=p: sk.cabut(p.penetapan, by=orang("kadis"), alasan="Keputusan keliru seluruhnya"),
            lambda u=lagi: langkah.tolak(u, by=orang("operator"), alasan=alasan_pertama("tolak")),
            lambda p=p: Keluarga.objects.filter(pk=p.usulan.keluarga_id).update(wilayah=DESA2),
        )
        with ThreadPoolExecutor(3) as kolam:
            list(kolam.map(satu, tugas))
        cek.pastikan_cocok()
        assert cek.keadaan(p.usulan.keluarga) == {(LANSIA, "dicabut"), ("PBI", "ditolak")}
