"""The portal as people meet it: real gunicorn, worker, beat, Valkey and Dukcapil simulator on the test database."""

import fcntl
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from config import local_services
from tests.bantu.proses import AKAR, Panggung, Proses, port_kosong

KUMPULKAN = (
    "import django; django.setup(); from config import local_services; from config.static_files import "
    "collect_if_changed; collect_if_changed(local_services.state_dir() / 'static.cap')"
)


class Portal:
    """A web process of the stage. `DEMO=1` lets the cast in by password alone, `DEMO=0` asks for the second step."""

    def __init__(
        self,
        panggung: Panggung,
        tmp: Path,
        *,
        demo: bool,
        aplikasi: str = "config.wsgi",
        utas: int = 4,
        pekerja: int = 1,
        **lain: str,
    ):
        port = port_kosong()
        self.alamat = f"http://127.0.0.1:{port}"
        self.log = tmp / f"web-demo{int(demo)}.log"
        env = panggung.env | {"DEMO": str(int(demo)), "PUBLIC_URL": self.alamat, "PORT": str(port)} | lain
        argv = [
            sys.executable,
            "-m",
            "gunicorn",
            aplikasi,
            "--bind",
            f"127.0.0.1:{port}",
            "--no-control-socket",
        ]
        argv += [
            "--worker-class",
            "config.web_worker.WebWorker",
            "--workers",
            str(pekerja),
            "--threads",
            str(utas),
            "--log-level",
            "warning",
        ]
        self.proses = self._proses = Proses(argv, env, self.log)

    def tunggu(self, detik: float = 40) -> None:
        batas = time.monotonic() + detik
        while time.monotonic() < batas:
            try:
                with urllib.request.urlopen(self.alamat + "/healthz", timeout=2) as jawab:
                    if jawab.status == 200:
                        return
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        raise AssertionError(f"the portal did not start: {self.log.read_text()[-2000:]}")

    def hentikan(self) -> None:
        """At once: gunicorn would wait for the browsers' open connections."""
        self.proses.bunuh()


def kumpulkan_berkas_statis(env: dict[str, str]) -> None:
    """collectstatic into the folder of the tests, one run at a time."""
    folder = local_services.state_dir()
    with (folder / "static.kunci").open("a") as kunci:
        fcntl.flock(kunci, fcntl.LOCK_EX)
        subprocess.run([sys.executable, "-c", KUMPULKAN], cwd=AKAR, env=env, check=True, timeout=90)
