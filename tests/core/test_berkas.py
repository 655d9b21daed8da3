"""Stored files: encrypted, checked by hash, and no orphans."""

import os
import time

import pytest

from core import files
from core.models import Berkas

pytestmark = pytest.mark.django_db


def simpan(isi: bytes = b"isi rahasia") -> Berkas:
    return files.store(isi, jenis="uji", nama="uji.txt", mime="text/plain")


def test_berkas_di_cakram_tidak_terbaca_dan_kembali_utuh():
    row = simpan()
    assert b"rahasia" not in files.path_of(row.pk).read_bytes()
    assert files.read(row) == b"isi rahasia"


def test_satu_byte_berubah_ketahuan():
    row = simpan()
    path = files.path_of(row.pk)
    isi = bytearray(path.read_bytes())
    isi[-1] ^= 1
    path.write_bytes(isi)
    with pytest.raises(files.BadFile):
        files.read(row)


def test_berkas_yatim_dihapus_setelah_sehari_dan_yang_bertuan_tinggal():
    bertuan, yatim, baru = simpan(), simpan(), simpan()
    Berkas.objects.filter(pk__in=[yatim.pk, baru.pk]).delete()
    kemarin = time.time() - 2 * 86_400
    for row in (bertuan, yatim):
        os.utime(files.path_of(row.pk), (kemarin, kemarin))
    assert files.purge_orphans() >= 1
    assert files.path_of(bertuan.pk).exists() and files.path_of(baru.pk).exists()
    assert not files.path_of(yatim.pk).exists()
