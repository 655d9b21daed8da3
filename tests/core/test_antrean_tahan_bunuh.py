"""Jobs survive: workers and broker are killed and flushed at random; none is lost, none is done twice.

The ledger is outside the system: the ids that this test was told are queued. Default: a small run; `./test --faults`:
2,000 jobs and 30 faults, a third of them checks at the Dukcapil simulator; with `--keras` 50,000 and 500.
"""

import os
import random
import time
from collections import Counter

import pytest
from django.db import connection

from accounts.models import Pemberitahuan
from core import outbox
from core.models import Pekerjaan
from dtks.actions import padan
from dtks.models import HasilPadan, Individu, RiwayatUsulan
from tests.bantu.alur import sampai
from tests.bantu.proses import Panggung


def _terbuka() -> int:
    return Pekerjaan.objects.exclude(status__in=("selesai", "parkir")).count()


def _jalankan(tmp_path, *, jobs: int, faults: int, padan_tiap: int, batas: int) -> None:
    acak = random.Random(os.environ.get("DTKS_SEED", "3205"))
    usulan = sampai("diajukan").usulan
    riwayat = RiwayatUsulan.objects.get(usulan=usulan)
    orang = list(Individu.objects.filter(keluarga=usulan.keluarga, aktif=True))
    Pekerjaan.objects.all().delete()
    Pemberitahuan.objects.all().delete()
    terjadi: Counter[str] = Counter()
    buku: dict[str, str] = {}  # id -> kind, as the client was told
    with Panggung(tmp_path) as panggung:
        kejadian = [
            panggung.worker.bunuh, panggung.worker.bunuh, panggung.worker.bunuh_anak, panggung.valkey_mati, panggung.kosongkan_valkey,
        ]  # fmt: skip
        tiap = max(jobs // faults, 1)
        for n in range(jobs):
            if padan_tiap and n % padan_tiap == 0:
                job = outbox.antre(padan.JOB, {"individu": [str(orang[n % len(orang)].pk)]}, total=1)
            else:
                job = outbox.antre("dtks.beri_tahu", {"riwayat": str(riwayat.pk)})
            buku[str(job.pk)] = job.jenis
            if n % tiap == tiap - 1:
                time.sleep(acak.uniform(0.1, 0.6))
                pilihan = acak.choice(kejadian)
                pilihan()
                terjadi[pilihan.__name__] += 1
                panggung.valkey_hidup()
                if panggung.worker.popen.poll() is not None:
                    panggung.worker.mulai()
        mulai = time.monotonic()
        while (sisa := _terbuka()) and time.monotonic() - mulai < batas:
            time.sleep(0.5)
        drained = time.monotonic() - mulai
        assert not sisa, (
            f"{sisa} jobs open after {drained:.0f} s; log: {(tmp_path / 'worker.log').read_text()[-2000:]}"
        )
    assert drained < 100
    assert terjadi.total() == faults and len(terjadi) >= min(faults // 2, 4), terjadi

    ada = {str(p.pk): p for p in Pekerjaan.objects.filter(pk__in=list(buku))}
    assert set(buku) == set(ada), "lost jobs"
    assert {p.status for p in ada.values()} == {"selesai"}
    beri_tahu = sum(jenis == "dtks.beri_tahu" for jenis in buku.values())
    assert Pemberitahuan.objects.count() == beri_tahu, "one notice per job, no more, no less"
    for pk, jenis in buku.items():
        if jenis == padan.JOB:
            assert HasilPadan.objects.filter(pekerjaan=pk).count() == 1
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from jejak_periksa()")
        assert cursor.fetchone()[0] == 0


def test_antrean_bertahan_walau_pekerja_dan_perantara_dibunuh(db_nyata, tmp_path):
    _jalankan(tmp_path, jobs=200, faults=6, padan_tiap=0, batas=40)


@pytest.mark.faults
@pytest.mark.timeout(900)
def test_dua_ribu_pekerjaan_tiga_puluh_gangguan(db_nyata, tmp_path):
    _jalankan(tmp_path, jobs=2000, faults=30, padan_tiap=3, batas=150)


@pytest.mark.faults
@pytest.mark.timeout(14_400)
@pytest.mark.skipif(os.environ.get("DTKS_KERAS") != "1", reason="./test --faults --keras")
def test_lima_puluh_ribu_pekerjaan_lima_ratus_gangguan(db_nyata, tmp_path):
    _jalankan(tmp_path, jobs=50_000, faults=500, padan_tiap=10, batas=1800)
