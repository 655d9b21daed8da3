"""F17: the clocks of the machines disagree. Order, leases, times of states and the calendar are those of the database; a machine that is
more than a minute off is not ready and does no job; a clock that is set back does not keep the doorbell silent."""

import subprocess
import sys
import time
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from core import clock, outbox, tasks
from core.models import Jejak, Pekerjaan
from dtks.actions import padan
from dtks.actions import usulan as langkah
from dtks.models import HasilPadan, Individu, RiwayatUsulan, Usulan
from tests.bantu.alur import orang, sampai
from tests.bantu.api import kunci
from tests.bantu.jaringan import Mesin, kunci_baru, minta, usulan_baru
from tests.bantu.proses import Panggung, Proses
from tests.browser.panggung import Portal, kumpulkan_berkas_statis
from tests.gangguan.test_web_dibunuh import ALAMAT, TULIS


@pytest.mark.parametrize("geser", [timedelta(days=-1), timedelta(days=1)], ids=["tertinggal", "mendahului"])
def test_sewa_dan_jeda_menurut_jam_basis_data(db_nyata, monkeypatch, geser):
    """A worker whose clock is a day off holds a job as long as any other, and puts it off as long."""
    monkeypatch.setattr(outbox, "_ringers", [])
    lihat = []

    def tanya() -> timedelta:
        with connection.cursor() as cursor:
            cursor.execute(
                "select status, sewa_hingga - clock_timestamp(), jalankan_setelah - clock_timestamp() from core_pekerjaan"
            )
            lihat.append(cursor.fetchone())

    def panggil(argumen):
        tanya()
        raise outbox.Later(600)

    monkeypatch.setitem(outbox._handlers, "uji", outbox.Handler(lambda *a: None, panggil))
    with time_machine.travel(timezone.now() + geser, tick=True):
        outbox.antre("uji")
        assert outbox.work(limit=1) == 1
        tanya()
        Pekerjaan.objects.all().delete()
        outbox.antre("uji", tunda=600)
        tanya()
    (jalan, sewa, _), (menunggu, _, nanti), (_, _, tunda) = lihat
    assert jalan == "jalan" and timedelta(seconds=30) < sewa <= outbox.LEASE
    assert menunggu == "menunggu" and timedelta(seconds=570) < nanti <= timedelta(seconds=600)
    assert timedelta(seconds=570) < tunda <= timedelta(seconds=600)


@pytest.mark.parametrize("geser", [timedelta(days=-1), timedelta(days=1)], ids=["tertinggal", "mendahului"])
def test_keadaan_berpindah_menurut_jam_basis_data(db_nyata, geser):
    """The desk's queue is ordered by this time: a web machine whose clock is off must not push in, or fall behind."""
    p = sampai("draf", pengusul="operator")
    with time_machine.travel(timezone.now() + geser, tick=True):
        langkah.ajukan(p.usulan, by=orang(p.pengusul))
    satu, akhir = (
        Usulan.objects.get(pk=p.usulan.pk),
        RiwayatUsulan.objects.filter(usulan=p.usulan).latest("urut"),
    )
    assert satu.status == akhir.ke == "diajukan" and satu.status_sejak == akhir.pada
    assert abs(satu.status_sejak - timezone.now()) < timedelta(minutes=1)


@pytest.mark.parametrize("geser", [timedelta(days=-1), timedelta(days=1)], ids=["tertinggal", "mendahului"])
def test_mesin_berjam_salah_tidak_bekerja_dan_kalender_milik_basis_data(db_nyata, monkeypatch, client, geser):
    """A worker that thinks it is tomorrow would throw things away a day early, and tomorrow's job would be done today and not tomorrow."""
    monkeypatch.setattr(outbox, "_ringers", [])
    outbox.antre("core.buang_tantangan", {"periode": "uji"})
    hari = {f"{timezone.localtime():%Y-%m-%d}"}
    with time_machine.travel(timezone.now() + geser, tick=True):
        assert tasks.kerjakan() == 0 and Pekerjaan.objects.get().status == "menunggu"
        jawab = client.get("/readyz")
        assert jawab.status_code == 503 and jawab.json()["jam"] is False
        tasks.jadwalkan()
    hari.add(f"{timezone.localtime():%Y-%m-%d}")
    kunci_masa = Pekerjaan.objects.exclude(kunci=None).values_list("kunci", flat=True)
    assert len(kunci_masa) > 5 and {k.partition("@")[2][:10] for k in kunci_masa} <= hari
    Pekerjaan.objects.exclude(kunci=None).delete()
    assert client.get("/readyz").status_code == 200 and tasks.kerjakan() == 1


def test_jam_yang_hampir_sama_cukup(db_nyata):
    for detik in (-50, 50):
        with time_machine.travel(timezone.now() + timedelta(seconds=detik), tick=True):
            assert clock.agrees() and abs(clock.ahead().total_seconds() - detik) < 8


# Loaded by Python before anything else: every clock of the process but the one that only counts is so many seconds off, from so many
# seconds after its start on.
# (libfaketime 0.9.10 makes Python's own sleep fail, and `unshare --time` moves only the clock that counts.)
JAM = """
import datetime, os, threading, time_machine
def geser():
    time_machine.travel(
        datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=int(os.environ["UJI_JAM"])), tick=True
    ).start()
if nanti := int(os.environ.get("UJI_NANTI", "0")):
    pengubah = threading.Timer(nanti, geser)
    pengubah.daemon = True
    pengubah.start()
else:
    geser()
"""


@pytest.fixture
def jam_lain(tmp_path):
    """`jam_lain(seconds, later=0)`: the environment of a process whose clock is off."""
    (tmp_path / "jam").mkdir()
    (tmp_path / "jam" / "sitecustomize.py").write_text(JAM)
    return lambda geser, nanti=0: {
        "PYTHONPATH": str(tmp_path / "jam"),
        "UJI_JAM": str(geser),
        "UJI_NANTI": str(nanti),
    }


def _habis(detik: float) -> None:
    batas = time.monotonic() + detik
    while Pekerjaan.objects.filter(status__in=("menunggu", "jalan")).exists():
        assert time.monotonic() < batas, list(
            Pekerjaan.objects.exclude(status="selesai").values_list(
                "jenis", "status", "percobaan", "galat", "jalankan_setelah"
            )
        )
        time.sleep(0.3)


@pytest.mark.faults
@pytest.mark.timeout(900)
@pytest.mark.parametrize("geser", [-3600, 3600], ids=["mundur", "maju"])
def test_jam_beat_melompat_bel_tetap_berbunyi(db_nyata, tmp_path, jam_lain, geser, monkeypatch):
    """Beat's clock jumps by an hour while it runs; it alone rings, for a worker whose clock is forty seconds ahead."""
    monkeypatch.setattr(outbox, "_ringers", [])
    with Panggung(tmp_path, simulator=False) as panggung:
        for nama in ("beat", "worker"):
            getattr(panggung, nama).hentikan()
        worker = Proses(panggung.worker._argv, panggung.env | jam_lain(40), tmp_path / "worker-40.log")
        beat = Proses(panggung.beat._argv, panggung.env | jam_lain(geser, 20), tmp_path / "beat-lompat.log")
        try:
            outbox.antre("core.buang_tantangan", {"periode": "sebelum"})
            _habis(60)
            time.sleep(25)  # by now it has jumped
            for n in range(3):
                outbox.antre("core.buang_tantangan", {"periode": str(n)})
                _habis(30)
            batas = time.monotonic() + 100  # the calendar is asked once a minute
            while not Pekerjaan.objects.exclude(kunci=None).exists():
                assert time.monotonic() < batas, "beat does not ask for the calendar any more"
                time.sleep(0.3)
        finally:
            for satu in (beat, worker):
                satu.bunuh()
    print(
        f"beat's clock jumped by {geser} s: {Pekerjaan.objects.count()} jobs, each done within seconds of its ring"
    )


@pytest.mark.faults
@pytest.mark.timeout(900)
def test_web_dan_pekerja_dengan_jam_lain(db_nyata, tmp_path, periksa_semua, jam_lain):
    """Two web processes and two workers, each pair a day behind and three hours ahead, on one database with the right time. The web
    machines say that they are not ready, and what reaches them all the same is in order; the workers leave the jobs to one that is right."""
    with Panggung(tmp_path) as panggung:
        kumpulkan_berkas_statis(panggung.env)
        panggung.worker.hentikan()
        semula, proses, web = dict(panggung.env), [], []
        try:
            for nama, geser in (("lambat", -86400), ("cepat", 10800)):
                panggung.env = semula | jam_lain(geser)
                proses.append(Proses(panggung.worker._argv, panggung.env, tmp_path / f"worker-{nama}.log"))
                (tmp_path / nama).mkdir()
                web.append(Portal(panggung, tmp_path / nama, demo=True, pekerja=1))
                web[-1].tunggu()
                tanya = [sys.executable, "-c", "import time; print(int(time.time()))"]
                asli = subprocess.run(
                    tanya, env=panggung.env, capture_output=True, text=True, check=True
                ).stdout
                assert abs(int(asli) - time.time() - geser) < 60, "the clock was not moved"
                siap = minta(web[-1].alamat + "/readyz")
                assert siap.status == 503 and siap.json()["jam"] is False
            rumah = sampai("diajukan", nomor=40).usulan.keluarga
            warga = [
                str(pk)
                for pk in Individu.objects.filter(keluarga=rumah, aktif=True).values_list("pk", flat=True)
            ]
            Pekerjaan.objects.all().delete()
            sebelum = HasilPadan.objects.count()
            with time_machine.travel(
                timezone.now() - timedelta(days=2)
            ):  # a web machine that is behind refuses what begins today
                kunci_api = kunci(*TULIS)
            mulai, mesin, kirim = timezone.now(), [Mesin(w.alamat, kunci_api) for w in web], []
            for n in range(20):
                jawab = mesin[n % 2].kirim(ALAMAT, usulan_baru(n), kunci=kunci_baru())
                assert jawab.status == 201, jawab.isi
                kirim.append(jawab.json()["id"])
                outbox.antre(padan.JOB, {"individu": [warga[n % len(warga)]]}, total=1)
            for nama in ("lambat", "cepat"):
                batas = time.monotonic() + 120
                while "Jam mesin ini berbeda" not in (tmp_path / f"worker-{nama}.log").read_text():
                    assert time.monotonic() < batas, f"{nama} has not been rung"
                    time.sleep(0.3)
            assert not Pekerjaan.objects.exclude(status="menunggu").exists(), (
                "a worker with a wrong clock worked"
            )
            panggung.env = semula
            panggung.worker.mulai()
            _habis(120)
        finally:
            for satu in (*proses, *(w.proses for w in web)):
                satu.bunuh()
        assert [
            str(pk)
            for pk in Usulan.objects.filter(pk__in=kirim).order_by("created_at").values_list("pk", flat=True)
        ] == kirim
        catat = list(Jejak.objects.filter(aksi="buat_usulan").order_by("pk").values_list("pada", flat=True))
        assert (
            catat == sorted(catat)
            and mulai - timedelta(minutes=1) < catat[-20]
            and catat[-1] <= timezone.now()
        )
        assert (
            not Pekerjaan.objects.exclude(status="selesai").exists()
            and not Pekerjaan.objects.filter(percobaan__gt=0).exists()
        )
        print(
            f"20 proposals in the order of the database, {HasilPadan.objects.count() - sebelum} checks by the one worker that was right, clocks 27 hours apart"
        )
