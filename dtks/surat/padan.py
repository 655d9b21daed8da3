"""Letter of the village to Disdukcapil: who does not match, what is wrong, and boxes to tick for what was done.

It holds full numbers; see dtks.actions.surat_padan for who may make and open it.
"""

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from reportlab.platypus import Flowable

from core import pdf
from core.integrations.dukcapil.repair import REPAIR
from core.terbilang import angka, tanggal_panjang
from dtks.models import TiketPadan
from dtks.surat.kop import jalur, kop_desa, sebutan_kepala
from wilayah.models import Wilayah

# What a village can ask for; the third column says for which findings the box is ticked beforehand.
PERMINTAAN = (
    ("Aktifkan/konsolidasi NIK", ("TIDAK_DITEMUKAN", "NONAKTIF")),
    ("Betulkan nama/tanggal lahir", ("PADAN_SEBAGIAN", "TIDAK_PADAN_NAMA")),
    ("Tetapkan satu NIK", ("GANDA",)),
    ("Betulkan status hidup", ("MENINGGAL",)),
    ("Rekam KTP-el/jemput bola", ("BELUM_REKAM", "TANPA_DOKUMEN")),
    ("Perbarui alamat", ("PINDAH",)),
)


class Orang(Protocol):
    @property
    def tiket(self) -> TiketPadan: ...
    @property
    def nik(self) -> str: ...
    @property
    def no_kk(self) -> str: ...


def surat_disdukcapil(
    *, nomor: str, tanggal: date, wilayah: Wilayah, orang: Sequence[Orang], petugas: str, kode: str
) -> bytes:
    """`orang` in the order to print, with individu and keluarga of the ticket fetched."""
    daerah = jalur(wilayah)[-1]
    judul = "Permohonan Perbaikan Data Kependudukan"
    isi: list[Flowable] = [
        *pdf.kop(kop_desa(wilayah)),
        pdf.rincian(
            [
                ("Nomor", nomor),
                ("Lampiran", "1 daftar, berisi data pribadi"),
                ("Hal", judul),
                ("Tanggal", tanggal_panjang(tanggal)),
            ],
            label=24,
        ),
        pdf.teks(f"Kepada Yth.\nKepala Dinas Kependudukan dan Pencatatan Sipil {daerah}\ndi tempat"),
        pdf.teks(
            f"Sehubungan dengan pencocokan NIK untuk data kesejahteraan sosial, kami sampaikan {angka(len(orang))} warga "
            f"{wilayah.sebutan} yang datanya belum cocok dengan data kependudukan. Kami mohon bantuan memeriksa dan "
            "memperbaiki data mereka sebagaimana daftar terlampir."
        ),
        pdf.teks(
            "Kami mohon kolom “Hasil” diisi, lalu daftar dikembalikan kepada kami atau hasilnya ditandai langsung di Portal "
            "DTKS. Sesudah itu portal mengecek ulang NIK-nya."
        ),
        pdf.teks(
            "Daftar ini memuat data pribadi (UU Nomor 27 Tahun 2022). Mohon dipakai hanya untuk perbaikan ini dan tidak "
            "disebarkan."
        ),
        pdf.jarak(3),
        pdf.tanda_tangan(
            pdf.Tertanda(("Petugas,",), petugas),
            pdf.Tertanda((f"{wilayah.nama}, {tanggal_panjang(tanggal)}", f"{sebutan_kepala(wilayah)},")),
        ),
        pdf.halaman_baru(),
        pdf.rincian([("Lampiran surat nomor", nomor), ("Tanggal", tanggal_panjang(tanggal))], label=40),
        *pdf.judul("Daftar Warga"),
        pdf.tabel(
            ("No.", "NIK / Nomor KK", "Nama dan lahir", "Yang tidak cocok", "Kami mohon", "Hasil"),
            [_baris(i, satu) for i, satu in enumerate(orang, 1)],
            (7, 33, 36, 36, 36, 26),
            rata="tkk",
        ),
        pdf.teks("Tanda [x] diisi desa. Kolom “Hasil” diisi petugas Disdukcapil.", "kecil"),
        pdf.jarak(3),
        pdf.kanan(pdf.Tertanda(("Diterima Disdukcapil", "tanggal ........................"))),
    ]
    return pdf.susun(isi, judul=f"{judul} nomor {nomor}", penerbit=wilayah.jalur, kode=kode)


def _baris(i: int, satu: Orang) -> tuple[object, ...]:
    orang = satu.tiket.individu
    lahir = ", ".join(filter(None, (orang.tempat_lahir, f"{orang.tgl_lahir:%d/%m/%Y}")))
    mohon = "\n".join(
        f"[{'x' if satu.tiket.kategori in untuk else '  '}] {kata}" for kata, untuk in PERMINTAAN
    )
    return (
        i,
        f"{satu.nik or 'belum ada NIK'}\nKK {satu.no_kk or 'belum ada'}",
        f"{orang.nama}\n{lahir}",
        REPAIR[satu.tiket.kategori].arti,
        mohon,
        "[  ] sudah diperbaiki\n[  ] belum, sebab:\n................\n................",
    )
