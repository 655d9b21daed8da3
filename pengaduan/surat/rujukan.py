"""Letter that goes with a person who is sent on. No name and no category: the officer says them; the ticket binds both."""

from datetime import date

from reportlab.platypus import Flowable

from core import pdf
from core.terbilang import tanggal_panjang
from dtks.surat.kop import jalur, kop_dinas
from wilayah.models import Wilayah


def surat_rujukan(
    *,
    nomor: str,
    tanggal: date,
    wilayah: Wilayah,
    tempat: str,
    alasan: str,
    tiket: str,
    jumlah: int,
    petugas: str,
    kode: str,
) -> bytes:
    daerah = jalur(wilayah)[-1]
    isi: list[Flowable] = [
        *pdf.kop(kop_dinas(wilayah)),
        *pdf.judul("Surat Rujukan", nomor=nomor),
        pdf.paragraf("Yth. Pimpinan {tempat}", tempat=tempat),
        pdf.jarak(3),
        pdf.teks(
            "Bersama surat ini kami merujuk orang yang ditolong dalam keadaan darurat. Identitasnya disampaikan petugas yang "
            "mengantar; bila belum diketahui, akan disusulkan."
        ),
        pdf.rincian([("Nomor laporan", tiket), ("Jumlah orang", str(jumlah)), ("Yang diminta", alasan)]),
        pdf.teks(
            "Mohon jawaban diterima atau dikembalikan beserta alasannya pada hari yang sama, dan kabar keadaan orangnya "
            "sesudah ditangani. Jawaban disampaikan kepada petugas kami atau Dinas Sosial."
        ),
        pdf.teks("Atas perhatian dan bantuannya kami ucapkan terima kasih."),
        pdf.jarak(5),
        pdf.tanda_tangan(
            pdf.Tertanda(("", "Diterima / dikembalikan *)", "Pimpinan,"), ""),
            pdf.Tertanda(
                (f"{daerah}, {tanggal_panjang(tanggal)}", "a.n. Kepala Dinas Sosial", "Petugas,"), petugas
            ),
        ),
        pdf.teks("*) coret yang tidak perlu"),
    ]
    return pdf.susun(isi, judul=f"Surat Rujukan {nomor}", penerbit=f"Dinas Sosial {daerah}", kode=kode)
