"""Surat pengesahan: the Kepala Dinas endorses a verified batch; the annex names the families (NIK masked)."""

from collections.abc import Sequence
from datetime import date

from reportlab.platypus import Flowable

from accounts.models import Pengguna
from bansos.models import Program
from core import letters, pdf
from core.terbilang import angka, periode_kata, tanggal_panjang
from dtks.models import Usulan
from dtks.surat.kop import alamat, jalur, kop_dinas, nik_kepala
from wilayah.models import Wilayah

_PERIKSA = (
    "Usulan tersebut telah melalui berita acara musyawarah atau surat pernyataan tanggung jawab mutlak, pemadanan NIK, "
    "asesmen lapangan, dan verifikasi Dinas Sosial. Nama dan alamat keluarga tercantum dalam lampiran yang merupakan "
    "bagian tidak terpisahkan dari surat pengesahan ini."
)
_PENUTUP = "Demikian surat pengesahan ini dibuat untuk dipergunakan sebagaimana mestinya."


def surat_pengesahan(
    *,
    nomor: str,
    tanggal: date,
    program: Program,
    wilayah: Wilayah,
    periode: str,
    usulan: list[Usulan],
    penandatangan: Pengguna,
    kode: str,
    sebutan: str = "",
    templat: letters.Templat = letters.BAWAAN,
) -> bytes:
    """Letter and annex. `wilayah` is the regency/city; `usulan` with keluarga and wilayah fetched, printed in the order given.

    `sebutan`: 'Plt. ' or 'Plh. ' before the office of who acts for the head.
    """
    daerah = jalur(wilayah)[-1]
    isian = {
        "program": program.nama,
        "daerah": daerah,
        "periode": periode_kata(periode),
        "jumlah": angka(len(usulan)),
    }
    judul = f"Surat Pengesahan Nomor {nomor}"
    isi: list[Flowable] = [
        *pdf.kop(kop_dinas(wilayah)),
        *pdf.judul("Surat Pengesahan", f"Usulan Penerima {program.nama}", nomor=nomor),
        pdf.teks("Yang bertanda tangan di bawah ini:"),
        pdf.rincian([("Nama", penandatangan.nama), ("Jabatan", f"{sebutan}Kepala Dinas Sosial {daerah}")]),
        pdf.teks(
            templat.teks(
                "pembuka", "dengan ini mengesahkan usulan penerima bantuan sosial sebagai berikut:", **isian
            )
        ),
        pdf.rincian(
            [
                ("Program", program.nama),
                ("Dasar hukum program", program.dasar_hukum),
                ("Periode", periode_kata(periode)),
                ("Wilayah", daerah),
                (
                    "Jumlah",
                    f"{angka(len(usulan))} keluarga, tersebar di {angka(len(_desa(usulan)))} desa/kelurahan",
                ),
            ]
        ),
        pdf.teks(_kalimat_periksa(usulan, templat.teks("isi", _PERIKSA, **isian))),
        pdf.teks(templat.teks("penutup", _PENUTUP, **isian)),
        pdf.jarak(5),
        _kepala_dinas(daerah, tanggal, penandatangan, sebutan),
        pdf.halaman_baru(),
        *_lampiran(nomor, tanggal, program, usulan),
        pdf.jarak(3),
        _kepala_dinas(daerah, tanggal, penandatangan, sebutan),
    ]
    return pdf.susun(isi, judul=judul, penerbit=f"Dinas Sosial {daerah}", kode=kode)


def _kalimat_periksa(usulan: Sequence[Usulan], isi: str) -> str:
    """What was checked. An emergency goes ahead of some checks: the letter may not claim them (Ketentuan 'darurat')."""
    darurat = sum(1 for u in usulan if u.gerbang_susulan)
    if not darurat:
        return isi
    return f"{isi} Untuk {angka(darurat)} usulan kedaruratan, syarat yang belum lengkap disusulkan sesuai tenggatnya."


def _desa(usulan: Sequence[Usulan]) -> set[str]:
    return {u.wilayah_id for u in usulan}


def _kepala_dinas(daerah: str, tanggal: date, penandatangan: Pengguna, sebutan: str) -> Flowable:
    atas = (f"Disahkan tanggal {tanggal_panjang(tanggal)}", f"{sebutan}Kepala Dinas Sosial", f"{daerah},")
    return pdf.kanan(pdf.Tertanda(atas, penandatangan.nama))


def _lampiran(nomor: str, tanggal: date, program: Program, usulan: Sequence[Usulan]) -> list[Flowable]:
    nik = nik_kepala(usulan)
    baris = [
        (i, u.keluarga.nama_kepala, nik[u.keluarga_id], alamat(u), u.get_jalur_display())
        for i, u in enumerate(usulan, 1)
    ]
    return [
        pdf.rincian(
            [
                ("Lampiran", "Surat Pengesahan"),
                ("Nomor", nomor),
                ("Tanggal", tanggal_panjang(tanggal)),
                ("Program", program.nama),
            ],
            label=24,
        ),
        *pdf.judul("Daftar Keluarga yang Disahkan"),
        pdf.tabel(
            ("No.", "Nama kepala keluarga", "NIK", "Alamat", "Jenis usulan"),
            baris,
            (9, 40, 33, 60, 24),
            rata="tkt",
        ),
    ]
