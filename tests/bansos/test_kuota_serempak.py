"""Fifty clerks on one quota at once: raising it, filling it, leaving places, determining by decree. Never one too many."""

import random
import threading
from concurrent.futures import ThreadPoolExecutor

from django.db import connection, transaction
from django.utils import timezone

from bansos.actions import kuota as aksi
from bansos.actions import tempat_kuota
from bansos.actions.penetapan import quarter
from bansos.models import Kuota, PengisianKuota, PerubahanKuota, Program
from core.workflow import StepRefused
from tests.bantu.alur import orang
from tests.bantu.daftar import daftar_sah, keluarga_banyak
from tests.bantu.pemain import KABUPATEN

LANSIA = "APBD-LANSIA"
SERENTAK = 50  # the other two take fewer: both workers of a run share the connections of one server


def serentak(n: int, kerja):
    gerbang = threading.Barrier(n)

    def satu(i: int):
        try:
            gerbang.wait(60)
            return kerja(i)
        except StepRefused as ditolak:
            return ditolak
        finally:
            connection.close()

    with ThreadPoolExecutor(n) as kolam:
        return list(kolam.map(satu, range(n)))


def usul(jumlah: int) -> PerubahanKuota:
    return aksi.usulkan(
        by=orang("supervisor"), program=Program.objects.get(pk=LANSIA), wilayah=KABUPATEN, periode=quarter(timezone.localdate()),
        jumlah=jumlah, pagu=None, alasan="Sesuai APBD perubahan.", dasar_hukum="Perbup 5/2026",
    )  # fmt: skip


def utuh() -> Kuota:
    kuota = Kuota.objects.get()
    ada = kuota.pengisian.terisi()
    assert ada.count() == kuota.terisi <= kuota.jumlah
    assert ada.values("keluarga").distinct().count() == kuota.terisi
    assert sum(p.nilai for p in ada) == kuota.terpakai
    return kuota


def test_tiga_puluh_keluarga_berebut_tujuh_tempat(db_nyata):
    rumah = keluarga_banyak(30)
    aksi.setujui(usul(7), by=orang("kadis"))
    program, kadis, periode = Program.objects.get(pk=LANSIA), orang("kadis"), quarter(timezone.localdate())

    def tetapkan(i: int) -> None:
        with transaction.atomic():
            tempat_kuota.tempati(program, KABUPATEN, periode, rumah[i], by=kadis, sk=f"SK {i}")

    hasil = serentak(30, tetapkan)
    assert sum(h is None for h in hasil) == 7
    assert {h.halangan[0].kode for h in hasil if h is not None} == {"KUOTA_PENUH"}
    assert utuh().terisi == 7


def test_keluarga_yang_sama_sepuluh_kali_satu_tempat(db_nyata):
    rumah = keluarga_banyak(1)[0]
    aksi.setujui(usul(7), by=orang("kadis"))
    program, kadis, periode = Program.objects.get(pk=LANSIA), orang("kadis"), quarter(timezone.localdate())

    def tetapkan(i: int) -> None:
        with transaction.atomic():
            tempat_kuota.tempati(program, KABUPATEN, periode, rumah, by=kadis, sk=f"SK {i}")

    assert set(serentak(10, tetapkan)) == {None}
    assert utuh().terisi == 1


def test_menaikkan_mengisi_dan_melepas_serempak_tidak_pernah_lebih(db_nyata):
    periode = quarter(timezone.localdate())
    rumah = keluarga_banyak(120)
    aksi.setujui(usul(5), by=orang("kadis"))
    daftar_sah(LANSIA, periode, rumah[:100], layak=5)
    program, kuota = Program.objects.get(pk=LANSIA), Kuota.objects.get()
    tempat_kuota.isi(kuota, by=orang("supervisor"))

    def kerja(i: int) -> object:
        acak = random.Random(i)
        match i % 5:
            case 0:
                return usul(5 + acak.randrange(30))
            case 1:
                menunggu = PerubahanKuota.objects.filter(status="diusulkan").order_by("pk").first()
                return menunggu and aksi.setujui(menunggu, by=orang("kadis"))
            case 2:
                return tempat_kuota.isi(kuota, by=orang("supervisor"))
            case 3:
                tempat = list(PengisianKuota.objects.filter(status="terisi").order_by("pk"))
                return tempat and tempat_kuota.lepas(
                    acak.choice(tempat), by=orang("supervisor"), sebab="Pindah ke luar kabupaten."
                )
            case _:
                with transaction.atomic():
                    return tempat_kuota.tempati(
                        program, KABUPATEN, periode, rumah[100 + i // 5], by=orang("kadis"), sk=f"SK {i}"
                    )

    for _ in range(3):
        serentak(SERENTAK, kerja)
        utuh()
    assert PerubahanKuota.objects.filter(status="diusulkan").count() <= 1
    nomor = list(PerubahanKuota.objects.order_by("nomor").values_list("nomor", flat=True))
    assert nomor == list(range(1, len(nomor) + 1))
    ditunjuk = PengisianKuota.objects.exclude(menggantikan=None)
    assert all(p.menggantikan.status == "lepas" for p in ditunjuk.select_related("menggantikan"))
