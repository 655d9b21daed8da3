"""manage.py kunci_api buat|daftar|cabut: API keys for whoever runs the server."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.actions import kunci as tindakan
from accounts.models import Cakupan, KunciApi
from core.workflow import StepRefused
from wilayah.models import Wilayah


class Command(BaseCommand):
    help = "Membuat kunci API (ditampilkan sekali), mendaftar, atau mencabutnya."

    def add_arguments(self, parser: CommandParser) -> None:
        sub = parser.add_subparsers(dest="perintah", required=True)
        buat = sub.add_parser("buat")
        buat.add_argument("--nama", required=True, help="aplikasi yang memakainya")
        buat.add_argument("--peran", default="klien_api", choices=["klien_api"], help="peran kunci")
        buat.add_argument("--wilayah", required=True, help="kode wilayah, beberapa dipisah koma")
        buat.add_argument("--cakupan", required=True, help="dipisah koma: " + ", ".join(Cakupan.values))
        buat.add_argument("--tujuan", default="", help="untuk apa")
        buat.add_argument("--ip", default="", help="alamat atau jaringan yang boleh, dipisah koma")
        buat.add_argument("--baris", type=int, default=None, help="jatah baris sehari")
        sub.add_parser("daftar")
        cabut = sub.add_parser("cabut")
        cabut.add_argument("awalan", help="delapan huruf sesudah dtks_")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            getattr(self, f"_{options['perintah']}")(options)
        except StepRefused as refused:
            raise CommandError(" ".join(h.kalimat for h in refused.halangan)) from refused

    def _buat(self, options: dict[str, Any]) -> None:
        kode = _pisah(options["wilayah"])
        wilayah = list(Wilayah.objects.berlaku().filter(pk__in=kode))
        if len(wilayah) != len(set(kode)):
            raise CommandError("Ada kode wilayah yang tidak dikenal.")
        if asing := set(_pisah(options["cakupan"])) - set(Cakupan.values):
            raise CommandError(f"Cakupan tidak dikenal: {', '.join(sorted(asing))}.")
        isi = tindakan.Isi(
            nama=options["nama"][:80],
            wilayah=wilayah,
            cakupan=_pisah(options["cakupan"]),
            tujuan=options["tujuan"][:300],
            ip=_pisah(options["ip"]),
            anggaran=options["baris"],
        )
        _, rahasia = tindakan.buat_di_server(isi)
        self.stdout.write(rahasia)
        self.stderr.write("Simpan kunci ini sekarang: tidak bisa ditampilkan lagi.")

    def _daftar(self, options: dict[str, Any]) -> None:
        for k in KunciApi.objects.all():
            self.stdout.write(
                f"{k.awalan}  {k.status:10} {k.berlaku_hingga}  {','.join(k.cakupan)}  {k.nama}"
            )

    def _cabut(self, options: dict[str, Any]) -> None:
        kunci = KunciApi.objects.filter(awalan=options["awalan"]).first()
        if kunci is None:
            raise CommandError("Tidak ada kunci dengan awalan itu.")
        tindakan.cabut_di_server(kunci)
        self.stdout.write("Kunci dicabut.")


def _pisah(teks: str) -> list[str]:
    return [satu.strip() for satu in teks.split(",") if satu.strip()]
