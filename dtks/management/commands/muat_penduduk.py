"""manage.py muat_penduduk FILE.csv --kabupaten 32.05 --per 2026-11-01: the population table handed over by Disdukcapil."""

import hashlib
from datetime import date
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from dtks.actions import penduduk
from wilayah.kode import bakukan
from wilayah.models import Wilayah


class Command(BaseCommand):
    help = f"Memuat data penduduk dari Disdukcapil (CSV: {','.join(penduduk.KOLOM)}) untuk cek silang NIK."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--kabupaten", default=settings.KABUPATEN)
        parser.add_argument("--per", required=True, help="tanggal data, YYYY-MM-DD")

    def handle(self, *args, file, kabupaten, per, **options):
        kode = bakukan(kabupaten) or ""
        if not Wilayah.objects.filter(pk=kode, tingkat=2).exists():
            raise CommandError(f"Kode kabupaten {kabupaten} tidak dikenal.")
        try:
            tanggal = date.fromisoformat(per)
            with file.open("rb") as mentah:
                sidik = hashlib.file_digest(mentah, "sha256").hexdigest()
            with file.open(encoding="utf-8-sig", newline="") as teks:
                n = penduduk.muat(
                    penduduk.baca(teks, kode, tanggal), kabupaten=kode, per_tanggal=tanggal, sidik=sidik
                )
        except (OSError, UnicodeDecodeError, ValueError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{n} penduduk {kode} per {tanggal:%d-%m-%Y} dimuat.")
