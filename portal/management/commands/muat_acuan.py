"""manage.py muat_acuan: roles, code lists, reasons, rules, programmes and the arrows of the workflows."""

from django.core.management.base import BaseCommand
from django.db import connection, transaction

import accounts.acuan
import bansos.acuan
import dtks.acuan
import pengaduan.acuan
import portal.acuan
import wilayah.acuan
from core import audit

KUNCI = "select pg_advisory_xact_lock(hashtext('muat_acuan'))"  # two starts at once take turns


class Command(BaseCommand):
    help = (
        "Memuat data acuan: peran, libur nasional, daftar kode, alasan, ketentuan, program, dan panah alur."
    )

    def handle(self, *args, **options):
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(KUNCI)
            hasil = [
                satu
                for app in (accounts, wilayah, dtks, bansos, pengaduan, portal)
                for satu in app.acuan.muat()
            ]
            if berubah := {
                h.nama: h.baru + h.berubah + h.dihapus for h in hasil if h.baru + h.berubah + h.dihapus
            }:
                audit.catat(aksi="muat_acuan", jenis="acuan", objek_id="-", by=None, rincian=berubah)
        for h in hasil:
            hapus = f", {h.dihapus} dihapus" if h.dihapus else ""
            self.stdout.write(f"{h.nama}: {h.baru} baru, {h.berubah} berubah, {h.tetap} tetap{hapus}")
