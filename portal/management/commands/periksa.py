"""manage.py periksa: self-check of the data. Exit 1 and a sentence for each breach; reads only."""

import json
from dataclasses import asdict
from pathlib import Path

from django.core.management.base import BaseCommand
from django.db import connection, transaction

from portal.queries import periksa

# All checks see one moment, however busy the portal is, and cannot write.
SATU_SAAT = "set transaction isolation level repeatable read read only"


class Command(BaseCommand):
    help = "Memeriksa seluruh data: jejak audit, alur, nomor, dokumen, cek NIK, dan penjaga basis data."

    def add_arguments(self, parser):
        parser.add_argument("--json", action="store_true", help="hasil sebagai JSON")
        parser.add_argument(
            "--berkas", action="store_true", help="buka semua berkas, juga bila sangat banyak"
        )
        parser.add_argument("--tanpa-berkas", action="store_true", help="jangan buka berkas")
        parser.add_argument(
            "--jangkar", action="append", default=[], help="folder jangkar lain (boleh berulang)"
        )

    def handle(self, *args, berkas, tanpa_berkas, jangkar, **options):
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(SATU_SAAT)
            laporan = periksa.jalankan(
                berkas=True if berkas else False if tanpa_berkas else None, jangkar=map(Path, jangkar)
            )
        if options["json"]:
            self.stdout.write(_json(laporan))
        else:
            self._tulis(laporan)
        if laporan.pelanggaran:
            raise SystemExit(1)

    def _tulis(self, laporan):
        for satu in laporan.ingat:
            self.stdout.write(f"Perhatian: {satu.kalimat}")
        for satu in laporan.pelanggaran:
            self.stdout.write(str(satu))
        if laporan.pelanggaran:
            self.stdout.write(f"{len(laporan.pelanggaran)} pelanggaran. Diperiksa: {laporan.ringkas}.")
        else:
            self.stdout.write(f"Baik. Diperiksa: {laporan.ringkas}.")


def _json(laporan):
    return json.dumps(
        {
            "baik": not laporan.pelanggaran,
            "pelanggaran": [asdict(p) for p in laporan.pelanggaran],
            "perhatian": [asdict(p) for p in laporan.ingat],
            "hitung": laporan.hitung,
        },
        ensure_ascii=False,
    )
