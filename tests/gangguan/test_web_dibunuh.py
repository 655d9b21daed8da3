"""F3, F5, F24-F26, F44: web processes are killed, restarted and starved while people write; nobody's work is lost or done twice."""

import os
import resource
import signal
import socket
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import psutil
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from core import files
from core.models import Berkas, Jejak, KunciKirim
from dtks.models import FotoKeluarga, Keluarga, Usulan
from tests.bantu.alur import foto, sampai
from tests.bantu.api import kunci
from tests.bantu.jaringan import (
    Buku,
    Mesin,
    Peramban,
    Proksi,
    kirim_terpotong,
    kunci_baru,
    minta,
    sampai_terjawab,
    usulan_baru,
)

pytestmark = [pytest.mark.faults, pytest.mark.timeout(14_400), pytest.mark.usefixtures("periksa_semua")]
TULIS = ("register", "usulan", "tulis")
ALAMAT = "/api/v1/usulan/"


def tulis(mesin: Mesin, buku: Buku, n: int) -> int:
    """One operation to its end: sent, and sent again with the same key until it is answered. How often nothing came back."""
    satu, isi = kunci_baru(), usulan_baru(n)
    buku.tulis(str(n), "kirim")
    jawab, hilang = sampai_terjawab(lambda: mesin.kirim(ALAMAT, isi, kunci=satu))
    assert jawab.status == 201, jawab.isi
    buku.tulis(str(n), f"ok {jawab.json()['id']}")
    if hilang:  # the answer of a repeat is the answer of the first
        lagi = mesin.kirim(ALAMAT, isi, kunci=satu)
        assert lagi is None or lagi.status in (429, 503) or lagi.json() == jawab.json()
    return hilang


def cocokkan(buku: Buku, jumlah: int) -> None:
    """LOST 0, DUP 0, GHOST 0: the ledger and the register say the same."""
    connection.close()
    tercatat = {v.split()[1] for v in buku.hasil.values()}
    assert len(tercatat) == jumlah == len(buku.hasil)
    assert {str(pk) for pk in Usulan.objects.values_list("pk", flat=True)} == tercatat
    assert Keluarga.objects.count() == jumlah
    assert Jejak.objects.filter(aksi="buat_usulan").count() == jumlah


def test_pekerja_web_dibunuh_di_tengah_menulis(panggung, buat_web, tmp_path, acak, keras):
    """kill -9 of web workers, now and then of the master, while eight machines write; each repeats with its key.

    A kill comes as soon as a few writes were answered since the last one, so that a slow machine is not only killed.
    """
    jumlah, tiap = (10_000, 9) if keras else (120, 3)
    web, buku, selesai = buat_web(panggung), Buku(tmp_path / "buku"), threading.Event()
    mesin = [Mesin(web.alamat, kunci(*TULIS)) for _ in range(8 if not keras else 40)]
    bunuh: Counter[str] = Counter()

    def pembunuh() -> None:
        batas = tiap
        while not selesai.wait(acak.uniform(0, 0.1)):
            if sum(v != "kirim" for v in list(buku.hasil.values())) < batas:
                continue
            batas += tiap
            if acak.random() < 0.08:
                web.proses.bunuh()  # the master and all of its workers
                web.proses.mulai()
                bunuh["induk"] += 1
            elif anak := psutil.Process(web.proses.popen.pid).children():
                acak.choice(anak).kill()
                bunuh["pekerja"] += 1

    benang = threading.Thread(target=pembunuh)
    benang.start()
    try:
        with ThreadPoolExecutor(8) as kolam:
            habis = time.monotonic() + 60 * float(os.environ.get("DTKS_MENIT", "inf"))

            def satu(n: int) -> int:
                return tulis(mesin[n % len(mesin)], buku, n) if time.monotonic() < habis else 0

            hilang = sum(kolam.map(satu, range(jumlah)))
    finally:
        selesai.set()
        benang.join()
    jumlah = len(buku.hasil)
    print(
        f"{jumlah:,} writes, {bunuh.total()} kills {dict(bunuh)}, {hilang} requests without an answer: lost 0, twice 0"
    )
    assert bunuh.total() >= jumlah / 10 and hilang
    cocokkan(buku, jumlah)


def test_jawaban_hilang_sesudah_tersimpan(panggung, buat_web, tmp_path):
    """F26: the portal has stored it, the line breaks before a word of the answer arrives; the repeat gets the first one's answer."""
    web = buat_web(panggung, pekerja=1)
    proksi, mesin, buku = Proksi(web.alamat), Mesin(web.alamat, kunci(*TULIS)), Buku(tmp_path / "buku")
    proksi.jawaban = False
    for n in range(20):
        satu, isi = kunci_baru(), usulan_baru(n)
        assert mesin.kirim(ALAMAT, isi, kunci=satu, alamat=proksi.alamat) is None
        jawab = mesin.kirim(ALAMAT, isi, kunci=satu)
        assert jawab.status == 201 and jawab.kepala["Idempotent-Replayed"] == "true"
        buku.tulis(str(n), f"ok {jawab.json()['id']}")
    proksi.tutup()
    assert proksi.dibuang == 20
    cocokkan(buku, 20)


def test_foto_terputus_di_tengah_unggahan(panggung, buat_web):
    """F25: the line breaks at 1, 25, 50, 99 and 100 % of an upload. Sent again with the same form: each photo once, no stray file."""
    usulan = sampai("draf", pengusul="operator").usulan
    web = buat_web(panggung, pekerja=1)
    hp = Peramban(web.alamat, "operator")
    jalan = f"/usulan/{usulan.pk}/foto/"
    for n, bagian in enumerate((0.01, 0.25, 0.5, 0.99, 1.0)):
        isi = hp.isian(jalan) | {"jenis": "rumah_depan"}
        gambar = foto((10 * n, 90, 80))

        def lengkap(gambar=gambar, isi=isi) -> dict:
            return isi | {"foto": SimpleUploadedFile("rumah.jpg", gambar, "image/jpeg")}

        badan = encode_multipart(BOUNDARY, lengkap())
        kirim_terpotong(web.alamat, jalan, badan, hp._kepala() | {"Content-Type": MULTIPART_CONTENT}, bagian)
        time.sleep(0.3)
        assert FotoKeluarga.objects.count() == n + (bagian == 1.0)
        jawab = hp.kirim(jalan, lengkap())
        assert jawab.status == 302, jawab.teks[:800]
        assert FotoKeluarga.objects.count() == n + 1
    files.purge_orphans(older_than_seconds=0)
    di_disk = {p.name for p in files.path_of(FotoKeluarga.objects.first().berkas_id).parents[1].glob("??/*")}
    assert di_disk == {b.pk.hex for b in Berkas.objects.all()}


def test_sepuluh_klik_sekaligus_di_server_sungguhan(panggung, buat_web):
    """F24: one form sent ten times at once, over real connections to two workers."""
    usulan = sampai("draf", pengusul="operator").usulan
    web = buat_web(panggung)
    hp = Peramban(web.alamat, "operator")
    jalan = f"/usulan/{usulan.pk}/foto/"
    isi, gambar = hp.isian(jalan) | {"jenis": "rumah_depan"}, foto()
    with ThreadPoolExecutor(10) as kolam:
        jawab = list(
            kolam.map(
                lambda _: hp.kirim(
                    jalan, isi | {"foto": SimpleUploadedFile("rumah.jpg", gambar, "image/jpeg")}
                ),
                range(10),
            )
        )
    assert {j.status for j in jawab} == {302} and len({j.kepala["Location"] for j in jawab}) == 1
    assert FotoKeluarga.objects.count() == 1 and KunciKirim.objects.count() == 1


def test_dimulai_ulang_bergilir_tanpa_satu_pun_yang_gagal(panggung, buat_web, tmp_path, keras):
    """F44: the master is told to renew its workers, again and again, while slow requests run. No caller sees an error.

    The next renewal waits until the last one's workers answer: gunicorn ends the old ones while the new ones still load, so on a machine
    that loads slowly faster renewals leave nobody to answer, and callers wait until they give up.
    """
    putaran = 20 if keras else 6
    panggung.env |= {
        "WEB_WAIT_READ": "50",
        "WEB_WAIT_WRITE": "50",
    }  # a busy machine's "not now" is another test's
    web, buku, selesai = buat_web(panggung), Buku(tmp_path / "buku"), threading.Event()
    mesin = [Mesin(web.alamat, kunci(*TULIS)) for _ in range(4)]
    baca: Counter[object] = Counter()
    nomor = iter(range(100_000))
    kunci_nomor = threading.Lock()

    def pembaca() -> None:
        while not selesai.is_set():
            jawab = minta(web.alamat + "/statistik/")
            baca[jawab and jawab.status] += 1

    def penulis(satu: Mesin) -> None:
        while not selesai.is_set():
            with kunci_nomor:
                n = next(nomor)
            buku.tulis(str(n), "kirim")
            jawab = satu.kirim(ALAMAT, usulan_baru(n), kunci=kunci_baru())
            baca["tulis", jawab and jawab.status] += 1
            if jawab is not None and jawab.status == 201:
                buku.tulis(str(n), f"ok {jawab.json()['id']}")

    benang = [threading.Thread(target=pembaca) for _ in range(2)]
    benang += [threading.Thread(target=penulis, args=(m,)) for m in mesin]
    for b in benang:
        b.start()
    time.sleep(1)
    for _ in range(putaran):
        lama = {a.pid for a in psutil.Process(web.proses.popen.pid).children()}
        web.proses.popen.send_signal(signal.SIGHUP)
        batas = time.monotonic() + 30
        while lama & {a.pid for a in psutil.Process(web.proses.popen.pid).children()}:
            assert time.monotonic() < batas
            time.sleep(0.1)
        batas, terjawab = time.monotonic() + 60, baca.total()
        while baca.total() < terjawab + 12:  # two answers for each caller: the second one is of a new worker
            assert time.monotonic() < batas, baca
            time.sleep(0.1)
    selesai.set()
    for b in benang:
        b.join()
    print(f"{putaran} rolling restarts: {dict(baca)}")
    assert set(baca) == {200, ("tulis", 201)}, baca
    cocokkan(buku, baca["tulis", 201])


def test_kehabisan_pegangan_berkas_lalu_pulih(panggung, buat_web):
    """F41: a worker that may open 64 files meets 120 idle callers; when they leave it serves again by itself."""
    web = buat_web(panggung, pekerja=1)
    (anak,) = psutil.Process(web.proses.popen.pid).children()
    anak.rlimit(psutil.RLIMIT_NOFILE, (64, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
    url, diam = urlsplit(web.alamat), []
    try:
        for _ in range(120):
            diam.append(socket.create_connection((url.hostname, url.port), timeout=5))
        selama = [minta(web.alamat + "/healthz", batas=3) for _ in range(3)]
        assert {j and j.status for j in selama} <= {200, 503, None}
    finally:
        for s in diam:
            s.close()
    mulai = time.monotonic()
    jawab, _ = sampai_terjawab(lambda: minta(web.alamat + "/readyz", batas=5), detik=20)
    print(f"answers again {time.monotonic() - mulai:.1f} s after the callers left")
    assert jawab.status == 200 and anak.is_running()
    assert Peramban(web.alamat, "operator").buka("/dasbor/").status == 200
