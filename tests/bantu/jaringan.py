"""People and machines that talk to a real portal over the network, and a network that fails: for the tests that kill.

Every answer counts as what the caller saw: a status, or nothing (`None`) when the connection broke. `Buku` is the ledger of
reliability.md §3: each operation is on disk, outside the system, before it is sent and again when it is answered.
"""

import http.client
import json
import os
import re
import socket
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from tests.bantu import pemain

PUTUS = (OSError, http.client.HTTPException)


@dataclass
class Jawab:
    status: int
    isi: bytes
    kepala: dict[str, str]
    detik: float

    def json(self) -> Any:
        return json.loads(self.isi)

    @property
    def teks(self) -> str:
        return self.isi.decode()


def minta(
    alamat: str, cara: str = "GET", badan: bytes | None = None, kepala: dict[str, str] | None = None, batas: float = 60
) -> Jawab | None:  # fmt: skip
    """One request on a connection of its own; None when no whole answer came."""
    url = urlsplit(alamat)
    sambungan = http.client.HTTPConnection(url.hostname or "", url.port, timeout=batas)
    mulai = time.monotonic()
    try:
        sambungan.request(cara, url.path + (f"?{url.query}" if url.query else ""), badan, kepala or {})
        jawab = sambungan.getresponse()
        isi = jawab.read()
        return Jawab(jawab.status, isi, dict(jawab.headers), time.monotonic() - mulai)
    except PUTUS:
        return None
    finally:
        sambungan.close()


class Mesin:
    """Another office's application."""

    def __init__(self, alamat: str, kunci: str):
        self.alamat, self._kunci = alamat, kunci

    def kirim(self, jalan: str, isi: Any, *, kunci: str, alamat: str = "", **kepala: str) -> Jawab | None:
        lain = {n.replace("_", "-"): v for n, v in kepala.items()}
        tetap = {
            "Authorization": f"Bearer {self._kunci}",
            "Content-Type": "application/json",
            "Idempotency-Key": kunci,
        }
        return minta((alamat or self.alamat) + jalan, "POST", json.dumps(isi).encode(), tetap | lain)

    def baca(self, jalan: str) -> Jawab | None:
        return minta(self.alamat + jalan, kepala={"Authorization": f"Bearer {self._kunci}"})


class Peramban:
    """A person's browser: cookie, form token, no script. Logged in through the database, which the portal shares."""

    def __init__(self, alamat: str, username: str):
        client = Client()
        pemain.masuk(client, username)
        self.alamat = alamat
        self._kue = {settings.SESSION_COOKIE_NAME: client.cookies[settings.SESSION_COOKIE_NAME].value}

    def _kepala(self) -> dict[str, str]:
        return {"Cookie": "; ".join(f"{n}={v}" for n, v in self._kue.items()), "Origin": self.alamat}

    def buka(self, jalan: str) -> Jawab | None:
        jawab = minta(self.alamat + jalan, kepala=self._kepala())
        if jawab and (kue := re.match(r"csrf=([^;]+)", jawab.kepala.get("Set-Cookie", ""))):
            self._kue["csrf"] = kue[1]
        return jawab

    def isian(self, jalan: str) -> dict[str, str]:
        """Hidden fields of the page's forms: the token, the key that sends once, the version that was read."""
        jawab = self.buka(jalan)
        assert jawab and jawab.status == 200, (jalan, jawab)
        ada = re.findall(r"<input[^>]*type=\"hidden\"[^>]*>", jawab.teks)
        nama = ((re.search(r'name="([^"]+)"', x), re.search(r'value="([^"]*)"', x)) for x in ada)
        return {n[1]: v[1] if v else "" for n, v in nama if n}

    def kirim(self, jalan: str, isi: dict[str, Any], *, alamat: str = "") -> Jawab | None:
        if any(hasattr(v, "read") for v in isi.values()):
            badan, jenis = encode_multipart(BOUNDARY, isi), MULTIPART_CONTENT
        else:
            badan, jenis = urlencode(isi, doseq=True).encode(), "application/x-www-form-urlencoded"
        kepala = self._kepala() | {"Content-Type": jenis}
        return minta((alamat or self.alamat) + jalan, "POST", badan, kepala)


@dataclass
class Buku:
    """The ledger outside the system. `hasil`: operation -> what its sender knows of it in the end."""

    berkas: Path
    hasil: dict[str, str] = field(default_factory=dict)
    _kunci: threading.Lock = field(default_factory=threading.Lock)

    def tulis(self, operasi: str, kabar: str) -> None:
        with self._kunci, self.berkas.open("a") as keluar:
            keluar.write(f"{operasi} {kabar}\n")
            keluar.flush()
            os.fsync(keluar.fileno())
            self.hasil[operasi] = kabar


def usulan_baru(n: int) -> dict[str, Any]:
    """The body of a proposal for the n-th invented family; no two share a number."""
    hari, bulan, urut = 1 + n % 28, 1 + n // 28 % 12, 1000 + n // 336
    return {
        "program": "PKH",
        "alasan_usul": "Kepala keluarga sakit dan tidak bisa bekerja.",
        "keluarga": {
            "wilayah": pemain.DESA, "no_kk": f"320501{hari:02d}{bulan:02d}10{urut}", "alamat": "Kp. Cikole", "rt": "1", "rw": "5",
        },
        "anggota": [{
            "nik": f"320501{hari:02d}{bulan:02d}80{urut}", "nama": f"Ujang Kesekian {_huruf(n)}", "jenis_kelamin": "1",
            "tgl_lahir": f"1980-{bulan:02d}-{hari:02d}", "status_kawin": "2", "ibu_kandung": f"Iis {_huruf(n)}",
        }],
    }  # fmt: skip


def _huruf(n: int) -> str:
    return "".join(chr(97 + int(angka)) for angka in f"{n:05d}").title()


def sampai_terjawab(kirim: Callable[[], Jawab | None], *, detik: float = 240) -> tuple[Jawab, int]:
    """The same operation again until it is answered with anything but 429/5xx. Returns the answer and how often nothing came."""
    akhir, hilang = time.monotonic() + detik, 0
    while time.monotonic() < akhir:
        jawab = kirim()
        if jawab is not None and jawab.status not in (429, 500, 502, 503):
            return jawab, hilang
        hilang += jawab is None
        time.sleep(0.05 if jawab is None else 0.3)
    raise AssertionError(f"no answer in {detik:.0f} s; last: {jawab}")


def kunci_baru() -> str:
    return str(uuid.uuid4())


class Proksi:
    """A network between caller and portal. `jawaban=False` drops every answer after the portal has given it."""

    def __init__(self, tujuan: str):
        url = urlsplit(tujuan)
        self._tujuan = (url.hostname or "", url.port or 80)
        self._pintu = socket.create_server(("127.0.0.1", 0))
        self.alamat = f"http://127.0.0.1:{self._pintu.getsockname()[1]}"
        self.jawaban = True
        self.dibuang = 0
        threading.Thread(target=self._terima, daemon=True).start()

    def tutup(self) -> None:
        self._pintu.close()

    def _terima(self) -> None:
        while True:
            try:
                sini, _ = self._pintu.accept()
            except OSError:
                return
            threading.Thread(target=self._layani, args=(sini,), daemon=True).start()

    def _layani(self, sini: socket.socket) -> None:
        with sini, socket.create_connection(self._tujuan, timeout=30) as sana:
            threading.Thread(target=_alirkan, args=(sini, sana), daemon=True).start()
            try:
                while potong := sana.recv(65536):
                    if not self.jawaban:  # it has done its work; the line breaks before a word of it arrives
                        self.dibuang += 1
                        sini.shutdown(socket.SHUT_RDWR)
                        return
                    sini.sendall(potong)
            except OSError:
                return


def _alirkan(dari: socket.socket, ke: socket.socket) -> None:
    try:
        while potong := dari.recv(65536):
            ke.sendall(potong)
    except OSError:
        return


def kirim_terpotong(alamat: str, jalan: str, badan: bytes, kepala: dict[str, str], bagian: float) -> None:
    """A request whose line breaks after that part of its body; the answer is never read."""
    url = urlsplit(alamat)
    kepala = {"Host": url.netloc, "Content-Length": str(len(badan)), "Connection": "close"} | kepala
    awal = f"POST {jalan} HTTP/1.1\r\n" + "".join(f"{n}: {v}\r\n" for n, v in kepala.items()) + "\r\n"
    with socket.create_connection((url.hostname or "", url.port or 80), timeout=20) as sambungan:
        sambungan.sendall(awal.encode() + badan[: int(len(badan) * bagian)])
        if bagian >= 1:
            sambungan.settimeout(20)
            sambungan.recv(1)  # it was handled; the rest of the answer is lost
