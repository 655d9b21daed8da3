"""Working days: year end, cuti bersama, a day off of one kabupaten, a week of six days; and who may change them."""

from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse

from core.models import Jejak, Ketentuan
from core.workflow import GateClosed, NotAllowed
from tests.bantu.alur import orang
from tests.bantu.pemain import DESA, DESA_LAIN, KABUPATEN, KABUPATEN_LAIN
from wilayah.actions import kalender as aksi
from wilayah.models import HariLibur
from wilayah.queries import kerja

pytestmark = pytest.mark.django_db
JUMAT = date(2026, 11, 27)


@pytest.fixture(autouse=True)
def hari_itu(settings):
    settings.DEMO = True
    with time_machine.travel("2026-11-23T09:00:00+07:00", tick=False):
        yield


def libur_daerah(tanggal=JUMAT, wilayah=KABUPATEN, by="supervisor"):
    return aksi.tambah_libur(
        by=orang(by), wilayah=wilayah, tanggal=tanggal, nama="Hari Jadi", dasar_hukum="Keputusan Bupati 12/2026"
    )  # fmt: skip


@pytest.mark.parametrize(
    ("mulai", "n", "sampai"),
    [
        ("2026-11-23", 1, "2026-11-24"),
        ("2026-11-27", 1, "2026-11-30"),  # a weekend
        ("2026-11-28", 1, "2026-11-30"),  # begun on a Saturday
        ("2026-12-23", 1, "2026-12-28"),  # cuti bersama 24, Natal 25, weekend
        ("2026-12-30", 3, "2027-01-06"),  # 31 Dec, (1 Jan, weekend), 4 Jan, (5 Jan Isra Mikraj), 6 Jan
        ("2026-11-23", 0, "2026-11-23"),
        ("2026-11-30", -1, "2026-11-27"),
    ],
)
def test_menambah_hari_kerja(mulai, n, sampai):
    mulai, sampai = date.fromisoformat(mulai), date.fromisoformat(sampai)
    assert kerja.tambah_hari_kerja(DESA, mulai, n) == sampai
    assert kerja.selisih_hari_kerja(DESA, mulai, sampai) == n
    assert kerja.selisih_hari_kerja(DESA, sampai, mulai) == -n


def test_tambah_dan_selisih_saling_membalik_sepanjang_tiga_tahun():
    kal, awal = kerja.kalender(DESA), date(2025, 1, 1)
    for n in range(1, 1050, 7):
        mulai = awal + timedelta(days=n)
        sampai = kal.tambah(DESA, mulai, n % 40)
        assert kal.selisih(DESA, mulai, sampai) == n % 40
    assert sum(kal.hari_kerja(DESA, awal + timedelta(days=i)) for i in range(365)) == 237


def test_libur_satu_kabupaten_tidak_meliburkan_yang_lain(django_assert_num_queries):
    libur_daerah()
    assert not kerja.hari_kerja(DESA, JUMAT)
    assert kerja.hari_kerja(DESA_LAIN, JUMAT)
    assert kerja.hari_kerja("32", JUMAT)  # the province itself is at work
    with django_assert_num_queries(1):
        kal = kerja.kalender([DESA, DESA_LAIN])
        for kode in (DESA, DESA_LAIN):
            for n in range(500):
                kal.tambah(kode, JUMAT, n)


def test_enam_hari_kerja_berlaku_sejak_tanggalnya():
    Ketentuan.objects.create(
        kunci=kerja.KUNCI_MINGGU, wilayah=KABUPATEN, nilai=6, berlaku_sejak=date(2026, 12, 1), dasar_hukum="Perbup"
    )  # fmt: skip
    assert not kerja.hari_kerja(DESA, date(2026, 11, 28))
    assert kerja.hari_kerja(DESA, date(2026, 12, 5))
    assert not kerja.hari_kerja(DESA, date(2026, 12, 6))
    assert not kerja.hari_kerja(DESA_LAIN, date(2026, 12, 5))


@pytest.mark.parametrize(
    ("tanggal", "kode"),
    [
        (date(2026, 11, 20), "SUDAH_LEWAT"),
        (date(2026, 11, 28), "SUDAH_LIBUR"),
        (date(2026, 12, 25), "SUDAH_LIBUR"),
    ],
)
def test_libur_yang_tidak_ada_artinya_ditolak(tanggal, kode):
    with pytest.raises(GateClosed) as tolak:
        libur_daerah(tanggal)
    assert tolak.value.halangan[0].kode == kode


def test_dua_kali_hari_yang_sama_ditolak_dan_libur_nasional_tidak_bisa_dihapus():
    libur_daerah()
    with pytest.raises(GateClosed):
        libur_daerah()
    nasional = HariLibur.objects.get(tanggal=date(2026, 12, 25))
    with pytest.raises(NotAllowed):
        aksi.hapus_libur(nasional, by=orang("supervisor"), alasan="uji")


@pytest.mark.parametrize("siapa", ["verifikator", "kadis", "operator", "supervisor.lain", "provinsi"])
def test_hanya_supervisor_kabupaten_itu(siapa):
    with pytest.raises(NotAllowed):
        libur_daerah(by=siapa)
    libur = libur_daerah()
    with pytest.raises(NotAllowed):
        aksi.hapus_libur(libur, by=orang(siapa), alasan="uji")
    assert not kerja.hari_kerja(DESA, JUMAT)


def test_supervisor_menambah_dan_menghapus_lewat_layar_dan_jejaknya_utuh(masuk):
    web = masuk("supervisor")
    isi = {"wilayah": KABUPATEN, "tanggal": "2026-11-27", "nama": "Hari Jadi Garut", "dasar_hukum": ""}
    kunci = {"kunci_kirim": "5b0c1d9e-6a39-4b0e-9d4c-0f3f3a6f0c11"}
    jawab = web.post(reverse("kalender_tambah"), isi | kunci)
    assert jawab.status_code == 422
    assert "Hari Jadi Garut" in jawab.text  # what was typed stays
    jawab = web.post(
        reverse("kalender_tambah"), isi | kunci | {"dasar_hukum": "Keputusan Bupati 12/2026"}, follow=True
    )
    assert "Hari Jadi Garut" in jawab.text
    assert "November 2026: 20 hari kerja" in jawab.text
    libur = HariLibur.objects.get(wilayah=KABUPATEN)
    assert "Hari Jadi Garut" in masuk("operator").get(reverse("kalender") + "?tahun=2026").text
    assert "Hari Jadi Garut" not in masuk("operator.lain").get(reverse("kalender") + "?tahun=2026").text
    kunci = {"kunci_kirim": "5b0c1d9e-6a39-4b0e-9d4c-0f3f3a6f0c12"}
    web.post(reverse("kalender_hapus", args=[libur.pk]), {"alasan": "Dibatalkan Bupati"} | kunci)
    assert kerja.hari_kerja(DESA, JUMAT)
    aksi_jejak = list(
        Jejak.objects.filter(objek_jenis="wilayah.HariLibur").order_by("id").values_list("aksi", flat=True)
    )
    assert aksi_jejak == ["tambah_libur", "hapus_libur"]


def test_libur_yang_sudah_berlangsung_tidak_bisa_dihapus():
    libur = libur_daerah(date(2026, 11, 24))
    with time_machine.travel("2026-11-24T00:30:00+07:00", tick=False), pytest.raises(GateClosed):
        aksi.hapus_libur(libur, by=orang("supervisor"), alasan="uji")


def test_hari_ini_menurut_jam_daerah():
    """22.30 on Sunday in Garut is already Monday in WIT; the day off may still be entered where it is not over."""
    with time_machine.travel("2026-11-27T22:30:00+07:00", tick=False):
        libur_daerah()  # still Friday in Garut
    with time_machine.travel("2026-11-28T00:30:00+07:00", tick=False), pytest.raises(GateClosed):
        libur_daerah(wilayah=KABUPATEN_LAIN, by="supervisor.lain")
