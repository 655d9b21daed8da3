"""Where a family lives, in the words that a village knows."""

from django import template

from wilayah.models import Wilayah

register = template.Library()


@register.filter
def tempat(wilayah: Wilayah) -> str:
    """'Kelurahan Kota Kulon, RW 005': RT and RW mean nothing without their desa. Wider areas keep their own name."""
    return tempat_di(wilayah.jalur, wilayah.tingkat)


def tempat_di(jalur: str, tingkat: int) -> str:
    bagian = jalur.split(", ")
    return bagian[0] if tingkat < 4 else ", ".join(reversed(bagian[: tingkat - 3]))
