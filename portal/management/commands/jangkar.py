"""manage.py jangkar [DIR]: write signed anchors of the audit chains, best to a disk of another machine."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from core import anchors


class Command(BaseCommand):
    help = "Menulis jangkar bertanda tangan dari ujung jejak audit. Simpan salinannya di tempat lain."

    def add_arguments(self, parser):
        parser.add_argument("dir", nargs="?", type=Path, help="folder tujuan (bawaan: folder jangkar portal)")

    def handle(self, *args, **options):
        try:
            path, jumlah = anchors.export(options["dir"])
        except OSError as error:
            raise CommandError(f"Jangkar tidak bisa ditulis: {error.strerror}.") from error
        self.stdout.write(f"{jumlah} rantai dijangkarkan di {path}")
