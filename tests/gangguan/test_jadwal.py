"""F34, R9: the clock of the portal dies, runs twice, is restarted; each job of each period is queued exactly once."""

import random
import subprocess
import sys
import threading
import time
from collections import Counter
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.utils import timezone

from core import outbox, schedule
from core.models import Pekerjaan
from tests.bantu.proses import AKAR, Proses

JAKARTA = ZoneInfo("Asia/Jakarta")


def _hari(hari: int, mulai_ulang: int, monkeypatch, acak: random.Random) -> None:
    """So many days by the minute for two clocks, each of which is away for a while again and again."""
    monkeypatch.setattr(outbox, "_ringers", [])
    jenis = {
        "uji.harian": schedule.daily(1),
        "uji.malam": schedule.daily(23),
        "uji.jam": lambda now: f"{now:%Y-%m-%dT%H}",
    }
    monkeypatch.setattr(schedule, "_entries", jenis)
    awal = datetime(2026, 12, 20, tzinfo=JAKARTA)  # over a turn of the year
    selang = 20 if hari < 5 else 5
    menit = range(0, hari * 1440, selang)
    mati = [set() for _ in range(2)]
    for n in range(mulai_ulang):  # never both away for a whole hour
        sejak = acak.choice(menit)
        mati[n % 2] |= set(range(sejak, sejak + acak.choice((1, 2, 5)) * selang // 2 + 1, selang))

    def jam(mana: int) -> None:
        for m in menit:
            if m not in mati[mana]:
                schedule.enqueue_due(awal + timedelta(minutes=m))
        connection.close()

    benang = [threading.Thread(target=jam, args=(n,)) for n in range(2)]
    for b in benang:
        b.start()
    for b in benang:
        b.join()
    ada = Counter(Pekerjaan.objects.values_list("jenis", flat=True))
    assert ada == {"uji.harian": hari, "uji.malam": hari, "uji.jam": hari * 24}
    assert Pekerjaan.objects.values("kunci").distinct().count() == hari * 26


def test_dua_jam_yang_mati_bergantian_satu_pekerjaan_per_masa(db_nyata, monkeypatch):
    _hari(2, 10, monkeypatch, random.Random(3205))


@pytest.mark.faults
@pytest.mark.timeout(1800)
def test_tiga_puluh_hari_seratus_kali_mulai_ulang(db_nyata, monkeypatch, acak):
    _hari(30, 100, monkeypatch, acak)


@pytest.mark.faults
@pytest.mark.timeout(900)
def test_beat_mati_lalu_dua_beat_sekaligus(panggung, tmp_path, periksa_semua):
    """Real processes: with the clock dead, work that is rung is done; two clocks afterwards double nothing and lose nothing."""
    panggung.beat.bunuh()
    sebelum = Pekerjaan.objects.count()
    jobs = [outbox.antre("core.buang_tantangan", {"periode": str(n)}) for n in range(5)]
    bel = [
        sys.executable,
        "-m",
        "celery",
        "-A",
        "config.celery",
        "call",
        outbox.RING,
    ]  # as a commit of the web process does
    subprocess.run(bel, env=panggung.env, cwd=AKAR, check=True, capture_output=True)
    _selesai([j.pk for j in jobs], 30)
    dua = [Proses(panggung.beat._argv, panggung.env, tmp_path / f"beat-{n}.log") for n in range(2)]
    try:
        time.sleep(70)  # the calendar is asked once a minute
        dua[0].bunuh()
        time.sleep(65)
    finally:
        for satu in dua:
            satu.hentikan()
    terjadwal = Pekerjaan.objects.filter(kunci__contains="@").values_list("kunci", flat=True)
    assert len(terjadwal) == len(set(terjadwal)) and Pekerjaan.objects.count() > sebelum + 5
    print(f"{len(terjadwal)} scheduled jobs by two clocks, each once")
    kini = timezone.localtime()
    assert any(k.endswith(f"{kini:%Y-%m-%dT%H}") for k in terjadwal), terjadwal


def _selesai(pk: list, detik: float) -> None:
    batas = time.monotonic() + detik
    while Pekerjaan.objects.filter(pk__in=pk).exclude(status="selesai").exists():
        assert time.monotonic() < batas
        time.sleep(0.2)
