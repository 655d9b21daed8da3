"""The whole portal in one foreground process: what `./run` ends in."""

import contextlib
import fcntl
import os
import signal
import socket
import sys
from types import FrameType

from django.conf import settings
from django.core.management import BaseCommand, CommandError, CommandParser, call_command
from django.db import connections

from accounts.models import Pengguna, Penugasan
from config import local_services
from config.static_files import collect_if_changed
from config.supervisor import Child, Supervisor, end_leftovers, heard_signals
from core.privacy import saksi
from wilayah.models import Wilayah

DUKCAPIL_PORT = 8390  # what settings expect when DUKCAPIL_URL is not set
PESAN_PORT = 8391  # the gateway of messages to phones, in the demo
DEMO_PASSWORD = "demo-portal-2026"  # noqa: S105 - printed on purpose, with demo data only


class Command(BaseCommand):
    help = "Menjalankan seluruh portal: basis data, web, pekerja, penjadwal, simulator."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=os.environ.get("PORT") or 8000)

    def handle(self, *args: object, port: int, **options: object) -> None:
        for number in heard_signals():
            signal.signal(number, _leave)
        self._run(port)

    def _run(self, port: int) -> None:
        runs = local_services.state_dir() / "jalan"
        end_leftovers(runs, self._say)
        _require_free(port)
        local_services.hold()
        try:
            local_services.ensure()
            self._prepare()
            supervisor = Supervisor(
                runs / f"{port}.json", self._children(port), f"http://127.0.0.1:{port}/readyz", self._say
            )
            code = supervisor.run(each_turn=self._revive_servers, when_ready=lambda: self._announce(port))
        finally:
            for number in heard_signals():
                signal.signal(
                    number, signal.SIG_IGN
                )  # an impatient second Ctrl-C must not leave servers behind
            stopped = local_services.release_and_stop()
            self._say("Server basis data dihentikan." if stopped else "Selesai.")
        sys.exit(code)

    def _say(self, sentence: str) -> None:
        with contextlib.suppress(OSError):  # a closed terminal must not keep us from stopping the children
            self.stdout.write(f"jalan     | {sentence}")
            self.stdout.flush()

    def _revive_servers(self) -> None:
        for name in local_services.ensure():
            self._say(f"{name} mati dan sudah dihidupkan lagi.")

    def _prepare(self) -> None:
        """Schema, reference data, areas and, in an empty register, the demo. One run at a time."""
        with (local_services.state_dir() / "siapkan.kunci").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            self._step("Menyiapkan tabel", "migrate", verbosity=0, interactive=False)
            collect_if_changed(local_services.state_dir() / "static.cap")
            self._require_our_keys()
            self._step("Memuat data acuan", "muat_acuan")
            if not Wilayah.objects.exists():
                self._step("Memuat wilayah se-Indonesia", "impor_wilayah")
            if settings.DEMO and not Pengguna.objects.exists():
                self._step("Mengisi data contoh", "demo")
        connections.close_all()

    def _require_our_keys(self) -> None:
        try:
            saksi.pastikan()
        except saksi.WrongKey as wrong:
            raise CommandError(str(wrong)) from wrong

    def _step(self, sentence: str, command: str, **options: object) -> None:
        self._say(f"{sentence} ...")
        call_command(command, **options)

    def _children(self, port: int) -> list[Child]:
        python = sys.executable
        environment = {"PORT": str(port), "PYTHONUNBUFFERED": "1"}
        children = []
        if not os.environ.get("DUKCAPIL_URL"):
            dukcapil = _free_port(DUKCAPIL_PORT)
            environment["DUKCAPIL_URL"] = f"http://127.0.0.1:{dukcapil}"
            secrets = {
                "DUKCAPIL_USER": settings.DUKCAPIL_USER,
                "DUKCAPIL_PASSWORD": settings.DUKCAPIL_PASSWORD,
            }
            module = "core.integrations.dukcapil.simulator"
            command = [python, "-m", module, "--port", str(dukcapil), "--seed", "3205"]
            children.append(Child("dukcapil", command, environment | secrets))
        if settings.DEMO and not os.environ.get("PESAN_URL"):
            pesan = _free_port(PESAN_PORT)
            environment |= {
                "PESAN_URL": f"http://127.0.0.1:{pesan}",
                "PESAN_TOKEN": "demo",
                "KABAR_SUREL": "1",
            }
            command = [python, "-m", "core.integrations.messages.simulator", "--port", str(pesan)]
            children.append(Child("pesan", command, environment))
        celery = [python, "-m", "celery", "--quiet", "-A", "config.celery"]
        node = f"portal-{port}@%h"
        return [
            *children,
            Child("web", _gunicorn(python, port), environment),
            Child("pekerja", [*celery, *WORKER, "-n", node], environment | QUIET_ROOT),
            Child("penjadwal", [*celery, "beat", "-l", "warning", "--pidfile="], environment),
        ]

    def _announce(self, port: int) -> None:
        self._say(f"Portal siap: http://127.0.0.1:{port}/  (Ctrl-C untuk berhenti)")
        tugas = Penugasan.objects.berlaku().select_related("pengguna", "peran", "wilayah")
        baris = [
            (p.pengguna.username, p.peran.nama, p.wilayah.jalur.split(",")[0] if p.wilayah else "Indonesia")
            for p in (
                tugas.order_by("pengguna__created_at", "pengguna__username")[:40] if settings.DEMO else []
            )
        ]
        connections.close_all()
        if not baris:
            return
        self._say(f"Akun contoh, kata sandi semuanya {DEMO_PASSWORD}:")
        for username, peran, tempat in baris:
            self._say(f"  {username:<17} {peran}, {tempat}")
        self._say("Keluarga rekaan untuk dicoba: DEMO=1 .venv/bin/python manage.py demo")


WORKER = ["worker", "-Q", "dtks", "-c", "2", "-l", "warning", "--without-gossip", "--without-mingle"]
# Celery's advice against root is about a server; here it would hide the address and the accounts.
QUIET_ROOT = {"PYTHONWARNINGS": "ignore:You're running the worker with superuser"}


def _gunicorn(python: str, port: int) -> list[str]:
    workers = str(min(4, max(2, os.cpu_count() or 2)))
    return [
        *(python, "-m", "gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{port}", "--no-control-socket"),
        *("--worker-class", "config.web_worker.WebWorker", "--workers", workers, "--threads", "4"),
        *("--timeout", "60", "--graceful-timeout", "10", "--log-level", "warning"),
    ]


def _leave(number: int, frame: FrameType | None) -> None:
    raise SystemExit(128 + number)


def _can_bind(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def _require_free(port: int) -> None:
    if not _can_bind(port):
        raise CommandError(
            f"Alamat 127.0.0.1:{port} sedang dipakai. Pilih yang lain, misalnya: PORT={port + 1} ./run"
        )


def _free_port(preferred: int) -> int:
    if _can_bind(preferred):
        return preferred
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
