"""Telling other machines: one signed POST to an address that an office chose. Standard library only.

The address is not trusted: its host must be on the list of the operator, it is resolved once and every address it has must
be a public one, and the connection goes to that very address. No redirects, at most 64 kB of answer, a deadline.
The signature is that of Standard Webhooks: `webhook-id`, `webhook-timestamp`, `webhook-signature: v1,<base64>`, HMAC-SHA256
over `id.timestamp.body`.
"""

import base64
import hashlib
import hmac
import http.client
import ipaddress
import re
import socket
import ssl
import time
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

MAX_BODY, PANJANG_MAKS = 65_536, 200
AWAL_RAHASIA = "whsec_"
_NAMA = re.compile(
    r"(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", re.ASCII
)


class AlamatDitolak(ValueError):
    """We do not send there; the text is an Indonesian sentence."""


@dataclass(frozen=True)
class Aturan:
    """Where we may send. `host`: names, '.go.id' means everything below it. `jaringan`: networks that are allowed although
    they are not public, and to which plain http is allowed."""

    host: Sequence[str] = ()
    jaringan: Sequence[str] = ()


@dataclass(frozen=True)
class Tujuan:
    aman: bool  # https
    host: str
    port: int
    jalur: str
    ip: str = ""


@dataclass(frozen=True)
class Jawaban:
    """`kode`: HTTP status, 0 when there was none. `sebab`: why it did not arrive, ''."""

    kode: int
    sebab: str = ""


def periksa(alamat: str, aturan: Aturan) -> Tujuan:
    """The parts of an address that may be subscribed. Nothing is resolved. Raises AlamatDitolak."""
    if (
        len(alamat) > PANJANG_MAKS
        or not alamat.isascii()
        or not alamat.isprintable()
        or set(alamat) & set(' \\"<>^`{|}')
    ):
        raise AlamatDitolak("Alamat webhook tidak bisa dibaca.")
    try:
        bagian = urlsplit(alamat)
        port = bagian.port
    except ValueError:
        raise AlamatDitolak("Alamat webhook tidak bisa dibaca.") from None
    host = (bagian.hostname or "").lower()
    if (
        bagian.scheme not in ("http", "https")
        or bagian.username is not None
        or bagian.password is not None
        or bagian.fragment
    ):
        raise AlamatDitolak("Alamat webhook harus https://nama-host/jalur, tanpa nama pengguna.")
    if not (_NAMA.fullmatch(host) or ":" in host):
        raise AlamatDitolak("Nama host webhook tidak bisa dibaca.")
    if not any(host == h or (h.startswith(".") and host.endswith(h)) for h in aturan.host):
        raise AlamatDitolak("Host ini belum diizinkan. Minta admin menambahkannya ke daftar WEBHOOK_HOST.")
    jalur = (bagian.path or "/") + (f"?{bagian.query}" if bagian.query else "")
    aman = bagian.scheme == "https"
    if not aman and not aturan.jaringan:
        raise AlamatDitolak("Alamat webhook harus https.")
    return Tujuan(aman, host, port or (443 if aman else 80), jalur)


def tetapkan(tujuan: Tujuan, aturan: Aturan) -> Tujuan:
    """The same with the one address that we connect to; all addresses of the name must be allowed. Raises AlamatDitolak, OSError."""
    semua = socket.getaddrinfo(tujuan.host, tujuan.port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    ip = [ipaddress.ip_address(str(satu[4][0]).partition("%")[0]) for satu in semua]
    for satu in ip:
        if not _boleh(satu, aturan, aman=tujuan.aman):
            raise AlamatDitolak("Host ini mengarah ke alamat yang tidak boleh dituju.")
    return Tujuan(tujuan.aman, tujuan.host, tujuan.port, tujuan.jalur, str(ip[0]))


def _boleh(ip: ipaddress.IPv4Address | ipaddress.IPv6Address, aturan: Aturan, *, aman: bool) -> bool:
    asli = getattr(ip, "ipv4_mapped", None) or ip
    if any(asli in ipaddress.ip_network(n, strict=False) for n in aturan.jaringan):
        return True
    teredo_6to4 = getattr(ip, "sixtofour", None) or getattr(ip, "teredo", None)
    return (
        aman and bool(asli.is_global) and not asli.is_multicast and not asli.is_reserved and not teredo_6to4
    )


def tanda(rahasia: str, nomor: str, saat: int, badan: bytes) -> str:
    kunci = base64.b64decode(rahasia.removeprefix(AWAL_RAHASIA))
    isi = f"{nomor}.{saat}.".encode() + badan
    return "v1," + base64.b64encode(hmac.digest(kunci, isi, hashlib.sha256)).decode()


def kirim(
    alamat: str, *, nomor: str, badan: bytes, rahasia: str, aturan: Aturan, batas: float = 8.0
) -> Jawaban:
    """Send once. Never raises for what the other side does."""
    akhir = time.monotonic() + batas
    try:
        tujuan = tetapkan(periksa(alamat, aturan), aturan)
        return _tukar(tujuan, nomor, badan, rahasia, akhir)
    except AlamatDitolak as error:
        return Jawaban(0, str(error))
    except (TimeoutError, ssl.SSLError, OSError, http.client.HTTPException) as error:
        return Jawaban(0, f"Tidak bisa dihubungi ({type(error).__name__}).")


class _Terpaku(http.client.HTTPConnection):
    """Connects to the address that was checked, whatever the name says by now."""

    def __init__(self, tujuan: Tujuan, batas: float):
        super().__init__(tujuan.host, tujuan.port, timeout=batas)
        self._tujuan = tujuan

    def connect(self) -> None:
        self.sock = socket.create_connection((self._tujuan.ip, self._tujuan.port), self.timeout)
        if self._tujuan.aman:
            self.sock = ssl.create_default_context().wrap_socket(self.sock, server_hostname=self._tujuan.host)


def _tukar(tujuan: Tujuan, nomor: str, badan: bytes, rahasia: str, akhir: float) -> Jawaban:
    saat = int(time.time())
    sambungan = _Terpaku(tujuan, max(0.5, akhir - time.monotonic()))
    kepala = {
        "Content-Type": "application/json", "User-Agent": "PortalDTKS-Webhook/1", "Accept-Encoding": "identity", "Connection": "close",
        "webhook-id": nomor, "webhook-timestamp": str(saat), "webhook-signature": tanda(rahasia, nomor, saat, badan),
    }  # fmt: skip
    try:
        sambungan.request("POST", tujuan.jalur, badan, kepala)
        jawab = sambungan.getresponse()
        terbaca = 0
        while terbaca <= MAX_BODY and (potong := jawab.read1(4096)):
            terbaca += len(potong)
            if time.monotonic() > akhir:
                return Jawaban(0, "Jawabannya terlalu lambat.")
        if 200 <= jawab.status < 300:
            return Jawaban(jawab.status)
        return Jawaban(jawab.status, f"Dijawab {jawab.status}.")
    finally:
        sambungan.close()
