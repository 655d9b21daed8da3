"""F6, F7, F11, F12: PostgreSQL restarts, crashes, is full of callers or holds a lock; the portal says 503 and is soon itself again."""

import contextlib
import signal
import threading
import time
from collections import Counter

import psycopg
import pytest
from django.db import connection, connections, transaction

from dtks.models import Usulan
from tests.bantu.alur import sampai
from tests.bantu.api import kunci
from tests.bantu.jaringan import Buku, Mesin, Peramban, kunci_baru, minta, sampai_terjawab, usulan_baru
from tests.gangguan.test_web_dibunuh import ALAMAT, TULIS, cocokkan

pytestmark = [pytest.mark.faults, pytest.mark.timeout(3600)]
MATI = {"fast": signal.SIGINT, "immediate": signal.SIGQUIT, "kill -9": signal.SIGKILL}


class Penulis(threading.Thread):
    """Writes one proposal after another, each until it is answered. What it saw on the way stands in `lihat` with its time."""

    def __init__(self, mesin: Mesin, buku: Buku, awal: int, selesai: threading.Event):
        super().__init__()
        self.mesin, self.buku, self.n, self.selesai = mesin, buku, awal, selesai
        self.lihat: list[tuple[float, int | None]] = []
        self.galat: list[str] = []

    def run(self) -> None:
        try:
            while not self.selesai.is_set():
                satu, isi, n = kunci_baru(), usulan_baru(self.n), self.n
                self.buku.tulis(str(n), "kirim")
                jawab, _ = sampai_terjawab(lambda: self._kirim(isi, satu), detik=60)  # noqa: B023 - used at once
                assert jawab.status == 201, jawab.isi
                self.buku.tulis(str(n), f"ok {jawab.json()['id']}")
                self.n += 1
        except Exception as galat:
            self.galat.append(repr(galat))

    def _kirim(self, isi, satu):
        jawab = self.mesin.kirim(ALAMAT, isi, kunci=satu)
        self.lihat.append((time.monotonic(), jawab and jawab.status))
        if jawab and jawab.status == 503:
            assert "Retry-After" in jawab.kepala and "kode" not in jawab.kepala
            assert jawab.kepala["Content-Type"].startswith("application/problem+json")
        return jawab


class Pembaca(threading.Thread):
    def __init__(self, buka, selesai: threading.Event):
        super().__init__()
        self.buka, self.selesai = buka, selesai
        self.lihat: list[tuple[float, int | None]] = []

    def run(self) -> None:
        while not self.selesai.is_set():
            jawab = self.buka()
            self.lihat.append((time.monotonic(), jawab and jawab.status))
            if jawab and jawab.status == 503:
                assert "Retry-After" in jawab.kepala
            time.sleep(0.05)


def test_basis_data_dimulai_ulang_di_tengah_kerja(panggung_klaster, klaster, buat_web, tmp_path, keras):
    """Fast restart, crash and kill -9 by turns under people at work: only 503, ready again at once, nothing lost or twice."""
    web, buku, selesai = buat_web(panggung_klaster), Buku(tmp_path / "buku"), threading.Event()
    penulis = [Penulis(Mesin(web.alamat, kunci(*TULIS)), buku, 10_000 * n, selesai) for n in range(3)]
    petugas = Peramban(web.alamat, "operator")
    pembaca = [
        Pembaca(lambda: petugas.buka("/keluarga/"), selesai),
        Pembaca(lambda: minta(web.alamat + "/statistik/"), selesai),
    ]
    connections.close_all()
    semua = [*penulis, *pembaca]
    for b in semua:
        b.start()
    time.sleep(2)
    kembali: list[float] = []
    for n in range(20 if keras else 6):
        nama, cara = list(MATI.items())[n % 3]
        klaster.mati(cara)
        time.sleep(1 + 3 * (n % 2))
        klaster.hidup()
        hidup = time.monotonic()
        batas = hidup + 30
        while not all(any(t > hidup and s in (200, 201) for t, s in b.lihat) for b in semua):
            assert time.monotonic() < batas, (nama, [b.lihat[-3:] for b in semua], [p.galat for p in penulis])
            time.sleep(0.1)
        kembali.append(
            max(min(t for t, s in b.lihat if t > hidup and s in (200, 201)) for b in semua) - hidup
        )
        time.sleep(1)
    selesai.set()
    for b in semua:
        b.join()
    lihat = Counter(s for b in semua for _, s in b.lihat)
    print(f"{len(kembali)} restarts; answers {dict(lihat)}; all back after {max(kembali):.1f} s at the latest, {sorted(kembali)[len(kembali) // 2]:.1f} s in the middle")  # fmt: skip
    assert not any(p.galat for p in penulis), [p.galat for p in penulis]
    assert set(lihat) == {200, 201, 503}, lihat
    assert max(kembali) <= 10
    cocokkan(buku, len(buku.hasil))


def test_lama_mati_lalu_segera_pulih(panggung_klaster, klaster, buat_web):
    """A long absence must not teach the pool long pauses: once the server is back, so is the portal."""
    web = buat_web(panggung_klaster)
    petugas = Peramban(web.alamat, "operator")
    connections.close_all()
    klaster.mati(signal.SIGINT)
    sejak, jawab = time.monotonic(), []
    while time.monotonic() - sejak < 40:
        jawab.append(petugas.buka("/keluarga/"))
        time.sleep(0.2)
    assert {j.status for j in jawab} == {503} and max(j.detik for j in jawab) < 8
    assert "Portal sedang sibuk" in jawab[-1].teks and minta(web.alamat + "/healthz").status == 200
    assert minta(web.alamat + "/readyz").status == 503
    klaster.hidup()
    hidup = time.monotonic()
    sampai_terjawab(lambda: petugas.buka("/keluarga/"), detik=30)
    print(f"away for 40 s, served again {time.monotonic() - hidup:.1f} s after it came back")
    assert time.monotonic() - hidup <= 10


def test_sambungan_basis_data_habis(panggung_klaster, klaster, buat_web):
    """F11: somebody holds every connection. A portal that starts now answers 503, and serves as soon as they are free."""
    peramban = Peramban("http://127.0.0.1:1", "operator")
    connections.close_all()
    with contextlib.ExitStack() as tumpuk:
        d = connection.settings_dict

        def buka() -> None:
            tumpuk.enter_context(
                psycopg.connect(
                    host=d["HOST"], port=d["PORT"], user=d["USER"], dbname=d["NAME"], autocommit=True
                )
            )

        buka()
        web = buat_web(panggung_klaster)
        with contextlib.suppress(psycopg.OperationalError):
            while True:
                buka()
        peramban.alamat = web.alamat
        jawab = [peramban.buka("/keluarga/") for _ in range(4)]
        assert {j.status for j in jawab} <= {200, 503} and any(j.status == 503 for j in jawab), [
            j.status for j in jawab
        ]
        assert minta(web.alamat + "/healthz").status == 200
    bebas = time.monotonic()
    jawab, _ = sampai_terjawab(lambda: peramban.buka("/keluarga/"), detik=30)
    print(f"all connections taken, served again {time.monotonic() - bebas:.1f} s after they were free")
    assert jawab.status == 200 and time.monotonic() - bebas <= 10


def test_tabel_dikunci_lama(panggung, buat_web, periksa_semua):
    """F12: another session holds the table of proposals for twenty seconds. Reading and deciding give up after five with a
    sentence; pages that do not need the table are served; afterwards everything is as before."""
    usulan = sampai("draf", pengusul="operator").usulan
    web = buat_web(panggung)
    v = Peramban(web.alamat, "operator")
    isi = v.isian(f"/usulan/{usulan.pk}/langkah/ajukan/")
    lepas, siap = threading.Event(), threading.Event()

    def kunci_tabel() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("lock table dtks_usulan in access exclusive mode")
            siap.set()
            lepas.wait(20)
        connection.close()

    benang = threading.Thread(target=kunci_tabel)
    benang.start()
    assert siap.wait(10)
    try:
        for minta_ini in (
            lambda: v.buka(f"/usulan/{usulan.pk}/"),
            lambda: v.kirim(f"/usulan/{usulan.pk}/langkah/ajukan/", isi),
        ):
            jawab = minta_ini()
            assert jawab.status == 503 and 4 < jawab.detik < 9, (jawab.status, jawab.detik)
        beranda = minta(web.alamat + "/")
        assert beranda.status == 200 and beranda.detik < 4
    finally:
        lepas.set()
        benang.join()
    assert Usulan.objects.get(pk=usulan.pk).status == "draf"
    assert v.buka(f"/usulan/{usulan.pk}/").status == 200
