"""A million persons cross-checked by Celery workers, beside one SQL join (benchmarks/padan.py prints the table)."""

import time
from collections.abc import Callable

import pytest
from celery import Celery
from django.db import connection, transaction

from benchmarks import padan as beban
from config import local_services
from core import outbox
from core.models import Pekerjaan
from dtks.actions import silang
from dtks.models import BarisSilang, Silang
from tests.bantu.alur import orang as pemain
from tests.bantu.pemain import DESA, KABUPATEN
from tests.bantu.proses import Panggung

pytestmark = [pytest.mark.load, pytest.mark.timeout(3600)]
SATU = f"""
insert into dtks_barissilang(id, silang_id, individu, nama, jenis_kelamin, kategori)
select gen_random_uuid(), %(silang)s, s.id, '', '', {silang.PUTUSAN}
from dtks_individu s join dtks_keluarga k on k.id = s.keluarga_id and k.wilayah_id >= '32.05' and k.wilayah_id < '32.05/'
left join dtks_penduduk p on p.nik_indeks = s.nik_indeks where s.aktif and s.nik_indeks is not null"""


def satu() -> float:
    mulai = time.perf_counter()
    with transaction.atomic(), connection.cursor() as cursor:
        s = Silang.objects.create(asal="register", wilayah_id=KABUPATEN, tujuan="A", status="selesai")
        cursor.execute(SATU, {"silang": s.pk, "tak_ada": "TIDAK_DITEMUKAN", "kabupaten": KABUPATEN})
    return time.perf_counter() - mulai


def kami(dering: Callable[[], None]) -> tuple[float, Silang]:
    mulai = time.perf_counter()
    s = silang.mulai_register(by=pemain("verifikator"), wilayah=KABUPATEN, tujuan="B")
    dering()
    while s.status != "selesai":
        time.sleep(0.02)
        s.refresh_from_db()
    return time.perf_counter() - mulai, s


def bersih() -> None:
    with connection.cursor() as cursor:
        cursor.execute("truncate dtks_barissilang")
        cursor.execute("checkpoint")


def test_sejuta_orang_oleh_dua_pekerja(db_nyata, tmp_path):
    n = beban.BANYAK
    beban.isi(n, DESA, KABUPATEN)
    a, b = [], []
    with Panggung(tmp_path, simulator=False) as panggung:
        app = Celery(broker=local_services.as_celery_url(panggung.env["REDIS_URL"]))

        def dering() -> None:
            for _ in range(2):
                app.send_task(outbox.RING, queue="dtks", ignore_result=True)

        kami(dering)  # processes and caches warm
        for _ in range(beban.PUTARAN):
            bersih()
            a.append(satu())
            bersih()
            detik, s = kami(dering)
            b.append(detik)
    assert s.jumlah == s.selesai == n
    tugas = Pekerjaan.objects.filter(jenis=silang.JOB_RENTANG, argumen__silang=str(s.pk)).count()
    assert tugas == max(1, n // silang.RENTANG)  # never a task per person
    salah = n // beban.BEDA
    assert s.per_kategori == {
        "PADAN": n - 3 * salah, "TIDAK_DITEMUKAN": salah, "MENINGGAL": salah, "TIDAK_PADAN_NAMA": salah,
    }  # fmt: skip
    assert BarisSilang.objects.filter(silang=s).count() == n
    print("\n" + beban.tabel(a, b, n))
