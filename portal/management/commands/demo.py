"""manage.py demo: the cast and invented families with proposals in every state (contract.md, "Demo cast")."""

import time

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from accounts.models import Pengguna, Peran
from core.models import Jejak
from portal.actions import ringkasan, statistik
from portal.demo import contoh, lakon, pemeran, rencana, tempat


class Command(BaseCommand):
    help = "Mengisi portal kosong dengan data contoh: akun, keluarga rekaan, dan usulan dalam setiap keadaan."

    def add_arguments(self, parser):
        parser.add_argument("--keluarga", type=int, default=60, help="jumlah keluarga (bawaan 60)")
        parser.add_argument("--kabupaten", default=tempat.BAWAAN, help="kode kabupaten/kota (bawaan 32.05)")
        parser.add_argument(
            "--seed", type=int, default=tempat.SEED, help="benih penduduk rekaan (bawaan 3205)"
        )

    def handle(self, *args, keluarga, kabupaten, seed, **options):
        if not settings.DEMO:
            raise CommandError(
                "Data contoh hanya untuk portal contoh. Setel DEMO=1 bila memang itu maksudnya."
            )
        if Jejak.objects.filter(aksi=lakon.MARKA).exists():
            self._kata("Data contoh sudah ada; tidak ada yang diubah.")
            self._tutup(contoh.sample_families(3, kabupaten=kabupaten, seed=seed), kabupaten, seed)
            return
        if Pengguna.objects.exists():
            raise CommandError("Sudah ada pengguna sungguhan. Data contoh hanya untuk portal yang kosong.")
        if not rencana.PALING_SEDIKIT <= keluarga <= rencana.PALING_BANYAK:
            raise CommandError(
                f"--keluarga antara {rencana.PALING_SEDIKIT} dan {rencana.PALING_BANYAK}; "
                "kurang dari itu tidak semua keadaan usulan ada contohnya."
            )
        if not Peran.objects.exists():
            raise CommandError("Data acuan belum ada. Jalankan dulu: manage.py muat_acuan")
        mulai = time.monotonic()
        try:
            hitung = lakon.isi(jumlah=keluarga, kabupaten=kabupaten, seed=seed, kata=self._kata)
            sampel = contoh.sample_families(3, kabupaten=kabupaten, seed=seed)
        except tempat.TempatKurang as error:
            raise CommandError(str(error)) from error
        ringkasan.segarkan()
        statistik.segarkan()  # the reports show numbers at once, not only after the first night
        self._kata("Usulan: " + ", ".join(f"{status} {n}" for status, n in sorted(hitung.items())))
        self._tutup(sampel, kabupaten, seed)
        self._kata(f"Selesai dalam {time.monotonic() - mulai:.1f} detik.")

    def _tutup(self, sampel, kabupaten, seed):
        self._kata(f"Kata sandi semua akun contoh: {pemeran.SANDI}")
        self._kata("Keluarga rekaan yang bisa Anda coba usulkan sendiri:")
        for satu in sampel:
            catatan = "" if satu.cocok else " (ada NIK yang tidak padan)"
            self._kata(f"  KK {satu.kk}, {satu.desa}, {satu.alamat}{catatan}")
            for nik, nama, lahir in satu.anggota:
                self._kata(f"    NIK {nik}  {nama}  lahir {lahir}")
        if (kabupaten, seed) != (tempat.BAWAAN, tempat.SEED):
            self._kata(
                "Simulator Dukcapil bawaan memakai penduduk lain: NIK di sini tidak akan ditemukan di sana."
            )

    def _kata(self, kalimat):
        self.stdout.write(kalimat)
