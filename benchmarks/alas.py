"""What every benchmark stands on: a database of its own, rounds in turn, medians of ratios, one shape of result.

A benchmark is a module with `ukur(n, putaran) -> list[Hasil]`. It is run by `benchmarks/semua.py` in a process of its own, on a copy
of the test database (areas, reference data, cast). Ours and the limit take turns in the same run (A B A B …); what is judged is the median of
the rounds' ratios, never a time alone: times of a shared machine mean nothing, ratios a little.
"""

import os
import resource
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

AKAR = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Tumbuh:
    """How the cost may grow from the smallest to the largest size: `kali` = factor, `pangkat` = exponent of n. Judged by semua.py."""

    jenis: str
    biaya: float
    sasaran: float


@dataclass(frozen=True)
class Hasil:
    """One line of the table. `nomor`: goal of performance.md §4, 0 for one beside the ten. `arah` "" = shown, not judged."""

    nomor: int
    nama: str
    n: int
    nilai: float | None
    arah: str = ""
    sasaran: float = 0
    rentang: tuple[float, float] | None = None  # lowest and highest round
    kami: str = ""
    batas: str = ""
    rinci: str = ""
    tumbuh: Tumbuh | None = field(default=None)

    @property
    def kena(self) -> bool | None:
        """None where nothing is judged."""
        if not self.arah or self.nilai is None:
            return None
        return self.nilai >= self.sasaran if self.arah == ">=" else self.nilai <= self.sasaran

    def sebagai_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def dari_json(cls, isi: dict[str, Any]) -> "Hasil":
        tumbuh = Tumbuh(**isi["tumbuh"]) if isi["tumbuh"] else None
        rentang = tuple(isi["rentang"]) if isi["rentang"] else None
        return cls(**isi | {"tumbuh": tumbuh, "rentang": rentang})  # type: ignore[arg-type]


# --- rounds -------------------------------------------------------------------------------------------


def jam(kerja: Callable[[], object]) -> float:
    """Seconds by the clock."""
    mulai = time.perf_counter()
    kerja()
    return time.perf_counter() - mulai


def selang(
    putaran: int, cara: dict[str, Callable[[int], float]], *, hangat: bool = True
) -> dict[str, list[float]]:
    """Every way once a round, in turn. A way is given the number of the round (-1: one that only warms) and gives back its seconds."""
    hasil: dict[str, list[float]] = {nama: [] for nama in cara}
    if hangat:
        for satu in cara.values():
            satu(-1)
    for n in range(putaran):
        for nama, satu in cara.items():
            hasil[nama].append(satu(n))
        print("   ", n, "  ".join(f"{k} {v[-1]:.3f}" for k, v in hasil.items()), flush=True)
    return hasil


def median(angka: list[float]) -> float:
    return statistics.median(angka)


def persen(angka: list[float], p: int) -> float:
    return statistics.quantiles(angka, n=100, method="inclusive")[p - 1]


def rasio(nomor: int, nama: str, n: int, *, atas: list[float], bawah: list[float], **isi: Any) -> Hasil:
    """The median of `atas / bawah`, round by round."""
    tiap = [a / b for a, b in zip(atas, bawah, strict=True)]
    return Hasil(nomor, nama, n, median(tiap), rentang=(min(tiap), max(tiap)), **isi)


def laju(jumlah: int, detik: list[float], satuan: str = "rows") -> str:
    t = median(detik)
    return f"{t:.3g} s ({jumlah / t:,.0f} {satuan}/s)"


def puncak_mb() -> int:
    """Most megabytes that this process held so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


# --- database -----------------------------------------------------------------------------------------


@contextmanager
def basis_data() -> Iterator[None]:
    """Django, and a fresh copy of the test database, dropped afterwards. Templates and cache are as in production."""
    import tempfile

    import django

    django.setup()
    from django.conf import settings
    from django.test.utils import setup_test_environment, teardown_databases

    from tests.bantu import basis, templat

    setup_test_environment()
    settings.TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = ""
    _tanpa_salinan_templat()
    lama = templat.buat()
    with tempfile.TemporaryDirectory(prefix="dtksb") as berkas:
        settings.FILES_DIR = Path(berkas)
        try:
            yield
        finally:
            basis.tutup_pintu()
            teardown_databases(lama, verbosity=0)


def _tanpa_salinan_templat() -> None:
    """The test environment keeps a copy of every context that a template gets; that would be counted as ours."""
    from django.template.base import Template

    Template._render = lambda self, context: self.nodelist.render(context)  # type: ignore[attr-defined]


def sql(teks: str, *nilai: object) -> list[tuple]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(teks, nilai or None)
        return cursor.fetchall() if cursor.description else []


@contextmanager
def tanpa_pemicu() -> Iterator[None]:
    """A transaction in which no trigger and no foreign key is asked: for filling tables, and as the engine's bare limit."""
    from django.db import transaction

    with transaction.atomic():
        sql("set local session_replication_role = replica")
        yield


class Salinan:
    """A copy of the present database; `kembali()` makes the database the same as then, byte for byte."""

    def __enter__(self) -> "Salinan":
        from django.db import connection

        self.nama = connection.settings_dict["NAME"]
        self._jadikan(f"{self.nama}_asal", self.nama)
        return self

    def kembali(self) -> None:
        self._jadikan(self.nama, f"{self.nama}_asal")

    def __exit__(self, *galat: object) -> None:
        from django.db import connection

        connection.close()
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'drop database if exists "{self.nama}_asal" with (force)')

    def _jadikan(self, baru: str, dari: str) -> None:
        from django.db import connection

        connection.close()
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'drop database if exists "{baru}" with (force)')
            cursor.execute(f'create database "{baru}" template "{dari}" strategy file_copy')


def masuk_sebagai(siapa: str) -> Any:
    """A test client in which that user of the cast is logged in."""
    from django.test import Client

    from accounts.models import Pengguna

    klien = Client()
    klien.force_login(
        Pengguna.objects.get(username=siapa), backend="django.contrib.auth.backends.ModelBackend"
    )
    return klien


def lingkungan_server(port: int) -> dict[str, str]:
    """Environment of a web server of its own on this database, with the portal's real settings."""
    from django.conf import settings

    from tests.bantu.proses import url_basis_data

    return os.environ | {
        "DATABASE_URL": url_basis_data(), "REDIS_URL": settings.REDIS_URL, "DTKS_LOCAL": "1", "DTKS_TESTING": "0", "DEMO": "0",
        "DJANGO_SETTINGS_MODULE": "config.settings", "PUBLIC_URL": f"http://127.0.0.1:{port}", "PORT": str(port),
    }  # fmt: skip
