"""Emergencies of the demo: who is on duty, one case in each hand, a restricted one, and a disaster with goods."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.models import Pengguna
from pengaduan.actions import bencana, darurat, piket
from portal.demo.tempat import Tempat


def isi(di: Tempat, akun: dict[str, Pengguna], segel: Callable[[], None]) -> None:
    """Every act is sealed as in daily use."""
    kab, desa = di.kabupaten, di.desa[0].kode
    awal = timezone.localtime().replace(second=0, microsecond=0)
    for nama, mulai, jam, hari in (("tksk", 0, 12, 5), ("peksos", 12, 12, 3)):  # a hole is left to be seen
        piket.pasang(
            by=akun["supervisor"], pengguna=akun[nama], wilayah=kab, mulai=awal + timedelta(hours=mulai),
            selesai=awal + timedelta(hours=mulai + jam), hari=hari,
        )  # fmt: skip
        segel()
    tksk = akun["tksk"]
    _lapor(
        akun["verifikator"], "LANSIA", desa, "112", "Kakek duduk sendiri di emper toko sejak kemarin, lemas."
    )
    segel()
    _lapor(akun["operator"], "KEKERASAN", desa, "loket", "Seorang ibu bersembunyi di rumah tetangga.")
    segel()
    satu = _lapor(akun["operator"], "ODGJ", desa, "loket", "Orang berjalan di tengah jalan, tidak mau makan.")
    segel()
    for langkah, catatan in (("tanggapi", ""), ("berangkat", ""), ("tiba", "Ditemani Babinsa dan ketua RT.")):
        satu = darurat.langkah(satu, langkah, by=tksk, catatan=catatan)
        segel()
    bahan = {"jenis": "RSJ", "tempat": "RSJ Provinsi Jawa Barat", "alasan": "Pemeriksaan dan perawatan"}
    satu = darurat.rujuk(satu, by=tksk, data=bahan)
    segel()
    darurat.jawab_rujukan(
        satu, by=tksk, diterima=True, penjawab="Petugas IGD", jawaban="Dirawat di ruang tenang."
    )
    segel()
    kejadian = bencana.catat(
        by=akun["operator"],
        data={"jenis": "KEBAKARAN", "wilayah": desa, "lokasi": "Kampung Babakan", "waktu": timezone.now() - timedelta(hours=5),
              "sumber": "Ketua RW", "uraian": "Api dari dapur, dua rumah habis terbakar."},
    )  # fmt: skip
    segel()
    for nama, jiwa, butuh in (("ENTIN SUPRIATIN", 4, ["TENDA", "SANDANG"]), ("OLEH SOLEHUDIN", 6, ["MAKANAN", "BAYI", "DOKUMEN"])):  # fmt: skip
        bencana.catat_korban(
            kejadian, by=akun["operator"],
            data={"wilayah": desa, "nama_kepala": nama, "alamat": "Kampung Babakan", "jiwa": jiwa, "rentan": 2, "meninggal": 0, "luka": 0,
                  "rumah": "BERAT", "mengungsi": True, "kebutuhan": butuh},
        )  # fmt: skip
        segel()
    bencana.serahkan(
        kejadian, by=tksk, barang=[("Paket makanan siap saji", 20, "paket"), ("Selimut", 10, "lembar")],
        data={"wilayah": desa, "penerima": "Dadang Mulyana", "jabatan": "Lurah", "keluarga_n": 2},
    )  # fmt: skip
    segel()


def _lapor(by: Pengguna, jenis: str, desa: str, kanal: str, cerita: str) -> Any:
    data = {"jenis": jenis, "wilayah": desa, "kanal": kanal, "lokasi": "Dekat alun-alun", "cerita": cerita}
    return darurat.lapor(by=by, data=data)[0]
