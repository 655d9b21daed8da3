"""The edge as it is installed: nginx with deploy/nginx.conf in front of gunicorn with the options of the Dockerfile.

Only what cannot be the same on a test machine is replaced (addresses, folders, certificate), and each replacement must find
what it replaces: a changed configuration is either tested as it is or fails here.
"""

import contextlib
import datetime as dt
import http.client
import ipaddress
import json
import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urlencode

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from tests.bantu.proses import AKAR, Panggung, Proses, port_kosong

INANG = "portal.contoh.test"
ASLI = AKAR / "deploy" / "nginx.conf"
# Caches whatever it may: no length of time is said, cookies and Vary are ignored. Only `Cache-Control` holds it back.
RAKUS = """
    proxy_cache_path {folder}/simpanan keys_zone=uji:10m;
    proxy_cache uji;
    proxy_cache_key $scheme$host$request_uri;
    proxy_cache_valid any 10m;
    proxy_ignore_headers Set-Cookie Vary;
    add_header X-Cache $upstream_cache_status always;
"""


def nginx() -> str:
    return shutil.which("nginx") or next((p for p in ("/usr/sbin/nginx",) if Path(p).exists()), "")


def versi() -> tuple[int, ...]:
    teks = subprocess.run([nginx(), "-v"], capture_output=True, text=True, check=True).stderr
    return tuple(int(n) for n in re.search(r"nginx/([\d.]+)", teks)[1].split("."))


def sertifikat(folder: Path) -> None:
    """Self-signed, for INANG."""
    kunci = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    nama = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, INANG)])
    kini = dt.datetime.now(dt.UTC)
    satu = (
        x509.CertificateBuilder()
        .subject_name(nama)
        .issuer_name(nama)
        .public_key(kunci.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(kini - dt.timedelta(days=1))
        .not_valid_after(kini + dt.timedelta(days=2))
        .add_extension(
            x509.SubjectAlternativeName(
                [x509.DNSName(INANG), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
            ),
            False,
        )
        .sign(kunci, hashes.SHA256())
    )
    (folder / "portal.crt").write_bytes(satu.public_bytes(serialization.Encoding.PEM))
    (folder / "portal.key").write_bytes(
        kunci.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )


def konfigurasi(folder: Path, *, polos: int, aman: int, web: int, simpan: bool) -> str:
    """deploy/nginx.conf for this machine. `simpan`: with a greedy cache in front of everything."""
    teks = ASLI.read_text()

    def ganti(lama: str, baru: str, kali: int = 1) -> None:
        nonlocal teks
        assert teks.count(lama) == kali, f"deploy/nginx.conf: {lama!r} {teks.count(lama)} times"
        teks = teks.replace(lama, baru)

    ganti("pid /tmp/nginx.pid;", f"pid {folder}/nginx.pid;")
    ganti("access_log /dev/stdout", f"access_log {folder}/akses.log")
    ganti("error_log /dev/stderr", f"error_log {folder}/galat.log")
    for nama in ("body", "proxy", "fastcgi", "uwsgi", "scgi"):
        ganti(f"_temp_path /tmp/{nama};", f"_temp_path {folder}/{nama};")
    ganti("server web:8000;", f"server 127.0.0.1:{web};")
    ganti("listen 8080;", f"listen 127.0.0.1:{polos};")
    if versi() < (1, 25, 1):  # the same, as nginx wrote it before
        ganti("        http2 on;\n", "")
        ganti("listen 8443 ssl;", f"listen 127.0.0.1:{aman} ssl http2;")
    else:
        ganti("listen 8443 ssl;", f"listen 127.0.0.1:{aman} ssl;")
    ganti("/etc/nginx/tls/", f"{folder}/", 2)
    ganti("root /etc/nginx/halaman;", f"root {AKAR}/deploy/halaman;", 2)
    if simpan:
        ganti("http {\n", "http {\n" + RAKUS.format(folder=folder))
    return teks


@contextlib.contextmanager
def di_depan(folder: Path, upstream: str) -> Iterator[SimpleNamespace]:
    """nginx alone with this `upstream portal { … }`; a `Peramban` takes what comes out as its `tepi`."""
    tepi = SimpleNamespace(polos=port_kosong(), aman=port_kosong())
    tepi.sambung = lambda *a, **k: Tepi.sambung(tepi, *a, **k)
    sertifikat(folder)
    teks = konfigurasi(folder, polos=tepi.polos, aman=tepi.aman, web=port_kosong(), simpan=False)
    teks, kali = re.subn(r"upstream portal \{.*?\}", upstream, teks, flags=re.S)
    assert kali == 1
    (folder / "nginx.conf").write_text(teks)
    pilihan = [nginx(), "-c", str(folder / "nginx.conf"), "-e", str(folder / "mulai.log"), "-p", str(folder)]
    akun = "user root; " if os.geteuid() == 0 else ""
    proses = Proses([*pilihan, "-g", f"{akun}daemon off;"], dict(os.environ), folder / "mulai.log")
    try:
        for _ in range(100):
            with contextlib.suppress(OSError):
                socket.create_connection(("127.0.0.1", tepi.aman), timeout=1).close()
                break
            time.sleep(0.1)
        yield tepi
    finally:
        proses.bunuh()


class Tepi:
    """nginx before one gunicorn. Use as a context manager."""

    def __init__(self, panggung: Panggung, tmp: Path, *, simpan: bool = False):
        self.folder, self._panggung, self._simpan = tmp, panggung, simpan
        self.polos, self.aman, self.web = port_kosong(), port_kosong(), port_kosong()
        self.akses, self.log_web = tmp / "akses.log", tmp / "web.log"

    def __enter__(self) -> "Tepi":
        sertifikat(self.folder)
        berkas = self.folder / "nginx.conf"
        berkas.write_text(
            konfigurasi(self.folder, polos=self.polos, aman=self.aman, web=self.web, simpan=self._simpan)
        )
        pilihan = [nginx(), "-c", str(berkas), "-e", str(self.folder / "mulai.log"), "-p", str(self.folder)]
        akun = (
            "user root; "
            if subprocess.run(["id", "-u"], capture_output=True, check=True).stdout == b"0\n"
            else ""
        )
        periksa = subprocess.run([*pilihan, "-t"], capture_output=True, text=True, check=False)
        assert periksa.returncode == 0 and "[warn]" not in periksa.stderr, periksa.stderr
        env = self._panggung.env | {
            "DEMO": "1", "BEHIND_PROXY": "1", "PUBLIC_URL": f"https://{INANG}", "ALLOWED_HOSTS": f"{INANG},127.0.0.1",
            "CSRF_TRUSTED_ORIGINS": f"https://{INANG}", "PORT": str(self.web),
            "FORWARDED_ALLOW_IPS": "127.0.0.9",  # as in the network of docker-compose.yml: gunicorn itself trusts nobody
        }  # fmt: skip
        self._web = Proses(perintah_web(self.web), env, self.log_web)
        self._nginx = Proses(
            [*pilihan, "-g", f"{akun}daemon off;"], self._panggung.env, self.folder / "mulai.log"
        )
        try:
            self._tunggu()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *exc: object) -> None:
        self._nginx.bunuh()
        self._web.bunuh()

    def _tunggu(self, detik: float = 60) -> None:
        batas = time.monotonic() + detik
        while time.monotonic() < batas:
            with contextlib.suppress(OSError, http.client.HTTPException):
                # Another address each time: a greedy cache would keep the first refusal.
                if Peramban(self).minta("GET", f"/healthz?{time.monotonic_ns()}").status == 200:
                    return
            time.sleep(0.2)
        raise AssertionError(self.log_web.read_text()[-3000:])

    def sambung(self, asal: str = "127.0.0.1", *, aman: bool = True, **tls: object) -> socket.socket:
        """A connection as a visitor at the address `asal` (all of 127.0.0.0/8 is this machine) opens it."""
        s = socket.create_connection(
            ("127.0.0.1", self.aman if aman else self.polos), timeout=30, source_address=(asal, 0)
        )
        if not aman:
            return s
        konteks = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        konteks.check_hostname, konteks.verify_mode = False, ssl.CERT_NONE
        konteks.set_alpn_protocols(["http/1.1"])
        if terendah := tls.get("terendah"):
            konteks.minimum_version, konteks.maximum_version = terendah, tls["tertinggi"]
        if sandi := tls.get("sandi"):
            konteks.set_ciphers(sandi)
        return konteks.wrap_socket(s, server_hostname=INANG)

    def mentah(self, isi: bytes, asal: str = "127.0.0.1", *, aman: bool = True, diam: float = 1.5) -> bytes:
        """Everything that comes back for these bytes until the server closes or says nothing for a while."""
        hasil = b""
        with self.sambung(asal, aman=aman) as s:
            with contextlib.suppress(OSError):
                s.sendall(isi)
            s.settimeout(diam)
            with contextlib.suppress(OSError):
                while potong := s.recv(65536):
                    hasil += potong
        return hasil


def perintah_web(port: int, pohon: Path = AKAR) -> list[str]:
    """The CMD of the Dockerfile on another port, with two workers."""
    teks = (pohon / "Dockerfile").read_text()
    cmd = json.loads(re.search(r"^CMD (\[.*\])\s*\Z", teks.replace("\\\n", " "), re.M | re.S)[1])
    assert cmd[0] == "gunicorn"
    cmd[cmd.index("--bind") + 1] = f"127.0.0.1:{port}"
    cmd[cmd.index("--workers") + 1] = "2"
    return [sys.executable, "-m", *cmd]


@dataclass
class Jawab:
    status: int
    kepala: list[tuple[str, str]]
    isi: bytes

    def __getitem__(self, nama: str) -> str:
        return ", ".join(v for k, v in self.kepala if k.lower() == nama.lower())

    @property
    def teks(self) -> str:
        return self.isi.decode("utf-8", "replace")

    @property
    def kue(self) -> list[str]:
        return [v for k, v in self.kepala if k.lower() == "set-cookie"]


@dataclass
class Peramban:
    """A visitor with cookies at an address of his own, over one kept connection."""

    tepi: Tepi
    asal: str = "127.0.0.1"
    kuki: dict[str, str] = field(default_factory=dict)
    _sambungan: http.client.HTTPConnection | None = None

    def minta(
        self, cara: str, alamat: str, isi: bytes | dict | None = None, kepala: dict[str, str] | None = None, *, aman: bool = True
    ) -> Jawab:  # fmt: skip
        kirim = {"Host": INANG, "Accept-Encoding": "identity"}
        if self.kuki:
            kirim["Cookie"] = "; ".join(f"{k}={v}" for k, v in self.kuki.items())
        if isinstance(isi, dict):
            isi = urlencode(isi, doseq=True).encode()
            kirim |= {
                "Content-Type": "application/x-www-form-urlencoded",
                "Referer": f"https://{INANG}{alamat}",
            }
        for ulang in (False, True):
            c = self._buka(aman)
            try:
                c.putrequest(cara, alamat, skip_host=True, skip_accept_encoding=True)
                for k, v in (kirim | (kepala or {})).items():
                    c.putheader(k, v)
                if isi is not None:
                    c.putheader("Content-Length", str(len(isi)))
                c.endheaders(isi)
                j = c.getresponse()
                jawab = Jawab(j.status, j.getheaders(), j.read())
                break
            except (http.client.HTTPException, OSError):  # a kept connection that the server has closed
                self.tutup()
                if ulang:
                    raise
        self._ingat(jawab)
        return jawab

    def _buka(self, aman: bool) -> http.client.HTTPConnection:
        if self._sambungan is None or self._sambungan.sock is None:
            self._sambungan = http.client.HTTPConnection(INANG)
            self._sambungan.sock = self.tepi.sambung(self.asal, aman=aman)
        return self._sambungan

    def tutup(self) -> None:
        if self._sambungan is not None:
            self._sambungan.close()
        self._sambungan = None

    def _ingat(self, jawab: Jawab) -> None:
        for baris in jawab.kue:
            for nama, isi in SimpleCookie(baris).items():
                if isi["max-age"] == 0 or isi["max-age"] == "0":
                    self.kuki.pop(nama, None)
                else:
                    self.kuki[nama] = isi.value

    def tanda(self, alamat: str) -> str:
        """The form token of a page."""
        jawab = self.minta("GET", alamat)
        cocok = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', jawab.teks)
        assert cocok, (alamat, jawab.status, jawab.teks[:500])
        return cocok[1]

    def kirim(self, alamat: str, isi: dict, kepala: dict[str, str] | None = None, *, dari: str = "") -> Jawab:
        return self.minta("POST", alamat, {"csrfmiddlewaretoken": self.tanda(dari or alamat)} | isi, kepala)

    def masuk(self, nama: str, sandi: str) -> Jawab:
        return self.kirim("/masuk/", {"login": nama, "password": sandi})
