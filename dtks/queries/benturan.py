"""Conflict of interest between a field officer and a family, from what the register knows of both.

The officer is an `Orang`; if he is in the register as well, his rows there (also old ones) tell his card, address, phone
and mother. Everything here only reads. One `Pemeriksa` serves many pairs: an officer's facts are read once.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from uuid import UUID

from accounts.models import Pengguna
from core import dinding
from core.names import name_key
from dtks.models import BENTURAN, Individu, Keluarga, PermintaanAlih, Usulan

UMUR_IBU = (12, 60)  # years between a mother and her child


@dataclass(frozen=True)
class Fakta:
    """What ties people together: rows of the register of one officer or of one family."""

    orang: frozenset[bytes]  # NIK
    keluarga: frozenset[UUID]  # every card they are or were on
    alamat: frozenset[tuple[str, ...]]
    telepon: frozenset[bytes]
    ibu: frozenset[tuple[str, str]]  # mother's name and own place of birth
    nama: tuple[tuple[str, str, int], ...]  # own name, sex, year of birth
    anak_dari: tuple[tuple[str, int], ...]  # mother's name, own year of birth
    lingkungan: frozenset[tuple[str, ...]]  # desa, RW and RT of the home


def benturan(petugas: Pengguna, usulan: Usulan) -> str | None:
    """The sentence why this officer may not judge this family, or None."""
    return Pemeriksa().periksa(petugas, usulan)


class Pemeriksa:
    def __init__(self) -> None:
        self._petugas: dict[UUID, Fakta] = {}
        self._keluarga: dict[UUID, Fakta] = {}
        self._dinyatakan: dict[UUID, set[UUID]] = {}

    @dinding.terbuka("kin of officers and families, wherever they live")
    def siapkan(self, usulan: Iterable[Usulan]) -> None:
        """Read the families of many cases at once, and who declared a conflict with them."""
        ids = {u.keluarga_id for u in usulan} - set(self._keluarga)
        if not ids:
            return
        anggota: dict[UUID, list[Individu]] = {pk: [] for pk in ids}
        for satu in Individu.objects.filter(keluarga__in=ids, aktif=True).order_by("pk"):
            anggota[satu.keluarga_id].append(satu)
        nik = {n for rows in anggota.values() for n in _nik(rows)}
        kartu: dict[bytes, set[UUID]] = {}
        for indeks, pk in (
            Individu.objects.filter(nik_indeks__in=nik)
            .order_by("pk")
            .values_list("nik_indeks", "keluarga_id")
        ):
            kartu.setdefault(bytes(indeks), set()).add(pk)
        for keluarga in Keluarga.objects.filter(pk__in=ids).order_by("pk"):
            rows = anggota[keluarga.pk]
            pernah = {keluarga.pk}.union(*(kartu.get(n, set()) for n in _nik(rows)))
            self._keluarga[keluarga.pk] = _fakta(rows, pernah, [keluarga])
        for keluarga_id, orang_id in (
            PermintaanAlih.objects.filter(usulan__keluarga__in=ids, alasan=BENTURAN)
            .order_by("pk")
            .values_list("usulan__keluarga_id", "petugas__orang_id")
        ):
            self._dinyatakan.setdefault(keluarga_id, set()).add(orang_id)

    @dinding.terbuka("kin of officers and families, wherever they live")
    def siapkan_petugas(self, petugas: Iterable[Pengguna]) -> None:
        """Read what the register knows of these officers; `orang` comes with them."""
        belum = {}
        for p in petugas:
            if p.orang_id in self._petugas:
                continue
            if (
                p.orang.nik_indeks is None
            ):  # the account of an API key, or an officer whose NIK is not recorded
                self._petugas[p.orang_id] = _fakta([], set(), [])
            else:
                belum[bytes(p.orang.nik_indeks)] = p.orang_id
        catatan: dict[bytes, list[Individu]] = {n: [] for n in belum}
        for satu in (
            Individu.objects.filter(nik_indeks__in=list(belum)).select_related("keluarga").order_by("pk")
        ):
            catatan[bytes(satu.nik_indeks)].append(satu)
        for nik, orang_id in belum.items():
            rows = catatan[nik]
            fakta = _fakta(rows, {i.keluarga_id for i in rows}, [i.keluarga for i in rows if i.aktif])
            self._petugas[orang_id] = replace(fakta, orang=frozenset({nik}))

    def fakta_keluarga(self, keluarga: UUID) -> Fakta:
        """Of a family that was prepared."""
        return self._keluarga[keluarga]

    def fakta_petugas(self) -> dict[UUID, Fakta]:
        """person -> what is known of him, for the officers that were prepared."""
        return self._petugas

    def periksa(self, petugas: Pengguna, usulan: Usulan) -> str | None:
        if petugas.orang_id == usulan.pengusul_orang_id:
            return f"{petugas.nama} adalah pengusul keluarga ini."
        self.siapkan([usulan])
        self.siapkan_petugas([petugas])
        dia, mereka = self._petugas[petugas.orang_id], self._keluarga[usulan.keluarga_id]
        menyatakan = petugas.orang_id in self._dinyatakan.get(usulan.keluarga_id, ())
        kaitan = (
            (dia.orang & mereka.orang, f"{petugas.nama} adalah anggota keluarga ini."),
            (dia.keluarga & mereka.keluarga, f"{petugas.nama} pernah satu KK dengan anggota keluarga ini."),
            (
                dia.ibu & mereka.ibu,
                f"Ibu kandung {petugas.nama} sama dengan ibu kandung anggota keluarga ini.",
            ),
            (_ibu_anak(dia, mereka), f"{petugas.nama} tampaknya ibu dari anggota keluarga ini."),
            (_ibu_anak(mereka, dia), f"Ibu kandung {petugas.nama} tampaknya anggota keluarga ini."),
            (dia.alamat & mereka.alamat, f"{petugas.nama} tinggal di alamat yang sama dengan keluarga ini."),
            (dia.telepon & mereka.telepon, f"Nomor HP {petugas.nama} sama dengan nomor keluarga ini."),
            (menyatakan, f"{petugas.nama} sudah menyatakan benturan kepentingan dengan keluarga ini."),
        )
        return next((kalimat for ada, kalimat in kaitan if ada), None)


def _nik(rows: Iterable[Individu]) -> set[bytes]:
    return {bytes(i.nik_indeks) for i in rows if i.nik_indeks}


def _fakta(rows: list[Individu], kartu: set[UUID], rumah: list[Keluarga]) -> Fakta:
    return Fakta(
        orang=frozenset(_nik(rows)),
        keluarga=frozenset(kartu),
        alamat=frozenset(a for k in rumah if (a := _alamat(k))),
        telepon=frozenset(bytes(k.telepon_indeks) for k in rumah if k.telepon_indeks),
        ibu=frozenset(
            (kunci, i.tempat_lahir.strip().upper())
            for i in rows
            if (kunci := name_key(i.ibu_kandung)) and i.tempat_lahir.strip()
        ),
        nama=tuple((i.kunci_nama or name_key(i.nama), i.jenis_kelamin, i.tgl_lahir.year) for i in rows),
        anak_dari=tuple((kunci, i.tgl_lahir.year) for i in rows if (kunci := name_key(i.ibu_kandung))),
        lingkungan=frozenset((k.wilayah_id[:13], k.rw, k.rt) for k in rumah),
    )


def _alamat(keluarga: Keluarga) -> tuple[str, ...] | None:
    """The house; a street or hamlet without a number is shared by many and says nothing."""
    jalan = re.sub(
        r"[^A-Z0-9]",
        "",
        re.sub(r"\b(JL|JALAN|JLN|KP|KAMPUNG|GG|GANG|NO|NOMOR)\b", "", keluarga.alamat.upper()),
    )
    if not re.search(r"[0-9]", jalan):
        return None
    return (keluarga.wilayah_id[:13], keluarga.rw, keluarga.rt, jalan)


def _ibu_anak(tua: Fakta, muda: Fakta) -> bool:
    return any(
        ibu == nama and kelamin == "2" and UMUR_IBU[0] <= lahir - lahir_ibu <= UMUR_IBU[1]
        for nama, kelamin, lahir_ibu in tua.nama
        for ibu, lahir in muda.anak_dari
    )
