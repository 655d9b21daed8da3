"""Where the demo happens: four villages of two kecamatan of one kabupaten, and one village of another kabupaten."""

from collections import Counter
from dataclasses import dataclass

from core.integrations.dukcapil.population import DEFAULT_DESA, Desa, Family, Population
from wilayah.models import Wilayah

BAWAAN = "32.05"
# The population that the simulator of `./run` answers from; another size would still begin with the same families.
SEED, KELUARGA = 3205, 4000
_LAIN = "32.06"
_DESA_BAWAAN = (0, 1, 2, 3)  # Kota Kulon, Margawati, Sukanegla; Karangpawitan in the next kecamatan


class TempatKurang(LookupError):
    """The area data does not hold what the demo needs; the text is an Indonesian sentence."""


@dataclass(frozen=True)
class Tempat:
    kabupaten: str
    kabupaten_lain: str
    desa: tuple[Desa, ...]
    desa_lain: Desa
    rw: str  # number of the RW that `rtrw` heads, in desa[0]
    keluarga: dict[str, list[Family]]  # by village code, in the order of the population


def buat(kabupaten: str = BAWAAN, seed: int = SEED) -> Tempat:
    """Choose the villages and deal out the invented families. Raises TempatKurang."""
    semua = DEFAULT_DESA if kabupaten == BAWAAN else tuple(_desa_kabupaten(kabupaten))
    desa = tuple(semua[i] for i in _DESA_BAWAAN)
    lain = _desa_lain(kabupaten)
    keluarga: dict[str, list[Family]] = {d.kode: [] for d in (*desa, lain)}
    for satu in Population(seed, KELUARGA, semua).families():
        if satu.desa.kode in keluarga:
            keluarga[satu.desa.kode].append(satu)
    keluarga[lain.kode] = Population(seed + 1, 12, (lain,)).families()
    if not Wilayah.objects.filter(pk__in=keluarga).count() == len(keluarga):
        raise TempatKurang("Data wilayah belum lengkap. Jalankan dulu: manage.py impor_wilayah")
    rw = Counter(f.rw for f in keluarga[desa[0].kode]).most_common(1)[0][0]
    return Tempat(kabupaten, lain.kode[:5], desa, lain, rw, keluarga)


def _desa_kabupaten(kabupaten: str) -> list[Desa]:
    """Three villages of the first kecamatan with three, one of the next, and eight more for the population."""
    rows = [
        _desa(w) for w in Wilayah.objects.di_dalam(kabupaten).berlaku().filter(tingkat=4).order_by("kode")
    ]
    per_kecamatan: dict[str, list[Desa]] = {}
    for row in rows:
        per_kecamatan.setdefault(row.kode[:8], []).append(row)
    cukup = [satu for satu in per_kecamatan.values() if len(satu) >= 3]
    if len(cukup) < 2:
        raise TempatKurang(
            f"Kabupaten/kota {kabupaten} tidak ada di data wilayah, atau desanya terlalu sedikit."
        )
    pilih = [*cukup[0][:3], cukup[1][0]]
    return [*pilih, *[row for row in rows if row not in pilih][:8]]


def _desa_lain(kabupaten: str) -> Desa:
    kode = _LAIN if kabupaten != _LAIN else BAWAAN
    row = Wilayah.objects.di_dalam(kode).berlaku().filter(tingkat=4).order_by("kode").first()
    if row is None:
        raise TempatKurang("Data wilayah belum lengkap. Jalankan dulu: manage.py impor_wilayah")
    return _desa(row)


def _desa(row: Wilayah) -> Desa:
    bagian = row.jalur.split(", ")
    kecamatan, kabupaten, provinsi = (b.upper() for b in bagian[-3:])
    return Desa(row.kode, row.nama.upper(), kecamatan.removeprefix("KECAMATAN "), kabupaten, provinsi)
