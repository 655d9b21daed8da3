"""manage.py impor_usulan FILE.xlsx --sebagai USERNAME [--periksa] [--json]: the SIKS-NG V.4 template from the shell."""

import json
import sys
from collections import Counter
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from accounts.models import Pengguna
from core.sheets import SheetError
from core.workflow import StepRefused
from dtks.actions.impor import inti
from dtks.actions.impor.usulan_v4 import JENIS
from dtks.models import BarisImpor, Impor


class Command(BaseCommand):
    help = "Mengimpor usulan dari templat SIKS-NG V.4 (.xlsx atau .csv). Berkas yang sama dua kali tidak mengubah apa pun."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--sebagai", required=True, help="nama pengguna yang mengimpor")
        parser.add_argument("--periksa", action="store_true", help="periksa saja; tidak ada yang ditulis")
        parser.add_argument("--ganti", action="store_true", help="ganti usulan bulan ini untuk program lain")
        parser.add_argument("--json", action="store_true", help="cetak hasil sebagai JSON")

    def handle(self, *args, file, sebagai, periksa, ganti, json, **options):
        by = Pengguna.objects.filter(username=sebagai.strip().lower(), is_active=True).first()
        if by is None:
            raise CommandError("Pengguna tidak dikenal.")
        try:
            isi = file.read_bytes()
        except OSError as error:
            raise CommandError(f"Berkas tidak bisa dibaca: {error.strerror}.") from error
        try:
            hitung, galat = self._periksa(by, isi) if periksa else self._simpan(by, isi, file.name, ganti)
        except StepRefused as refused:
            raise CommandError(" ".join(h.kalimat for h in refused.halangan)) from refused
        except ValueError as error:  # the file as a whole: SheetError, BadFile
            gagal = {
                "baris": 0,
                "kolom": "",
                "kode": getattr(error, "kode", "BERKAS_SALAH"),
                "pesan": str(error),
            }
            if not json:
                raise CommandError(str(error)) from error
            self._json(Counter(), [gagal])
            sys.exit(1)
        if json:
            self._json(hitung, galat)
        else:
            self._teks(hitung, galat, periksa)

    def _periksa(self, by, isi):
        rows = inti.simulasi(by=by, jenis=JENIS, isi=isi)
        if not rows:
            raise SheetError("TIDAK_ADA_BARIS", "Tidak ada baris data di bawah judul kolom.")
        galat = [{"baris": b.nomor, **vars(p)} for b in rows if b.hasil == "galat" for p in b.galat]
        return Counter(b.hasil for b in rows), galat

    def _simpan(self, by, isi, nama, ganti):
        impor = inti.unggah(by=by, jenis=JENIS, isi=isi, nama=nama, langsung=True)
        if impor.status == Impor.Status.GAGAL:
            raise SheetError(impor.kode_gagal, impor.sebab)
        try:
            impor = inti.terapkan(impor, by=by, pilihan=["ganti"] if ganti else [], langsung=True)
        except StepRefused as refused:
            if refused.halangan[0].kode != "TIDAK_ADA_PERUBAHAN":
                raise
        rows = BarisImpor.objects.filter(impor=impor, hasil="galat").order_by("nomor")
        galat = [{"baris": nomor, **p} for nomor, g in rows.values_list("nomor", "galat") for p in g]
        return Counter(impor.hitung), galat

    def _json(self, hitung, galat):
        isi = {
            "baru": hitung["baru"],
            "berubah": hitung["berubah"] + hitung["pindah"],
            "konflik": hitung["konflik"],
            "galat": galat,
        }
        self.stdout.write(json.dumps(isi, ensure_ascii=False))

    def _teks(self, hitung, galat, periksa):
        kata = "akan disimpan" if periksa else "disimpan"
        self.stdout.write(
            f"{hitung['baru']} baru, {hitung['berubah']} berubah, {hitung['pindah']} pindah KK {kata}; "
            f"{hitung['sama']} sama, {hitung['konflik']} konflik, {hitung['galat']} baris salah."
        )
        for g in galat[:50]:
            self.stdout.write(f"  baris {g['baris']}, {g['kolom']}: {g['pesan']} [{g['kode']}]")
        if len(galat) > 50:
            self.stdout.write(f"  dan {len(galat) - 50} kesalahan lain (pakai --json untuk semuanya)")
