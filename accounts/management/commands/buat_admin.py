"""manage.py buat_admin: the first account of an empty portal."""

from django.core.management.base import BaseCommand, CommandError

from accounts.actions.awal import buat_admin_pertama
from accounts.forms import AdminPertamaForm
from core.workflow import NotOpen


class Command(BaseCommand):
    help = "Membuat akun admin yang pertama dan menampilkan kode sekali pakainya."

    def add_arguments(self, parser):
        parser.add_argument("username")
        parser.add_argument("--nama", required=True, help="nama lengkap")
        parser.add_argument("--nik", required=True, help="NIK 16 angka; satu orang dikenali dari NIK-nya")
        parser.add_argument(
            "--wilayah", default="", help="kode kabupaten/kota, misalnya 32.05 (kosong: Indonesia)"
        )

    def handle(self, *args, **options):
        form = AdminPertamaForm({k: options[k] for k in ("username", "nama", "nik", "wilayah")})
        if not form.is_valid():
            raise CommandError("; ".join(f"{nama}: {' '.join(galat)}" for nama, galat in form.errors.items()))
        try:
            kode = buat_admin_pertama(**form.cleaned_data)
        except NotOpen as error:
            raise CommandError(" ".join(f"{h.kalimat} {h.jalan_keluar}" for h in error.halangan)) from error
        self.stdout.write(
            f"Akun {form.cleaned_data['username']} dibuat. Kode sekali pakai, berlaku 24 jam: {kode}"
        )
        self.stdout.write("Buka /masuk/kode/ untuk membuat kata sandi, lalu pasang verifikasi dua langkah.")
