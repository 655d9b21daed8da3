"""Which persons of the line are tied to a family: for many proposals at once, with a number of queries that does not grow.

`benturan` compares one officer with one family when somebody is chosen; here everybody who may handle the case is looked
at. A name alone ties two families too easily (half of a kabupaten has an AMINAH for a mother), so a tie by the mother's
name counts only between neighbours of one RT (docs/adr/0017 has the numbers).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from uuid import UUID

from django.db.models import Q

from accounts.models import Pengguna, Penugasan
from dtks.models import EMPAT_MATA, Usulan
from dtks.queries.benturan import Fakta, Pemeriksa, _ibu_anak
from dtks.queries.tempat import kode_desa
from wilayah.kode import dalam, leluhur, mencakup


def terkait(usulan: Iterable[Usulan]) -> dict[UUID, set[UUID]]:
    """proposal id -> persons (`Orang`) who work on its line and seem tied to the family; only those with somebody."""
    rows = list(usulan)
    petugas, luas = _petugas(rows)
    periksa = Pemeriksa()
    periksa.siapkan(rows)
    periksa.siapkan_petugas(petugas)
    jaring = Jaring(periksa.fakta_petugas())
    hasil = {}
    for u in rows:
        sendiri = {getattr(u, f"{kolom}_id") for kolom in EMPAT_MATA}
        kena = {
            o
            for o in jaring.cari(periksa.fakta_keluarga(u.keluarga_id))
            if o in sendiri or any(_sejalur(w, u.wilayah_id) for w in luas[o])
        }
        if kena:
            hasil[u.pk] = kena
    return hasil


def _sejalur(area: str, wilayah: str) -> bool:
    """Has the holder of this area to do with a case there? Those above it, and the RT and RW of the same desa."""
    return area == "" or mencakup(area, wilayah) or mencakup(kode_desa(wilayah), area)


def _petugas(rows: Iterable[Usulan]) -> tuple[list[Pengguna], Mapping[UUID, set[str]]]:
    """Everybody with a power over proposals there, and those who already took a step; areas by person."""
    rows = list(rows)
    desa = sorted({kode_desa(u.wilayah_id) for u in rows})
    atas = {a for kode in desa for a in leluhur(kode)}
    area = Q(wilayah__isnull=True) | Q(wilayah_id__in=atas) | dalam("wilayah_id", desa)
    sudah = {getattr(u, f"{kolom}_id") for u in rows for kolom in EMPAT_MATA} - {None}
    luas: dict[UUID, set[str]] = defaultdict(set)
    akun: dict[UUID, Pengguna] = {}
    tugas = Penugasan.objects.berlaku().filter(area, pengguna__is_active=True)
    for satu in tugas.select_related("pengguna__orang", "peran").order_by("pk"):
        if any(k.startswith(("usulan.", "musyawarah.", "batch.")) for k in satu.peran.kuasa):
            luas[satu.pengguna.orang_id].add(satu.wilayah_id or "")
            akun.setdefault(satu.pengguna.orang_id, satu.pengguna)
    lain = Pengguna.objects.filter(orang__in=sudah - set(akun)).select_related("orang").order_by("pk")
    for p in lain:
        akun.setdefault(p.orang_id, p)
    return list(akun.values()), luas


class Jaring:
    """The facts of many officers, turned round: from a family to those who share one with it."""

    def __init__(self, petugas: Mapping[UUID, Fakta]) -> None:
        self._petugas = petugas
        self._oleh: dict[tuple[str, object], set[UUID]] = defaultdict(set)
        for orang, fakta in petugas.items():
            for kunci in (*_kuat(fakta), *_tetangga(fakta)):
                self._oleh[kunci].add(orang)

    def cari(self, keluarga: Fakta) -> set[UUID]:
        """Officers tied to this family."""
        hasil = {o for kunci in _kuat(keluarga) for o in self._oleh.get(kunci, ())}
        dekat = {o for kunci in _tetangga(keluarga) for o in self._oleh.get(kunci, ())}
        return hasil | {o for o in dekat - hasil if _senama(self._petugas[o], keluarga)}


def _kuat(fakta: Fakta) -> Iterable[tuple[str, object]]:
    """What two families share only when they have to do with each other."""
    yield from (("orang", x) for x in fakta.orang)
    yield from (("kk", x) for x in fakta.keluarga)
    yield from (("alamat", x) for x in fakta.alamat)
    yield from (("telepon", x) for x in fakta.telepon)


def _tetangga(fakta: Fakta) -> Iterable[tuple[str, object]]:
    return (("rt", x) for x in fakta.lingkungan)


def _senama(dia: Fakta, mereka: Fakta) -> bool:
    return bool(dia.ibu & mereka.ibu) or _ibu_anak(dia, mereka) or _ibu_anak(mereka, dia)
