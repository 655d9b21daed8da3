"""The same submission twice is one effect; numbers without gap; limits that are exact."""

import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from django.db import connection, transaction

from core import limits, numbering
from core.idempotency import KeyReused, once
from core.models import KunciKirim, NomorSeri


def serentak(n, fungsi):
    gerbang = threading.Barrier(n)

    def satu(i):
        try:
            gerbang.wait(20)
            return fungsi(i)
        finally:
            connection.close()

    with ThreadPoolExecutor(n) as kolam:
        return list(kolam.map(satu, range(n)))


def test_sepuluh_klik_satu_efek(db_nyata):
    kunci, efek = uuid.uuid4(), []
    hasil = serentak(
        10,
        lambda i: once(
            pemilik="a", kunci=kunci, isi="x", do=lambda: efek.append(i) or f"/hasil/{len(efek)}/"
        ),
    )
    assert len(efek) == 1
    assert {h for h, _ in hasil} == {"/hasil/1/"} and sum(baru for _, baru in hasil) == 1


def test_gagal_di_tengah_boleh_dicoba_lagi_dengan_kunci_yang_sama(db_nyata):
    kunci = uuid.uuid4()
    with pytest.raises(ZeroDivisionError):
        once(pemilik="a", kunci=kunci, isi="x", do=lambda: str(1 / 0))
    assert once(pemilik="a", kunci=kunci, isi="x", do=lambda: "jadi") == ("jadi", True)
    assert KunciKirim.objects.count() == 1


def test_kunci_dipakai_untuk_isi_lain_ditolak(db_nyata):
    kunci = uuid.uuid4()
    once(pemilik="a", kunci=kunci, isi="x", do=lambda: "1")
    with pytest.raises(KeyReused):
        once(pemilik="a", kunci=kunci, isi="y", do=lambda: "2")
    assert once(pemilik="b", kunci=kunci, isi="y", do=lambda: "3") == ("3", True)


def test_nomor_tanpa_celah_walau_separuh_batal(db_nyata):
    def ambil(i):
        try:
            with transaction.atomic():
                n = numbering.take("SK", 2026)
                if i % 2:
                    raise ZeroDivisionError
                return n
        except ZeroDivisionError:
            return None

    nomor = sorted(n for n in serentak(16, ambil) if n)
    assert nomor == list(range(1, 9))
    assert NomorSeri.objects.get(seri="SK").terakhir == 8


@pytest.mark.django_db
def test_nomor_baru_mulai_dari_satu_setiap_tahun():
    a, teks = numbering.issue("sk.nomor", seri="SK-32.05", hari=date(2026, 12, 31), wilayah="32.05")
    b, _ = numbering.issue("sk.nomor", seri="SK-32.05", hari=date(2027, 1, 1), wilayah="32.05")
    assert (a, b) == (1, 1)
    assert teks.startswith("460/001/") and "XII" in teks and teks.endswith("2026")


def test_batas_percobaan_tepat_walau_serentak(db_nyata):
    hasil = serentak(12, lambda i: limits.hit("uji", limit=5, window=timedelta(minutes=15)))
    assert sum(hasil) == 5
    limits.clear("uji")
    assert limits.hit("uji", limit=5, window=timedelta(minutes=15))
