"""manage.py impor_desil FILE.csv --triwulan 2026-4 --sumber "...": desil of one quarter from BPS."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from core.identity import check_kk
from portal import berkas_csv
from portal.actions import desil

KOLOM = ("no_kk", "desil", "triwulan")
_DITAMPILKAN = 20


class Command(BaseCommand):
    help = "Memuat desil satu triwulan (kolom no_kk, desil, triwulan). Berkas yang sama dua kali tidak mengubah apa pun."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--triwulan", required=True, help="misalnya 2026-4")
        parser.add_argument("--sumber", required=True, help="surat atau berkas asalnya")

    def handle(self, *args, file, triwulan, sumber, **options):
        try:
            desil.kuartal(triwulan)
            baris, galat = self._baca(file)
        except ValueError as error:
            raise CommandError(str(error)) from error
        if galat:
            raise CommandError("Berkas ditolak, tidak ada yang disimpan.\n" + "\n".join(galat[:_DITAMPILKAN]))
        try:
            hasil = desil.simpan(baris, triwulan=triwulan, sumber=sumber, by=None)
        except desil.Konflik as konflik:
            raise CommandError(
                f"{konflik} Baris: {_nomor(konflik.nomor)}. Tidak ada yang disimpan."
            ) from konflik
        self.stdout.write(
            f"{hasil.baru} baru, {hasil.tetap} sudah ada, {len(hasil.tidak_dikenal)} KK tidak dikenal."
        )
        if hasil.tidak_dikenal:
            self.stdout.write(f"KK tidak dikenal di baris: {_nomor(hasil.tidak_dikenal)}.")

    def _baca(self, file):
        baris, galat = [], []
        for nomor, isi in berkas_csv.baca(file, KOLOM):
            kk = check_kk(isi["no_kk"])
            if not kk.ok:
                galat.append(f"Baris {nomor}: {kk.galat[0]}")
            elif not isi["desil"].isascii() or not isi["desil"].isdigit() or not 1 <= int(isi["desil"]) <= 10:
                galat.append(f"Baris {nomor}: desil harus angka 1 sampai 10.")
            else:
                baris.append(desil.Baris(nomor, kk.kk, int(isi["desil"]), isi["triwulan"]))
        return baris, galat


def _nomor(nomor):
    lagi = f" dan {len(nomor) - _DITAMPILKAN} lainnya" if len(nomor) > _DITAMPILKAN else ""
    return ", ".join(map(str, nomor[:_DITAMPILKAN])) + lagi
