"""Fifty thousand rows in seconds and in flat memory (benchmarks/ekspor.py prints the table)."""

import pytest
from django.db import connection, transaction
from django.http import QueryDict

from benchmarks import ekspor as beban
from core.models import Jejak
from dtks.exports.daftar import PermintaanLatar, Pesanan, buat
from dtks.forms.unduh import USULAN
from tests.bantu.alur import orang
from tests.bantu.pemain import DESA

pytestmark = [pytest.mark.load, pytest.mark.timeout(1800)]


def salin() -> None:
    with connection.cursor() as cursor, cursor.copy(beban.SALIN) as aliran:
        for _ in aliran:
            pass


def test_lima_puluh_ribu_baris_dalam_hitungan_detik(db_nyata):
    beban.isi(beban.BANYAK, DESA)
    permintaan = PermintaanLatar(orang("operator"), QueryDict(""))

    def tulis(format: str, penuh: bool) -> None:
        with transaction.atomic():
            hasil = buat(USULAN, permintaan, Pesanan(format, penuh, "uji beban"))
        assert hasil.jumlah == beban.BANYAK
        hasil.berkas.close()

    hasil = {"COPY (dasar)": beban.ukur(salin)}
    for format in ("csv", "xlsx"):
        for penuh in (False, True):
            nama = f"{format}, NIK {'lengkap' if penuh else 'samar'}"
            hasil[nama] = beban.ukur(lambda f=format, p=penuh: tulis(f, p))
    print("\n" + beban.tabel(hasil, beban.BANYAK))
    assert Jejak.objects.filter(aksi="ekspor", rincian__jumlah=beban.BANYAK).count() == 8
    for nama, (detik, megabyte) in hasil.items():
        assert detik < 60, nama
        assert megabyte < 25, nama
