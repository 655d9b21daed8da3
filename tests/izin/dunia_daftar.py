"""Eligibility lists of the world: one that waits for a signature, one that is signed."""

from bansos.actions import daftar, hitung
from tests.bantu.alur import orang
from tests.bantu.pemain import DESA, KABUPATEN

PERIODE = "2026-4"


def taruh(d) -> None:
    """Who sees any part of the kabupaten sees the list, and his own rows of it."""
    tunggu = hitung.hitung(program="RST", periode=PERIODE, wilayah=KABUPATEN, by=orang("supervisor"))
    d.taruh("daftar", tunggu.daftar, DESA)
    d.taruh("daftar_putus", tunggu.daftar, KABUPATEN)
    sah = hitung.hitung(program="APBD-LANSIA", periode=PERIODE, wilayah=KABUPATEN, by=orang("supervisor"))
    d.taruh("daftar_sah", daftar.tandatangani(sah.daftar, by=orang("kadis")), KABUPATEN)
