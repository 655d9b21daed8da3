"""The queue's promises, one by one."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from core import outbox, schedule, tasks
from core.models import Pekerjaan

pytestmark = pytest.mark.usefixtures("db_nyata")


@pytest.fixture
def jenis(monkeypatch):
    """A job kind of the test; `catat` counts its effects."""
    catat: list = []

    def daftar(effect=None, call=None):
        monkeypatch.setitem(
            outbox._handlers, "uji", outbox.Handler(effect or (lambda job, *a: catat.append(job.pk)), call)
        )
        return catat

    monkeypatch.setattr(outbox, "_ringers", [])
    return daftar


def segar(job) -> Pekerjaan:
    return Pekerjaan.objects.get(pk=job.pk)


def test_pekerjaan_batal_bersama_transaksinya(jenis):
    jenis()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        outbox.antre("uji")
        raise ZeroDivisionError
    assert not Pekerjaan.objects.exists()


def test_efek_dan_tanda_selesai_dalam_satu_transaksi(jenis):
    def gagal(job):
        Pekerjaan.objects.filter(pk=job.pk).update(judul="efek")
        raise RuntimeError("NIK 3205014101800001")

    jenis(gagal)
    job = outbox.antre("uji")
    outbox.work(limit=1)
    kini = segar(job)
    assert (kini.judul, kini.status, kini.percobaan) == ("", "menunggu", 1)
    assert "3205014101800001" not in kini.galat


def test_pekerjaan_beracun_diparkir_dan_tidak_menghalangi_yang_lain(jenis, monkeypatch):
    jenis(lambda job: 1 / 0)
    racun = outbox.antre("uji")
    selesai: list = []
    monkeypatch.setitem(outbox._handlers, "uji2", outbox.Handler(lambda job: selesai.append(job.pk)))
    lain = outbox.antre("uji2")
    for _ in range(outbox.MAX_TRIES):
        Pekerjaan.objects.filter(pk=racun.pk).update(jalankan_setelah=timezone.now() - timedelta(seconds=1))
        outbox.work(limit=5)
    assert segar(racun).status == "parkir"
    assert selesai == [lain.pk]


def test_lima_pekerja_serentak_satu_efek(jenis):
    catat = jenis()
    jobs = {outbox.antre("uji").pk for _ in range(40)}

    def kerja():
        try:
            outbox.work()
        finally:
            connection.close()

    benang = [threading.Thread(target=kerja) for _ in range(5)]
    for b in benang:
        b.start()
    for b in benang:
        b.join()
    assert sorted(catat) == sorted(jobs)


def test_kunci_yang_sama_hanya_sekali(jenis):
    jenis()
    assert outbox.antre("uji", kunci="a@1") is not None
    assert outbox.antre("uji", kunci="a@1") is None
    assert Pekerjaan.objects.count() == 1


def test_layanan_luar_dipanggil_di_luar_transaksi(jenis):
    keadaan: list[bool] = []
    catat = jenis(call=lambda argumen: keadaan.append(connection.in_atomic_block) or "jawaban")
    outbox.antre("uji")
    outbox.work()
    assert keadaan == [False]
    assert len(catat) == 1


def test_jawaban_pekerja_yang_sewanya_habis_dibuang(jenis):
    """A worker that was thought dead answers late: the other one's effect stands, his is dropped."""
    catat = jenis(call=lambda argumen: None)

    def lambat(argumen):
        Pekerjaan.objects.update(
            sewa_token=None, status="menunggu", sewa_hingga=None
        )  # the sweeper took it back
        return "terlambat"

    jenis(call=lambat)
    job = outbox.antre("uji")
    outbox.work(limit=1)
    assert catat == [] and segar(job).status == "menunggu"


def test_sewa_yang_lewat_diambil_pekerja_lain(jenis):
    catat = jenis(call=lambda argumen: None)
    job = outbox.antre("uji")
    Pekerjaan.objects.filter(pk=job.pk).update(
        status="jalan", sewa_hingga=timezone.now() - timedelta(seconds=1)
    )
    outbox.work()
    assert catat == [job.pk]


def test_gangguan_luar_tidak_menghabiskan_percobaan(jenis):
    def mati(argumen):
        raise outbox.Later(30, "Dukcapil belum menjawab")

    jenis(call=mati)
    job = outbox.antre("uji")
    for _ in range(20):
        Pekerjaan.objects.update(jalankan_setelah=timezone.now())
        outbox.work(limit=1)
    assert (segar(job).status, segar(job).percobaan, segar(job).galat) == (
        "menunggu",
        0,
        "Dukcapil belum menjawab",
    )


def test_bel_yang_rusak_tidak_menggagalkan_penyimpanan(jenis, monkeypatch):
    def rusak():
        raise OSError("broker down")

    jenis()
    monkeypatch.setattr(outbox, "_ringers", [rusak])
    with transaction.atomic():
        job = outbox.antre("uji")
    assert segar(job).status == "menunggu"


def test_perantara_yang_diam_tidak_menahan_penyimpanan(jenis, monkeypatch):
    """A broker that never answers (a hung Redis): the commit returns, and rings do not pile up threads."""
    diam, hitung = threading.Event(), []

    def kirim():
        hitung.append(1)
        assert diam.wait(30)

    jenis()
    monkeypatch.setattr(outbox, "_ringers", [tasks.Bell(kirim)])
    sebelum = threading.active_count()
    for _ in range(50):
        outbox.antre("uji")
    assert threading.active_count() <= sebelum + 1
    assert len(hitung) == 1 and Pekerjaan.objects.count() == 50
    diam.set()


def test_dua_beat_satu_pekerjaan_per_periode(jenis, monkeypatch):
    jenis()
    monkeypatch.setattr(schedule, "_entries", {"uji": schedule.daily(1)})
    sekarang = timezone.localtime().replace(hour=2)
    benang = [
        threading.Thread(target=lambda: (schedule.enqueue_due(sekarang), connection.close()))
        for _ in range(6)
    ]
    for b in benang:
        b.start()
    for b in benang:
        b.join()
    assert Pekerjaan.objects.count() == 1
    assert schedule.enqueue_due(sekarang + timedelta(days=1)) == 1
