"""manage.py putar_indeks: change INDEX_KEY while people work. Can be killed and run again. See docs/operasi/kunci-hilang.md."""

import time

from django.core.management.base import BaseCommand, CommandError

from core.privacy import rotate
from portal.actions import putar_indeks as aksi


class Command(BaseCommand):
    help = "Mengganti indeks pencarian NIK, KK, dan nomor HP ke kunci baru selagi portal dipakai."

    def add_arguments(self, parser):
        parser.add_argument("--periksa", action="store_true", help="hanya sebutkan apakah bisa dimulai")

        parser.add_argument(
            "--potong", type=int, default=rotate.BATCH, help="baris sekali simpan (bawaan %(default)s)"
        )

    def handle(self, *args, **options):
        if halangan := aksi.halangan():
            raise CommandError(halangan)
        if options["periksa"]:
            self.stdout.write("Bisa dimulai.")
            return
        mulai, jumlah = time.monotonic(), 0

        def laju(kolom: str, n: int) -> None:
            nonlocal jumlah
            jumlah += n
            if options["verbosity"] > 1:
                self.stdout.write(f"{kolom}: {jumlah}")
                self.stdout.flush()

        hasil = aksi.putar(laju=laju, potong=options["potong"])
        self.stdout.write(f"Selesai: {hasil.diganti} nomor, {time.monotonic() - mulai:.0f} detik kali ini.")
        for kolom, n in hasil.sisa.items():
            self.stdout.write(
                f"{kolom}: {n} baris tanpa nomor aslinya. Muat ulang daftarnya sesudah kunci lama dilepas."
            )
        self.stdout.write(
            "Tulis ini sebagai INDEX_KEY, simpan di tempat kunci, lalu jalankan ulang semua proses:"
        )
        self.stdout.write(hasil.baris)
