"""Where a family lives, in the words that a village knows."""

from django import template

from wilayah.models import Wilayah

register = template.Library()


@register.filter
def tempat(wilayah: Wilayah) -> str:
    """'Kelurahan Kota Kulon, RW 005': RT and RW mean nothing without their desa. Wider areas keep their own name."""
    bagian = wilayah.jalur.split(", ")
    if wilayah.tingkat < 4:
        return bagian[0]
    return ", ".join(reversed(bagian[: wilayah.tingkat - 3]))
