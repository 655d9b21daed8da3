"""manage.py hitung_kelayakan --program PKH --periode 2026-4: the eligibility list, with quota and waiting list."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from bansos.actions import hitung
from bansos.models import Program
from core.workflow import StepRefused
from wilayah.kode import bakukan, kabupaten_dari
from wilayah.models import Wilayah


class Command(BaseCommand):
    help = "Menghitung daftar kelayakan program dan triwulan. Data yang sama dua kali menghasilkan daftar yang sama."

    def add_arguments(self, parser):
        parser.add_argument("--program", required=True, nargs="+", help="kode program, boleh beberapa")
        parser.add_argument("--periode", required=True, help="tahun dan triwulan, misalnya 2026-4")
        parser.add_argument(
            "--wilayah", default=settings.KABUPATEN, help="kode kabupaten (bawaan: kabupaten portal)"
        )
        parser.add_argument("--periksa", action="store_true", help="hanya menghitung, tidak menyimpan")

    def handle(self, *args, program, periode, wilayah, periksa, **options):
        kode = bakukan(wilayah) or ""
        if len(kode) != 5 or not Wilayah.objects.filter(pk=kode).exists():
            raise CommandError(f"{wilayah} bukan kode kabupaten/kota yang dikenal.")
        asing = sorted(
            set(program) - set(Program.objects.filter(pk__in=program).values_list("pk", flat=True))
        )
        if asing:
            raise CommandError(f"Program {', '.join(asing)} tidak dikenal.")
        try:
            semua = hitung.hitung_semua(
                program=program, periode=periode, wilayah=kabupaten_dari(kode), by=None, simpan=not periksa
            )
        except ValueError as error:
            raise CommandError(str(error)) from error
        except StepRefused as refused:
            raise CommandError(
                " ".join(f"{h.kalimat} {h.jalan_keluar}".strip() for h in refused.halangan)
            ) from refused
        for hasil in semua:
            self._cetak(hasil, periksa)

    def _cetak(self, hasil, periksa):
        j = {k: f"{n:,}".replace(",", ".") for k, n in hasil.jumlah.items()}
        kuota = "tanpa kuota" if hasil.kuota is None else f"kuota {hasil.kuota}"
        self.stdout.write(
            f"{hasil.aturan} {hasil.periode} ({kuota}): {j['layak']} layak, {j['daftar_tunggu']} daftar tunggu, "
            f"{j['tidak_layak']} tidak layak; Rp{j['manfaat']} setahun."
        )
        keadaan = (
            "tidak disimpan"
            if periksa
            else "daftar baru"
            if hasil.baru
            else "sama dengan daftar yang sudah ada"
        )
        self.stdout.write(f"  {keadaan}; data {hasil.snapshot}; sidik {hasil.sidik.hex()}")
