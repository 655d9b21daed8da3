"""Many complain at once: each gets its number, none is lost, and the trail stays whole."""

import re
import time
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client

from pengaduan.forms_aduan import KirimForm
from pengaduan.models import Aduan
from tests.bantu.pemain import DESA
from tests.bantu.tantangan import untuk_form


def _satu(isi):
    nomor, bukti = isi
    data = {
        "langkah": "3", "kategori": "KKS", "wilayah": DESA, "tempat": "", "kejadian": "", "berkas": "", "privasi": "rahasia", "nik": "",
        "cerita": f"Kartu nomor {nomor} terblokir sejak bulan lalu.", "nama": "", "telepon": "", "kunci_kirim": str(uuid4()),
    }  # fmt: skip
    try:
        jawab = Client().post("/aduan/", data | bukti, REMOTE_ADDR=f"10.{nomor // 250}.{nomor % 250}.9")
        cocok = re.search(r"ADU-\d{6}-\d{5,}", jawab.content.decode())
        return jawab.status_code, cocok[0] if cocok else ""
    finally:
        connection.close()


def serbu(n, serentak):
    """`n` sendings by `serentak` at a time, each from a network of its own: (answers, seconds)."""
    bukti = [(i, untuk_form(KirimForm)) for i in range(n)]  # the work of the telephones, done before
    mulai = time.perf_counter()
    with ThreadPoolExecutor(serentak) as kolam:
        hasil = list(kolam.map(_satu, bukti))
    return hasil, time.perf_counter() - mulai


def periksa(hasil):
    assert {status for status, _ in hasil} == {200}
    tiket = {t for _, t in hasil}
    assert len(tiket) == len(hasil)
    assert set(Aduan.objects.values_list("tiket", flat=True)) == tiket
    assert not Aduan.objects.filter(tenggat_at__isnull=True).exists()
    with connection.cursor() as cursor:
        cursor.execute("select * from jejak_periksa()")
        assert cursor.fetchall() == []


def test_tiga_puluh_sekaligus_semua_diterima(db_nyata):
    hasil, _ = serbu(30, 6)
    periksa(hasil)


@pytest.mark.load
@pytest.mark.timeout(900)
def test_seribu_dalam_semenit_tidak_ada_yang_hilang(db_nyata, capsys):
    hasil, detik = serbu(1000, 12)
    periksa(hasil)
    with capsys.disabled():
        print(f"\n1000 aduan dalam {detik:.1f} detik ({1000 / detik:.0f} per detik, satu proses, 12 utas)")
    assert detik < 60
