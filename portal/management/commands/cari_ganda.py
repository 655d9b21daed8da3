"""manage.py cari_ganda: look through a whole area for people who may be recorded twice."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from dtks.actions import calon
from dtks.models import CalonGanda
from wilayah.kode import bakukan, bentuk_sah
from wilayah.models import Wilayah


class Command(BaseCommand):
    help = "Mencari orang yang mungkin tercatat dua kali di satu wilayah. Hasilnya ada di menu Data ganda."

    def add_arguments(self, parser):
        parser.add_argument(
            "--wilayah", default=settings.KABUPATEN, help="kode wilayah (bawaan: kabupaten portal)"
        )
        parser.add_argument("--langsung", action="store_true", help="kerjakan di proses ini, tanpa pekerja")

    def handle(self, *args, wilayah, langsung, **options):
        kode = bakukan(wilayah) or ""
        if not bentuk_sah(kode) or not Wilayah.objects.filter(pk=kode).exists():
            raise CommandError(f"Kode wilayah {wilayah} tidak dikenal.")
        if not langsung:
            bagian = calon.rencanakan(wilayah=kode)
            self.stdout.write(
                f"{len(bagian)} bagian pencarian masuk antrean. Hasilnya ada di menu Data ganda."
            )
            return
        baru = 0
        bagian = calon.iris(kode)
        for nomor, satu in enumerate(bagian, 1):
            baru += calon.cari(satu)["baru"]
            self.stdout.write(f"  {nomor} dari {len(bagian)}")
        gugur = calon.segarkan(kode)["gugur"]
        buka = CalonGanda.objects.terbuka().count()
        self.stdout.write(f"{baru} pasangan baru, {gugur} tidak mirip lagi, {buka} perlu diperiksa.")
