"""Who issues a letter, read from the area: letterhead lines, names of offices, and the family head's masked NIK."""

from collections.abc import Iterable

from dtks.models import Individu, KodeAcuan, Usulan
from wilayah.models import Wilayah

BELUM_ADA_NIK = "belum ada NIK"


def jalur(wilayah: Wilayah) -> list[str]:
    """Path without the province: ['Desa X', 'Kecamatan Y', 'Kabupaten Z']."""
    return wilayah.jalur.split(", ")[:-1] or [wilayah.jalur]


def pemerintah(wilayah: Wilayah) -> str:
    """'Pemerintah Kabupaten Garut'. Jakarta's cities have no government of their own (UU 2/2024): the province is named."""
    kabupaten = jalur(wilayah)[-1]
    if "Administrasi" in kabupaten.split(" ")[:2]:
        return f"Pemerintah Provinsi {wilayah.jalur.split(', ')[-1]}"
    return f"Pemerintah {kabupaten}"


def kop_desa(wilayah: Wilayah) -> list[str]:
    """Letterhead of a desa/kelurahan: regency, district, village."""
    bagian = jalur(wilayah)
    return [pemerintah(wilayah), *reversed(bagian[:-1])] if len(bagian) > 1 else [pemerintah(wilayah)]


def kop_dinas(wilayah: Wilayah) -> list[str]:
    """Letterhead of the Dinas Sosial of the regency/city of `wilayah`."""
    if pemerintah(wilayah).startswith("Pemerintah Provinsi"):
        return [pemerintah(wilayah), jalur(wilayah)[-1], "Dinas Sosial"]
    return [pemerintah(wilayah), "Dinas Sosial"]


def sebutan_kepala(wilayah: Wilayah) -> str:
    """'Kepala Desa Sukamaju' or 'Lurah Pakuwon', by the kind of the area."""
    nama = wilayah.sebutan
    if nama.startswith("Kelurahan "):
        return "Lurah " + nama.removeprefix("Kelurahan ")
    return f"Kepala {nama}"


def alamat(usulan: Usulan) -> str:
    """'Kp. Babakan RT 001/RW 002, Desa Sukamaju, Kecamatan Tarogong Kaler'."""
    return f"{alamat_pendek(usulan)}, {', '.join(jalur(usulan.wilayah)[:2])}"


def alamat_pendek(usulan: Usulan) -> str:
    """Address inside one village: 'Kp. Babakan RT 001/RW 002', where RT and RW keep their numbers on one line."""
    return f"{usulan.keluarga.alamat} RT\u00a0{usulan.keluarga.rt}/RW\u00a0{usulan.keluarga.rw}"


def nik_kepala(usulan: Iterable[Usulan]) -> dict[object, str]:
    """Masked NIK of the head of each family, by family id, in one query. Without NIK: 'belum ada NIK'."""
    keluarga = [u.keluarga_id for u in usulan]
    kepala = Individu.objects.filter(keluarga_id__in=keluarga, aktif=True, hubungan="1").only(
        "keluarga_id", "nik"
    )
    ada = {satu.keluarga_id: str(satu.nik) for satu in kepala if satu.nik}
    return {satu: ada.get(satu, BELUM_ADA_NIK) for satu in keluarga}


def label(daftar: str) -> dict[str, str]:
    """Words of a code list in its own order; of several versions the newest wins."""
    return dict(
        KodeAcuan.objects.filter(daftar=daftar).order_by("versi", "urut").values_list("kode", "label")
    )
