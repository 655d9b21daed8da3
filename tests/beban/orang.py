"""What the people of the load test do (locust): officers at their desks, citizens who ask, and a crowd that comes back at once.

Run by `tests/beban/panggung.py` in a process of its own, without Django. Every attempt is a line of `BEBAN_FOLDER/permintaan-<pid>.csv`;
what a person was told is kept is a line of `ledger-<pid>.jsonl`, outside the portal, and is compared with the database afterwards.
"""

import base64
import csv
import hashlib
import hmac
import io
import json
import os
import random
import re
import struct
import time
import uuid
from itertools import count
from pathlib import Path
from threading import Lock
from typing import Any
from urllib.parse import urlencode

from locust import FastHttpUser, between, task
from PIL import Image

FOLDER = Path(os.environ["BEBAN_FOLDER"])
ISI = json.loads((FOLDER / "orang.json").read_text())
PIKIR = float(os.environ.get("BEBAN_PIKIR", "1"))  # 1 = people think 5 to 15 seconds
PALING_LAMA = 120  # seconds for which somebody who is sent away comes back
CSRF = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')
SOAL = re.compile(r'name="tantangan" value="([\w=-]+)"')
KASUS = re.compile(r'href="(/usulan/[0-9a-f-]{36}/)"')
KELUARGA = re.compile(r'href="(/keluarga/[0-9a-f-]{36}/)"')
KOLOM = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)"')
JSON = {"Accept": "application/json"}

_kunci = Lock()
_baris = (FOLDER / f"permintaan-{os.getpid()}.csv").open("a", buffering=1, newline="")
_csv = csv.writer(_baris)
_ledger = (FOLDER / f"ledger-{os.getpid()}.jsonl").open("a", buffering=1)
_giliran = {nama: iter(ISI[nama]) for nama in ("operator", "kawanan")}
_nomor = count(1)


def foto(n: int) -> bytes:
    """What a phone sends after `data-foto` made it small: 1,600 points wide, some hundred kilobytes, no two the same."""
    acak = random.Random(n)
    gambar = Image.frombytes("RGB", (200, 150), acak.randbytes(200 * 150 * 3)).resize(
        (1600, 1200), Image.Resampling.BICUBIC
    )
    keluar = io.BytesIO()
    gambar.save(keluar, "JPEG", quality=80)
    return keluar.getvalue()


FOTO = [foto(n) for n in range(6)]


def totp(rahasia: str) -> str:
    """RFC 6238, as the app on the phone."""
    kunci = base64.b32decode(rahasia + "=" * (-len(rahasia) % 8))
    sidik = hmac.digest(kunci, struct.pack(">Q", int(time.time()) // 30), "sha1")
    awal = sidik[-1] & 15
    return f"{(int.from_bytes(sidik[awal : awal + 4]) & 0x7FFFFFFF) % 10**6:06}"


def bukti(soal: str) -> str:
    """The browser's part of a public form (static/js/tantangan.js)."""
    bit, awal = ISI["bit"], hashlib.sha256(f"{soal}:".encode())
    for n in count():
        h = awal.copy()
        h.update(str(n).encode())
        if int.from_bytes(h.digest()[:4]) >> (32 - bit) == 0:
            return str(n)
    raise AssertionError


class Orang(FastHttpUser):
    abstract = True
    connection_timeout = network_timeout = 60.0
    insecure = True

    def on_start(self) -> None:
        self.alamat_ip = f"10.{random.randrange(256)}.{random.randrange(256)}.{random.randrange(1, 255)}"

    def minta(
        self, jenis: str, halaman: str, cara: str, alamat: str, *, sah: tuple[int, ...] = (200,), **isi: Any
    ) -> Any:
        """One request, as often as the portal says "not now". Each attempt is a line; the last answer comes back."""
        mulai_semua = time.time()
        for ke in count(1):
            kepala = {"Accept": "text/html", **isi.get("headers", {}), "X-Forwarded-For": self.alamat_ip}
            mulai, awal = time.time(), time.perf_counter()
            with self.client.request(
                cara,
                alamat,
                name=f"{jenis} {halaman}",
                catch_response=True,
                allow_redirects=False,
                **isi | {"headers": kepala},
            ) as jawab:
                ms = (time.perf_counter() - awal) * 1000
                baik = jawab.status_code in (*sah, 503, 429)
                jawab.success() if baik else jawab.failure(str(jawab.status_code))
            catat(mulai, jenis, halaman, ms, jawab.status_code, ke, "ya" if jawab.status_code in sah else "pulang" if baik else "galat",
                  jawab.headers.get("Retry-After", "") if jawab.headers else "")  # fmt: skip
            if jawab.status_code not in (0, 429, 502, 503, 504) or time.time() - mulai_semua > PALING_LAMA:
                return jawab
            self.dikembalikan(jawab, isi)
            time.sleep(min(float((jawab.headers or {}).get("Retry-After") or 2), 60))
        raise AssertionError

    def dikembalikan(self, jawab: Any, isi: dict[str, Any]) -> None:
        """What was typed into a page without our script must be on the page that says "not now"."""

    def ikuti(self, jenis: str, jawab: Any) -> Any:
        for _ in range(4):
            if jawab.status_code not in (301, 302, 303):
                break
            jawab = self.minta(jenis, "sesudahnya", "GET", jawab.headers["Location"], sah=(200, 302))
        return jawab


def catat(*kolom: Any) -> None:
    with _kunci:
        _csv.writerow(kolom)


def janji(**isi: Any) -> None:
    """The portal said that this is kept."""
    with _kunci:
        _ledger.write(json.dumps(isi) + "\n")


class Petugas(Orang):
    """An officer with an account. `siapa`: name, area, number, and a session when he still has one."""

    abstract = True

    def on_start(self) -> None:
        super().on_start()
        self.kasus: list[str] = []
        self.draf_ke = 0
        self.orang_ke = count(1)
        if sesi := self.siapa.get("sesi"):
            self.client.cookiejar.set_cookie(_kuki("sesi", sesi))
            self.csrf = hashlib.sha256(sesi.encode()).hexdigest()[:32]
            self.client.cookiejar.set_cookie(_kuki("csrf", self.csrf))
        else:
            self.masuk()

    def masuk(self) -> None:
        halaman = self.minta("masuk", "/masuk/", "GET", "/masuk/")
        isi = {
            "csrfmiddlewaretoken": CSRF.search(halaman.text)[1],
            "login": self.siapa["nama"],
            "password": ISI["sandi"],
            "next": "/dasbor/",
        }
        jawab = self.minta("masuk", "kata sandi", "POST", "/masuk/", data=isi, sah=(302,))
        halaman = self.minta("masuk", "kode", "GET", jawab.headers["Location"])
        isi = {"csrfmiddlewaretoken": CSRF.search(halaman.text)[1], "code": totp(ISI["totp"])}
        jawab = self.minta(
            "masuk", "kirim kode", "POST", "/akun/dua-langkah/authenticate/", data=isi, sah=(302,)
        )
        self.ikuti("masuk", jawab)
        self.csrf = self.minta("masuk", "/draf/kunci/", "GET", "/draf/kunci/", headers=JSON).json()["csrf"]

    # --- looking ----------------------------------------------------------------------------------------------------

    def lihat(self) -> None:
        pilih = random.random()
        if pilih < 0.2:
            self.minta("baca", "/dasbor/", "GET", "/dasbor/")
        elif pilih < 0.45:
            isi = self.minta("baca", "/usulan/", "GET", "/usulan/")
            self._buka(KASUS, isi, "/usulan/<id>/")
        elif pilih < 0.6:
            self.minta(
                "baca",
                "/usulan/ disaring",
                "GET",
                f"/usulan/?status={random.choice(('draf', 'diajukan', 'ditetapkan'))}",
            )
        elif pilih < 0.75:
            self.minta("baca", "/usulan/ dicari", "GET", f"/usulan/?nama=WARGA+{random.randrange(1, 999)}")
        elif pilih < 0.95:
            isi = self.minta("baca", "/keluarga/", "GET", "/keluarga/")
            self._buka(KELUARGA, isi, "/keluarga/<id>/")
        else:
            self.minta("baca", "/musyawarah/", "GET", "/musyawarah/")

    def _buka(self, pola: re.Pattern[str], jawab: Any, halaman: str) -> None:
        if jawab.status_code == 200 and (tautan := pola.findall(jawab.text)):
            self.pikir()
            self.minta("baca", halaman, "GET", random.choice(tautan[:20]))

    def pikir(self) -> None:
        time.sleep(random.uniform(5, 15) * PIKIR)

    # --- writing ----------------------------------------------------------------------------------------------------

    def simpan_draf(self) -> None:
        """Autosave of the long form, as the script sends it."""
        self.draf_ke += 1
        ketikan = f"{self.siapa['nama']}-{self.draf_ke}-{uuid.uuid4().hex}"
        isi = self.keluarga() | {"patokan": ketikan, "draf_kunci": "/usulan/baru/lengkap/", "draf_json": "1"}
        jawab = self.minta(
            "tulis", "/draf/", "POST", "/draf/", data=isi, headers=JSON | {"X-CSRFToken": self.csrf}
        )
        if jawab.status_code == 200:
            janji(apa="draf", siapa=self.siapa["nama"], ketikan=ketikan)

    def keluarga(self) -> dict[str, str]:
        """A family that nobody else invents: the number of the person is in the day, month and year of birth."""
        u, c = self.siapa["nomor"], next(self.orang_ke)
        hari, bulan, tahun = 1 + u % 28, 1 + u // 28 % 12, u // 336 % 20
        isi = {"kunci_kirim": str(uuid.uuid4()), "no_kk": f"320501{hari:02}{bulan:02}{tahun:02}{c:04}", "wilayah": self.siapa["desa"],
               "alamat": f"Kampung Beban {c}", "rt": "1", "rw": "5", "lintang": "-7.227906", "bujur": "107.908699", "program": "PKH", "jalur": "REGULER",
               "alasan_usul": "Kepala keluarga sakit.", **ISI["rumah"]}  # fmt: skip
        for n, (hubungan, perempuan, lahir) in enumerate((("1", 0, 1950), ("2", 1, 1970), ("3", 0, 2000))):
            tgl = f"{lahir + tahun:04}-{bulan:02}-{hari:02}"
            nik = f"320501{hari + 40 * perempuan:02}{bulan:02}{(lahir + tahun) % 100:02}{c:04}"
            orang = {"nik": nik, "nama": f"{'SITI' if perempuan else 'UJANG'} BEBAN {self.siapa['nomor']} {c}", "tempat_lahir": "GARUT", "tgl_lahir": tgl,
                     "jenis_kelamin": "2" if perempuan else "1", "hubungan": hubungan, "keberadaan": "1", "status_kawin": "1" if n == 2 else "2",
                     "ibu_kandung": "IBU BEBAN", "partisipasi_sekolah": "3", "bekerja": "tidak"}  # fmt: skip
            isi |= {f"anggota-{n}-{k}": v for k, v in orang.items()}
        return isi

    def kirim_keluarga(self) -> None:
        self.minta("baca", "/usulan/baru/lengkap/", "GET", "/usulan/baru/lengkap/")
        self.pikir()
        isi = self.keluarga()
        jawab = self.minta(
            "tulis",
            "/usulan/baru/lengkap/",
            "POST",
            "/usulan/baru/lengkap/",
            data=isi,
            headers=JSON | {"X-CSRFToken": self.csrf},
        )
        if jawab.status_code == 200:
            hasil = jawab.json()
            self.kasus.append(hasil["foto"])
            janji(apa="usulan", siapa=self.siapa["nama"], kunci=isi["kunci_kirim"], id=hasil["usulan"])
        else:
            (FOLDER / f"ditolak-{os.getpid()}.txt").open("a").write(
                f"{jawab.status_code} {jawab.text[:400]}\n"
            )

    def unggah(self) -> None:
        if not self.kasus:
            return self.kirim_keluarga()
        kunci = str(uuid.uuid4())
        batas = f"----{uuid.uuid4().hex}"
        kolom = {"kunci_kirim": kunci, "jenis": random.choice(ISI["jenis_foto"])}
        badan = "".join(
            f'--{batas}\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n'
            for k, v in kolom.items()
        ).encode()
        # One more byte behind the picture: the portal knows the same file again.
        badan += f'--{batas}\r\nContent-Disposition: form-data; name="foto"; filename="a.jpg"\r\nContent-Type: image/jpeg\r\n\r\n'.encode()
        badan += random.choice(FOTO) + kunci.encode() + f"\r\n--{batas}--\r\n".encode()
        kepala = JSON | {"X-CSRFToken": self.csrf, "Content-Type": f"multipart/form-data; boundary={batas}"}
        jawab = self.minta("unggah", "foto", "POST", self.kasus[-1], data=badan, headers=kepala)
        if jawab.status_code == 200:
            janji(apa="foto", siapa=self.siapa["nama"], kunci=kunci, id=jawab.json()["foto"])
        return None


class Operator(Petugas):
    """60 % looks and searches, 30 % fills in, 10 % uploads; thinks 5 to 15 seconds."""

    wait_time = between(5 * PIKIR, 15 * PIKIR)

    def on_start(self) -> None:
        self.siapa = next(_giliran["operator"])
        super().on_start()
        if self.siapa["nomor"] % 5 == 0:  # so that a short run meets them all
            self.kirim_keluarga()
            self.unggah()

    @task(60)
    def melihat(self) -> None:
        self.lihat()

    @task(20)
    def mengetik(self) -> None:
        self.simpan_draf()

    @task(10)
    def mengirim(self) -> None:
        self.kirim_keluarga()

    @task(10)
    def mengunggah(self) -> None:
        self.unggah()


class Warga(Orang):
    """A citizen asks about himself: form, proof of work, answer."""

    fixed_count = int(os.environ.get("BEBAN_WARGA", "1"))

    wait_time = between(2 * PIKIR, 4 * PIKIR)

    @task
    def bertanya(self) -> None:
        self.alamat_ip = f"10.{random.randrange(256)}.{random.randrange(256)}.{random.randrange(1, 255)}"
        halaman = self.minta("cek", "/cek/", "GET", "/cek/")
        if halaman.status_code != 200:
            return
        soal, lahir = SOAL.search(halaman.text)[1], 1 + next(_nomor) % 28
        isi = {"csrfmiddlewaretoken": CSRF.search(halaman.text)[1], "pintu": "nik", "nik": f"320502{lahir:02}0108{random.randrange(1, 9999):04}",
               "tgl_lahir": f"{lahir:02}/01/1908", "tantangan": soal, "tantangan_jawab": bukti(soal), "tantangan_situs": ""}  # fmt: skip
        self.minta("cek", "tanya", "POST", "/cek/", data=isi)


class Kawanan(Petugas):
    """After an outage on the last day: everybody reloads, sends what he typed meanwhile, and goes on working."""

    wait_time = between(5 * PIKIR, 15 * PIKIR)

    def on_start(self) -> None:
        self.siapa = next(_giliran["kawanan"])
        super().on_start()
        self.minta("kembali", "/dasbor/", "GET", "/dasbor/")
        time.sleep(random.uniform(1, 3))
        self.simpan_draf() if self.siapa["nomor"] % 2 else self.tanpa_skrip()

    def tanpa_skrip(self) -> None:
        """The button "Simpan sementara" of a page without our script: a form sent by the browser itself."""
        self.ketikan = f"{self.siapa['nama']}-tanpa-skrip-{uuid.uuid4().hex}"
        isi = self.keluarga() | {
            "patokan": self.ketikan,
            "draf_kunci": "/usulan/baru/lengkap/",
            "csrfmiddlewaretoken": self.csrf,
        }
        kepala = {"Content-Type": "application/x-www-form-urlencoded"}
        jawab = self.minta(
            "tulis", "/draf/ tanpa skrip", "POST", "/draf/", data=urlencode(isi), headers=kepala, sah=(302,)
        )
        if jawab.status_code == 302:
            janji(apa="draf", siapa=self.siapa["nama"], ketikan=self.ketikan)

    def dikembalikan(self, jawab: Any, isi: dict[str, Any]) -> None:
        if (
            jawab.status_code == 503
            and isi.get("headers", {}).get("Content-Type") == "application/x-www-form-urlencoded"
        ):
            kolom = dict(KOLOM.findall(jawab.text))
            janji(apa="dikembalikan", siapa=self.siapa["nama"], utuh=kolom.get("patokan") == self.ketikan)

    @task
    def bekerja(self) -> None:
        self.lihat()


def _kuki(nama: str, nilai: str) -> Any:
    from http.cookiejar import Cookie

    tuan = ISI["tuan"]
    return Cookie(
        0, nama, nilai, None, False, tuan, True, False, "/", True, False, None, True, None, None, {}, False
    )
