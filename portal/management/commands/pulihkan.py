"""manage.py pulihkan DIR: restore of a backup into an empty database and an empty folder of files. docs/operasi/pulihkan.md."""

from datetime import datetime
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone

from core.backup import BackupError, restore
from core.models import Pemulihan, Segel
from portal.actions import cadangan
from portal.queries import periksa

DITAMPILKAN = 20


class Command(BaseCommand):
    help = "Memulihkan cadangan ke basis data kosong, membandingkan semuanya, lalu memeriksa jejak audit."

    def add_arguments(self, parser):
        parser.add_argument("dir", type=Path, nargs="?", help="folder cadangan")
        parser.add_argument("--periksa", action="store_true", help="baca dan periksa cadangannya saja")
        parser.add_argument(
            "--sesudah-wal",
            action="store_true",
            help="basis data sudah dipulihkan dari arsip WAL: bereskan sisanya",
        )
        parser.add_argument(
            "--nisan", action="append", default=[], type=Path, help="folder lain dengan daftar baris yang dihapus (boleh berulang)"
        )  # fmt: skip

    def handle(self, *args, **options):
        if (options["dir"] is None) != options["sesudah_wal"]:
            raise CommandError("Sebutkan folder cadangan, atau --sesudah-wal.")
        try:
            if options["periksa"]:
                manifes = restore.check(options["dir"], self.stdout.write)
                self.stdout.write(f"Cadangan utuh: {manifes.rows()} baris, {manifes.berkas} berkas.")
                return
            if options["sesudah_wal"]:
                data_pada = Segel.objects.aggregate(saat=Max("pada"))["saat"] or timezone.now()
                isi = {"cara": Pemulihan.Cara.WAL, "cadangan": "", "data_pada": data_pada}
            else:
                manifes = restore.restore(options["dir"], self.stdout.write)
                saat = datetime.fromisoformat(manifes.dibuat)
                isi = {"cara": Pemulihan.Cara.CADANGAN, "cadangan": manifes.id, "data_pada": saat}
        except BackupError as error:
            raise CommandError(str(error)) from error
        perlu = cadangan.sesudah(**isi, tempat_nisan=options["nisan"], bilang=self.stdout.write)
        self._periksa()
        for kalimat in perlu:
            self.stdout.write(f"Perlu dilihat: {kalimat}")
        self.stdout.write("Pulih. Portal boleh dijalankan.")

    def _periksa(self):
        """Trail, documents, numbers, every file: nobody is let in before all of it holds."""
        self.stdout.write("Memeriksa jejak audit dan seluruh data ...")
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("set transaction isolation level repeatable read read only")
            laporan = periksa.jalankan(berkas=True)
        # Held messages are no damage: they were named, and wait for somebody at /pekerjaan/.
        rusak = [p for p in laporan.pelanggaran if p.tabel != "core_pekerjaan"]
        if rusak:
            raise CommandError(
                f"Data sudah dimuat, tetapi pemeriksaan menemukan {len(rusak)} pelanggaran. "
                "Jangan buka portal dulu; manage.py periksa menyebut semuanya.\n"
                + "\n".join(map(str, rusak[:DITAMPILKAN]))
            )
        self.stdout.write(f"Baik. Diperiksa: {laporan.ringkas}.")
