"""What runs through its time is raised once, to the right desk, in one notice a day; a missed or doubled run changes nothing."""

import threading
from datetime import date

import pytest
import time_machine
from django.db import connection, transaction
from django.urls import reverse

from accounts.models import Pemberitahuan
from core import outbox
from core.models import Pekerjaan
from dtks import notifications, tasks
from dtks.actions import eskalasi
from dtks.actions import usulan as langkah
from dtks.models import Eskalasi
from tests.bantu.alur import alasan_pertama, orang, sampai
from tests.bantu.pemain import KABUPATEN, KABUPATEN_LAIN
from wilayah.actions import kalender


@pytest.fixture(autouse=True)
def jam_dinding(settings):
    """Monday 23 November 2026, 09.00 WIB."""
    settings.DEMO = True
    with time_machine.travel("2026-11-23T09:00:00+07:00", tick=False) as mesin:
        yield mesin


def jalan(kab=KABUPATEN):
    return notifications.kabar_eskalasi(Pekerjaan(argumen={"kabupaten": kab}))


def kabar():
    """username -> sentences of the last run."""
    hasil = {}
    for satu in Pemberitahuan.objects.filter(tautan="/tenggat/").select_related("pengguna").order_by("pk"):
        hasil.setdefault(satu.pengguna.username, []).append(satu.kalimat)
    Pemberitahuan.objects.all().delete()
    return hasil


@pytest.mark.django_db
def test_separuh_hampir_dan_lewat_ke_meja_yang_tepat_satu_kabar_sehari(jam_dinding, masuk):
    dua = [sampai("diajukan", nomor=n).usulan for n in range(2)]  # five working days, until the 30th
    jam_dinding.move_to("2026-11-25T09:00:00+07:00")
    assert jalan()["naik"] == 0
    jam_dinding.move_to("2026-11-27T09:00:00+07:00")  # three days are over
    assert jalan() == {"naik": 2, "kabar": 1}
    assert kabar() == {"operator": ["Tenggat usulan hari ini: 2 sudah memakai 50% waktunya."]}
    assert jalan() == {"naik": 0, "kabar": 0}  # the same day again
    jam_dinding.move_to("2026-11-30T09:00:00+07:00")  # the last day
    jalan()
    kalimat = "Tenggat usulan hari ini: 2 sudah memakai 80% waktunya."
    assert kabar() == {"operator": [kalimat], "supervisor": [kalimat]}
    jam_dinding.move_to("2026-12-01T09:00:00+07:00")
    jalan()
    kalimat = "Tenggat usulan hari ini: 2 lewat tenggat."
    assert kabar() == {"supervisor": [kalimat], "kadis": [kalimat]}
    assert jalan(KABUPATEN_LAIN)["naik"] == 0
    halaman = masuk("supervisor").get(reverse("tenggat_daftar")).text
    assert all(u.tiket in halaman for u in dua) and "lewat 1 hari kerja" in halaman
    assert "usulan lewat tenggat di wilayah Anda" in masuk("kadis").get(reverse("dasbor")).text
    assert dua[0].tiket not in masuk("supervisor.lain").get(reverse("tenggat_daftar")).text


@pytest.mark.django_db
def test_dua_hari_mati_dikejar_sekali_dengan_ambang_tertinggi(jam_dinding):
    sampai("diajukan")
    jam_dinding.move_to("2026-12-02T09:00:00+07:00")
    assert jalan()["naik"] == 1
    assert set(kabar()) == {"supervisor", "kadis"}
    assert sorted(Eskalasi.objects.values_list("ambang", flat=True)) == [50, 80, 100]


@pytest.mark.django_db
def test_libur_baru_menggeser_tenggat_dan_daftar_batas_waktu_ikut(jam_dinding, masuk):
    u = sampai("diajukan").usulan
    kalender.tambah_libur(
        by=orang("supervisor"),
        wilayah=KABUPATEN,
        tanggal=date(2026, 11, 30),
        nama="Hari Jadi",
        dasar_hukum="SK",
    )

    def tampil(ambang):
        return u.tiket in masuk("supervisor").get(reverse("tenggat_daftar"), {"ambang": ambang}).text

    jam_dinding.move_to("2026-12-01T09:00:00+07:00")
    assert jalan()["naik"] == 1 and tampil(100) and tampil(80)
    assert tasks.hitung_ulang_tenggat(Pekerjaan(argumen={"kabupaten": KABUPATEN})) == {"berubah": 1}
    assert not tampil(100) and tampil(80)  # due today now: four of the five days are over
    jam_dinding.move_to("2026-12-02T09:00:00+07:00")
    assert jalan()["naik"] == 0 and tampil(100)  # told once, and late again


@pytest.mark.django_db
def test_yang_ditunda_atau_kembali_ke_keadaan_yang_sama_tidak_dinaikkan_lagi(jam_dinding):
    p = sampai("diajukan")
    jam_dinding.move_to("2026-11-27T09:00:00+07:00")
    jalan()
    langkah.tunda(p.usulan, by=orang("operator"), alasan=alasan_pertama("tunda"))
    jam_dinding.move_to("2026-12-07T09:00:00+07:00")
    assert jalan()["naik"] == 0  # the review of a postponed case is a month away
    langkah.lanjutkan(p.segar(), by=orang("operator"))
    assert jalan()["naik"] == 0  # 50 % was raised in this state before
    jam_dinding.move_to("2026-12-09T09:00:00+07:00")
    assert jalan()["naik"] == 1


@pytest.mark.django_db
def test_tiap_kabupaten_sesudah_jam_kerjanya_mulai(jam_dinding):
    jam_dinding.move_to("2026-11-23T06:30:00+07:00")
    assert tasks.tenggat_jam(Pekerjaan())["kabupaten"] == 0
    jam_dinding.move_to("2026-11-23T07:05:00+07:00")
    n = tasks.tenggat_jam(Pekerjaan())["kabupaten"]
    assert n >= 2
    assert tasks.tenggat_jam(Pekerjaan())["kabupaten"] == 0


def test_mati_di_tengah_dan_dua_sekaligus_tetap_satu_kabar(db_nyata, jam_dinding):
    sampai("diajukan")
    jam_dinding.move_to("2026-12-02T09:00:00+07:00")
    with pytest.raises(ZeroDivisionError), transaction.atomic():  # the worker dies before its job is marked
        jalan()
        raise ZeroDivisionError
    assert not Eskalasi.objects.exists()
    hasil = []

    def satu():
        try:
            with time_machine.travel("2026-12-02T09:00:00+07:00", tick=False):
                outbox_job = Pekerjaan(argumen={"kabupaten": KABUPATEN})
                outbox._finish(outbox_job, lambda: hasil.append(notifications.kabar_eskalasi(outbox_job)))
        finally:
            connection.close()

    kerja = [threading.Thread(target=satu) for _ in range(2)]
    for t in kerja:
        t.start()
    for t in kerja:
        t.join()
    assert sorted(h["naik"] for h in hasil) == [0, 1]
    assert {k: len(v) for k, v in kabar().items()} == {"supervisor": 1, "kadis": 1}
    assert eskalasi.naikkan(KABUPATEN) == []
