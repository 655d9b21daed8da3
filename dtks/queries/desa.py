"""Names of the desa and what is above it, for a case that is filed under an RW or RT."""

from wilayah.models import Wilayah


def jalur_desa(wilayah: Wilayah) -> list[str]:
    """['Kelurahan Kota Kulon', 'Kecamatan Garut Kota', 'Kabupaten Garut', 'Jawa Barat']: the path without RW and RT."""
    return [bagian for bagian in wilayah.jalur.split(", ") if not bagian.startswith(("RW ", "RT "))]


def sebutan_desa(wilayah: Wilayah) -> str:
    return jalur_desa(wilayah)[0]
