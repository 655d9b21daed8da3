"""More than one machine, on the addresses of the loopback: replica, pgbouncer, brokers and nodes as processes of their own.

127.0.0.2 and 127.0.0.3 are web and worker nodes, 127.0.0.4 is pgbouncer before the primary (the tests' own cluster, which listens on
its socket only), 127.0.0.5 the replica, 127.0.0.6 the broker. Nobody knows more of another than its address.
"""

import contextlib
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import psycopg
import requests
from django.conf import settings
from django.db import connection

from config.servers import places, processes
from tests.bantu.halaman import Halaman
from tests.bantu.proses import AKAR, Proses
from tests.bantu.tepi import INANG

POOLER, REPLIKA, PERANTARA = "127.0.0.4", "127.0.0.5", "127.0.0.6"
SANDI = "demo-portal-2026"
RUNBOOK = AKAR / "docs/operasi/perluas.md"


def port(alamat: str) -> int:
    with socket.socket() as s:
        s.bind((alamat, 0))
        return s.getsockname()[1]


def tunggu(apa: Any, detik: float, sebab: Any = lambda: "") -> None:
    batas = time.monotonic() + detik
    while not apa():
        assert time.monotonic() < batas, sebab()
        time.sleep(0.05)


def terbuka(alamat: str, nomor: int) -> bool:
    with socket.socket() as s:
        s.settimeout(1)
        return s.connect_ex((alamat, nomor)) == 0


def blok(bahasa: str, ke: int = 0) -> str:
    """The block of this language in the runbook, counted from 0."""
    return re.findall(rf"```{bahasa}\n(.*?)```", RUNBOOK.read_text(), re.S)[ke]


def jalankan(teks: str, isi: dict[str, str], **lain: Any) -> str:
    """A block of the runbook, as somebody who sets its names first would type it."""
    jawab = subprocess.run(
        ["bash", "-c", f"set -euo pipefail\n{teks}"], env={"PATH": os.environ["PATH"], **isi},
        capture_output=True, text=True, check=False, timeout=300, **lain,
    )  # fmt: skip
    assert jawab.returncode == 0, f"{teks}\n{jawab.stdout[-3000:]}\n{jawab.stderr[-3000:]}"
    return jawab.stdout


class Rumah:
    """A folder that the servers' account may use."""

    def __init__(self) -> None:
        self.path = Path(tempfile.mkdtemp(prefix="dtksp", dir="/tmp"))
        self.path.chmod(0o711)
        places.give_to_account(self.path)

    def hapus(self) -> None:
        shutil.rmtree(self.path, ignore_errors=True)


class Layanan:
    """A server of the servers' account, ended by its own pid."""

    def __init__(self, rumah: Path, nama: str):
        self.rumah, self.log = rumah, rumah / f"{nama}.log"
        self.popen: subprocess.Popen | None = None

    def argv(self) -> list[Any]:
        raise NotImplementedError

    def siap(self) -> bool:
        raise NotImplementedError

    def mulai(self) -> None:
        self.popen = processes.spawn(self.argv(), log=self.log, cwd=self.rumah)
        tunggu(self.siap, 60, lambda: processes.tail(self.log, 40))

    def hentikan(self, isyarat: signal.Signals = signal.SIGTERM) -> None:
        if self.popen is not None and self.popen.poll() is None:
            self.popen.send_signal(isyarat)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.popen.wait(20)
                return
            self.popen.kill()
            self.popen.wait(10)


class Replika(Layanan):
    """A streaming replica of the tests' own cluster, made by pg_basebackup with a slot of its own."""

    def __init__(self, rumah: Path, induk: Callable[[], bool] = lambda: True):
        super().__init__(rumah, "replika")
        self.biner, self.data, self.port = places.postgres_binaries(), rumah / "replika", port(REPLIKA)
        self.slot = f"uji_{os.getpid()}_{secrets.token_hex(3)}"
        self.hulu = dict(connection.settings_dict)
        self.induk = induk

    def buat(self) -> None:
        """By the runbook."""
        isi = {
            "PGBIN": str(self.biner), "PRIMER": self.hulu["HOST"], "PORT_PRIMER": str(self.hulu["PORT"]), "PENGGUNA": self.hulu["USER"],
            "DATA": str(self.data), "SLOT": self.slot, "ALAMAT": REPLIKA, "PORT": str(self.port),
        }  # fmt: skip
        jalankan(blok("bash"), isi, cwd=self.rumah, **places.account())
        with (self.data / "pg_hba.conf").open("a") as berkas:
            berkas.write("host all all 127.0.0.0/8 trust\n")

    def argv(self) -> list[Any]:
        return [self.biner / "postgres", "-D", self.data, "-k", self.rumah]

    def siap(self) -> bool:
        jawab = processes.run([self.biner / "pg_isready", "-q", "-h", REPLIKA, "-p", self.port])
        return jawab.returncode == 0

    def bunuh(self) -> None:
        """The machine is gone: postmaster and backends at once, by their pids."""
        assert self.popen is not None
        anak = processes.working_in(self.data, "postgres")
        self.popen.kill()
        for satu in anak:
            with contextlib.suppress(Exception):
                satu.kill()
        self.popen.wait(10)
        tunggu(lambda: not processes.working_in(self.data, "postgres"), 10)
        (self.data / "postmaster.pid").unlink(missing_ok=True)

    def isyarat(self, nomor: signal.Signals) -> None:
        """To the postmaster and all of its processes."""
        for satu in processes.working_in(self.data, "postgres"):
            with contextlib.suppress(psutil.NoSuchProcess):
                satu.send_signal(nomor)

    def angkat(self) -> None:
        """Take-over, by the runbook: the replica becomes the primary."""
        isi = {
            "PGBIN": str(self.biner),
            "DATA": str(self.data),
            "PENGGUNA": self.hulu["USER"],
            "ALAMAT": REPLIKA,
            "PORT": str(self.port),
        }
        jalankan(blok("bash", 2), isi, cwd=self.rumah, **places.account())

    def hentikan(self, isyarat: signal.Signals = signal.SIGINT) -> None:
        self.isyarat(signal.SIGCONT)
        super().hentikan(isyarat)
        if not self.induk():  # the primary is gone for good, and its slots with it
            return
        with connection.cursor() as cursor:
            for _ in range(50):
                cursor.execute("select active from pg_replication_slots where slot_name = %s", [self.slot])
                row = cursor.fetchone()
                if row is None:
                    return
                if not row[0]:
                    cursor.execute("select pg_drop_replication_slot(%s)", [self.slot])
                    return
                time.sleep(0.1)
            raise AssertionError("the replica's slot is still in use")

    @property
    def url(self) -> str:
        return f"postgres://{self.hulu['USER']}@{REPLIKA}:{self.port}/{self.hulu['NAME']}"

    def sql(self, teks: str) -> Any:
        with psycopg.connect(self.url, autocommit=True) as sambungan:
            baris = sambungan.execute(teks).fetchone()
            return baris[0] if baris else None

    def catat_pernyataan(self) -> None:
        """From now on each statement stands in its log."""
        with (self.data / "postgresql.auto.conf").open("a") as berkas:
            berkas.write("log_statement = 'all'\n")
        self.sql("select pg_reload_conf()")
        tunggu(lambda: self.sql("show log_statement") == "all", 10)

    def terkejar(self) -> bool:
        with connection.cursor() as cursor:
            cursor.execute("select pg_current_wal_insert_lsn()::text")  # the tests do not wait for the disk
            kini = cursor.fetchone()[0]
        return bool(self.sql(f"select pg_last_wal_replay_lsn() >= '{kini}'::pg_lsn"))


class Pooler(Layanan):
    """pgbouncer in transaction mode, with the lines of docs/operasi/perluas.md."""

    def __init__(self, rumah: Path, biner: str, besar: int = 6):
        super().__init__(rumah, "pgbouncer")
        self.biner, self.port, self.hulu, self.besar = (
            biner,
            port(POOLER),
            dict(connection.settings_dict),
            besar,
        )
        self.ini = rumah / "pgbouncer.ini"
        self.arahkan(self.hulu["HOST"], self.hulu["PORT"])

    def arahkan(self, host: str, nomor: Any) -> None:
        """To this server; read when it starts."""
        isi = blok("ini")
        ganti = {
            "HOST": host, "NAMA": self.hulu["NAME"], "ALAMAT": POOLER, "PORT": str(self.port), "BESAR": str(self.besar),
        }  # fmt: skip
        for kata, nilai in ganti.items():
            isi = isi.replace(f"<{kata}>", nilai)
        # The tests' cluster trusts its socket: no passwords on either side.
        isi = re.sub(r"^auth_(type|file|query|user).*\n", "", isi, flags=re.M)
        isi = isi.replace("dbname=", f"user={self.hulu['USER']} port={nomor} dbname=")
        self.ini.write_text(isi + f"auth_type = any\nunix_socket_dir =\nadmin_users = {self.hulu['USER']}\n")
        places.give_to_account(self.ini)

    def argv(self) -> list[Any]:
        return [self.biner, "-q", self.ini]

    def siap(self) -> bool:
        return terbuka(POOLER, self.port)

    @property
    def url(self) -> str:
        return f"postgres://{self.hulu['USER']}@{POOLER}:{self.port}/{self.hulu['NAME']}"

    def admin(self, perintah: str) -> list[dict[str, Any]]:
        url = f"host={POOLER} port={self.port} user={self.hulu['USER']} dbname=pgbouncer"
        with psycopg.connect(url, autocommit=True, cursor_factory=psycopg.ClientCursor) as sambungan:
            cursor = sambungan.execute(perintah)
            return [dict(zip([k.name for k in cursor.description], b, strict=True)) for b in cursor]


class Valkey(Layanan):
    """A broker on another address, with a password."""

    def __init__(self, rumah: Path):
        super().__init__(rumah, "valkey")
        self.port, self.sandi = port(PERANTARA), secrets.token_hex(8)

    def argv(self) -> list[Any]:
        return [
            places.valkey_binary(), "--bind", PERANTARA, "--port", str(self.port), "--requirepass", self.sandi, "--save", "",
            "--appendonly", "no", "--maxmemory-policy", "noeviction",
        ]  # fmt: skip

    def siap(self) -> bool:
        return terbuka(PERANTARA, self.port)

    @property
    def url(self) -> str:
        return f"redis://:{self.sandi}@{PERANTARA}:{self.port}/0"


class Rabbit(Layanan):
    """RabbitMQ as Debian packs it, with a node, a port mapper and a folder of its own. Its `guest` is let in from the loopback only."""

    def __init__(self, rumah: Path):
        super().__init__(rumah, "rabbit")
        self.port, self.jauh, self.epmd = port(PERANTARA), port("127.0.0.1"), port("127.0.0.1")
        (rumah / "rabbit.conf").write_text(f"listeners.tcp.1 = {PERANTARA}:{self.port}\n")
        self.env = {
            "HOME": rumah, "RABBITMQ_NODENAME": "uji@localhost", "RABBITMQ_CONFIG_FILE": rumah / "rabbit.conf",
            "RABBITMQ_DIST_PORT": self.jauh, "RABBITMQ_MNESIA_BASE": rumah / "mnesia", "RABBITMQ_LOG_BASE": rumah / "log",
            "RABBITMQ_LOGS": "-", "RABBITMQ_ENABLED_PLUGINS_FILE": rumah / "plugin", "RABBITMQ_CONF_ENV_FILE": rumah / "tidak-ada",
            "ERL_EPMD_PORT": self.epmd, "ERL_EPMD_ADDRESS": "127.0.0.1",
        }  # fmt: skip

    def argv(self) -> list[Any]:
        naskah = next(iter(Path("/usr/lib/rabbitmq/lib").glob("rabbitmq_server-*/sbin/rabbitmq-server")))
        return ["env", *(f"{k}={v}" for k, v in self.env.items()), naskah]

    def siap(self) -> bool:
        return terbuka(PERANTARA, self.port)

    def hentikan(self, isyarat: signal.Signals = signal.SIGTERM) -> None:
        """The script waits for its node: all that was born from it, by pid; the port mapper through its own port."""
        assert self.popen is not None
        with contextlib.suppress(psutil.NoSuchProcess):
            for satu in [*psutil.Process(self.popen.pid).children(recursive=True)]:
                with contextlib.suppress(psutil.NoSuchProcess):
                    satu.send_signal(isyarat)
        super().hentikan(isyarat)
        tunggu(lambda: not terbuka(PERANTARA, self.port), 30)

    def tutup(self) -> None:
        self.hentikan()
        processes.run(["epmd", "-port", self.epmd, "-kill"])

    @property
    def url(self) -> str:
        return f"amqp://guest:guest@{PERANTARA}:{self.port}//"


class Simpul:
    """One machine with web, worker and beat."""

    def __init__(
        self,
        alamat: str,
        env: dict[str, str],
        tmp: Path,
        jenis: tuple[str, ...] = ("web", "worker", "beat"),
    ):
        self.jenis = jenis
        self.alamat, self.port, self.log = alamat, port(alamat), tmp / f"web-{alamat}.log"
        self.url = f"http://{alamat}:{self.port}"
        self.env = env | {
            "PUBLIC_URL": self.url,
            "ALLOWED_HOSTS": f"{alamat},127.0.0.1,{INANG}",
            "LOG_LEVEL": "INFO",
        }
        self.tmp = tmp
        py = sys.executable
        self._argv = {
            "web": [
                py, "-m", "gunicorn", "config.wsgi", "--bind", f"{alamat}:{self.port}", "--no-control-socket",
                "--worker-class", "config.web_worker.WebWorker", "--workers", "2", "--threads", "4", "--log-level", "warning",
            ],
            "worker": [
                py, "-m", "celery", "--quiet", "-A", "config.celery", "worker", "-Q", "dtks", "-c", "2", "-n", f"kerja@{alamat}",
                "--without-gossip", "--without-mingle",
            ],
            "beat": [py, "-m", "celery", "--quiet", "-A", "config.celery", "beat", "--pidfile="],
        }  # fmt: skip
        self.proses: dict[str, Proses] = {}

    def mulai(self) -> None:
        for nama, argv in self._argv.items():
            if nama not in self.jenis:
                continue
            self.proses[nama] = Proses(argv, self.env, self.tmp / f"{nama}-{self.alamat}.log")

    def siap(self) -> bool:
        with contextlib.suppress(requests.RequestException):
            return self.readyz().get("status") == "siap"
        return False

    def readyz(self) -> dict[str, Any]:
        return requests.get(f"{self.url}/readyz", timeout=10).json()

    def bunuh(self) -> None:
        """The machine is gone: everything on it, without a word."""
        for satu in self.proses.values():
            satu.bunuh()

    def hentikan(self) -> None:
        for satu in self.proses.values():
            satu.hentikan()

    def catatan(self) -> str:
        return "\n".join(
            f"--- {p}\n{p.read_text(errors='replace')[-3000:]}"
            for p in sorted(self.tmp.glob(f"*{self.alamat}.log"))
        )


class Peramban:
    """A browser that any node may serve: cookies are its own, the next node is asked when one does not answer."""

    def __init__(self, simpul: list[Simpul]):
        self.simpul, self.kuki = simpul, {}
        self.pindah = 0

    def minta(self, cara: str, alamat: str, di: Simpul | None = None, **isi: Any) -> requests.Response:
        urutan = [di, *(s for s in self.simpul if s is not di)] if di else self.simpul
        for n, satu in enumerate(urutan):
            try:
                jawab = requests.request(
                    cara, satu.url + alamat, cookies=self.kuki, allow_redirects=False, timeout=30, **isi
                )
            except requests.RequestException as galat:
                # As nginx does it: a page is asked for at the next node when this one is silent, a form only when the line broke.
                if cara != "GET" and not isinstance(galat, requests.ConnectionError):
                    raise
                self.pindah += 1
                if n == len(urutan) - 1:
                    raise
                continue
            self.kuki.update(jawab.cookies.get_dict())
            return jawab
        raise AssertionError

    def masuk(self, nama: str, di: Simpul) -> None:
        self.kirim("/masuk/", {"login": nama, "password": SANDI}, di)

    def kirim(
        self, alamat: str, data: dict[str, Any], di: Simpul, tujuan: str = "", *, kirim_di: Simpul | None = None, mau: int = 302
    ) -> requests.Response:  # fmt: skip
        """Open the page, fill in what is asked, send it. The same form is sent again where the first node is gone."""
        halaman = self.minta("GET", alamat, di)
        assert halaman.status_code == 200, (alamat, halaman.status_code, halaman.headers.get("Location"))
        return self.lanjut(halaman, data, kirim_di or di, tujuan or alamat.partition("?")[0], mau)

    def lanjut(
        self, halaman: requests.Response, data: dict[str, Any], di: Simpul, tujuan: str, mau: int = 302
    ) -> requests.Response:
        """Send the form of this page that leads to `tujuan`."""
        jawab = self.minta("POST", tujuan, di, data=isian(halaman.text, tujuan, data) | data)
        assert jawab.status_code == mau, f"{tujuan}: {galat(jawab)}"
        return jawab


def galat(jawab: requests.Response) -> str:
    """What a page says is wrong, and where."""
    halaman = Halaman(jawab.text)
    salah = sorted({k.nama for f in halaman.formulir for k in f.kolom.values() if k.salah})
    return f"{jawab.status_code} {salah} {halaman.galat} {halaman.pesan}"


def isian(html: str, tujuan: str, data: dict[str, Any]) -> dict[str, Any]:
    """What the page's form for `tujuan` sends untouched: of several, the one that asks for `data`."""
    halaman = Halaman(html)
    calon = [f for f in halaman.formulir if f.metode == "post" and f.aksi.partition("?")[0] in ("", tujuan)]
    assert calon, f"no form for {tujuan}: {halaman.galat} {halaman.pesan}"
    cocok = [f for f in calon if all(k in f.kolom or (k, v) in f.tombol for k, v in data.items())]
    return {k.nama: k.nilai for k in (cocok or calon)[0].kolom.values() if k.tipe != "file" and not k.mati}


def lingkungan(url: str, replika: str, redis: str, *, umur: float = 3) -> dict[str, str]:
    """What every node is told."""
    return os.environ | {
        "DATABASE_URL": url, "DATABASE_POOLER": "1", "DATABASE_REPLICA_URL": replika, "REDIS_URL": redis, "DTKS_LOCAL": "1",
        "DTKS_TESTING": "0", "DEMO": "1", "DB_POOL": "4", "FILES_DIR": str(settings.FILES_DIR), "REPLICA_MAX_AGE": str(umur),
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }  # fmt: skip
