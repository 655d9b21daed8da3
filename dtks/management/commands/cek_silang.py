"""manage.py cek_silang [--wilayah KODE] [--tanyakan USERNAME]: everyone of an area against the population table, by the workers."""

import time

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from accounts.models import Pengguna
from core.workflow import StepRefused
from dtks.actions import silang
from dtks.models import Penduduk, Silang
from wilayah.kode import bakukan
from wilayah.models import Wilayah


class Command(BaseCommand):
    help = "Cek silang NIK satu wilayah dengan tabel penduduk (muat_penduduk); dikerjakan para pekerja."

    def add_arguments(self, parser):
        parser.add_argument("--wilayah", default=settings.KABUPATEN)
        parser.add_argument(
            "--tanyakan", metavar="USERNAME", help="tanyakan yang berbeda ke Dukcapil atas nama petugas ini"
        )
        parser.add_argument("--tunggu", type=float, default=600, help="paling lama menunggu, detik")

    def handle(self, *args, wilayah, tanyakan, tunggu, **options):
        kode = bakukan(wilayah) or ""
        if not Wilayah.objects.filter(pk=kode).exists():
            raise CommandError(f"Kode wilayah {wilayah} tidak dikenal.")
        if not Penduduk.objects.exists():
            raise CommandError("Tabel penduduk masih kosong. Jalankan manage.py muat_penduduk dulu.")
        satu = silang.mulai_register(by=None, wilayah=kode, tujuan="manage.py cek_silang")
        self.stdout.write(f"{satu.jumlah} orang dicek dalam {satu.bagian} bagian.")
        akhir = time.monotonic() + tunggu
        while satu.status != Silang.Status.SELESAI and time.monotonic() < akhir:
            time.sleep(0.5)
            satu.refresh_from_db()
        if satu.status != Silang.Status.SELESAI:
            raise CommandError(
                "Belum selesai. Periksa apakah pekerja (worker) berjalan; permintaannya tersimpan."
            )
        for kategori, n in sorted(satu.per_kategori.items()):
            self.stdout.write(f"{kategori}: {n}")
        for kategori, n in silang.beda(satu):
            self.stdout.write(f"berbeda dari portal, {kategori}: {n}")
        if tanyakan:
            by = Pengguna.objects.filter(username=tanyakan).first()
            if by is None:
                raise CommandError(f"Tidak ada pengguna {tanyakan}.")
            try:
                n = silang.tanyakan_beda(satu, by=by)
            except StepRefused as error:
                raise CommandError("; ".join(h.kalimat for h in error.halangan)) from error
            self.stdout.write(f"{n} orang ditanyakan ke Dukcapil.")
