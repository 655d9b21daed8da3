"""Time as people meet it: a day off entered by the supervisor, the clock of a case, and one that stands still."""

import time

import pytest
from django.utils import timezone

from dtks.actions import usulan as langkah
from tests.bantu.alur import orang, sampai
from tests.bantu.pemain import KABUPATEN
from wilayah.queries import kerja

pytestmark = pytest.mark.timeout(180)


def test_libur_daerah_dan_jam_yang_berhenti(portal, layar):
    p = sampai("diajukan")
    tunda = sampai("diajukan", nomor=1).usulan
    langkah.tunda(tunda, by=orang("operator"), alasan="TUNGGU_DOKUMEN")
    libur = kerja.tambah_hari_kerja(KABUPATEN, timezone.localdate(), 2)

    dinas = layar(portal, "supervisor", lebar=360)
    dinas.buka("/periode/")
    dinas.ikuti("Kalender hari kerja")
    dinas.ikuti("Tambah libur daerah")
    dinas.ketik(tanggal=libur.isoformat(), nama="Hari Jadi Garut")
    dinas.tekan("Simpan libur")
    assert "Tulis nomor keputusan" in dinas.teks
    assert dinas.hal.locator("[name=nama]").input_value() == "Hari Jadi Garut"
    dinas.lihat()
    dinas.ketik(dasar_hukum="Keputusan Bupati Garut 12/2026")
    dinas.tekan("Simpan libur")
    assert "Libur daerah dicatat" in dinas.teks and "Hari Jadi Garut" in dinas.teks
    dinas.lihat("kalender")
    dinas.tekan("Hitung ulang tenggat yang berjalan")
    assert "sedang dihitung ulang" in dinas.teks

    op = layar(portal, "operator", lebar=360)
    op.buka(f"/usulan/{p.usulan.pk}/")
    assert "hari kerja" in op.teks
    op.buka(f"/usulan/{tunda.pk}/")
    assert "Jam berhenti sejak" in op.teks and "menunggu dokumen dari keluarga" in op.teks
    op.lihat("jam-berhenti")
    op.buka("/tenggat/")
    op.lihat()
    for alamat in ("/profil/pemberitahuan/", "/pemberitahuan/?baru=1"):
        op.buka(alamat)
        op.lihat()
    for _ in range(100):  # the worker counts anew
        if p.segar().tenggat == kerja.tambah_hari_kerja(KABUPATEN, p.usulan.tenggat_mulai, 5):
            break
        time.sleep(0.2)
    else:
        pytest.fail("the deadline does not follow the new day off")
