"""manage.py terdampak FILE.csv --sejak ... --hingga ... [--akun USERNAME]: affected families after a breach. docs/operasi/pelanggaran-data.md."""

import csv
import os
from datetime import datetime
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from accounts.models import Pengguna
from core import audit, bulk
from core.ekspor import aman
from dtks.models import Keluarga
from portal.queries import terdampak

KEPALA = ("keluarga", "kepala_keluarga", "wilayah", "terdampak")


class Command(BaseCommand):
    help = "Daftar keluarga yang datanya dilihat atau diambil satu akun dalam satu waktu, dari jejak audit."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="berkas CSV baru")
        parser.add_argument("--sejak", required=True, help="misalnya 2026-11-20T08:00")
        parser.add_argument("--hingga", required=True)
        parser.add_argument("--akun", default="", help="nama pengguna; tanpa ini semua akun")
        parser.add_argument(
            "--semua-terlihat", action="store_true", help="juga semua keluarga yang bisa dibuka akun itu"
        )

    def handle(self, *args, file, sejak, hingga, akun, semua_terlihat, **options):
        pengguna = Pengguna.objects.filter(username=akun).first() if akun else None
        if (akun and pengguna is None) or (semua_terlihat and pengguna is None):
            raise CommandError(f"Tidak ada akun {akun!r}.")
        hasil = terdampak.cari(pengguna, _saat(sejak), _saat(hingga))
        golongan = [("pasti", hasil.pasti), ("mungkin", hasil.mungkin)]
        if semua_terlihat:
            luas = set(terdampak.wilayah_akun(pengguna).values_list("pk", flat=True))
            golongan.append(("bisa dilihat", luas - hasil.pasti - hasil.mungkin))
        try:
            n = _tulis(file, golongan)
        except FileExistsError as error:
            raise CommandError(f"{file} sudah ada.") from error
        with transaction.atomic():
            audit.catat(
                aksi="daftar_terdampak", jenis="pelanggaran_data", objek_id=str(pengguna.pk) if pengguna else "-", by=None,
                rincian={"sejak": sejak, "hingga": hingga, "keluarga": n},
            )  # fmt: skip
        self.stdout.write(f"{hasil.tindakan} tindakan; {n} keluarga di {file}:")
        for nama, isi in golongan:
            self.stdout.write(f"  {nama}: {len(isi)}")
        if hasil.wilayah:
            self.stdout.write(
                f"Berkas daftar keluar dari: {', '.join(w or 'Indonesia' for w in hasil.wilayah)}"
            )
        for jenis, jumlah in sorted(hasil.lain.items()):
            self.stdout.write(f"Tidak menunjuk keluarga: {jumlah} {jenis}")


def _saat(teks):
    try:
        saat = datetime.fromisoformat(teks)
    except ValueError as error:
        raise CommandError(f"{teks!r} bukan waktu. Contoh: 2026-11-20T08:00") from error
    return saat if saat.tzinfo else timezone.make_aware(saat)


def _tulis(file, golongan):
    n = 0
    with os.fdopen(
        os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", newline="", encoding="utf-8"
    ) as out:
        tulis = csv.writer(out)
        tulis.writerow(KEPALA)
        for nama, isi in golongan:
            for potong in bulk.chunks(sorted(isi), 5000):
                baris = (
                    Keluarga.objects.filter(pk__in=potong)
                    .select_related("wilayah")
                    .order_by("wilayah_id", "pk")
                )
                for k in baris:
                    tulis.writerow([k.pk, aman(k.nama_kepala), k.wilayah.jalur, nama])
                    n += 1
    return n
