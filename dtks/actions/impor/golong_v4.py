"""What would become of a checked row, given the register of this moment: new, changed, moved, conflict or the same.

Asked twice: for the preview, and again inside the transaction that writes, where the answer must still be the same.
"""

import hashlib
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any
from uuid import UUID, uuid4

from django.db import connection

from core import bulk
from core.padat import Kata, Padat
from core.privacy.keys import blind_index
from dtks.actions.impor import templat_v4 as v4
from dtks.actions.impor.inti import Baris, Pesan
from dtks.models import Usulan
from dtks.policies.usulan import DI_DINAS
from dtks.queries import satu_program
from dtks.queries.bendera import KALIMAT_BEKU
from dtks.queries.satu_program import SatuProgram
from dtks.workflow import USULAN_TERBUKA
from wilayah.kode import mencakup

IDENTITAS = ("nama", "tgl_lahir", "jenis_kelamin")
_DI_LAIN = "Bila angkanya sudah benar, Dinsos akan menengahi."
BERUBAH = Pesan("", "BERUBAH_SEJAK_DIPERIKSA", "Data di portal berubah sejak berkas ini diperiksa. Periksa ulang, lalu kirim lagi baris ini.")  # fmt: skip


@dataclass(slots=True)
class Orang:
    """A person of the register, with the columns that the template can change."""

    id: UUID
    keluarga: UUID
    hubungan: str
    dikecualikan: bool
    kolom: dict[str, Any]


_TIDAK_ADA: Mapping[str, Any] = MappingProxyType(
    {}
)  # one for all: a file makes tens of thousands of families


@dataclass(slots=True)
class Kel:
    """A family of the register, or one that this file makes. `dinas`: its data is being judged, nobody edits it."""

    id: UUID
    wilayah: str
    kolom: Mapping[str, Any]
    status: str = "calon"
    dinas: bool = False
    diminta: bool = False  # another desa asks to take it over
    beku: bool = False  # its people had the data frozen (docs/adr/0042)
    usulan: Mapping[str, UUID] = field(default_factory=lambda: _TIDAK_ADA)  # open ones by programme
    dihapus: frozenset[str] = frozenset()  # programmes that the family is proposed to leave
    dihitung: tuple["Usul", ...] = ()  # those of the rule "one programme a month"
    baru: bool = False
    kk: str = ""  # of a new one


@dataclass
class Usul:
    id: UUID
    program: str
    periode: str


@dataclass
class Peta:
    """The register around some rows."""

    orang: dict[bytes, Orang] = field(default_factory=dict)
    keluarga: dict[bytes, Kel] = field(default_factory=dict)  # by index of the KK
    lain: dict[UUID, Kel] = field(default_factory=dict)  # every family above, by key


@dataclass
class Berjalan:
    """What this file has made so far, and what does not change while it is read."""

    luas: Sequence[str]
    periode: Callable[[str, str], str]  # (desa, programme) -> the month that a draft made now belongs to
    satu_program: SatuProgram
    program_kk: frozenset[str]  # one row of the file for one family
    baru: dict[bytes, Kel] = field(default_factory=dict)
    usulan: dict[tuple[str, str], UUID] = field(default_factory=dict)  # by KK and programme
    _garam: bytes = field(default_factory=lambda: os.urandom(32))
    _kk: Padat = field(default_factory=Padat)
    _draf: Padat = field(default_factory=Padat)
    _kata: Kata = field(default_factory=Kata)

    def ringkas(self) -> None:
        """Between two blocks of a file that is checked: what it made so far is kept in few bytes. The keys can be made again."""
        for kel in self.baru.values():
            self._kk.setdefault(int(kel.kk), self._kata.nomor(kel.wilayah))
        for kk, program in self.usulan:
            self._draf.setdefault(int(kk) << 8 | self._kata.nomor(program), 1)
        self.baru, self.usulan = {}, {}

    def keluarga_baru(self, d: dict[str, Any]) -> Kel | None:
        """The family of this row, when an earlier row of the file made it."""
        if kel := self.baru.get(d["kk_indeks"]):
            return kel
        if (desa := self._kk.get(int(d["kk"]))) is None:
            return None
        return Kel(self.kunci(d["kk"]), self._kata[desa], _TIDAK_ADA, baru=True, kk=d["kk"])

    def draf(self, kk: str, program: str) -> UUID | None:
        """The proposal that an earlier row of the file made for this family."""
        if ada := self.usulan.get((kk, program)):
            return ada
        return self.kunci(kk, program) if self._draf.get(int(kk) << 8 | self._kata.nomor(program)) else None

    def kunci(self, *milik: str) -> UUID:
        """A random key, the same one for the same family (and programme) as long as this file is read."""
        acak = hashlib.blake2b("/".join(milik).encode(), key=self._garam, digest_size=16)
        return UUID(bytes=acak.digest(), version=4)


_ORANG = """
select i.id, i.nik_indeks, i.keluarga_id, i.hubungan, i.nama, i.tempat_lahir, i.tgl_lahir, i.jenis_kelamin, i.status_kawin,
       i.ibu_kandung, i.pekerjaan, i.disabilitas, i.hamil, i.hamil_sejak,
       exists (select 1 from dtks_tiketpadan t where t.individu_id = i.id and t.status = 'dikecualikan')
from dtks_individu i where i.aktif and i.nik_indeks = any(%s::bytea[])
"""
_KUNCI_ORANG = " order by i.id for update of i"
_KELUARGA = """
select k.id, k.no_kk_indeks, k.wilayah_id, k.alamat, k.rt, k.rw, k.status, k.dibekukan_at is not null from dtks_keluarga k
where (k.no_kk_indeks = any(%s::bytea[]) and k.status <> 'nonaktif') or k.id = any(%s)
"""
_DIMINTA = "select keluarga_id from dtks_permintaanpindah where status = 'diminta' and keluarga_id = any(%s)"
_USULAN = """
select u.id, u.keluarga_id, u.program, u.jalur, u.status,
       coalesce((select h.dari from dtks_riwayatusulan h where h.usulan_id = u.id and h.urut = u.versi and u.status = 'ditunda'), '')
from dtks_usulan u
where u.keluarga_id = any(%s) and u.status = any(%s)
"""


def peta(data: Iterable[dict[str, Any]], *, kunci: bool = False) -> Peta:
    """Read the register around these rows. `kunci`: lock its families, then its people until commit, in one order for all."""
    data = list(data)
    niks = bulk.keys(d["nik_indeks"] for d in data)
    kks = bulk.keys({d["kk_indeks"] for d in data})
    hasil = Peta()
    with connection.cursor() as cursor:
        cursor.execute(_ORANG, [niks])
        orang = cursor.fetchall()
        asal = list({r[2] for r in orang})
        cursor.execute(_KELUARGA + (" order by k.id for update" if kunci else ""), [kks, asal])
        for pk, indeks, wilayah, alamat, rt, rw, status, beku in cursor.fetchall():
            kel = Kel(pk, wilayah, {"alamat": alamat, "rt": rt, "rw": rw}, status, beku=beku)
            hasil.lain[pk] = kel
            if indeks is not None and status != "nonaktif":
                hasil.keluarga[bytes(indeks)] = kel
        if kunci:  # somebody may have died or moved while we waited for the families
            cursor.execute(_ORANG + _KUNCI_ORANG, [niks])
            orang = cursor.fetchall()
        for r in orang:
            kolom = dict(zip(KOLOM_ORANG, r[4:14], strict=True))
            hasil.orang[bytes(r[1])] = Orang(r[0], r[2], r[3], r[14], kolom)
        if hasil.lain:
            cursor.execute(_DIMINTA, [list(hasil.lain)])
            for (pk,) in cursor.fetchall():
                hasil.lain[pk].diminta = True
            cursor.execute(_USULAN, [list(hasil.lain), list(USULAN_TERBUKA)])
            for pk, keluarga, program, jalur, status, dari in cursor.fetchall():
                kel = hasil.lain[keluarga]
                kel.usulan = {**kel.usulan, program: pk}
                if jalur == Usulan.Jalur.PENGHAPUSAN:
                    kel.dihapus |= {program}
                kel.dinas = kel.dinas or status in DI_DINAS or dari in DI_DINAS
    if hasil.lain:
        rows = satu_program.terhitung(hasil.lain).values_list("keluarga_id", "pk", "program", "periode")
        for keluarga, pk, program, periode in rows:
            hasil.lain[keluarga].dihitung += (Usul(pk, program, periode),)
    return hasil


KOLOM_ORANG = (
    "nama", "tempat_lahir", "tgl_lahir", "jenis_kelamin", "status_kawin", "ibu_kandung", "pekerjaan", "disabilitas", "hamil",
    "hamil_sejak",
)  # fmt: skip
_DARI_DATA = (
    ("nama", "nama"), ("tempat_lahir", "tempat"), ("jenis_kelamin", "jk"), ("status_kawin", "kawin"), ("ibu_kandung", "ibu"),
    ("pekerjaan", "kerja"), ("disabilitas", "disab"), ("hamil", "hamil"),
)  # fmt: skip


def tambah_indeks(data: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Put the blind indexes into these rows; a family's index is made once for all its members."""
    rows = list(data)
    kk: dict[str, bytes] = {}
    for d in rows:
        if d["kk"] not in kk:
            kk[d["kk"]] = blind_index(d["kk"], "kk")
        d["nik_indeks"], d["kk_indeks"] = blind_index(d["nik"], "nik"), kk[d["kk"]]
    return rows


def berubah_orang(d: dict[str, Any], kini: dict[str, Any]) -> dict[str, Any]:
    """Columns of the person that the file says differently. An empty cell says nothing."""
    beda = {}
    for kolom, kunci in _DARI_DATA:
        nilai = d[kunci]
        if nilai is None or nilai == kini[kolom] or (nilai in ("", False) and not kini[kolom]):
            continue
        beda[kolom] = nilai
    if d["lahir"] != kini["tgl_lahir"].isoformat():
        beda["tgl_lahir"] = d["lahir"]
    sejak = kini["hamil_sejak"].isoformat() if kini["hamil_sejak"] else None
    if d["hamil"] is not None and d["hamil_sejak"] != sejak:
        beda["hamil_sejak"] = d["hamil_sejak"]
    return beda


def berubah_keluarga(d: dict[str, Any], kini: Mapping[str, Any]) -> dict[str, Any]:
    return {k: d[k] for k in ("alamat", "rt", "rw") if d[k] and d[k] != kini[k]}


def golongkan(nomor: int, d: dict[str, Any], p: Peta, f: Berjalan, lama: Baris | None = None) -> Baris:
    """The row with its result. `lama`: the keys that the preview gave to what it would make."""
    hasil = Baris(nomor, "sama", {"d": d}, kelompok=d["kk_indeks"], program=d["program"])
    orang = p.orang.get(d["nik_indeks"])
    kel = p.keluarga.get(d["kk_indeks"]) or f.keluarga_baru(d)
    if konflik := _konflik(d, orang, kel, p, f):
        hasil.hasil, hasil.galat = "konflik", [konflik]
        return hasil
    if kel is not None and d["program"] in kel.dihapus:
        hasil.galat = [Pesan(v4.PROGRAM, "SEDANG_DIHAPUS", "Keluarga ini sedang diusulkan keluar dari program ini. Selesaikan atau tarik dulu usulan penghapusannya.")]  # fmt: skip
        hasil.hasil = "konflik"
        return hasil
    dibuat: list[str] = []
    if kel is None:
        kel = Kel(_id(lama, "keluarga") or f.kunci(d["kk"]), d["desa"], _TIDAK_ADA, baru=True, kk=d["kk"])
        f.baru[d["kk_indeks"]] = kel
        dibuat.append("keluarga")
    hasil.keluarga = kel.id
    ubah = {} if kel.baru else berubah_keluarga(d, kel.kolom)
    if orang is None:
        dibuat.append("individu")
        hasil.individu = _id(lama, "individu") or uuid4()
    else:
        hasil.individu = orang.id
        ubah |= berubah_orang(d, orang.kolom)
        if set(ubah) & set(IDENTITAS) and orang.dikecualikan:
            return _jadi(
                hasil,
                Pesan(
                    v4.NAMA,
                    "PENGECUALIAN_BERLAKU",
                    "Orang ini punya pengecualian cek NIK. Ubah identitasnya lewat halaman NIK tidak padan.",
                ),
            )
    pindah = orang is not None and orang.keluarga != kel.id
    hasil.usulan, hasil.ganti = _usulan(d, kel, f, lama=lama, dibuat=dibuat)
    if (dibuat or ubah or pindah) and kel.dinas:
        return _jadi(
            hasil,
            Pesan(
                "",
                "DIPROSES_DINAS",
                "Data keluarga ini sedang diperiksa Dinas Sosial, jadi belum bisa diubah.",
            ),
        )
    if (dibuat or ubah or pindah) and kel.diminta:
        return _jadi(
            hasil,
            Pesan(
                "",
                "SEDANG_PINDAH",
                "Keluarga ini sedang diminta pindah ke desa lain. Selesaikan dulu permintaannya.",
            ),
        )
    hasil.dibuat = tuple(dibuat)
    hasil.hasil = "pindah" if pindah else "baru" if dibuat else "berubah" if ubah else "sama"
    hasil.isi["ubah"] = sorted(ubah)
    if hasil.ganti:
        hasil.hasil = "konflik"
        hasil.galat = [Pesan(v4.PROGRAM, "SATU_PROGRAM_PER_BULAN", "Bulan ini sudah diusulkan untuk program lain. Centang “Ganti usulan lama” bila memang diganti; usulan lama ditarik dan tetap tersimpan.")]  # fmt: skip
    return hasil


def _jadi(hasil: Baris, pesan: Pesan) -> Baris:
    hasil.hasil, hasil.galat, hasil.dibuat = "konflik", [pesan], ()
    hasil.keluarga = hasil.individu = hasil.usulan = None
    hasil.ganti = ()
    return hasil


def _id(lama: Baris | None, apa: str) -> UUID | None:
    """The key that the preview gave, so that the row and its staging row keep pointing to each other."""
    return getattr(lama, apa) if lama is not None and apa in lama.dibuat else None


def _konflik(d: dict[str, Any], orang: Orang | None, kel: Kel | None, p: Peta, f: Berjalan) -> Pesan | None:  # noqa: PLR0911 - one sentence each
    """Numbers that are known elsewhere. Outside the sender's areas the sentence says so and nothing more."""
    asal = p.lain.get(orang.keluarga) if orang else None
    if orang is not None and asal is None:  # moved to a family that we did not lock
        return BERUBAH
    if asal is not None and not _di_dalam(f.luas, asal.wilayah):
        return Pesan(v4.NIK, "NIK_DI_WILAYAH_LAIN", f"NIK ini sudah tercatat di wilayah lain. {_DI_LAIN}")
    if kel is not None and not _di_dalam(f.luas, kel.wilayah):
        return Pesan(
            v4.NOKK, "KK_DI_WILAYAH_LAIN", f"Nomor KK ini sudah tercatat di wilayah lain. {_DI_LAIN}"
        )
    if kel is not None and not mencakup(d["desa"], kel.wilayah):
        return Pesan(
            v4.KELURAHAN, "KK_BEDA_DESA", "Nomor KK ini tercatat di desa lain. Ajukan pindah desa lebih dulu."
        )
    if (asal is not None and asal.beku) or (kel is not None and kel.beku):
        return Pesan("", "DIBEKUKAN", f"{KALIMAT_BEKU} Baris ini tidak dimasukkan.")
    if asal is None or orang is None or (kel is not None and asal.id == kel.id):
        return None
    if not mencakup(d["desa"], asal.wilayah):
        return Pesan(v4.NIK, "NIK_BEDA_DESA", "NIK ini tercatat di desa lain. Ajukan pindah desa lebih dulu.")
    if orang.hubungan == "1":
        return Pesan(
            v4.NOKK,
            "KEPALA_KELUARGA_LAIN",
            "Orang ini tercatat sebagai kepala di KK lain. Ganti dulu kepala keluarga itu.",
        )
    if asal.diminta:
        return Pesan("", "SEDANG_PINDAH", "Keluarga asal orang ini sedang diminta pindah ke desa lain.")
    if asal.dinas:
        return Pesan("", "DIPROSES_DINAS", "Keluarga asal orang ini sedang diperiksa Dinas Sosial.")
    return None


def _di_dalam(luas: Sequence[str], wilayah: str) -> bool:
    return any(mencakup(satu, wilayah) for satu in luas)


def _usulan(
    d: dict[str, Any], kel: Kel, f: Berjalan, *, lama: Baris | None, dibuat: list[str]
) -> tuple[UUID | None, tuple[UUID, ...]]:
    """The proposal that this row belongs to (perhaps a new one), and the earlier ones that it would replace."""
    program = d["program"]
    if ada := kel.usulan.get(program):
        return ada, ()
    ganti = _diganti(program, kel, f)
    usulan = f.draf(d["kk"], program)
    if usulan is None:
        usulan = f.usulan[d["kk"], program] = _id(lama, "usulan") or f.kunci(d["kk"], program)
        dibuat.append("usulan")
    return usulan, ganti


def _diganti(program: str, kel: Kel, f: Berjalan) -> tuple[UUID, ...]:
    """Which proposals of this month stand in the way of this programme."""
    if not f.satu_program.dihitung(program) or not kel.dihitung:
        return ()
    periode = f.periode(kel.wilayah[:13], program)
    return tuple(
        sorted(
            u.id
            for u in kel.dihitung
            if f.satu_program.bentrok(program, periode, lain=u.program, periode_lain=u.periode)
        )
    )
