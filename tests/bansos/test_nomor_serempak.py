"""Fifty who sign at once: the numbers that exist are 1..n, whoever failed and was rolled back."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction
from django.utils import timezone

from bansos.actions import penetapan, pengesahan, templat
from bansos.models import Penetapan, Program
from core import numbering
from core.models import NomorSeri
from core.workflow import StepRefused
from tests.bantu.alur import orang, sampai

PENANDA = 50


class Batal(Exception):
    """This signer's transaction goes back."""


def serentak(n: int, kerja):
    gerbang = threading.Barrier(n)

    def satu(i: int):
        try:
            gerbang.wait(60)
            return kerja(i)
        except (Batal, StepRefused) as batal:
            return batal
        finally:
            connection.close()

    with ThreadPoolExecutor(n) as kolam:
        return list(kolam.map(satu, range(n)))


def test_lima_puluh_orang_berebut_nomor_dan_sepertiganya_batal(db_nyata):
    hari = timezone.localdate()

    def ambil(i: int) -> int:
        with transaction.atomic():
            urut, _ = numbering.issue("sk.nomor", seri="SK-32.05", hari=hari, wilayah="32.05")
            if i % 3 == 0:
                raise Batal
            return urut

    hasil = serentak(PENANDA, ambil)
    dapat = sorted(h for h in hasil if isinstance(h, int))
    assert dapat == list(range(1, len(dapat) + 1)) and len(dapat) == PENANDA - len(range(0, PENANDA, 3))
    assert NomorSeri.objects.get(seri="SK-32.05", tahun=hari.year).terakhir == len(dapat)


def test_dua_versi_pertama_templat_ditulis_serempak(db_nyata):
    def tulis(_: int) -> int:
        return templat.tulis(
            by=orang("supervisor"), jenis="SK_BUPATI", wilayah="32.05", isi={"diktum": "Menetapkan {program}."}, dasar_hukum="Perbup 1/2026",
            berlaku_sejak=timezone.localdate(),
        ).versi  # fmt: skip

    assert sorted(serentak(2, tulis)) == [1, 2]


@pytest.mark.load
@pytest.mark.timeout(900)
def test_lima_puluh_sk_sungguhan_tanpa_celah(db_nyata):
    """The same through the real actions: endorsed by fifty, determined by fifty, a third of the decrees refused half-way."""
    usulan = [
        sampai("terverifikasi", nomor=n, program="APBD-LANSIA", pengusul="operator").usulan
        for n in range(PENANDA)
    ]
    surat = serentak(PENANDA, lambda i: pengesahan.sahkan([usulan[i].pk], by=orang("kadis")))
    nomor = sorted(int(s.nomor.split("/")[1]) for s in surat)
    assert nomor == list(range(1, PENANDA + 1))
    for satu in surat:
        pengesahan.kirim(satu, by=orang("supervisor"))
    program = Program.objects.get(pk="APBD-LANSIA")

    def terbitkan(i: int):
        salah = i % 3 == 0
        putusan = (
            penetapan.Putusan("daftar_tunggu", "TIDAK-ADA") if salah else penetapan.Putusan("ditetapkan")
        )
        return penetapan.tetapkan(
            by=orang("kadis"), program=program, wilayah="32.05", putusan={str(usulan[i].pk): putusan}
        )

    hasil = serentak(PENANDA, terbitkan)
    gagal = [h for h in hasil if isinstance(h, StepRefused)]
    assert len(gagal) == len(range(0, PENANDA, 3))
    assert sorted(Penetapan.objects.values_list("urut", flat=True)) == list(
        range(1, PENANDA - len(gagal) + 1)
    )
