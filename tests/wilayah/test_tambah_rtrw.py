"""A village adds its RW and RT; two people adding the same one get the same one."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from core.models import Jejak
from wilayah.actions.rtrw import tambah_rt, tambah_rw
from wilayah.models import Wilayah
from wilayah.queries import induk_dari

DESA = "32.05.01.1001"


@pytest.mark.usefixtures("wilayah")
class TestTambah:
    @pytest.mark.parametrize("tulisan", [5, "5", "05", " 005 ", "RW 5", "rw.05"])
    def test_nomor_ditulis_apa_saja_menjadi_satu_rw(self, tulisan):
        desa = Wilayah.objects.get(pk=DESA)
        rw = tambah_rw(desa, tulisan)
        assert (rw.kode, rw.nama, rw.tingkat) == (f"{DESA}.005", "RW 005", 5)
        assert rw.jalur == f"RW 005, {desa.jalur}"
        assert tambah_rw(desa, 5) == rw

    def test_rt_di_dalam_rw(self):
        rt = tambah_rt(tambah_rw(Wilayah.objects.get(pk=DESA), 5), 2)
        assert rt.kode == f"{DESA}.005.002"
        assert rt.jalur.startswith("RT 002, RW 005, ")
        assert Jejak.objects.filter(aksi="tambah_rt", objek_id=rt.kode, wilayah=rt.kode).count() == 1

    @pytest.mark.parametrize("salah", [0, "000", -1, "", "1000", "abc", "٥", "5a"])
    def test_nomor_salah_ditolak(self, salah):
        with pytest.raises(ValidationError, match="1 sampai 999"):
            tambah_rw(Wilayah.objects.get(pk=DESA), salah)

    def test_tempatnya_salah_ditolak(self):
        desa = Wilayah.objects.get(pk=DESA)
        with pytest.raises(ValidationError, match="di dalam RW"):
            tambah_rt(desa, 1)
        with pytest.raises(ValidationError, match="di dalam desa/kelurahan"):
            tambah_rw(desa.induk, 1)
        with pytest.raises(ValidationError, match="tidak berlaku"):
            Wilayah.objects.filter(pk=DESA).update(berlaku_hingga="2026-01-01")
            tambah_rw(Wilayah.objects.get(pk=DESA), 1)


@pytest.fixture
def desa_tersimpan(django_db_setup, django_db_blocker):
    """A committed village that other connections see; taken away by hand.

    Django's transactional tests flush, and the audit trail refuses to be emptied: that is its point.
    """
    kode = ("99", "99.01", "99.01.01", "99.01.01.2001")
    with django_db_blocker.unblock():
        try:
            for tingkat, satu in enumerate(kode, start=1):
                Wilayah.objects.create(kode=satu, nama="Uji", tingkat=tingkat, induk_id=induk_dari(satu))
            yield Wilayah.objects.get(pk=kode[-1])
        finally:
            for satu in Wilayah.objects.di_dalam("99").order_by("-tingkat"):
                satu.delete()
            connection.close()


def test_delapan_orang_menambah_rw_yang_sama(desa_tersimpan):
    def kerja(_):
        try:
            return tambah_rw(desa_tersimpan, 7).kode
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as orang:
        assert set(orang.map(kerja, range(8))) == {f"{desa_tersimpan.kode}.007"}
    assert Wilayah.objects.filter(induk=desa_tersimpan).count() == 1
