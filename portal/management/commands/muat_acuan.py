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
from core.models import Ketentuan

KUNCI = "select pg_advisory_xact_lock(hashtext('muat_acuan'))"  # two starts at once take turns


def ketentuan() -> dict[str, object]:
    """Value of each rule by key, area and first day."""
    rows = Ketentuan.objects.order_by("pk").values_list("kunci", "wilayah", "berlaku_sejak", "nilai")
    return {" ".join(filter(None, (k, w, f"{sejak}"))): nilai for k, w, sejak, nilai in rows}


def ganti(dulu: dict[str, object]) -> dict[str, dict[str, list[object]]]:
    """Which rules have another value than before, or are new: both values. The first load names none."""
    beda = {k: [dulu.get(k), nilai] for k, nilai in ketentuan().items() if dulu and dulu.get(k) != nilai}
    return {"ketentuan_diganti": beda} if beda else {}


class Command(BaseCommand):
    help = (
        "Memuat data acuan: peran, libur nasional, daftar kode, alasan, ketentuan, program, dan panah alur."
    )

    def handle(self, *args, **options):
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(KUNCI)
            dulu = ketentuan()
            hasil = [
                satu
                for app in (accounts, wilayah, dtks, bansos, pengaduan, portal)
                for satu in app.acuan.muat()
            ]
            if berubah := {
                h.nama: h.baru + h.berubah + h.dihapus for h in hasil if h.baru + h.berubah + h.dihapus
            }:
                audit.catat(
                    aksi="muat_acuan", jenis="acuan", objek_id="-", by=None, rincian=berubah | ganti(dulu)
                )
        for h in hasil:
            hapus = f", {h.dihapus} dihapus" if h.dihapus else ""
            self.stdout.write(f"{h.nama}: {h.baru} baru, {h.berubah} berubah, {h.tetap} tetap{hapus}")
