"""manage.py telusuri_serah TANDA: which hand-over a leaked row came from."""

import re

from django.core.management.base import BaseCommand, CommandError

from bansos.actions.serah import tanda
from bansos.models import BarisDaftar, SerahData


class Command(BaseCommand):
    help = "Mencari dari penyerahan data mana satu baris berasal, menurut kolom 'tanda'."

    def add_arguments(self, parser):
        parser.add_argument("tanda")

    def handle(self, *args, **options):
        dicari = options["tanda"].strip().lower()
        if not re.fullmatch(r"[0-9a-f]{12}", dicari):
            raise CommandError("Tanda terdiri dari 12 angka atau huruf a-f.")
        for serah in SerahData.objects.select_related("permintaan").order_by("created_at", "id"):
            rows = BarisDaftar.objects.filter(daftar=serah.daftar_id, hasil="layak").order_by("id")
            if any(
                tanda(serah.pk, pk) == dicari
                for pk in rows.values_list("pk", flat=True).iterator(chunk_size=20_000)
            ):
                self.stdout.write(
                    f"{serah.nomor}, {serah.tanggal:%d-%m-%Y}, {serah.permintaan.instansi}, oleh {serah.by}"
                )
                return
        raise CommandError("Tidak ada penyerahan dengan tanda itu.")
