"""A new version under people at work, and the way back: the blocks of docs/operasi/{pemasangan,perbarui,cadangan,pulihkan,
pelanggaran-data}.md, run as they stand.

The old version (that before the last migration, or DTKS_LAMA=<commit>) is installed in a folder of its own with web, worker and beat.
"""

import json
import os
import re
import shlex
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
import yaml

from config import local_services
from config.servers import postgres
from tests.bantu import perluas
from tests.bantu.jaringan import Buku, Mesin, minta
from tests.bantu.klaster import Klaster
from tests.bantu.proses import AKAR, Panggung, Proses, port_kosong
from tests.bantu.tepi import perintah_web
from tests.gangguan.test_basis_data_hilang import Pembaca, Penulis
from tests.gangguan.test_migrasi import alamat, git

pytestmark = [pytest.mark.faults, pytest.mark.timeout(1800)]
# In the old version's own words: people, a draft whose form somebody opens, jobs, a key, sessions.
ISI = """
import json, django; django.setup()
from django.conf import settings
from django.test import Client
from tests.bantu import alur, api, basis, pemain
pemain.buat()
basis.sahkan_langsung()
for n in range(6): alur.sampai("diajukan", nomor=n)
draf = alur.Perjalanan(nomor=8); draf.draf()
def sesi(nama):
    c = Client(); pemain.masuk(c, nama)
    return {settings.SESSION_COOKIE_NAME: c.cookies[settings.SESSION_COOKIE_NAME].value}
print(json.dumps({"kunci": api.kunci("register", "usulan", "tulis"), "draf": str(draf.usulan.pk), "rtrw": sesi("rtrw"), "operator": sesi("operator")}))
"""
ANTRE = """
import django; django.setup()
from core import outbox
from dtks.models import RiwayatUsulan
satu = str(RiwayatUsulan.objects.order_by("pk").first().pk)
for _ in range(60): outbox.antre("dtks.beri_tahu", {"riwayat": satu})
"""


def blok(halaman: str) -> list[str]:
    teks = (AKAR / f"docs/operasi/{halaman}.md").read_text()
    return [textwrap.dedent(b) for b in re.findall(r"^ *```bash\n(.*?)```", teks, re.S | re.M)]


class Server:
    """A machine without Docker: `jalankan` types a block of a page, `mulai` starts the three services of what `kini` leads to."""

    def __init__(self, tmp: Path, klaster: Klaster, redis: str):
        self.tmp, self.klaster, self.rumah, self.port = tmp, klaster, tmp / "opt", port_kosong()
        self.rumah.mkdir()
        self.alamat = f"http://127.0.0.1:{self.port}"
        rahasia = json.loads((local_services.state_dir() / "rahasia.json").read_text())
        self.isi = {n: rahasia[n] for n in ("SECRET_KEY", "DATA_KEYS", "INDEX_KEY", "SIGNING_KEY")} | {
            "PRODUCTION": "1", "DATABASE_URL": alamat(klaster, postgres.DATABASE), "REDIS_URL": redis, "FILES_DIR": str(tmp / "berkas"),
            "PUBLIC_URL": self.alamat, "ALLOWED_HOSTS": "127.0.0.1", "LOG_LEVEL": "WARNING", "DUKCAPIL_URL": "http://127.0.0.1:1",
            "DUKCAPIL_PASSWORD": "tidak-ada", "DEMO": "1",  # the cast has no second factor
        }  # fmt: skip
        self.env = tmp / "portal.env"
        self.tulis_env()
        self.proses: dict[str, Proses] = {}

    def tulis_env(self) -> None:
        self.env.write_text("".join(f"{k}={shlex.quote(v)}\n" for k, v in self.isi.items()))

    def jalankan(self, *teks: str, **nama: str) -> str:
        jawab = subprocess.run(
            ["bash", "-c", "set -euo pipefail\n" + "\n".join(teks)], cwd="/", capture_output=True, text=True, check=False, timeout=900,
            env={"PATH": os.environ["PATH"], "HOME": str(self.tmp), "RUMAH": str(self.rumah), "BERKAS_ENV": str(self.env), **nama},
        )  # fmt: skip
        assert jawab.returncode == 0, f"{teks}\n{jawab.stdout[-3000:]}\n{jawab.stderr[-3000:]}"
        return jawab.stdout

    def pasang(self, sumber: Path, versi: str) -> Path:
        """The three blocks of pemasangan.md; in place of the second, which loads the packages, those that are here."""
        ambil, siapkan = blok("pemasangan")
        paket = f'ln -sfn {shlex.quote(sys.prefix)} "$BARU/.venv"'
        self.jalankan(ambil, paket, siapkan, SUMBER=str(sumber), VERSI=versi)
        return (self.rumah / "kini").resolve()

    def python(self, pohon: Path, kode: str) -> str:
        return self.jalankan(
            f"set -a; . {self.env}; set +a; cd {pohon}", f"PYTHONPATH={pohon} DJANGO_SETTINGS_MODULE=config.settings .venv/bin/python -c {shlex.quote(kode)}",
        )  # fmt: skip

    def mulai(self) -> None:
        pohon = (self.rumah / "kini").resolve()
        compose = yaml.safe_load((pohon / "docker-compose.yml").read_text())["services"]
        perintah = {"web": perintah_web(self.port, pohon)} | {
            n: [sys.executable, "-m", *compose[n]["command"]] for n in ("worker", "beat")
        }
        beat = perintah["beat"]
        if "-s" in beat:  # a version whose beat still kept a file
            beat[beat.index("-s") + 1] = str(self.tmp / "beat")
        env = self.isi | {"PATH": f"{pohon}/.venv/bin:{os.environ['PATH']}"}
        for nama, argv in perintah.items():
            self.proses[nama] = Proses(
                ["env", "-C", str(pohon), *argv], env, self.tmp / f"{nama}-{pohon.name}.log"
            )
        perluas.tunggu(self.siap, 180, self.catatan)

    def siap(self) -> bool:
        jawab = minta(self.alamat + "/readyz", batas=10)
        return jawab is not None and jawab.status == 200

    def catatan(self) -> str:
        return "\n".join(f"--- {p.name}\n{p.read_text()[-3000:]}" for p in sorted(self.tmp.glob("*.log")))

    def berhenti(self) -> None:
        """As systemd does it: SIGTERM to each, then wait."""
        for satu in self.proses.values():
            satu.popen.send_signal(signal.SIGTERM)
        for satu in self.proses.values():
            satu.popen.wait(70)
            satu.bunuh()
        self.proses = {}


@pytest.fixture
def sumber(tmp_path) -> Path:
    """A repository with the branches `lama` and `baru`: the code before the last migration, and the code as it stands here."""
    ubah = git("log", "-1", "--format=%H", "--", "*/migrations/*.py")
    versi = os.environ.get("DTKS_LAMA") or (ubah and git("rev-parse", "--verify", f"{ubah}^"))
    if not versi:
        pytest.skip("the version before the last migration is not in this copy of the repository")
    gudang = tmp_path / "sumber.git"
    subprocess.run(["git", "init", "-q", "--bare", str(gudang)], check=True)
    kini = git("stash", "create") or "HEAD"
    subprocess.run(
        ["git", "push", "-q", str(gudang), f"{versi}:refs/heads/lama", f"{kini}:refs/heads/baru"],
        cwd=AKAR,
        check=True,
    )
    print(f"old version {git('rev-parse', '--short', versi)}")
    return gudang


@pytest.fixture
def server(tmp_path) -> Iterator[Server]:
    klaster = Klaster()
    satu = None
    try:
        with Panggung(tmp_path, simulator=False) as panggung:
            panggung.worker.hentikan()
            panggung.beat.hentikan()
            satu = Server(tmp_path, klaster, panggung.env["REDIS_URL"])
            yield satu
    finally:
        for proses in satu.proses.values() if satu else ():
            proses.bunuh()
        klaster.buang()


def tanya(klaster: Klaster, sql: str, nama: str = postgres.DATABASE) -> list[tuple]:
    with psycopg.connect(host=str(klaster.soket), user=postgres.USER, dbname=nama, autocommit=True) as c:
        kursor = c.execute(sql)
        return kursor.fetchall() if kursor.description else []


def usulan(klaster: Klaster, nama: str = postgres.DATABASE) -> set[str]:
    return {str(pk) for (pk,) in tanya(klaster, "select id from dtks_usulan", nama)}


def terjawab(buku: Buku) -> set[str]:
    return {v.split()[1] for v in list(buku.hasil.values()) if v != "kirim"}


def test_versi_baru_di_tengah_kerja_dan_jalan_kembali(db_nyata, sumber, server, tmp_path):
    """Nothing that was answered is lost and nothing is done twice: writes of programs, a form that was open, a session, jobs of
    a worker that was killed. Then the old version is put back by its backup, and has what it had at that moment."""
    klaster = server.klaster
    lama = server.pasang(sumber, "lama")
    server.mulai()
    ada = json.loads(server.python(lama, ISI).splitlines()[-1])
    awal = usulan(klaster)
    buku, selesai = Buku(tmp_path / "buku"), threading.Event()
    penulis = [Penulis(Mesin(server.alamat, ada["kunci"]), buku, 10_000 * n, selesai) for n in range(2)]
    pembaca = [Pembaca(lambda a=a: minta(server.alamat + a), selesai) for a in ("/statistik/", "/lacak/")]
    rtrw, operator = perluas.Peramban([server]), perluas.Peramban([server])
    server.url = server.alamat
    rtrw.kuki, operator.kuki = ada["rtrw"], ada["operator"]
    ajukan = f"/usulan/{ada['draf']}/langkah/ajukan/"
    formulir = rtrw.minta("GET", ajukan)  # opened on the old version, sent to the new one
    assert formulir.status_code == 200
    try:
        for satu in (*penulis, *pembaca):
            satu.start()
        time.sleep(3)
        sebelum_cadangan, mulai = terjawab(buku), time.monotonic()
        cadangan = str(tmp_path / "cadangan")
        (di_sini,) = blok("perbarui")
        cadang, utuh = blok("cadangan")
        assert " selesai: " in server.jalankan(di_sini, cadang, CADANGAN=cadangan)
        di_cadangan = time.monotonic()
        baru = server.pasang(sumber, "baru")
        assert baru != lama
        time.sleep(2)  # the old version on the new schema
        migrasi = time.monotonic()
        lihat_lama = Counter(s for b in (*penulis, *pembaca) for _, s in b.lihat)
        # Its worker dies in the middle of many jobs.
        server.python(lama, ANTRE)
        server.proses["worker"].bunuh()
        server.berhenti()
        server.mulai()
        buka = time.monotonic()
        time.sleep(3)
        assert operator.minta("GET", "/usulan/").status_code == 200, "still logged in"
        tujuan = [rtrw.lanjut(formulir, {}, server, ajukan).headers["Location"] for _ in range(2)]
        assert tujuan[0] == tujuan[1]
    finally:
        selesai.set()
        for satu in (*penulis, *pembaca):
            if satu.ident:
                satu.join()
    assert not [b.galat for b in penulis if b.galat], server.catatan()
    assert {200, 201} <= set(lihat_lama) <= {200, 201, 429}, lihat_lama  # 429: the key's own limit
    sesudah = Counter(s for b in (*penulis, *pembaca) for _, s in b.lihat)
    assert set(sesudah) <= {200, 201, 429, 503, None}, sesudah
    assert terjawab(buku) == usulan(klaster) - awal
    draf = f"from dtks_usulan u join dtks_riwayatusulan r on r.usulan_id = u.id and langkah = 'ajukan' where u.id = '{ada['draf']}'"
    assert tanya(klaster, f"select u.status {draf}") == [("diajukan",)]
    sisa = "select jenis, status, galat from core_pekerjaan where jenis = 'dtks.beri_tahu' and status <> 'selesai'"
    perluas.tunggu(
        lambda: not tanya(klaster, sisa), 120, lambda: str(tanya(klaster, sisa)[:5]) + server.catatan()
    )
    server.berhenti()
    bukti, daftar = blok("pelanggaran-data")
    kini = datetime.now(UTC)
    waktu = {n: (kini + timedelta(hours=h)).isoformat() for n, h in (("SEJAK", -1), ("HINGGA", 1))}
    (tmp_path / "usb").mkdir()
    keluar = server.jalankan(di_sini, bukti, daftar, BUKTI=str(tmp_path / "usb"), AKUN="rtrw", **waktu)
    assert "Baik. Diperiksa: " in keluar and "keluarga di " in keluar
    assert len((tmp_path / "usb" / "terdampak.csv").read_text().splitlines()) > 1

    # The way back.
    tanya(klaster, "create database kembali")
    kosong = {"DATABASE_URL": alamat(klaster, "kembali"), "FILES_DIR": str(tmp_path / "kembali" / "berkas")}
    (pulih,) = blok("pulihkan")
    baru_env = "; ".join(f"export {n}={shlex.quote(v)}" for n, v in kosong.items())
    keluar = server.jalankan(
        di_sini, f"cd {lama}", utuh, baru_env, pulih, CADANGAN=cadangan, JANGKAR=str(tmp_path / "jangkar")
    )
    assert "Cadangan utuh: " in keluar and keluar.rstrip().endswith("Pulih. Portal boleh dijalankan."), keluar
    server.isi |= kosong
    server.tulis_env()
    server.jalankan(f'ln -sfn {lama} "$RUMAH/kini"')
    server.mulai()
    kembali = usulan(klaster, "kembali") - awal
    assert sebelum_cadangan <= kembali <= terjawab(buku)
    assert Mesin(server.alamat, ada["kunci"]).baca("/api/v1/usulan/").status == 200
    server.berhenti()
    print(
        f"\nperbarui: backup {di_cadangan - mulai:.1f} s, code and schema {migrasi - di_cadangan - 2:.1f} s under the old version, closed for"
        f" {buka - migrasi:.1f} s; {len(terjawab(buku))} writes answered ({sesudah[None]} unanswered and sent again), lost 0, twice 0;"
        f" way back: {len(kembali)} of them in the backup"
    )
    assert len(terjawab(buku)) > 40
