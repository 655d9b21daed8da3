"""manage.py impor_wilayah [FILE]: (re)load the areas of Indonesia; names the decree and date it loads."""

import datetime as dt
import time
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.formats import date_format

from wilayah.actions import impor


class Command(BaseCommand):
    help = "Memuat kode wilayah Kemendagri (provinsi sampai desa/kelurahan). Aman diulang."

    def add_arguments(self, parser):
        parser.add_argument("berkas", nargs="?", type=Path, help="CSV (boleh .gz) dengan kolom kode,nama")
        parser.add_argument("--dasar", help="nama keputusan yang memuat daftar di FILE")
        parser.add_argument("--tanggal", type=dt.date.fromisoformat, help="tanggal keputusan, TTTT-BB-HH")
        parser.add_argument("--izinkan-banyak-berakhir", action="store_true")

    def handle(self, *args, **opsi):
        mulai = time.monotonic()
        sumber = impor.baca_sumber()
        dasar, tanggal = opsi["dasar"] or sumber["dasar"], opsi["tanggal"]
        if opsi["berkas"] and not (opsi["dasar"] and tanggal):
            raise CommandError("Berkas sendiri perlu --dasar dan --tanggal: keputusan mana yang dimuat?")
        tanggal = tanggal or dt.date.fromisoformat(sumber["tanggal_dasar"])
        try:
            hasil = impor.impor_wilayah(
                baris=impor.baca_wilayah(opsi["berkas"] or impor.BERKAS),
                kode_lama=impor.baca_kode_lama(),
                dasar=dasar,
                tanggal_dasar=tanggal,
                izinkan_banyak_berakhir=opsi["izinkan_banyak_berakhir"],
            )
        except impor.DataWilayahSalah as galat:
            raise CommandError(str(galat)) from galat
        self._cetak(hasil, None if opsi["berkas"] else sumber, time.monotonic() - mulai)

    def _cetak(self, hasil, sumber, detik):
        n = hasil.jumlah
        self.stdout.write(f"Dasar: {hasil.dasar}, {date_format(hasil.tanggal_dasar, 'j F Y')}")
        if sumber:
            self.stdout.write(f"Sumber: {sumber['nama']} {sumber['versi']}, lisensi {sumber['lisensi']}")
        self.stdout.write(
            f"Berlaku: {_angka(n.get(1, 0))} provinsi, {_angka(n.get(2, 0))} kabupaten/kota, "
            f"{_angka(n.get(3, 0))} kecamatan, {_angka(n.get(4, 0))} desa/kelurahan"
        )
        self.stdout.write(
            f"Perubahan: {_angka(hasil.baru)} baru, {_angka(hasil.berubah)} berubah, "
            f"{_angka(hasil.berakhir)} berakhir ({detik:.1f} detik)"
        )


def _angka(n: int) -> str:
    """83762 -> '83.762'"""
    return f"{n:,}".replace(",", ".")
