"""Invented families that the demo did not use: type one into the portal and Dukcapil's simulator knows it."""

from dataclasses import dataclass

from core.integrations.dukcapil.population import Family
from portal.demo import tempat


@dataclass(frozen=True)
class Contoh:
    """One family to try. `cocok`: every member matches at Dukcapil; if not, the visitor sees the repair queue."""

    kk: str
    desa: str
    alamat: str
    cocok: bool
    anggota: tuple[tuple[str, str, str], ...]  # NIK, name, birth date dd-mm-yyyy


def sample_families(n: int = 3, *, kabupaten: str = tempat.BAWAAN, seed: int = tempat.SEED) -> list[Contoh]:
    """`n` families of the first village from the end of the population, which `demo` never reaches.

    The second one has a member who does not match. Raises tempat.TempatKurang without area data.
    """
    di_desa = tempat.buat(kabupaten, seed)
    sisa = list(reversed(di_desa.keluarga[di_desa.desa[0].kode]))
    cocok = [f for f in sisa if _cocok(f) and len(f.members) > 2]
    tidak = [f for f in sisa if not _cocok(f)]
    pilih = [(tidak if i % 3 == 1 else cocok).pop(0) for i in range(n)]
    return [_contoh(f) for f in pilih]


def _cocok(family: Family) -> bool:
    return all(m.kasus == "padan" for m in family.members)


def _contoh(family: Family) -> Contoh:
    return Contoh(
        family.kk,
        family.desa.nama.title(),
        f"{family.alamat.title()} RT {family.rt} RW {family.rw}",
        _cocok(family),
        tuple((p.nik, p.nama, f"{p.tanggal_lahir:%d-%m-%Y}") for p in family.told),
    )
