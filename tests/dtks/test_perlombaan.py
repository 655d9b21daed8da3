"""Two deciders at the same instant: one decision each, and the other is told the present state."""

import threading
from concurrent.futures import ThreadPoolExecutor

from django.db import connection

from bansos.actions import penetapan as aksi_penetapan
from bansos.models import Penetapan, Program
from core.models import Jejak
from core.workflow import StepRefused
from dtks.actions import usulan as aksi
from dtks.models import RiwayatUsulan, Usulan
from tests.bantu.alur import alasan_pertama, orang, sampai

PERLOMBAAN = 300  # races in all (acceptance list of the issue)


def serentak(*kerja):
    """Run the callables at once, each on a connection of its own; returns results or refusals in order."""
    gerbang = threading.Barrier(len(kerja))

    def satu(fungsi):
        try:
            gerbang.wait(20)
            return fungsi()
        except StepRefused as refused:
            return refused
        finally:
            connection.close()

    with ThreadPoolExecutor(len(kerja)) as kolam:
        return [f.result() for f in [kolam.submit(satu, k) for k in kerja]]


def test_tiga_ratus_perlombaan_dua_pemutus(db_nyata):
    """verifikasi against tolak on the same proposal, and back again, 300 times: exactly one of the two each time."""
    usulan = sampai("diases").usulan
    a, b, kadis = orang("verifikator"), orang("verifikator2"), orang("kadis")
    tolak = alasan_pertama("tolak")
    kembali = alasan_pertama("kembalikan")
    tunda = alasan_pertama("tunda")
    menang = {"terverifikasi": 0, "ditunda": 0}
    for _ in range(PERLOMBAAN):
        hasil = serentak(
            lambda: aksi.verifikasi(usulan, by=a),
            lambda: aksi.tunda(usulan, by=b, alasan=tunda),
        )
        berhasil = [h for h in hasil if not isinstance(h, StepRefused)]
        ditolak = [h for h in hasil if isinstance(h, StepRefused)]
        assert len(berhasil) == 1 and len(ditolak) == 1
        kini = Usulan.objects.get(pk=usulan.pk).status
        assert berhasil[0].status == kini and ditolak[0].status == kini
        menang[kini] += 1
        if kini == "terverifikasi":
            aksi.kembalikan(usulan, by=kadis, tujuan="diases", alasan=kembali)
        else:
            aksi.lanjutkan(usulan, by=b)
    keputusan = RiwayatUsulan.objects.filter(
        usulan=usulan, langkah__in=("verifikasi", "tunda"), dari="diases"
    ).count()
    assert keputusan == PERLOMBAAN == sum(menang.values())
    urut = list(RiwayatUsulan.objects.filter(usulan=usulan).order_by("urut").values_list("urut", flat=True))
    assert urut == list(range(1, len(urut) + 1))
    assert tolak
    assert not _breaches()


def test_delapan_orang_menekan_tombol_yang_sama(db_nyata):
    usulan = sampai("diajukan").usulan
    operator = orang("operator")
    hasil = serentak(*[lambda: aksi.tolak(usulan, by=operator, alasan=alasan_pertama("tolak"))] * 8)
    assert sum(not isinstance(h, StepRefused) for h in hasil) == 1
    assert Jejak.objects.filter(aksi="tolak", objek_id=str(usulan.pk)).count() == 1


def test_nomor_sk_tanpa_celah_dan_tanpa_ganda(db_nyata):
    """Eight decrees at once, some of them failing half-way: the numbers that exist are 1..n."""
    perjalanan = [sampai("dikirim", nomor=n, program="APBD-LANSIA", pengusul="operator") for n in range(8)]
    program = Program.objects.get(pk="APBD-LANSIA")
    # kadis endorsed them, the same office signs the decree: no four-eyes column is involved in `tetapkan`
    kadis = orang("kadis")

    def terbitkan(p, gagal):
        putusan = (
            aksi_penetapan.Putusan("ditetapkan")
            if not gagal
            else aksi_penetapan.Putusan("daftar_tunggu", "TIDAK-ADA")
        )
        return aksi_penetapan.tetapkan(
            by=kadis, program=program, wilayah="32.05", putusan={str(p.usulan.pk): putusan}
        )

    hasil = serentak(*[(lambda p=p, i=i: terbitkan(p, gagal=i % 3 == 2)) for i, p in enumerate(perjalanan)])
    assert sum(isinstance(h, StepRefused) for h in hasil) == 2
    for i, p in enumerate(perjalanan):
        if i % 3 == 2:
            terbitkan(p, gagal=False)
    urut = sorted(Penetapan.objects.values_list("urut", flat=True))
    assert urut == list(range(1, 9))
    assert not _breaches()


def _breaches():
    with connection.cursor() as cursor:
        cursor.execute("select * from jejak_periksa()")
        return cursor.fetchall()
