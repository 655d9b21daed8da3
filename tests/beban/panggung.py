"""The stage of the load test: a full register, hundreds of accounts, real web processes and a worker on two cores, locust on the others."""

import contextlib
import csv
import json
import os
import shutil
import statistics
import subprocess
import sys
import time
import uuid
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import psutil
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import connection, transaction
from django.utils import timezone

from accounts.models import Orang, Pengguna, Penugasan
from bansos.actions import cek
from benchmarks.alas import sql
from config.celery import app
from core import audit, rules, schedule
from core.models import Ketentuan, Pekerjaan
from dtks.actions import periode
from dtks.forms.pilihan import pilihan
from dtks.models import DrafIsian, FotoKeluarga, Usulan
from dtks.queries.periode import saat_ini
from tests.bantu.pemain import DESA, KABUPATEN, KABUPATEN_LAIN, SANDI
from tests.bantu.proses import AKAR, Panggung, Proses, port_kosong
from tests.browser.panggung import kumpulkan_berkas_statis
from wilayah.models import Wilayah

SERVER, PEMBANGKIT = {0, 1}, {2, 3}  # cores, where there are four
WEB, UTAS = 4, 4
BIT = 8  # the visitors' proof of work: their processors are not what is measured
RUMAH = {
    "status_rumah": "1", "luas_lantai": "36", "lantai": "8", "dinding": "4", "atap": "2", "air_minum": "5", "penerangan": "1", "daya": "450",
    "memasak": "10", "bab": "6", "jarak_limbah": "1",
}  # fmt: skip


@dataclass(frozen=True)
class Ukuran:
    """`usulan`: proposals in the register, three persons for five of them. `laju`: how many people start in a second."""

    operator: int
    warga: int
    detik: int
    usulan: int
    kawanan: int
    laju_kawanan: int
    impor: int = 0
    pikir: float = 1.0


UKURAN = {
    "kecil": Ukuran(20, 2, 40, 2_000, 60, 60, impor=300, pikir=0.2),
    "penuh": Ukuran(400, 40, 1800, 170_000, 2000, 400, impor=20_000),
}


def ukuran(pilihan_: str, detik: int | None) -> Ukuran:
    satu = UKURAN[pilihan_]
    return replace(satu, detik=detik) if detik else satu


# --- people and register ------------------------------------------------------------------------------


def isi_register(usulan: int) -> None:
    """A portal that has been running: register, public table, counts, and the jobs of last night done."""
    from benchmarks import antrean

    antrean.isi(usulan)
    cek.segarkan_semua()
    for tabel in ("bansos_cekbansos", "core_jejak"):
        sql(f"vacuum analyze {tabel}")
    app.loader.import_default_modules()  # the calendar stands in the tasks
    schedule.enqueue_due(timezone.localtime())
    malam = Pekerjaan.objects.filter(kunci__endswith=f"@{timezone.localdate()}")
    assert malam.update(status=Pekerjaan.Status.SELESAI) > 10
    for kabupaten in (KABUPATEN, KABUPATEN_LAIN):
        periode.siapkan(kabupaten, saat_ini())
    with transaction.atomic():
        audit.catat(aksi="uji", jenis="uji", objek_id="-", by=None)
        batas = {k: {"menit": 60, "kali": 10_000_000} for k in ("orang", "jaringan", "semua")}
        Ketentuan.objects.filter(kunci="cek.batas").update(nilai=batas)
        Ketentuan.objects.filter(kunci="tantangan").update(nilai=rules.value("tantangan") | {"bit": BIT})
        hati = Ketentuan.objects.get(kunci="cek.hati_hati").nilai
        hati |= dict.fromkeys(("jaringan", "semua", "nik_jaringan", "nik_semua"), 10_000_000)
        Ketentuan.objects.filter(kunci="cek.hati_hati").update(nilai=hati)


def buat_petugas(banyak: int, rahasia: str) -> list[dict[str, Any]]:
    """Operators of every desa in turn, with password and second factor."""
    desa = list(Wilayah.objects.filter(tingkat=4, kode__startswith=f"{KABUPATEN}.").order_by("kode"))
    sandi = Pengguna.objects.get(username="operator").password
    hasil = []
    with transaction.atomic():
        audit.catat(aksi="uji", jenis="uji", objek_id="-", by=None)
        for n in range(banyak):
            satu = Pengguna.objects.create(
                username=f"beban{n:04}", nama=f"Petugas {n}", password=sandi, orang=_orang(n)
            )
            tempat = desa[n % len(desa)]
            Penugasan.objects.create(
                pengguna=satu, peran_id="OPERATOR_DESA", wilayah=tempat, berlaku_sejak=date(2020, 1, 1)
            )
            TOTP.activate(satu, rahasia)
            hasil.append({"nama": satu.username, "desa": tempat.kode, "nomor": n, "pk": str(satu.pk)})
    return hasil


def _orang(n: int) -> Orang:
    satu = Orang(nama=f"Petugas {n}")
    satu.nik = f"320502{1 + n % 28:02}{1 + n // 28 % 12:02}85{n:04}"
    satu.save()
    return satu


def beri_sesi(petugas: list[dict[str, Any]]) -> None:
    """They were logged in when the portal went away."""
    toko = import_module(settings.SESSION_ENGINE).SessionStore
    kini = int(time.time())
    for p in petugas:
        satu = Pengguna.objects.get(pk=p["pk"])
        sesi = toko()
        sesi.update({
            SESSION_KEY: str(satu.pk), BACKEND_SESSION_KEY: "django.contrib.auth.backends.ModelBackend",
            HASH_SESSION_KEY: satu.get_session_auth_hash(), "mulai": kini, "terlihat": kini,
        })  # fmt: skip
        sesi.create()
        p["sesi"] = sesi.session_key


# --- processes ----------------------------------------------------------------------------------------


@contextlib.contextmanager
def di_inti(inti: set[int]) -> Iterator[list[str]]:
    """The database server and everything started with the given prefix run on these cores only, where the machine has four."""
    if (os.cpu_count() or 1) < 4 or os.environ.get("DATABASE_URL"):
        yield []
        return
    with connection.cursor() as cursor:
        cursor.execute("select pg_backend_pid()")
        induk = psutil.Process(cursor.fetchone()[0]).parent()
    semua = [induk, *induk.children()]
    lama = induk.cpu_affinity()
    for satu in semua:
        with contextlib.suppress(psutil.Error):
            satu.cpu_affinity(sorted(inti))
    try:
        yield ["taskset", "-c", ",".join(map(str, sorted(inti)))]
    finally:
        for satu in [induk, *induk.children()]:
            with contextlib.suppress(psutil.Error):
                satu.cpu_affinity(lama)


class Beban:
    """Web processes as in the Dockerfile, worker and beat; `jalankan` sends the people and gives back what they met."""

    def __init__(self, tmp: Path, awalan: list[str]):
        self.tmp, self.awalan, self.port = tmp, awalan, port_kosong()
        self.alamat = f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> "Beban":
        self._keluar = contextlib.ExitStack()
        os.environ["WORKER_NICE"] = "5"  # as it is deployed
        self.panggung = self._keluar.enter_context(Panggung(self.tmp))
        env = self.panggung.env | {
            "PUBLIC_URL": self.alamat,
            "PORT": str(self.port),
            "BEHIND_PROXY": "1",
            "DB_POOL": str(UTAS),
        }
        kumpulkan_berkas_statis(env)
        self.log = self.tmp / "web.log"
        argv = [
            *self.awalan, sys.executable, "-m", "gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{self.port}", "--no-control-socket",
            "--worker-class", "config.web_worker.WebWorker", "--workers", str(WEB), "--threads", str(UTAS), "--keep-alive", "65",
            "--log-level", "warning",
        ]  # fmt: skip
        self.web = Proses(argv, env, self.log)
        self._keluar.callback(self.web.bunuh)
        self._tunggu()
        if self.awalan:
            for satu in (self.panggung.worker, self.panggung.beat):
                subprocess.run(
                    ["taskset", "-acp", self.awalan[2], str(satu.popen.pid)], capture_output=True, check=False
                )
        return self

    def __exit__(self, *galat: object) -> None:
        self._keluar.close()

    def _tunggu(self) -> None:
        import urllib.error
        import urllib.request

        batas = time.monotonic() + 60
        while time.monotonic() < batas:
            with contextlib.suppress(urllib.error.URLError, OSError):
                urllib.request.urlopen(self.alamat + "/readyz", timeout=5).close()
                return
            time.sleep(0.2)
        raise AssertionError(self.log.read_text()[-3000:])

    def jalankan(
        self,
        kelas: list[str],
        orang: dict[str, Any],
        *,
        banyak: int,
        laju: float,
        detik: int,
        pikir: float,
        warga: int = 0,
    ) -> "Hasil":
        folder = self.tmp / f"locust-{'-'.join(kelas)}"
        folder.mkdir()
        rumah = {f"rumah-{k}": v for k, v in RUMAH.items()} | {
            f"aset-{k}": "0" for k, _ in pilihan(["aset"])["aset"]
        }
        jenis = [k for k, _ in pilihan(["foto_keluarga"])["foto_keluarga"]]
        isi = {"operator": [], "kawanan": [], "sandi": SANDI, "bit": BIT, "tuan": "127.0.0.1", "rumah": rumah, "jenis_foto": jenis, **orang}  # fmt: skip
        (folder / "orang.json").write_text(json.dumps(isi))
        sisa = (
            ["taskset", "-c", ",".join(map(str, sorted(PEMBANGKIT)))]
            if self.awalan and shutil.which("taskset")
            else []
        )
        argv = [
            *sisa, sys.executable, "-m", "locust", "-f", "tests/beban/orang.py", "--headless", "--host", self.alamat, "-u", str(banyak),
            "-r", str(laju), "-t", f"{detik}s", "--stop-timeout", "0", "--only-summary", "--loglevel", "WARNING", *kelas,
        ]  # fmt: skip
        lingkungan = os.environ | {
            "BEBAN_FOLDER": str(folder),
            "BEBAN_PIKIR": str(pikir),
            "BEBAN_WARGA": str(warga),
        }
        mulai, cpu = time.time(), _cpu(self.web.popen.pid)
        puncak = _sambungan_puncak()
        with (folder / "locust.log").open("w") as log:
            anak = subprocess.Popen(
                argv, cwd=AKAR, env=lingkungan, stdout=log, stderr=log, start_new_session=True
            )
            try:
                while anak.poll() is None:
                    time.sleep(1)
                    puncak = max(puncak, _sambungan_puncak())
            finally:
                if anak.poll() is None:
                    anak.kill()
                    anak.wait()
        return Hasil(folder, mulai, puncak, _cpu(self.web.popen.pid) - cpu)


def _cpu(pid: int) -> float:
    """CPU seconds of a process and its children."""
    detik = 0.0
    with contextlib.suppress(psutil.Error):
        induk = psutil.Process(pid)
        for satu in [induk, *induk.children(recursive=True)]:
            with contextlib.suppress(psutil.Error):
                t = satu.cpu_times()
                detik += t.user + t.system
    return detik


def _sambungan_puncak() -> int:
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from pg_stat_activity where datname = current_database()")
        return int(cursor.fetchone()[0]) - 1


# --- results ------------------------------------------------------------------------------------------


@dataclass
class Hasil:
    folder: Path
    mulai: float
    sambungan: int  # most database connections at once, ours not counted
    cpu: float  # seconds of the web processes

    def __post_init__(self) -> None:
        self.baris = [
            (float(t) - self.mulai, jenis, halaman, float(ms), int(status), int(ke), nasib)
            for berkas in self.folder.glob("permintaan-*.csv")
            for t, jenis, halaman, ms, status, ke, nasib, _ in csv.reader(berkas.open())
        ]

    def galat(self) -> list[tuple[str, str, int]]:
        return [(b[1], b[2], b[4]) for b in self.baris if b[6] == "galat"]

    def janji(self) -> Iterator[dict[str, Any]]:
        for berkas in self.folder.glob("ledger-*.jsonl"):
            yield from map(json.loads, berkas.read_text().splitlines())

    def tabel(self, *, sejak: float = 0, sampai: float = 1e9, rinci: bool = False) -> list[str]:
        """Answers that were given, in milliseconds; and how often somebody was asked to come back."""
        kumpul: dict[str, list[float]] = defaultdict(list)
        pulang: Counter[str] = Counter()
        for t, jenis, halaman, ms, _, _, nasib in self.baris:
            if not sejak <= t < sampai:
                continue
            nama = f"{jenis} {halaman}" if rinci else jenis
            kumpul[nama].append(ms) if nasib == "ya" else pulang.update([nama])
        baris = [
            "| what | answers | p50 ms | p95 ms | p99 ms | most ms | not now |",
            "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
        ]
        for nama in sorted(kumpul.keys() | pulang.keys()):
            ms = kumpul[nama]
            angka = (
                " | ".join(f"{x:,.0f}" for x in (*(persen(ms, p) for p in (50, 95, 99)), max(ms)))
                if ms
                else "- | - | - | -"
            )
            baris.append(f"| {nama} | {len(ms):,} | {angka} | {pulang[nama]:,} |")
        return baris


def persen(angka: list[float], p: int) -> float:
    return angka[0] if len(angka) == 1 else statistics.quantiles(angka, n=100, method="inclusive")[p - 1]


def periksa_janji(hasil: Hasil) -> dict[str, int]:
    """Compare what people were told is kept with what is kept: {"janji", "hilang", "ganda", "tidak_kembali"}."""
    hitung: Counter[str] = Counter(janji=0, hilang=0, ganda=0, tidak_kembali=0)
    draf: dict[str, list[str]] = defaultdict(list)
    for satu in hasil.janji():
        if satu["apa"] == "draf":
            draf[satu["siapa"]].append(satu["ketikan"])
        elif satu["apa"] == "dikembalikan":
            hitung["dikembalikan"] += 1
            hitung["tidak_kembali"] += not satu["utuh"]
        else:
            model = Usulan if satu["apa"] == "usulan" else FotoKeluarga
            hitung["janji"] += 1
            hitung["hilang"] += not model.objects.filter(pk=uuid.UUID(satu["id"])).exists()
    for nama, ketikan in draf.items():
        hitung["janji"] += 1
        baris = DrafIsian.objects.filter(pengguna__username=nama, kunci="/usulan/baru/lengkap/").first()
        # The last one may have been followed by one whose answer did not come before the end: then that is what is kept.
        isi = baris.buka().get("patokan", [""])[0] if baris else ""
        hitung["hilang"] += isi not in ketikan[-1:] and not _lebih_baru(isi, ketikan)
    with connection.cursor() as cursor:
        cursor.execute(
            "select count(*) from (select 1 from core_kuncikirim group by kunci having count(*) > 1) x"
        )
        hitung["ganda"] = cursor.fetchone()[0]
        cursor.execute(
            "select count(*) from (select 1 from dtks_usulan u join dtks_keluarga k on k.id = u.keluarga_id where k.alamat like 'Kampung Beban%%' "
            "group by k.no_kk_indeks having count(*) > 1) x"
        )
        hitung["ganda"] += cursor.fetchone()[0]
    return dict(hitung)


def _lebih_baru(isi: str, ketikan: list[str]) -> bool:
    return bool(isi) and isi not in ketikan


def unggah_impor(baris: int) -> Any:
    """A V.4 file for the queue; its worker does the rest while people work."""
    from dtks.actions.impor import inti
    from dtks.actions.impor.usulan_v4 import JENIS
    from tests.bantu import berkas_v4
    from tests.bantu.alur import orang

    isi = berkas_v4.xlsx(berkas_v4.berkas(baris, seed=1, desa=berkas_v4.nama_desa(DESA))[:baris])
    return inti.unggah(by=orang("operator"), jenis=JENIS, isi=isi, nama="beban.xlsx")


def rahasia_baru() -> str:
    return generate_totp_secret()


def lama_impor(impor: Any) -> timedelta | None:
    """How long ago the file was sent; None while it waits."""
    impor.refresh_from_db()
    return timezone.now() - impor.created_at if impor.status not in ("diunggah", "memeriksa") else None
