"""F14-F16: the disk of the files, of PostgreSQL, of the logs is full to the last byte. Whoever sends is told so, what was said to be
kept is kept, and when there is room again everything goes on."""

import os
import shutil
import threading
import time
from collections import Counter
from datetime import timedelta

import pytest
from django.conf import settings as setelan
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.db.models.functions import Now

from accounts.models import Pemberitahuan
from core import files
from core.models import Berkas, Pekerjaan
from dtks.models import FotoKeluarga, Usulan
from portal.tasks import disk_jam
from tests.bantu.alur import foto, sampai
from tests.bantu.api import kunci
from tests.bantu.disk import disk_kecil, penuhi
from tests.bantu.jaringan import Buku, Mesin, Peramban, kunci_baru, minta, usulan_baru
from tests.bantu.klaster import klaster_sendiri
from tests.bantu.proses import Panggung
from tests.browser.panggung import Portal, kumpulkan_berkas_statis
from tests.gangguan.conftest import _periksa
from tests.gangguan.test_basis_data_hilang import Penulis
from tests.gangguan.test_web_dibunuh import ALAMAT, TULIS, cocokkan

pytestmark = [pytest.mark.faults, pytest.mark.timeout(1800)]


@pytest.fixture
def disk_berkas(tmp_path, monkeypatch):
    with disk_kecil(tmp_path / "kecil", 4) as disk:
        monkeypatch.setattr(setelan, "FILES_DIR", disk / "berkas")
        yield disk


def test_disk_berkas_penuh(db_nyata, disk_berkas, panggung, buat_web):
    """F14: the upload is refused with a sentence; no row, no half file; sent again later it is there."""
    usulan = sampai("draf", pengusul="operator").usulan
    sebelum = set(Berkas.objects.values_list("pk", flat=True))
    web = buat_web(panggung, pekerja=1)
    hp = Peramban(web.alamat, "operator")
    jalan = f"/usulan/{usulan.pk}/foto/"
    isi, gambar = hp.isian(jalan) | {"jenis": "rumah_depan"}, foto()

    def kirim():
        return hp.kirim(jalan, isi | {"foto": SimpleUploadedFile("rumah.jpg", gambar, "image/jpeg")})

    penuh = penuhi(disk_berkas)
    jawab = kirim()
    assert jawab.status == 503 and "Penyimpanan berkas di server penuh" in jawab.teks, jawab.teks[:800]
    assert not FotoKeluarga.objects.exists() and set(Berkas.objects.values_list("pk", flat=True)) == sebelum
    assert {p.name for p in (disk_berkas / "berkas").glob("??/*")} == {pk.hex for pk in sebelum}
    langkah = f"/usulan/{usulan.pk}/"
    assert hp.buka(langkah).status == 200 and minta(web.alamat + "/readyz").status == 200
    assert Mesin(web.alamat, kunci(*TULIS)).kirim(ALAMAT, usulan_baru(5), kunci=kunci_baru()).status == 201
    penuh.unlink()
    assert kirim().status == 302
    assert files.read(FotoKeluarga.objects.get().berkas)
    _periksa()


def test_disk_yang_hampir_penuh_dikabarkan(db_nyata, disk_berkas, tmp_path, monkeypatch):
    """F15: the administrators hear of it from 80 % on, by name, once a day; below nobody does."""
    with klaster_sendiri(mb=1200) as klaster, disk_kecil(tmp_path / "lain", 8) as lain:
        setelan.FILES_DIR.mkdir()
        monkeypatch.setattr(setelan, "DISK_WATCH", [lain, tmp_path / "tidak-ada"])

        def kabar() -> set[str]:
            assert disk_jam(None).keys() == {"penuh"}
            return set(
                Pemberitahuan.objects.filter(kalimat__startswith="Disk").values_list("kalimat", flat=True)
            )

        def isi(disk, sampai: int) -> None:
            ruang = shutil.disk_usage(disk)
            with (disk / "isi").open("wb") as keluar:
                os.posix_fallocate(keluar.fileno(), 0, ruang.total * sampai // 100 - ruang.used)

        for disk in (klaster.rumah, disk_berkas, lain):
            isi(disk, 70)
        assert kabar() == set()
        for disk in (klaster.rumah, disk_berkas, lain):
            (disk / "isi").unlink()
            isi(disk, 85)
        tiga = kabar()
        assert {k.partition(" di server")[0] for k in tiga} == {
            "Disk basis data",
            "Disk berkas",
            f"Disk {lain}",
        }
        assert all("hampir penuh: terisi 8" in k and "pengelola server" in k for k in tiga)
        penerima = set(Pemberitahuan.objects.values_list("pengguna__username", flat=True))
        assert penerima == {"admin"} and Pemberitahuan.objects.count() == 3
        kabar()
        assert Pemberitahuan.objects.count() == 3, "told twice in a day"
        Pemberitahuan.objects.update(created_at=Now() - timedelta(days=1, minutes=1))
        kabar()
        assert Pemberitahuan.objects.count() == 6
        connections.close_all()


def test_disk_basis_data_penuh(db_nyata, tmp_path, keras):
    """F15: PostgreSQL cannot write its log any more, and may give up. Only 503; nothing that was answered is lost."""
    with klaster_sendiri(mb=1200) as klaster, Panggung(tmp_path, simulator=False) as panggung:
        kumpulkan_berkas_statis(panggung.env)
        web = Portal(panggung, tmp_path, demo=True, pekerja=2)
        selesai = threading.Event()
        try:
            web.tunggu()
            buku = Buku(tmp_path / "buku")
            penulis = [Penulis(Mesin(web.alamat, kunci(*TULIS)), buku, 10_000 * n, selesai) for n in range(3)]
            connections.close_all()
            for p in penulis:
                p.start()
            time.sleep(2)
            lama: list[float] = []
            for _ in range(10 if keras else 2):
                penuh = penuhi(klaster.rumah)
                time.sleep(8)
                tertolak = sum(s == 503 for p in penulis for _, s in p.lihat)
                penuh.unlink()
                klaster.hidup()  # as whoever looks after the service would, should it have given up
                hidup = time.monotonic()
                while not all(any(t > hidup and s == 201 for t, s in p.lihat) for p in penulis):
                    assert time.monotonic() < hidup + 60, [(p.lihat[-3:], p.galat) for p in penulis]
                    time.sleep(0.1)
                lama.append(time.monotonic() - hidup)
            selesai.set()
            for p in penulis:
                p.join()
            lihat = Counter(s for p in penulis for _, s in p.lihat)
            print(
                f"database disk full {len(lama)} times: answers {dict(lihat)}; written again {max(lama):.1f} s after there was room"
            )
            assert tertolak and set(lihat) == {201, 503}, lihat
            assert not any(p.galat for p in penulis), [p.galat for p in penulis]
            cocokkan(buku, len(buku.hasil))
        finally:
            selesai.set()
            web.hentikan()
        _periksa()


def test_disk_catatan_penuh(panggung, tmp_path, periksa_semua):
    """F16: not one line of a log can be written any more, by the web processes or by the worker."""
    with disk_kecil(tmp_path / "kecil", 1) as disk:
        panggung.worker.hentikan()
        panggung.worker._log = disk / "worker.log"
        panggung.worker.mulai()
        web = Portal(panggung, disk, demo=True, pekerja=2, LOG_LEVEL="DEBUG")
        try:
            web.tunggu()
            penuhi(disk)
            ukuran = web.log.stat().st_size
            mesin, petugas = Mesin(web.alamat, kunci(*TULIS)), Peramban(web.alamat, "operator")
            for n in range(20):
                assert mesin.kirim(ALAMAT, usulan_baru(n), kunci=kunci_baru()).status == 201
                assert petugas.buka("/keluarga/").status == 200
                assert (
                    minta(web.alamat + f"/tidak-ada-{n}/").status == 404
                )  # said in the log, were there room
            usulan = sampai("draf", nomor=50, pengusul="operator").usulan
            jalan = f"/usulan/{usulan.pk}/langkah/ajukan/"
            assert petugas.kirim(jalan, petugas.isian(jalan)).status == 302
            assert Usulan.objects.get(pk=usulan.pk).status == "diajukan"
            batas = time.monotonic() + 60
            while Pekerjaan.objects.exclude(status="selesai").filter(jenis="dtks.beri_tahu").exists():
                assert time.monotonic() < batas, "the worker stands still"
                time.sleep(0.3)
            assert web.log.stat().st_size == ukuran, "there was room"
        finally:
            web.hentikan()
            panggung.worker.hentikan()
