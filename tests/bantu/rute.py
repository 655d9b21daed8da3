"""Every address of the portal, read from the URL resolver, and what `tests/izin/rute.yaml` says about each.

A route of the table is the resolver's pattern; ` @ word` behind it adds a second example of the same pattern.
"""

import json
import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.urls import URLResolver, get_resolver

from tests.bantu.pemain import PEMAIN

AKAR = Path(__file__).resolve().parents[2]
TABEL = AKAR / "tests" / "izin" / "rute.yaml"
DOKUMEN = AKAR / "docs" / "izin.md"
LAIN = ("operator.lain", "lurah.lain", "verifikator.lain", "supervisor.lain", "kadis.lain")
SAUDARA = ("operator2", "lurah2")  # another desa of the same kecamatan
METODE = ("GET", "POST")
_ARGUMEN = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>.+?\)(?=/|\\\.|-\()|\(\?P<(\w+)>.+?\)")
_PEUBAH = re.compile(r"<(?:\w+:)?\w+>|\(\?P<\w+>(?:[^()]|\([^()]*\))*\)")

Siapa = str | list[str] | None


@dataclass(frozen=True)
class Rute:
    """One row of the table. `lihat` is for GET, `kirim` for POST: 'publik', 'masuk', a list of powers, or None (405)."""

    kunci: str
    lihat: Siapa = None
    kirim: Siapa = None
    contoh: dict[str, str] = field(default_factory=dict)  # argument -> name in the world, or '=literal'
    cari: str = ""  # query string of the example
    objek: str = ""  # whose area decides, where no argument of the address says so
    juga: list[str] = field(default_factory=list)  # usernames let in by name (the officer sent there)
    kecuali: list[str] = field(default_factory=list)  # usernames with the power whom another rule refuses
    daftar: str = ""  # name of the builder that adds rows; the page is a list or grows with its rows
    milik: str = ""  # 'allauth': pages that are not ours
    buka_nomor: bool = False  # the POST whose answer holds a full number
    catatan: str = ""

    @property
    def pola(self) -> str:
        return self.kunci.split(" @ ")[0]

    @property
    def argumen(self) -> list[str]:
        return [next(filter(None, m.groups())) for m in _ARGUMEN.finditer(self.pola)]

    def boleh(self, username: str, metode: str, wilayah: str | None) -> bool:
        """Does the table open this address to that user of the cast? `wilayah`: area of the object, None = no object."""
        siapa = self.lihat if metode == "GET" else self.kirim
        if siapa is None or username in self.kecuali:
            return False
        if isinstance(siapa, str) or username in self.juga:
            return True
        peran, area = PEMAIN[username]
        if not set(siapa) & kuasa()[peran]:
            return False
        return wilayah is None or area is None or wilayah == area or wilayah.startswith(area + ".")

    def alamat(self, nilai: dict[str, str]) -> str:
        """The address with these values for the arguments, in the order of the pattern."""
        isi = iter(nilai[a] for a in self.argumen)
        pola = _PEUBAH.sub(lambda _: next(isi), self.pola)
        return "/" + pola.replace("^", "").replace("$", "").replace("\\.", ".") + self.cari

    def asing(self, nilai: dict[str, str]) -> dict[str, str]:
        """The same with every UUID replaced by one that does not exist."""
        return {a: str(uuid.uuid4()) if _uuid(v) else v for a, v in nilai.items()}


def _uuid(nilai: str) -> bool:
    return bool(re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", nilai))


def _jalan(resolver: Any, awal: str = "") -> Iterator[str]:
    for satu in resolver.url_patterns:
        pola = awal + str(satu.pattern)
        if isinstance(satu, URLResolver):
            yield from _jalan(satu, pola)
        else:
            yield pola


def dari_resolver() -> list[str]:
    """Patterns in the order in which they are tried; a second pattern of the same text is never reached."""
    return list(dict.fromkeys(_jalan(get_resolver())))


@cache
def tabel() -> list[Rute]:
    isi = yaml.safe_load(TABEL.read_text())
    return [Rute(kunci=kunci, **(satu or {})) for kunci, satu in isi.items()]


@cache
def kuasa() -> dict[str, set[str]]:
    """Powers of each role, from the reference data."""
    isi = json.loads((AKAR / "accounts" / "data" / "peran.json").read_text())
    return {p["kode"]: set(p["kuasa"]) for p in isi}


PERAN = {u: p for u, (p, _) in PEMAIN.items() if not u.endswith(("2", ".lain"))}


def _sel(rute: Rute, username: str) -> str:
    wilayah = PEMAIN[username][1]
    huruf = "".join(h for h, m in (("L", "GET"), ("K", "POST")) if rute.boleh(username, m, wilayah or None))
    return huruf or "·"


def dokumen() -> str:
    """`docs/izin.md`: route x role, in the role's own area."""
    kepala = ["alamat", *PERAN.values()]
    baris = ["| " + " | ".join(kepala) + " |", "|" + "---|" * len(kepala)]
    umum: list[str] = []
    for rute in tabel():
        nama = "`/" + rute.kunci.replace("|", "\\|") + "`"
        siapa = {s for s in (rute.lihat, rute.kirim) if isinstance(s, str)}
        if siapa and all(isinstance(s, str) or s is None for s in (rute.lihat, rute.kirim)):
            cara = "".join(h for h, s in (("L", rute.lihat), ("K", rute.kirim)) if s)
            umum.append(
                f"| {nama} | {cara} | {'semua orang' if 'publik' in siapa else 'semua yang sudah masuk'} |"
            )
            continue
        baris.append("| " + " | ".join([nama, *(_sel(rute, u) for u in PERAN)]) + " |")
    return "\n".join([PENGANTAR, "## Halaman menurut peran", "", *baris, "", "## Halaman untuk semua", "",
                      "| alamat | cara | siapa |", "|---|---|---|", *umum, ""])  # fmt: skip


PENGANTAR = """# Siapa boleh membuka apa

Dibuat dari `tests/izin/rute.yaml` dan `accounts/data/peran.json` oleh `python -m tests.bantu.rute`; jangan disunting.
`tests/izin/` menjalankan setiap baris: `./test` sebagian pemain tiap hari, `./test --fuzz tests/izin` semua. **L** = melihat (GET), **K** = mengirim (POST), **·** = ditolak.
Yang tertulis berlaku di dalam wilayah tugas orangnya. Di luar wilayah itu jawabannya sama persis, sampai ke byte, dengan
jawaban untuk sesuatu yang tidak ada. Kata di belakang `@` adalah keadaan yang dicoba.
"""

if __name__ == "__main__":
    DOKUMEN.write_text(dokumen())
    print(DOKUMEN)
