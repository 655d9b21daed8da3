"""A case may sit on an RW; people speak of its desa."""

from core.workflow import Halangan
from dtks.models import Keluarga, PermintaanPindah, Usulan
from wilayah.kode import LENGTHS
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


def kode_desa(kode: str) -> str:
    """The desa of an RW or RT; a desa stays as it is."""
    return kode[: LENGTHS[Tingkat.DESA - 1]]


def masih_di_desa(usulan: Usulan) -> bool:
    """Does the family still live in the desa that proposed it?"""
    return kode_desa(usulan.keluarga.wilayah_id) == kode_desa(usulan.wilayah_id)


def tidak_di_sini(usulan: Usulan) -> Halangan | None:
    """Why a closed proposal cannot be opened again by its desa: the family moved, is about to, or is no more."""
    keluarga = usulan.keluarga
    if not masih_di_desa(usulan):
        sebab = "sudah pindah ke desa lain"
    elif PermintaanPindah.objects.terbuka().filter(keluarga=keluarga, individu__isnull=True).exists():
        sebab = "sedang diminta pindah ke desa lain"
    elif keluarga.status == Keluarga.Status.NONAKTIF and usulan.jalur != Usulan.Jalur.PENGHAPUSAN:
        sebab = "sudah tidak aktif"
    else:
        return None
    return Halangan(
        "SUDAH_PINDAH",
        f"{keluarga.nama_kepala}: keluarga ini {sebab}, jadi usulannya tidak bisa dibuka lagi.",
        "Usulan baru dibuat di desa tempat tinggalnya sekarang.",
    )
