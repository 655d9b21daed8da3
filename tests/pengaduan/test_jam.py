"""The clock of what citizens wait for: working days over holidays, cuti bersama and year end; hours through the night; pauses."""

from datetime import datetime
from types import SimpleNamespace

import pytest

from core.models import Ketentuan
from pengaduan.actions import jam
from pengaduan.models import Berjam
from pengaduan.queries import jam as baca
from tests.bantu.pemain import KABUPATEN

pytestmark = pytest.mark.django_db


def wib(teks):
    return datetime.fromisoformat(f"{teks}+07:00")


def baris(wilayah=KABUPATEN):
    """A row with the columns of a clock, each as the model has it before the clock starts."""
    kolom = {f.name: f.get_default() for f in Berjam._meta.get_fields()}
    return SimpleNamespace(wilayah_id=wilayah, **kolom)


@pytest.mark.parametrize(
    ("masuk", "kunci", "akhir"),
    [
        ("2026-11-23T09:00", "aduan.verifikasi", "2026-11-26T23:59:59"),  # Monday: Tue, Wed, Thu
        ("2026-11-20T23:30", "aduan.verifikasi", "2026-11-25T23:59:59"),  # late on Friday
        ("2026-11-21T10:00", "aduan.verifikasi", "2026-11-25T23:59:59"),  # Saturday
        (
            "2026-03-16T09:00",
            "aduan.verifikasi",
            "2026-03-26T23:59:59",
        ),  # Nyepi, cuti bersama and Idul Fitri between
        (
            "2026-12-23T09:00",
            "aduan.verifikasi",
            "2026-12-30T23:59:59",
        ),  # cuti bersama of the 24th, Natal, weekend
        ("2026-12-23T09:00", "aduan.informasi", "2027-01-04T23:59:59"),  # and over the year end
        ("2026-12-23T09:00", "aduan.pengaduan", "2027-01-18T23:59:59"),  # 5 January is a holiday
        (
            "2026-02-28T09:00",
            "aduan.pengawasan",
            "2026-06-09T23:59:59",
        ),  # 60 days, over thirteen free weekdays
    ],
)
def test_tenggat_hari_kerja_melompati_libur_cuti_bersama_dan_tahun_baru(masuk, kunci, akhir):
    satu = baris()
    jam.mulai(satu, kunci, saat=wib(masuk))
    assert satu.tenggat_at == wib(akhir)


def test_jam_darurat_berjalan_malam_dan_libur():
    Ketentuan.objects.create(
        kunci="tenggat.uji.tiba", nilai={"jam": 24}, berlaku_sejak="2020-01-01", dasar_hukum="uji"
    )
    satu = baris()
    jam.mulai(satu, "uji.tiba", saat=wib("2026-12-31T22:00"))
    assert satu.tenggat_at == wib("2027-01-01T22:00") and satu.eskalasi_at == wib("2027-01-01T10:00")
    assert baca.jam(satu, saat=wib("2027-01-01T21:30")).kata == "sisa 30 menit"
    assert baca.jam(satu, saat=wib("2027-01-02T00:00")).kata == "lewat 2 jam"
    jam.jeda(satu, "ambulans", saat=wib("2027-01-01T00:00"))
    jam.lanjut(satu, saat=wib("2027-01-01T01:15"))
    assert satu.tenggat_at == wib("2027-01-01T23:15")


def test_jam_berhenti_menunggu_pelapor_dan_lanjut_dengan_sisa_yang_sama():
    satu = baris()
    jam.mulai(satu, "aduan.informasi", saat=wib("2026-12-21T09:00"))  # until the 30th, over Natal
    assert satu.tenggat_at == wib("2026-12-30T23:59:59")
    jam.jeda(satu, "jawaban pelapor", saat=wib("2026-12-22T10:00"))
    assert baca.jam(satu, saat=wib("2026-12-23T08:00")).kata == (
        "jam berhenti sejak 22 Des 2026: menunggu jawaban pelapor"
    )
    jam.lanjut(satu, saat=wib("2027-01-04T09:00"))  # 23, 28, 29, 30, 31 December and 4 January stood still
    assert satu.tenggat_at == wib("2027-01-11T23:59:59")
    assert satu.jeda_sejak is None and satu.jeda_sebab == ""
    assert baca.jam(satu, saat=wib("2027-01-04T10:00")).kata == "sisa 4 hari kerja"


def test_jeda_dalam_satu_hari_tidak_memundurkan_apa_pun_dan_jeda_kedua_tidak_mengulang_yang_pertama():
    satu = baris()
    jam.mulai(satu, "aduan.verifikasi", saat=wib("2026-11-23T09:00"))
    semula = satu.tenggat_at
    jam.jeda(satu, "jawaban pelapor", saat=wib("2026-11-24T09:00"))
    jam.jeda(satu, "orang lain", saat=wib("2026-11-25T09:00"))
    assert satu.jeda_sebab == "jawaban pelapor" and satu.jeda_sejak == wib("2026-11-24T09:00")
    jam.lanjut(satu, saat=wib("2026-11-24T16:00"))
    assert satu.tenggat_at == semula
    jam.lanjut(satu, saat=wib("2026-11-30T16:00"))  # nothing stands: nothing moves
    assert satu.tenggat_at == semula


def test_yang_sudah_lewat_tetap_lewat_sesudah_jeda():
    satu = baris()
    jam.mulai(satu, "aduan.verifikasi", saat=wib("2026-11-23T09:00"))
    jam.jeda(satu, "jawaban pelapor", saat=wib("2026-11-30T09:00"))
    jam.lanjut(satu, saat=wib("2026-12-02T09:00"))
    assert baca.jam(satu, saat=wib("2026-12-02T10:00")).lewat


def test_selesai_menyimpan_tepat_atau_lewat_waktu():
    tepat, lewat = baris(), baris()
    for satu in (tepat, lewat):
        jam.mulai(satu, "aduan.verifikasi", saat=wib("2026-11-23T09:00"))
    jam.selesai(tepat, saat=wib("2026-11-26T23:00"))
    jam.selesai(lewat, saat=wib("2026-11-27T00:00"))
    assert (baca.jam(tepat).kata, baca.jam(lewat).kata) == ("selesai tepat waktu", "selesai lewat waktu")
    assert tepat.eskalasi_at is None and tepat.tenggat_at is not None


def test_ambang_jatuh_pagi_hari_sesudah_bagian_waktunya_habis():
    satu = baris()
    jam.mulai(satu, "aduan.informasi", saat=wib("2026-11-23T09:00"))  # five days, until the 30th
    kal = baca.kalender_untuk([satu])
    saat = [baca.saat_ambang(satu, p, 7, kal) for p in (50, 80, 100)]
    assert saat == [wib("2026-11-27T07:00"), wib("2026-11-28T07:00"), wib("2026-12-01T07:00")]
    assert satu.eskalasi_at == saat[0]


def test_zona_waktu_wilayahnya_yang_dipakai():
    satu = baris("91.71")  # WIT
    jam.mulai(satu, "aduan.verifikasi", saat=wib("2026-11-23T22:30"))  # already Tuesday there
    assert satu.tenggat_at == datetime.fromisoformat("2026-11-27T23:59:59+09:00")
