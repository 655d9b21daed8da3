"""manage.py padankan: NIK cross-check now. Of an area of the register, or of a CSV of which nothing is stored."""

import time
from collections import Counter
from datetime import date, datetime
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from core import audit, outbox, rules
from core.integrations.dukcapil.client import DukcapilClient
from core.integrations.dukcapil.verdict import PersonQuery
from core.models import Pekerjaan
from dtks.actions import padan
from dtks.models import Individu, PadanBatch
from portal import berkas_csv
from wilayah.kode import bakukan, bentuk_sah, dalam
from wilayah.models import Wilayah

KOLOM = ("nik", "nama", "tanggal_lahir")
_TERBUKA = (Pekerjaan.Status.MENUNGGU, Pekerjaan.Status.JALAN)
_DIAM = 15.0  # seconds without progress before we say that the worker seems to be down
_GAGAL = "GAGAL_LAYANAN"
_CARA = (
    "Pekerja (worker) tampaknya belum jalan. Permintaan tetap tersimpan. Jalankan pekerja:\n"
    "  celery -A config.celery worker -Q dtks\n"
    "atau ulangi perintah ini dengan --langsung."
)


class Command(BaseCommand):
    help = "Mengecek NIK ke Dukcapil: semua yang belum padan di satu wilayah, atau isi sebuah CSV."

    def add_arguments(self, parser):
        parser.add_argument(
            "--wilayah", default=settings.KABUPATEN, help="kode wilayah (bawaan: kabupaten portal)"
        )
        parser.add_argument(
            "--file", type=Path, help="CSV nik,nama,tanggal_lahir; tidak ada orang yang disimpan"
        )
        parser.add_argument("--keluaran", type=Path, help="CSV hasil (bawaan: NAMA-hasil.csv di sebelahnya)")
        parser.add_argument("--langsung", action="store_true", help="kerjakan di proses ini, tanpa pekerja")
        parser.add_argument("--tunggu", type=float, default=600, help="paling lama menunggu, detik")

    def handle(self, *args, file, keluaran, wilayah, langsung, tunggu, **options):
        if file is not None:
            self._file(file, keluaran or file.with_name(f"{file.stem}-hasil.csv"))
        else:
            self._wilayah(wilayah, langsung, tunggu)

    # --- an area ----------------------------------------------------------------------------------

    def _wilayah(self, teks, langsung, tunggu):
        kode = bakukan(teks) or ""
        if not bentuk_sah(kode) or not Wilayah.objects.filter(pk=kode).exists():
            raise CommandError(f"Kode wilayah {teks} tidak dikenal.")
        orang = list(
            Individu.objects.aktif()
            .filter(dalam("keluarga__wilayah_id", [kode]), nik_indeks__isnull=False)
            .exclude(padan=Individu.Padan.PADAN)
            .select_related("keluarga")
            .order_by("pk")
        )
        if not orang:
            self.stdout.write("Semua NIK di wilayah ini sudah padan.")
            return
        batch = padan.minta_batch(by=None, wilayah=kode, orang=orang, asal="manage.py padankan")
        self.stdout.write(f"{len(orang)} NIK diminta dicek.")
        (self._langsung if langsung else self._menunggu)(batch, tunggu)
        self._ringkas(batch)

    def _langsung(self, batch, tunggu):
        akhir = time.monotonic() + tunggu
        while self._terbuka(batch).exists() and time.monotonic() < akhir:
            if not outbox.work(limit=20):
                return
            self._kemajuan(batch)

    def _menunggu(self, batch, tunggu):
        sekarang = time.monotonic()
        akhir, gerak, lama = sekarang + tunggu, sekarang, -1
        while self._terbuka(batch).exists() and time.monotonic() < akhir:
            batch.refresh_from_db()
            if batch.selesai != lama:
                lama, gerak = batch.selesai, time.monotonic()
                self._kemajuan(batch)
            if time.monotonic() - gerak > min(_DIAM, tunggu):
                return
            time.sleep(0.5)

    def _kemajuan(self, batch):
        batch.refresh_from_db()
        self.stdout.write(f"  {batch.selesai} dari {batch.jumlah}")

    def _ringkas(self, batch):
        batch.refresh_from_db()
        for kategori, n in sorted(batch.per_kategori.items(), key=lambda x: (-x[1], x[0])):
            self.stdout.write(f"{Individu.Padan(kategori).label}: {n}")
        sisa = batch.jumlah - batch.selesai
        pekerjaan = self._terbuka(batch)
        if not sisa or not pekerjaan.exists():
            self.stdout.write(f"Selesai: {batch.selesai} dari {batch.jumlah} terjawab.")
            return
        tertunda = pekerjaan.filter(jalankan_setelah__gt=timezone.now()).exclude(galat="").first()
        if tertunda is not None:
            self.stdout.write(f"{tertunda.galat}. {sisa} NIK tetap di antrean dan dicek lagi nanti.")
        elif pekerjaan.filter(status=Pekerjaan.Status.JALAN).exists() or batch.selesai:
            self.stdout.write(f"{sisa} NIK masih dikerjakan; hasilnya masuk sendiri.")
        else:
            self.stdout.write(_CARA)

    def _terbuka(self, batch: PadanBatch):
        return Pekerjaan.objects.filter(jenis=padan.JOB, argumen__batch=str(batch.pk), status__in=_TERBUKA)

    # --- a file -----------------------------------------------------------------------------------

    def _file(self, file, keluaran):
        """Nothing of the file is stored; the trail keeps the counts."""
        try:
            baris = list(berkas_csv.baca(file, KOLOM))
        except berkas_csv.BerkasSalah as error:
            raise CommandError(str(error)) from error
        klien = DukcapilClient(
            settings.DUKCAPIL_URL, settings.DUKCAPIL_USER, settings.DUKCAPIL_PASSWORD, settings.DUKCAPIL_IP,
            settings.DUKCAPIL_TIMEOUT,
        )  # fmt: skip
        ambang = rules.value("padan.ambang", settings.KABUPATEN)
        hasil, hitung = [], Counter()
        for _, isi in baris:
            kategori, keterangan = _cek(klien, isi, ambang)
            hitung[kategori] += 1
            hasil.append([isi["nik"], isi["nama"], isi["tanggal_lahir"], kategori, keterangan])
        try:
            berkas_csv.tulis(keluaran, [*KOLOM, "kategori", "keterangan"], hasil)
        except OSError as error:
            raise CommandError(f"Hasil tidak bisa ditulis: {error.strerror}.") from error
        with transaction.atomic():
            audit.catat(
                aksi="padankan_berkas", jenis="portal.Padankan", by=None, wilayah=settings.KABUPATEN,
                rincian={"jumlah": len(hasil), "per_kategori": dict(hitung)},
            )  # fmt: skip
        for kategori, n in hitung.most_common():
            self.stdout.write(f"{_label(kategori)}: {n}")
        self.stdout.write(f"Hasil ditulis di {keluaran}")
        if hitung[_GAGAL]:
            raise CommandError(f"{hitung[_GAGAL]} baris tidak terjawab Dukcapil. Ulangi nanti.")


def _cek(klien, isi, ambang):
    lahir = _tanggal(isi["tanggal_lahir"])
    if isi["tanggal_lahir"] and lahir is None:
        return "FORMAT_SALAH", "Tanggal lahir ditulis 31-12-1980 atau 1980-12-31."
    if not isi["nama"]:
        return "FORMAT_SALAH", "Nama belum diisi."
    jawab = klien.verify(
        PersonQuery(nik=isi["nik"], nama=isi["nama"], tanggal_lahir=lahir),
        threshold=ambang["terima"],
        review=ambang["tinjau"],
    )
    return str(jawab.kategori), jawab.pesan or jawab.sebab


def _tanggal(teks: str) -> date | None:
    for bentuk in ("%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y"):
        try:
            return datetime.strptime(teks, bentuk).date()
        except ValueError:
            continue
    return None


def _label(kategori):
    return "Dukcapil tidak menjawab" if kategori == _GAGAL else Individu.Padan(kategori).label
