"""F42: two thousand callers who say nothing, or one letter every few seconds, before nginx and gunicorn as they are installed."""

import contextlib
import itertools
import statistics
import threading
import time

import pytest

from tests.bantu.tepi import INANG, Peramban, Tepi, nginx

pytestmark = [pytest.mark.faults, pytest.mark.timeout(900)]
BANYAK = 2000


@pytest.fixture
def tepi(panggung, tmp_path):
    if not nginx():
        pytest.skip("no nginx: apt-get install nginx-light")
    (tmp_path / "tepi").mkdir()
    with Tepi(panggung, tmp_path / "tepi") as satu:
        yield satu


class Gerombolan(threading.Thread):
    """A third says nothing after TLS, a third stays within the head of a request, a third within its body. Who is thrown out returns."""

    def __init__(self, tepi: Tepi):
        super().__init__()
        self.tepi, self.selesai, self.penuh, self.kembali = tepi, threading.Event(), threading.Event(), 0
        self._asal = itertools.cycle(f"127.9.{a}.{b}" for a in range(4) for b in range(1, 101))

    def _baru(self, n: int):
        s = self.tepi.sambung(next(self._asal))
        s.settimeout(2)
        kepala = f"POST /cek/ HTTP/1.1\r\nHost: {INANG}\r\n"
        awal = (
            "",
            kepala + "X-A: ",
            kepala + "Content-Length: 900\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\na",
        )
        s.sendall(awal[n % 3].encode())
        return s

    def run(self) -> None:
        ada = [self._baru(n) for n in range(BANYAK)]
        self.penuh.set()
        while not self.selesai.wait(3):
            for n, s in enumerate(ada):
                try:
                    if n % 3:
                        s.sendall(b"a")
                    elif self.selesai.is_set():
                        break
                    continue
                except OSError:
                    s.close()
                with contextlib.suppress(OSError):
                    ada[n], self.kembali = self._baru(n), self.kembali + 1
        for s in ada:
            s.close()


def _lama(tepi: Tepi, mulai: int) -> list[float]:
    """Sixty people, each with a connection of his own; the seconds of each page."""
    detik = []
    for n in range(60):
        sejak = time.monotonic()
        assert (
            Peramban(tepi, f"127.8.{mulai}.{n + 1}")
            .minta("GET", ("/bantuan/", "/statistik/", "/cek/")[n % 3])
            .status
            == 200
        )
        detik.append(time.monotonic() - sejak)
    return detik


def test_dua_ribu_yang_lambat_tidak_menahan_orang_lain(tepi, periksa_semua):
    _lama(tepi, 0)  # warm
    sebelum = _lama(tepi, 1)
    banyak = Gerombolan(tepi)
    banyak.start()
    try:
        assert banyak.penuh.wait(120)
        time.sleep(4)
        selama = _lama(tepi, 2) + _lama(tepi, 3)
    finally:
        banyak.selesai.set()
        banyak.join()
    p95 = [statistics.quantiles(d, n=20)[-1] for d in (sebelum, selama)]
    print(
        f"{BANYAK:,} slow callers ({banyak.kembali} thrown out and back): 95 of 100 pages within {p95[0]:.2f} s before, {p95[1]:.2f} s among them"
    )
    assert p95[1] < 2 * p95[0] + 0.5
