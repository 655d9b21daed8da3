"""What a reader of reports without the right to see rows must never be able to work out."""

import time

import pytest
from django.utils import timezone

from core import files
from dtks.actions import usulan as langkah
from dtks.actions.urung import urungkan
from portal.actions import peta, ringkasan
from portal.queries.laporan import halaman, kpi
from portal.queries.laporan.dasar import Lingkup, hitung
from tests.bantu import acak
from tests.bantu.alur import alasan_pertama, orang
from tests.bantu.pemain import DESA, DESA2

pytestmark = pytest.mark.django_db
KINI = f"{timezone.localdate():%Y-%m}"


def test_angka_yang_ditutup_di_kabupaten_tidak_terbuka_di_halaman_bagiannya(settings):
    """Hidden on the wide page to protect a small neighbour: opening the part, or adding up its lines, does not tell it."""
    settings.DEMO = True
    acak.isi(5, [DESA, DESA, DESA2, "32.05.02.1001"], kpi.periode_lalu(KINI, 3), keluarga=80)
    ringkasan.segarkan()
    user, n = orang("provinsi"), 0
    for laporan in kpi.LAPORAN:
        for luas in ("32", "32.05", "32.05.01"):
            for baris in halaman.baca(user, laporan, Lingkup((luas,), KINI)).baris:
                rahasia = [
                    k.kode for k in laporan.kolom if k.rahasia and k.jenis == "n" and baris.sel[k.kode].samar
                ]
                for kolom in rahasia:
                    dalam = halaman.baca(user, laporan, Lingkup((baris.kode,), KINI))
                    terbuka = sum(b.sel[kolom].nilai or 0 for b in dalam.baris if not b.sel[kolom].samar)
                    assert dalam.total.sel[kolom].samar, (laporan.kode, baris.kode, kolom)
                    assert not baris.sel[kolom].nilai or terbuka < baris.sel[kolom].nilai, (
                        laporan.kode,
                        baris.kode,
                        kolom,
                    )
                    n += 1
    assert n > 10


def test_pengembalian_yang_diurungkan_bukan_pengembalian(settings, sampai):
    settings.DEMO = True
    usulan = sampai("diases").usulan
    langkah.kembalikan(usulan, by=orang("verifikator"), tujuan="draf", alasan=alasan_pertama("kembalikan"))
    urungkan(usulan, by=orang("verifikator"))
    ringkasan.segarkan()
    laporan, tempat = kpi.PER_KODE["kembali"], Lingkup((DESA,), usulan.periode)
    hasil = hitung(laporan, tempat)
    assert (hasil.total.sel["masuk"].nilai, hasil.total.sel["kembali"].nilai) == (1, 0)
    assert laporan.daftar(orang("kadis"), tempat, "kembali").count() == 0
    assert laporan.rincian(tempat)[0][1] == []


def test_peta_berzigzag_tidak_menahan_proses_dan_angka_raksasa_ditolak():
    """A ring made to cost the square of its points, and a number that no float holds."""
    n = 20_000
    gigi = [[95 + i * 40 / n, (1 if i % 2 else -1) * (6 - 5.5 * i / n)] for i in range(n)]
    mulai = time.process_time()
    assert len(peta.sederhana(gigi)) == n
    assert time.process_time() - mulai < 10
    with pytest.raises(files.BadFile):
        peta._titik([10**400, 0])
    with pytest.raises(files.BadFile):
        peta._titik([float("nan"), 0])
