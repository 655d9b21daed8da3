"""One question at /cek/: counted, looked up and answered by one statement in the database (bansos/sql/cek_tanya.sql).

No act on anybody's record, so nothing goes to the audit trail; what is kept are counts under keyed hashes.
"""

import hashlib
import json
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from core import limits
from core.models import Pembatas
from core.names import name_key
from core.privacy import rotate
from core.privacy.keys import blind_index

_TANYA = "cek_tanya(%(pintu)s, %(kunci)s, %(desa)s, %(nama)s, %(lahir)s, %(orang)s, %(jaringan)s)::text"
Pertanyaan = tuple[str, dict[str, Any]]  # for FormTantangan.lanjutan, or for `tanya`


class TooMany(Exception):
    """The limit of the network or of all (rule 'cek.batas') is spent. `menit`: how long until it counts anew, at most."""

    def __init__(self, menit: int):
        self.menit = menit
        super().__init__(menit)


class OneMore(Exception):
    """Somebody seems to be guessing (rule 'cek.hati_hati'): this question needs one more answer, whoever it is about."""


@dataclass(frozen=True)
class Baris:
    """One programme: its name, a code of CekBansos.Keadaan, the period, the day of the decree; by NIK also the newest payment
    as (group of its status, period, day). No amount and no cause: those are told at the desa, or for ticket and PIN."""

    program: str
    keadaan: str
    periode: str
    tanggal: date | None
    salur: tuple[str, str, date] | None = None


@dataclass(frozen=True)
class Jawaban:
    """`wilayah`: the village and what it lies in, in words. `hasil`: 'ada', 'kosong', 'kembar' (two of that name) or 'sering' (asked too often about this one person)."""

    hasil: str
    nama: str = ""
    wilayah: str = ""
    baris: list[Baris] = field(default_factory=list)


def lewat_nik(*, nik: str, lahir: date, nama: str, alamat: str) -> Pertanyaan:
    """By NIK and birth date. `nama`: '' unless it was asked for."""
    indeks = rotate.pilih(blind_index(nik, "nik"))
    kunci = hashlib.sha256(indeks + lahir.isoformat().encode()).digest()
    return _pertanyaan(
        pintu="nik", kunci=kunci, desa="", nama=_kunci_nama(nama), lahir=None, orang=indeks, alamat=alamat
    )


def lewat_nama(*, desa: str, nama: str, lahir: date | None, alamat: str) -> Pertanyaan:
    """By village and full name. `lahir`: None unless it was asked for."""
    kunci = _kunci_nama(nama)
    orang = f"{desa}|{kunci}".encode()
    return _pertanyaan(
        pintu="nama", kunci=None, desa=desa, nama=kunci, lahir=lahir, orang=orang, alamat=alamat
    )


def _kunci_nama(nama: str) -> str:
    return name_key(nama)[:120] if nama else ""


def _pertanyaan(*, orang: bytes, alamat: str, **isi: Any) -> Pertanyaan:
    siapa = blind_index(orang.hex(), "cek").hex()
    jaringan = blind_index(limits.network(alamat), "cek").hex()
    return _TANYA, {**isi, "orang": siapa, "jaringan": jaringan}


def tanya(pertanyaan: Pertanyaan) -> Jawaban:
    """Ask now. Raises as `baca`."""
    sql, nilai = pertanyaan
    with connection.cursor() as cursor:
        cursor.execute(f"select {sql}", nilai)
        return baca(cursor.fetchone()[0])


def baca(teks: str) -> Jawaban:
    """What the database answered. Raises TooMany, OneMore."""
    hasil = json.loads(teks)
    if hasil["hasil"] == "penuh":
        raise TooMany(hasil["menit"])
    if hasil["hasil"] == "hati":
        raise OneMore
    baris = [
        Baris(p, k, d, date.fromisoformat(t) if t else None, _salur(s))
        for p, k, d, t, s in hasil["isi"] or []
    ]
    return Jawaban(hasil["hasil"], hasil["nama"] or "", hasil["wilayah"] or "", baris)


def _salur(isi: list[str] | None) -> tuple[str, str, date] | None:
    return (isi[0], isi[1], date.fromisoformat(isi[2])) if isi else None


def segarkan_keluarga(keluarga: UUID) -> int:
    """Make the public rows of these people right now, in the transaction of what changed."""
    with connection.cursor() as cursor:
        cursor.execute("select cek_segarkan(cek_orang(array[%s]::uuid[]))", [str(keluarga)])
        return int(cursor.fetchone()[0])


def segarkan_semua() -> int:
    """Make the public table right again where the triggers were off or a rule changed; how many rows were wrong."""
    with connection.cursor() as cursor:
        cursor.execute("select cek_segarkan_semua()")
        return int(cursor.fetchone()[0])


def buang_hitungan(pada: datetime) -> int:
    """Forget the counts of questions whose window, a day at most, is long over."""
    return Pembatas.objects.filter(kunci__startswith="cek:", mulai__lt=pada - timedelta(days=2)).delete()[0]
