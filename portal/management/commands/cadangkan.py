"""manage.py cadangkan DIR: backup of database and files into a new folder, while the portal works. docs/operasi/cadangan.md."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from core.backup import BackupError, restore
from portal.actions import cadangan


class Command(BaseCommand):
    help = "Mencadangkan basis data dan berkas ke folder baru. Portal boleh tetap berjalan."

    def add_arguments(self, parser):
        parser.add_argument("dir", type=Path, help="folder baru untuk cadangan ini")
        parser.add_argument(
            "--tanpa-periksa", action="store_true", help="jangan baca ulang cadangan sesudah ditulis"
        )

    def handle(self, *args, **options):
        try:
            manifes, hilang = cadangan.cadangkan(options["dir"], self.stdout.write)
            if not options["tanpa_periksa"]:
                restore.check(options["dir"], self.stdout.write)
        except BackupError as error:
            raise CommandError(str(error)) from error
        for satu in hilang:
            self.stdout.write(f"Perhatian: berkas {satu} sudah tidak ada di penyimpanan portal.")
        self.stdout.write(
            f"Cadangan {manifes.id} selesai: {len(manifes.tabel)} tabel, {manifes.rows()} baris, {manifes.berkas} berkas.\n"
            "Kunci tidak ikut. Tanpa DATA_KEYS, INDEX_KEY, dan SIGNING_KEY cadangan ini tidak bisa dibaca: simpan di tempat lain."
        )
