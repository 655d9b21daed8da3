"""The demo's PBI, letters and reviews, on a small register: one case in each hand."""

from collections import Counter

import pytest
from django.db import connection

from bansos.models import PermohonanSurat, ReaktivasiPBI, TinjauanPenerima
from dtks.models import Desil, Individu
from portal.demo import layanan
from portal.queries import periksa_sql
from tests.bantu.alur import orang, sampai
from tests.bantu.pemain import DESA

pytestmark = pytest.mark.django_db


def segel() -> None:
    with connection.cursor() as c:
        c.execute("set constraints all immediate")
        c.execute("set constraints all deferred")


def test_satu_urusan_di_tiap_meja():
    penerima = sampai("ditetapkan", nomor=10).usulan.keluarga
    Individu.objects.filter(keluarga=penerima, hubungan="1").update(keberadaan="2")
    for n in range(11):
        rumah = sampai("draf", nomor=n, pengusul="operator").usulan.keluarga if n < 10 else penerima
        Desil.objects.create(keluarga=rumah, tahun=2026, triwulan=3, desil=2, sumber="uji")
    akun = {nama: orang(nama) for nama in ("operator", "verifikator", "supervisor", "kadis")}
    assert layanan.mainkan(akun, DESA, segel) == 12
    pbi = Counter(ReaktivasiPBI.objects.values_list("status", flat=True))
    assert pbi == {
        "draf": 1,
        "diajukan": 2,
        "diverifikasi": 1,
        "direkomendasikan": 1,
        "dikirim_siks": 1,
        "disetujui": 1,
    }
    assert ReaktivasiPBI.objects.filter(kondisi="darurat").count() == 2
    assert set(PermohonanSurat.objects.values_list("status", flat=True)) == {
        "diajukan",
        "diperiksa",
        "diterbitkan",
        "ditolak",
    }
    assert TinjauanPenerima.objects.get().status == "ditanya"
    with connection.cursor() as c:
        for nama, _, sql in periksa_sql.PEMERIKSAAN:
            if nama.endswith(("_reaktivasi", "_tinjauan", "_surat")) or nama in (
                "layanan",
                "hanya_bertambah",
            ):
                c.execute(sql)
                assert c.fetchall() == [], nama
