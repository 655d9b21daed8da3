"""A case may sit on an RW; people speak of its desa."""

from dtks.models import Keluarga, Usulan
from wilayah.models import Tingkat, Wilayah


def bagian_desa(wilayah: Wilayah) -> list[str]:
    """['Desa X', 'Kecamatan Y', 'Kabupaten Z', 'Provinsi'] of a desa or of an RW or RT inside it."""
    return wilayah.jalur.split(", ")[max(wilayah.tingkat - Tingkat.DESA, 0) :]


def desa(row: Usulan | Keluarga) -> str:
    """'Desa X': the list column. `row.wilayah` must be loaded."""
    return bagian_desa(row.wilayah)[0]


def alamat(keluarga: Keluarga) -> str:
    """Address with RT, RW, desa, kecamatan and kabupaten. `keluarga.wilayah` must be loaded."""
    tempat = ", ".join(bagian_desa(keluarga.wilayah)[:3])
    return f"{keluarga.alamat}, RT {keluarga.rt} RW {keluarga.rw}, {tempat}"
